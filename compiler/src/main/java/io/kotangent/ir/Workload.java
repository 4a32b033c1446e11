package io.kotangent.ir;

import io.kotangent.type.Dim;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// How much a graph computes, as it is written and node by node: symbolic where sizes are. What a compiler fuses moves fewer bytes,
/// what it leaves out computes less.
///
/// @param multiplyAdds products that are added up, in contractions and convolutions; those with padding are counted, too
/// @param operations all others: one for each element of an elementwise function (whatever it is), a cast, a draw or a sort, and for each
/// that is added up or compared by a reduction, a scatter or an overlap-add
/// @param bytes each operand read and each result written once by each node; moved by one that only picks, as much as it gives
public record Workload(Dim multiplyAdds, Dim operations, Dim bytes) {
  public static final Workload NONE = new Workload(Dim.ZERO, Dim.ZERO, Dim.ZERO);

  public Workload plus(Workload other) {
    return new Workload(multiplyAdds.plus(other.multiplyAdds), operations.plus(other.operations),
        bytes.plus(other.bytes));
  }

  /// That often.
  public Workload times(Dim count) {
    return new Workload(multiplyAdds.times(count), operations.times(count), bytes.times(count));
  }

  /// The larger of each number.
  private Workload max(Workload other) {
    return new Workload(multiplyAdds.max(other.multiplyAdds), operations.max(other.operations),
        bytes.max(other.bytes));
  }

  /// What sizes are known as numbers.
  public Workload substitute(Map<String, Dim> sizes) {
    return new Workload(multiplyAdds.substitute(sizes), operations.substitute(sizes),
        bytes.substitute(sizes));
  }

  /// Of all nodes of a graph: bodies of loops as often as they run, of a branch the larger one.
  ///
  /// @throws io.kotangent.type.ShapeException if a number is beyond 64 bits or a formula too long
  public static Workload of(Graph graph) {
    Map<Graph, Workload> known = new IdentityHashMap<>();
    for (Graph body : graph.withBodies()) {
      Workload sum = NONE;
      for (Node node : body.schedule()) {
        sum = sum.plus(of(node, known));
      }
      known.put(body, sum);
    }
    return known(graph, known);
  }

  /// The least bytes that anything moves which computes the graph: its inputs, parameters and states read, its results and updates
  /// written.
  public static Dim leastBytes(Graph graph) {
    Dim bytes = Dim.ZERO;
    for (Node input : graph.inputs()) {
      bytes = bytes.plus(bytes(input.valueType()));
    }
    for (Graph.Result result : graph.results()) {
      bytes = bytes.plus(bytes(result.node().valueType()));
    }
    for (Graph.Update update : graph.updates()) {
      bytes = bytes.plus(bytes(update.port().valueType()));
    }
    return bytes;
  }

  /// Of one node, its bodies included.
  public static Workload of(Node node) {
    Map<Graph, Workload> known = new IdentityHashMap<>();
    node.op().bodies().forEach(body -> known.put(body, of(body)));
    return of(node, known);
  }

  private static Workload of(Node node, Map<Graph, Workload> bodies) {
    return switch (node.op()) {
      case Op.Input _, Op.Constant _, Op.Item _, Op.Reshape _ -> NONE;
      case Op.Iota _, Op.Size _ -> moves(bytes(node.valueType()));
      case Op.Slice _ -> moves(bytes(node.valueType()).times(2));
      case Op.Random _, Op.Lane _ -> new Workload(Dim.ZERO, elements(node), all(node));
      case Op.Gather _ -> moves(bytes(node.valueType()).times(2)
          .plus(bytes(node.operand(1).valueType())));
      case Op.Sort _ -> new Workload(Dim.ZERO, elements(node.operand(0)), all(node));
      case Op.Scatter _ -> new Workload(Dim.ZERO, elements(node.operand(2)), all(node));
      case Op.OverlapAdd _, Op.Reduce _ ->
          new Workload(Dim.ZERO, elements(node.operand(0)), all(node));
      case Op.Layout _ -> moves(all(node));
      case Op.Contract contract -> new Workload(products(contract, node), Dim.ZERO, all(node));
      case Op.Convolve convolve -> new Workload(products(convolve, node), Dim.ZERO, all(node));
      case Op.Call call -> known(call.callee(), bodies);
      case Op.Loop loop -> known(loop.body(), bodies).times(loop.count());
      case Op.Branch branch ->
          known(branch.then(), bodies).max(known(branch.otherwise(), bodies));
    };
  }

  private static Workload moves(Dim bytes) {
    return new Workload(Dim.ZERO, Dim.ZERO, bytes);
  }

  private static Workload known(Graph body, Map<Graph, Workload> bodies) {
    return bodies.get(body);
  }

  private static Dim all(Node node) {
    Dim bytes = bytes(node.valueType());
    for (Node operand : node.operands()) {
      bytes = bytes.plus(bytes(operand.valueType()));
    }
    return bytes;
  }

  private static Dim elements(Node node) {
    return node.shape().size();
  }

  private static Dim bytes(Type type) {
    return switch (type) {
      case TensorType tensor -> tensor.shape().size().times(tensor.dtype().bytes());
      case TupleType tuple -> Dim.sum(tuple.items().stream().map(Workload::bytes).toList());
    };
  }

  private static Dim products(Op.Contract contract, Node node) {
    Map<Character, Dim> sizes = new HashMap<>();
    List<String> labels = List.of(contract.left(), contract.right());
    for (int side = 0; side < 2; side++) {
      for (int axis = 0; axis < labels.get(side).length(); axis++) {
        sizes.put(labels.get(side).charAt(axis), node.operand(side).shape().dim(axis));
      }
    }
    Dim product = Dim.ONE;
    for (Dim size : sizes.values()) {
      product = product.times(size);
    }
    return product;
  }

  /// For each element of the result, those of the kernel that belong to one output feature.
  private static Dim products(Op.Convolve convolve, Node node) {
    Dim product = elements(node);
    for (int axis = 0; axis < convolve.kernel().length(); axis++) {
      if (convolve.kernel().charAt(axis) != 'o') {
        product = product.times(node.operand(1).shape().dim(axis));
      }
    }
    return product;
  }
}
