package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the iterations of a loop computed, stacked: its slices, outputs that it has, or outputs of the same loop with more
/// of them.
final class ForwardStacks {
  private final GraphBuilder builder;
  private final Op.Loop loop;
  private final Node node;
  private final CotangentBody body;
  private final Map<Node, Integer> items = new IdentityHashMap<>();
  private Node source;

  ForwardStacks(GraphBuilder builder, Op.Loop loop, Node node, CotangentBody body) {
    this.builder = builder;
    this.loop = loop;
    this.node = node;
    this.body = body;
    this.source = node;
    for (int i = loop.carried(); i < body.results().size(); i++) {
      items.putIfAbsent(body.results().get(i), i);
    }
  }

  /// Whether the loop has that stack as it is.
  boolean has(Node value) {
    return items.containsKey(value) || isSlice(body.inputs().indexOf(value));
  }

  private boolean isSlice(int input) {
    return input >= loop.carried() && input < loop.carried() + loop.sliced();
  }

  private boolean isInvariant(int input) {
    return input >= loop.carried() + loop.sliced();
  }

  /// Makes the loop that has all these stacks; once.
  void stackAll(Collection<Node> values) {
    List<Graph.Result> results = new ArrayList<>();
    FreshNames names =
        FreshNames.beside(loop.body().results().stream().map(Graph.Result::name).toList());
    for (int i = 0; i < body.results().size(); i++) {
      results
          .add(new Graph.Result(loop.body().results().get(i).name(), body.results().get(i)));
    }
    for (Node value : values) {
      int input = body.inputs().indexOf(value);
      if (!has(value) && !isInvariant(input)) {
        items.put(value, results.size());
        String name = input < 0 ? value.op().mnemonic() : "before_" + body.inputName(input);
        results.add(new Graph.Result(names.fresh(name), value));
      }
    }
    if (results.size() > body.results().size()) {
      Graph more = new Graph(loop.body().name() + "_stacked", body.inputs(), results, List.of(),
          Optional.empty(), body.builder().requirements());
      source = builder.add(
          new Op.Loop(more, loop.count(), loop.carried(), loop.sliced(), loop.reverse()),
          node.operands());
    }
  }

  /// The stack of a value.
  Node of(Node value) {
    int input = body.inputs().indexOf(value);
    if (isSlice(input)) {
      return node.operand(input);
    }
    int item = items.get(value);
    return builder.item(item < body.results().size() ? node : source, item);
  }
}
