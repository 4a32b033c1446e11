package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Forward mode through calls, branches and loops: each becomes one of its own kind that computes tangents.
final class ControlTangent {
  private ControlTangent() {
  }

  /// The tangents of a tuple's items from those of its operands.
  static List<Optional<Node>> forward(GraphBuilder builder, Op.Control op, Node node,
      List<Optional<Node>> t) {
    return switch (op) {
      case Op.Call(var callee, var derivative) -> derivative.isPresent()
          ? custom(builder, derivative.get(), node, t)
          : call(builder, callee, node, t);
      case Op.Branch branch -> branch(builder, branch, node, t);
      case Op.Loop loop -> loop(builder, loop, node, t);
    };
  }

  private static BitSet present(List<Optional<Node>> values) {
    BitSet present = new BitSet();
    for (int i = 0; i < values.size(); i++) {
      present.set(i, values.get(i).isPresent());
    }
    return present;
  }

  private static List<Node> followedBy(List<Node> nodes, List<Optional<Node>> more) {
    List<Node> all = new ArrayList<>(nodes);
    more.forEach(m -> m.ifPresent(all::add));
    return all;
  }

  private static List<Optional<Node>> none(Node node) {
    int items = ((TupleType) node.valueType()).items().size();
    return new ArrayList<>(Collections.nCopies(items, Optional.empty()));
  }

  private static List<Optional<Node>> call(GraphBuilder builder, Graph callee, Node node,
      List<Optional<Node>> t) {
    TangentBody body = TangentBody.of(callee, present(t));
    List<Integer> reached = body.reached();
    Graph tangent = body.graph(callee.name() + "_tangent", reached);
    Node call = builder.add(new Op.Call(tangent, Optional.empty()), followedBy(node.operands(), t));
    return items(builder, node, call, reached);
  }

  private static List<Optional<Node>> items(GraphBuilder builder, Node node, Node tuple,
      List<Integer> reached) {
    List<Optional<Node>> result = none(node);
    for (int i = 0; i < reached.size(); i++) {
      result.set(reached.get(i), Optional.of(builder.item(tuple, i)));
    }
    return result;
  }

  private static List<Optional<Node>> branch(GraphBuilder builder, Op.Branch branch, Node node,
      List<Optional<Node>> t) {
    List<Optional<Node>> arguments = t.subList(1, t.size());
    TangentBody then = TangentBody.of(branch.then(), present(arguments));
    TangentBody otherwise = TangentBody.of(branch.otherwise(), present(arguments));
    List<Integer> reached = new ArrayList<>();
    for (int i = 0; i < branch.then().results().size(); i++) {
      if (then.tangents().get(i).isPresent() || otherwise.tangents().get(i).isPresent()) {
        reached.add(i);
      }
    }
    Op.Branch both = new Op.Branch(then.graph(branch.then().name() + "_tangent", reached),
        otherwise.graph(branch.otherwise().name() + "_tangent", reached));
    return items(builder, node, builder.add(both, followedBy(node.operands(), t)), reached);
  }

  /// The loop with the tangents beside the values that it carries and takes. Its outputs are only tangents.
  private static List<Optional<Node>> loop(GraphBuilder builder, Op.Loop loop, Node node,
      List<Optional<Node>> t) {
    int firstInvariant = loop.carried() + loop.sliced();
    BitSet active = new Flow().inside(loop, present(t));
    TangentBody body = TangentBody.of(loop.body(), active);
    List<Integer> carried = active.stream().filter(i -> i < loop.carried()).boxed().toList();
    List<Integer> outputs = body.reached().stream().filter(i -> i >= loop.carried()).toList();
    List<Node> ports = new ArrayList<>();
    List<Node> operands = new ArrayList<>();
    int[] bounds = {0, loop.carried(), firstInvariant, node.operands().size()};
    int[] counts = new int[3];
    for (int group = 0; group < 3; group++) {
      int before = ports.size();
      for (int i = bounds[group]; i < bounds[group + 1]; i++) {
        ports.add(body.inputs().get(i));
        operands.add(node.operand(i));
      }
      for (int i = bounds[group]; i < bounds[group + 1]; i++) {
        if (active.get(i)) {
          TensorType type = node.operand(i).type();
          ports.add(body.seeds().get(i).orElseThrow());
          operands.add(t.get(i).orElseGet(() -> builder.fill(type, 0)));
        }
      }
      counts[group] = ports.size() - before;
    }
    List<Graph.Result> results = new ArrayList<>(body.values().subList(0, loop.carried()));
    FreshNames names = FreshNames.beside(results.stream().map(Graph.Result::name).toList());
    carried.forEach(i -> results.add(body.tangent(i, names)));
    outputs.forEach(i -> results.add(body.tangent(i, names)));
    Graph step = body.builder().graph(loop.body().name() + "_tangent", ports, results);
    Node tangent = builder
        .add(new Op.Loop(step, loop.count(), counts[0], counts[1], loop.reverse()), operands);
    List<Optional<Node>> found = none(node);
    List<Integer> items = Axes.join(carried, outputs);
    for (int i = 0; i < items.size(); i++) {
      found.set(items.get(i), Optional.of(builder.item(tangent, loop.carried() + i)));
    }
    return found;
  }

  /// A custom derivative gives `Jᵀu` for a cotangent u, linear in u. So the cotangent of u, for the seed t, is `J·t`.
  private static List<Optional<Node>> custom(GraphBuilder builder, Graph derivative, Node node,
      List<Optional<Node>> t) {
    List<Optional<Node>> noCotangents = none(node);
    List<Node> arguments = CustomDerivative.arguments(builder, node, noCotangents);
    int firstCotangent = node.operands().size() + noCotangents.size();
    BitSet cotangents = new BitSet();
    cotangents.set(firstCotangent, arguments.size());
    List<Optional<Node>> seeds = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      if (node.operand(i).dtype().isFloat()) {
        seeds.add(t.get(i));
      }
    }
    CotangentBody body = Gradient.ofBody(derivative, cotangents,
        seeds.stream().map(Optional::isPresent).toList());
    List<Optional<Node>> found = none(node);
    if (body.cotangents().isEmpty()) {
      return found;
    }
    Node call =
        builder.add(new Op.Call(body.graph(derivative.name() + "_transposed", body.cotangents()),
            Optional.empty()), followedBy(arguments, seeds));
    List<Integer> reached = List.copyOf(body.cotangents().keySet());
    int next = firstCotangent;
    for (int i = 0; i < found.size(); i++) {
      if (((TupleType) node.valueType()).items().get(i).dtype().isFloat()) {
        int item = reached.indexOf(next++);
        found.set(i, item < 0 ? Optional.empty() : Optional.of(builder.item(call, item)));
      }
    }
    return found;
  }
}
