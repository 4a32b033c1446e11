package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which values a derivative with respect to some targets can flow through: the targets, and what depends on
/// them by differentiable ops. Exact for every item of a tuple.
final class Activity {
  /// After how many iterations of a loop what is active is no longer followed one by one.
  private static final int LONGEST_TRACE = 64;

  private final List<Node> order;
  private final Map<Node, BitSet> active = new IdentityHashMap<>();

  private Activity(List<Node> order) {
    this.order = order;
  }

  /// The activity of everything that `roots` need.
  static Activity of(Collection<Node> roots, Collection<Node> targets) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    roots.forEach(root -> Graph.visit(root, seen, order));
    Activity activity = new Activity(order);
    for (Node target : targets) {
      activity.active.put(target, bit(0));
    }
    for (Node node : order) {
      if (!activity.active.containsKey(node)) {
        activity.active.put(node, activity.flow(node));
      }
    }
    return activity;
  }

  /// What the roots need, operands first.
  List<Node> order() {
    return order;
  }

  /// Whether a tensor, or any item of a tuple, is active.
  boolean isActive(Node node) {
    BitSet items = active.get(node);
    return items != null && !items.isEmpty();
  }

  boolean isActive(Node node, int item) {
    BitSet items = active.get(node);
    return items != null && items.get(item);
  }

  /// The active operands of a node, by index.
  BitSet operands(Node node) {
    BitSet result = new BitSet();
    for (int i = 0; i < node.operands().size(); i++) {
      result.set(i, isActive(node.operand(i)));
    }
    return result;
  }

  private BitSet flow(Node node) {
    BitSet operands = operands(node);
    if (operands.isEmpty()) {
      return operands;
    }
    return switch (node.op()) {
      case Op.Item(var index) -> isActive(node.operand(0), index) ? bit(0) : new BitSet();
      case Op.Call(var callee, var derivative) ->
          derivative.isPresent() ? floats(node) : through(callee, operands);
      case Op.Loop loop -> throughLoop(loop, operands);
      case Op.Branch(var then, var otherwise) -> {
        BitSet arguments = operands.get(1, Math.max(1, operands.length()));
        BitSet items = through(then, arguments);
        items.or(through(otherwise, arguments));
        yield items;
      }
      case Op.Map(var fn) -> {
        boolean passes = node.dtype().isFloat()
            && operands.stream().anyMatch(i -> fn.derivatives().get(i).isPresent());
        yield passes ? bit(0) : new BitSet();
      }
      case Op.Sort _ -> bit(0);
      case Op.Source _, Op.Cast _, Op.Layout _, Op.Gather _, Op.Scatter _, Op.Sum _ ->
          node.dtype().isFloat() ? bit(0) : new BitSet();
    };
  }

  /// Which results of a graph are active when these inputs are.
  private static BitSet through(Graph graph, BitSet inputs) {
    Activity inside = of(graph.roots(), inputs.stream().mapToObj(graph.inputs()::get).toList());
    BitSet results = new BitSet();
    for (int i = 0; i < graph.results().size(); i++) {
      results.set(i, inside.isActive(graph.results().get(i).node()));
    }
    return results;
  }

  /// Which items of a loop are active when these operands are: exact where the count is known and small, or what is
  /// active settles; otherwise what is active after some number of iterations.
  static BitSet throughLoop(Op.Loop loop, BitSet operands) {
    Optional<BitSet> exact =
        loop.count().isConstant() ? afterAll(loop, operands) : Optional.empty();
    return exact.orElseGet(() -> {
      BitSet inside = insideLoop(loop, operands);
      BitSet items = through(loop.body(), inside);
      if (!loop.count().isAtLeast(1)) {
        items.or(inside.get(0, loop.carried()));
      }
      return items;
    });
  }

  private static Optional<BitSet> afterAll(Op.Loop loop, BitSet operands) {
    int carried = loop.carried();
    BitSet items = operands.get(0, carried);
    for (int step = 0; step < loop.count().constant(); step++) {
      BitSet inputs = (BitSet) operands.clone();
      inputs.clear(0, carried);
      inputs.or(items.get(0, carried));
      BitSet next = through(loop.body(), inputs);
      next.or(outputs(items, carried));
      if (next.equals(items)) {
        return Optional.of(items);
      }
      if (step == LONGEST_TRACE) {
        return Optional.empty();
      }
      items = next;
    }
    return Optional.of(items);
  }

  private static BitSet outputs(BitSet items, int carried) {
    BitSet outputs = (BitSet) items.clone();
    outputs.clear(0, carried);
    return outputs;
  }

  /// Which inputs of a loop's body are active in some iteration.
  static BitSet insideLoop(Op.Loop loop, BitSet operands) {
    BitSet inputs = (BitSet) operands.clone();
    while (true) {
      BitSet next = through(loop.body(), inputs).get(0, loop.carried());
      next.or(inputs);
      if (next.equals(inputs)) {
        return inputs;
      }
      inputs = next;
    }
  }

  private static BitSet floats(Node node) {
    List<TensorType> items = ((TupleType) node.valueType()).items();
    BitSet result = new BitSet();
    for (int i = 0; i < items.size(); i++) {
      result.set(i, items.get(i).dtype().isFloat());
    }
    return result;
  }

  private static BitSet bit(int index) {
    BitSet result = new BitSet(1);
    result.set(index);
    return result;
  }
}
