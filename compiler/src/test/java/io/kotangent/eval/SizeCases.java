package io.kotangent.eval;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every op, of three sizes.
final class SizeCases {
  /// Where the nodes of these graphs say that they are from.
  static final String PLACE = "Sizes.java:7";

  /// A node of some sizes.
  interface Made {
    Node of(SizeCases cases, Dim p, Dim q, Dim r);
  }

  private final GraphBuilder builder = new GraphBuilder();

  /// The graph of a node of these sizes; its result is `y`.
  static Graph graph(Made made, Dim p, Dim q, Dim r) {
    SizeCases cases = new SizeCases();
    cases.builder.at(new Origin("", PLACE));
    Node y = made.of(cases, p, q, r);
    List<Node> inputs = new Graph("f", List.of(), List.of(new Graph.Result("y", y)), List.of(),
        Optional.empty(), List.of()).schedule().stream()
        .filter(node -> node.op() instanceof Op.Input).toList();
    return cases.builder.graph("f", inputs, List.of(new Graph.Result("y", y)));
  }

  /// What has sizes of its own, of ports that have only p, q and r.
  static Map<String, Made> making() {
    Map<String, Made> all = new LinkedHashMap<>();
    all.put("iota", (c, p, q, r) -> c.builder.iota(Shape.of(r, p), 0, DType.F64));
    all.put("sum of iota", (c, p, q, r) -> c.builder
        .sum(c.builder.iota(Shape.of(r), 0, DType.F64), List.of(0)));
    all.put("random", (c, p, q, r) -> c.builder.add(new Op.Random("s", Shape.of(r), false),
        c.builder.size(Dim.ONE), c.builder.size(Dim.ONE)));
    all.put("broadcast", (c, p, q, r) -> c.builder.broadcast(c.x(), List.of(), Shape.of(r, q)));
    all.put("broadcast of one axis", (c, p, q, r) -> c.builder.broadcast(c.x(p), List.of(1),
        Shape.of(r, p)));
    all.put("sum of broadcast", (c, p, q, r) -> c.builder.sum(
        c.builder.broadcast(c.x(), List.of(), Shape.of(r)), List.of(0)));
    all.put("reshape", (c, p, q, r) -> c.builder.add(new Op.Reshape(Shape.of(r, q)), c.x(p, q)));
    all.put("slice to", (c, p, q, r) -> c.builder.add(new Op.Slice(List.of(Dim.ZERO), List.of(r),
        List.of(1)), c.x(p)));
    all.put("slice from", (c, p, q, r) -> c.builder.add(new Op.Slice(List.of(r), List.of(p),
        List.of(2)), c.x(p)));
    all.put("sum of slice", (c, p, q, r) -> c.builder.sum(c.builder.add(new Op.Slice(List.of(r),
        List.of(p), List.of(1)), c.x(p)), List.of(0)));
    all.put("pad low", (c, p, q, r) -> c.builder.add(new Op.Pad(List.of(r), List.of(Dim.ONE),
        List.of(0)), c.x(p), c.x()));
    all.put("pad high", (c, p, q, r) -> c.builder.add(new Op.Pad(List.of(Dim.ZERO), List.of(r),
        List.of(0)), c.x(p), c.x()));
    all.put("pad inside", (c, p, q, r) -> c.builder.add(new Op.Pad(List.of(Dim.ZERO),
        List.of(Dim.ZERO), List.of(2)), c.x(p), c.x()));
    all.put("sum of pad", (c, p, q, r) -> c.builder.sum(c.builder.add(new Op.Pad(List.of(r),
        List.of(r), List.of(0)), c.x(p), c.x()), List.of(0)));
    all.put("overlap", (c, p, q, r) -> c.builder.add(new Op.OverlapAdd(List.of(0), List.of(1),
        List.of(1), List.of(r)), c.x(p, Dim.of(2))));
    all.put("empty overlap", (c, p, q, r) -> c.builder.add(new Op.OverlapAdd(List.of(0),
        List.of(9), List.of(5), List.of(r)), c.x(p, Dim.of(2))));
    all.put("loop", (c, p, q, r) -> c.loop(r));
    all.put("loop of outputs", (c, p, q, r) -> c.builder.item(c.loop(r).operand(0), 1));
    all.put("convolve", (c, p, q, r) -> c.convolve(p, r));
    return all;
  }

  /// What has the sizes of its operands.
  static Map<String, Made> taking() {
    Map<String, Made> all = new LinkedHashMap<>();
    all.put("map", (c, p, q, r) -> c.builder.map(ScalarFn.EXP, c.x(p, q, r)));
    all.put("map of two", (c, p, q, r) -> c.builder.map(ScalarFn.MUL, c.x(p, q, r),
        c.builder.iota(Shape.of(p, q, r), 1, DType.F64)));
    all.put("cast", (c, p, q, r) -> c.builder.cast(DType.I32, c.x(p, q, r)));
    all.put("transpose", (c, p, q, r) -> c.builder.transpose(c.x(p, q, r), List.of(2, 0, 1)));
    all.put("transpose of two", (c, p, q, r) -> c.builder.transpose(c.x(p, q), List.of(1, 0)));
    all.put("reverse", (c, p, q, r) -> c.builder.add(new Op.Reverse(List.of(1)), c.x(p, q, r)));
    all.put("concat", (c, p, q, r) -> c.builder.add(new Op.Concat(1), c.x(p, q), c.z(p, r)));
    all.put("windows", (c, p, q, r) -> c.builder.add(new Op.Windows(List.of(1), List.of(2),
        List.of(1), List.of(1)), c.x(p, q, r)));
    all.put("gather", (c, p, q, r) -> c.builder.add(new Op.Gather(0, 0), c.x(p, q), c.i(r)));
    all.put("scatter", (c, p, q, r) -> c.builder.add(new Op.Scatter(0, 0), c.x(p, q), c.i(r),
        c.z(r, q)));
    all.put("sort", (c, p, q, r) -> c.builder
        .item(c.builder.add(new Op.Sort(1), c.x(p, q, r)), 0));
    for (Op.Reduction kind : List.of(Op.Reduction.SUM, Op.Reduction.MIN, Op.Reduction.PRODUCT)) {
      for (List<Integer> axes : List.of(List.of(0), List.of(1), List.of(2), List.of(0, 2),
          List.of(1, 3))) {
        all.put(kind + " over " + axes, (c, p, q, r) -> c.builder.reduce(kind, c.x(p, q, r, q),
            axes));
      }
    }
    all.put("argmax", (c, p, q, r) -> c.builder.reduce(Op.Reduction.ARGMAX, c.x(p, q, r),
        List.of(1)));
    for (String labels : List.of("ab,bc->ac", "ab,cb->ac", "ba,bc->ac", "ab,ab->", "ab,ac->abc",
        "ab,cb->bac")) {
      all.put("contract " + labels, (c, p, q, r) -> c.contract(labels,
          Map.of('a', p, 'b', q, 'c', r)));
    }
    all.put("softmax", (c, p, q, r) -> {
      Node e = c.builder.map(ScalarFn.EXP, c.x(p, q, r));
      return c.builder.map(ScalarFn.DIV, e, c.builder.broadcast(c.builder.sum(e, List.of(1)),
          List.of(0, 2), Shape.of(p, q, r)));
    });
    return all;
  }

  // ---- parts

  private Node port(String name, DType dtype, Dim... dims) {
    return builder.input(new Port(name, Role.INPUT, TensorType.of(dtype, dims), List.of()));
  }

  /// A scalar or a port.
  private Node x(Dim... dims) {
    return port(dims.length == 0 ? "s" : "x", DType.F64, dims);
  }

  private Node z(Dim... dims) {
    return port("z", DType.F64, dims);
  }

  private Node i(Dim... dims) {
    return port("i", DType.I32, dims);
  }

  private Node contract(String labels, Map<Character, Dim> sizes) {
    Dim[] left = labels.substring(0, 2).chars().mapToObj(l -> sizes.get((char) l))
        .toArray(Dim[]::new);
    Dim[] right = labels.substring(3, 5).chars().mapToObj(l -> sizes.get((char) l))
        .toArray(Dim[]::new);
    return builder.contract(labels, x(left), z(right));
  }

  private Node convolve(Dim p, Dim r) {
    Op op = new Op.Convolve("nwc", "wio", "nwc", List.of(new Op.Spatial(1, r, r, 1, 1)), 1, 1,
        SumOrder.ofConvolution("wio"), DType.F64);
    return builder.add(op, x(Dim.ONE, p, Dim.ONE), z(Dim.of(2), Dim.ONE, Dim.ONE));
  }

  /// A loop of so many turns that counts.
  private Node loop(Dim count) {
    GraphBuilder body = new GraphBuilder();
    Node sum = body.input(
        new Port("sum", Role.INPUT, TensorType.scalar(DType.F64), List.of()));
    Node next = body.map(ScalarFn.ADD, sum, body.scalar(DType.F64, 1));
    Graph turn = body.graph("turn", List.of(sum),
        List.of(new Graph.Result("sum", next), new Graph.Result("all", next)));
    return builder.item(builder.add(new Op.Loop(turn, count, 1, 0, false), x()), 0);
  }
}
