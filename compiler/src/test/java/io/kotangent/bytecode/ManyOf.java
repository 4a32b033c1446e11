package io.kotangent.bytecode;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Graphs that have `n` of something: whatever may be any number.
enum ManyOf {
  PARTS(n -> result(inputs(n, 3), (b, x) -> concat(b, 0, x))),
  COLUMNS(n -> result(inputs(n, 4, 2), (b, x) -> concat(b, 1, x))),
  PARTS_ALONG_A_MIDDLE_AXIS(n -> result(inputs(n, 2, 1, 40), (b, x) -> concat(b, 1, x))),
  PARTS_OF_SYMBOLIC_ROWS(n -> result(inputs(n, "b", 2), (b, x) -> concat(b, 1, x))),
  /// Made in place.
  COMPUTED_PARTS(n -> result(inputs(n, 70),
      (b, x) -> concat(b, 0, each(x, node -> b.map(ScalarFn.EXP, node))))),
  COMPUTED_COLUMNS(n -> result(inputs(n, 3, 70),
      (b, x) -> concat(b, 1, each(x, node -> b.map(ScalarFn.EXP, node))))),
  SUMS_AS_PARTS(n -> result(inputs(n, 3, 5),
      (b, x) -> concat(b, 0, each(x, node -> b.sum(node, List.of(1)))))),
  STACKED_SCALARS(n -> result(inputs(n), (b, x) -> concat(b, 0,
      each(x, node -> b.reshape(b.map(ScalarFn.SIN, node), Shape.of(1)))))),
  STACKED_ROWS(n -> result(inputs(n, 6), (b, x) -> concat(b, 0,
      each(x, node -> b.reshape(node, Shape.of(1, 6)))))),
  SLICES_OF_ONE(n -> resultOf(port("x", n, 5), (b, x) -> concat(b, 0, upTo(n, i -> b.add(
      new Op.Slice(List.of(Dim.of(n - 1 - i), Dim.ZERO), List.of(Dim.of(n - i), Dim.of(5)),
          List.of(1, 1)),
      x))))),
  TERMS(n -> result(inputs(n, 5), (b, x) -> chain(b, ScalarFn.ADD, x))),
  SCALAR_TERMS(n -> result(inputs(n), (b, x) -> chain(b, ScalarFn.ADD, x))),
  ROWS_THAT_ARE_BROADCAST(n -> {
    Shape shape = Shape.of(3, 4);
    return result(inputs(n, 4), (b, x) -> chain(b, ScalarFn.MAX,
        each(x, node -> b.broadcast(node, List.of(1), shape))));
  }),
  NUMBERS_OF_ROWS(n -> result(inputs(n, 3, 4), (b, x) -> chain(b, ScalarFn.ADD,
      each(x, node -> b.sum(node, List.of(1)))))),
  RESULTS(n -> resultsOf(port("x", 5),
      (b, x) -> upTo(n, i -> b.map(ScalarFn.ADD, x, constant(b, i, x))))),
  SCALAR_RESULTS(n -> results(inputs(n), (b, x) -> each(x, node -> b.map(ScalarFn.EXP, node)))),
  SUMS(n -> results(inputs(n, 3, 4), (b, x) -> each(x, node -> b.sum(node, List.of(1))))),
  RESULTS_OF_ONE_ROW(n -> resultsOf(port("x", 3, 4), (b, x) -> upTo(n,
      i -> b.sum(b.map(ScalarFn.MUL, x, constant(b, i, x)), List.of(1))))),
  ONE_RESULT_BY_MANY_NAMES(n -> resultsOf(port("x", 3),
      (b, x) -> Collections.nCopies(n, b.map(ScalarFn.EXP, x)))),
  INPUTS_AS_RESULTS(n -> results(inputs(n, 2), (b, x) -> x)),
  CONSTANTS(n -> resultOf(port("x", 3), (b, x) -> {
    List<Node> terms = upTo(n, i -> b.map(ScalarFn.MUL, x, constant(b, 1.0 / (i + 1), x)));
    return chain(b, ScalarFn.ADD, terms);
  })),
  PRODUCTS(n -> results(inputs(n, 6, 6),
      (b, x) -> each(x, node -> b.contract("ab,bc->ac", node, node)))),
  CONVOLUTIONS(n -> results(inputs(n, 1, 6, 2),
      (b, x) -> each(x, node -> b.add(new Op.OverlapAdd(List.of(1), List.of(1), List.of(1),
          List.of(Dim.of(7))), node)))),
  UPDATES(n -> {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    List<Graph.Update> updates = new ArrayList<>();
    Node ok = b.constant(Literal.scalar(DType.BOOL, 1));
    for (int i = 0; i < n; i++) {
      Node w = b.input(new Port("w" + i, Role.STATE, type(5)));
      Node m = b.input(
          new Port("m" + i, Role.STATE, type(5), List.of(new Fact.Slot("m", "w" + i))));
      inputs.addAll(List.of(w, m));
      Node next = b.map(ScalarFn.ADD, m, b.map(ScalarFn.SIN, w));
      updates.add(new Graph.Update(m, next));
      updates.add(new Graph.Update(w, b.map(ScalarFn.SUB, w, next)));
      ok = b.map(ScalarFn.AND, ok,
          b.reduce(Op.Reduction.ALL, b.map(ScalarFn.IS_FINITE, next), List.of(0)));
    }
    return b.graph("g", inputs, List.of(), updates, Optional.of(ok));
  }),
  STATES_MOVED_AROUND(n -> {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = upTo(n, i -> b.input(new Port("w" + i, Role.STATE, type(3))));
    List<Graph.Update> updates =
        upTo(n, i -> new Graph.Update(inputs.get(i), inputs.get((i + 1) % n)));
    return b.graph("g", inputs, List.of(), n == 1 ? List.of() : updates, Optional.empty());
  }),
  ARGUMENTS_OF_A_CALL(n -> applied(n, 4, (body, b, x) -> b.add(
      new Op.Call(body, Optional.empty()), x))),
  ARGUMENTS_OF_A_BRANCH(n -> applied(n, 4, (body, b, x) -> {
    List<Node> operands = new ArrayList<>(x);
    Node flag = b.map(ScalarFn.LT, b.sum(x.getFirst(), List.of(0)), b.scalar(DType.F64, 100));
    operands.addFirst(flag);
    return b.add(new Op.Branch(body, body), operands);
  })),
  CARRIED(n -> applied(n, 4, (body, b, x) -> b.add(new Op.Loop(body, Dim.of(3), n, 0, false), x))),
  CARRIED_SCALARS(n -> applied(n, 0,
      (body, b, x) -> b.add(new Op.Loop(body, Dim.of(3), n, 0, false), x))),
  SLICED(n -> applied(n, 0, (body, b, x) -> b.add(new Op.Loop(body, Dim.of(4), 0, n, true),
      each(x, node -> b.broadcast(node, List.of(), Shape.of(4)))))),
  CAPTURED(n -> applied(n, 4, (body, b, x) -> b.add(new Op.Loop(body, Dim.of(3), 0, 0, false), x))),
  AXES(26, n -> {
    Shape shape = ones(n, Math.min(n, 8));
    return resultOf(new Port("x", Role.INPUT, new TensorType(DType.F64, shape)), (b, x) -> {
      List<Integer> reversed = upTo(n, i -> n - 1 - i);
      Node moved = b.transpose(b.map(ScalarFn.EXP, x), reversed);
      Node sum = b.sum(b.map(ScalarFn.MUL, moved, moved), List.of(0));
      return b.map(ScalarFn.SIN, b.broadcast(sum, upTo(n - 1, i -> i + 1), moved.shape()));
    });
  }),
  LABELS(26, n -> {
    Shape shape = ones(n, Math.min(n, 6));
    String labels = labels('a', n);
    String first = labels.substring(0, 1);
    return resultOf(new Port("x", Role.INPUT, new TensorType(DType.F64, shape)),
        (b, x) -> b.contract(labels + "," + labels + "->" + first, x,
            b.map(ScalarFn.SIN, x)));
  }),
  LABELS_OF_TWO(26, n -> {
    String own = labels('a', (n + 1) / 2);
    String other = labels('a' + (n + 1) / 2, n / 2);
    Shape shape = ones((n + 1) / 2, 4);
    List<Port> ports = List.of(new Port("x", Role.INPUT, new TensorType(DType.F64, shape)),
        new Port("y", Role.INPUT, new TensorType(DType.F64, ones(n / 2, 4))));
    return result(ports,
        (b, x) -> b.contract(own + "," + other + "->" + other + own, x.getFirst(), x.getLast()));
  }),
  SYMBOLIC_SLICES(26, n -> symbolic(n, (b, x) -> {
    List<Dim> dims = x.shape().dims();
    Node sliced = b.add(new Op.Slice(Collections.nCopies(n, Dim.ZERO), dims,
        Collections.nCopies(n, 1)), b.map(ScalarFn.EXP, x));
    List<Dim> pads = dims.stream().map(d -> d.isConstant() ? Dim.ZERO : d).toList();
    Node padded = b.add(new Op.Pad(pads, pads, Collections.nCopies(n, 0)), sliced,
        b.scalar(DType.F64, 2));
    return b.add(new Op.Slice(pads, upTo(n, i -> pads.get(i).plus(dims.get(i))),
        Collections.nCopies(n, 1)), padded);
  })),
  SYMBOLIC_TRANSPOSES(26, n -> symbolic(n, (b, x) -> b.add(
      new Op.Reverse(upTo(n, i -> i)), b.transpose(x, upTo(n, i -> n - 1 - i))))),
  SYMBOLIC_REDUCTIONS(26, n -> symbolic(n, (b, x) -> b.add(new Op.Reduce(Op.Reduction.MAX,
      upTo((n + 1) / 2, i -> 2 * i), SumOrder.ofReduction(upTo((n + 1) / 2, i -> 2 * i), n),
      DType.F64), x))),
  SYMBOLS(n -> {
    List<Port> ports = upTo(n, i -> new Port("x" + i, Role.INPUT, new TensorType(DType.F64,
        new Shape(List.of(Dim.symbol("s" + i))))));
    return result(ports, (b, x) -> concat(b, 0, x));
  }),
  SYMBOLIC_SUMS(n -> {
    List<Port> ports = upTo(n, i -> new Port("x" + i, Role.INPUT, new TensorType(DType.F64,
        new Shape(List.of(Dim.symbol("s" + i), Dim.of(2))))));
    return results(ports, (b, x) -> each(x, node -> b.sum(b.map(ScalarFn.EXP, node),
        List.of(0))));
  }),
  SYMBOLIC_AXES(26, n -> {
    List<Dim> dims = upTo(n, i -> Dim.symbol("s" + i));
    List<Port> ports = new ArrayList<>(
        upTo(n, i -> new Port("k" + i, Role.INPUT, new TensorType(DType.F64,
            new Shape(List.of(dims.get(i)))))));
    return result(ports, (b, x) -> {
      Node sum = b.broadcast(x.getFirst(), List.of(0), new Shape(dims));
      for (int i = 1; i < n; i++) {
        sum = b.map(ScalarFn.ADD, sum, b.broadcast(x.get(i), List.of(i), new Shape(dims)));
      }
      return sum;
    });
  }),
  REQUIREMENTS(n -> {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input(new Port("x", Role.INPUT, new TensorType(DType.F64,
        new Shape(List.of(Dim.symbol("b"))))));
    for (int i = 0; i < n; i++) {
      b.require(new Requirement(Dim.symbol("b").plus(i), Requirement.Relation.AT_LEAST,
          Dim.of(i + 1), "test"));
    }
    return b.graph("g", List.of(x), List.of(new Graph.Result("y", b.map(ScalarFn.EXP, x))));
  }),
  DRAWS(n -> resultsOf(new Port("key", Role.INPUT, TensorType.scalar(DType.I64)),
      (b, x) -> upTo(n, i -> b.add(new Op.Random("s" + i, Shape.of(3), false), x, x)))),
  CHAINED(n -> resultOf(port("x", 3), (b, x) -> {
    Node y = x;
    for (int i = 0; i < n; i++) {
      y = b.map(i % 2 == 0 ? ScalarFn.SIN : ScalarFn.NEG, y);
    }
    return y;
  })),
  CHAINED_SCALARS(n -> resultOf(port("x"), (b, x) -> {
    Node y = x;
    for (int i = 0; i < n; i++) {
      y = b.map(ScalarFn.ADD, b.map(ScalarFn.SIN, y), x);
    }
    return y;
  })),
  RESHAPES(n -> resultOf(port("x", 2, 3), (b, x) -> {
    Node y = x;
    for (int i = 0; i < n; i++) {
      y = b.reshape(b.transpose(y, List.of(1, 0)), Shape.of(2, 3));
    }
    return y;
  })),
  NESTED_CONCATS(n -> resultOf(port("x", 2), (b, x) -> {
    Node y = x;
    for (int i = 0; i < n; i++) {
      y = b.add(new Op.Concat(0), y, b.map(ScalarFn.ADD, x, constant(b, i, x)));
    }
    return y;
  })),
  NESTED_CALLS(199, n -> nested(n, body -> new Op.Call(body, Optional.empty()))),
  NESTED_LOOPS(199, n -> nested(n, body -> new Op.Loop(body, Dim.ONE, 1, 0, false)));

  private final int most;
  private final IntFunction<Graph> make;

  ManyOf(IntFunction<Graph> make) {
    this(Integer.MAX_VALUE, make);
  }

  /// @param most how many there may be
  ManyOf(int most, IntFunction<Graph> make) {
    this.most = most;
    this.make = make;
  }

  Graph of(int n) {
    return make.apply(n);
  }

  /// Whether so many are refused.
  boolean isRefused(int n) {
    return n > most;
  }

  /// Up to how many there is something to be learned: code for sums of sizes is as long as these, and sums of sums are.
  int measured() {
    return switch (this) {
      case SYMBOLS -> 64;
      case SYMBOLIC_SUMS, NESTED_CONCATS -> 300;
      case RESULTS, RESULTS_OF_ONE_ROW, DRAWS, CONVOLUTIONS -> 1000;
      default -> 5000;
    };
  }

  private interface Make<T, R> {
    R apply(GraphBuilder b, T inputs);
  }

  private interface Apply {
    Node apply(Graph body, GraphBuilder b, List<Node> x);
  }

  /// A body of `n` inputs and results applied to as many tensors; each result is an item.
  private static Graph applied(int n, int size, Apply apply) {
    TensorType type = size == 0 ? type() : type(size);
    GraphBuilder inner = new GraphBuilder();
    List<Node> arguments = upTo(n, i -> inner.input(new Port("a" + i, Role.INPUT, type)));
    Graph body = inner.graph("body", arguments, upTo(n, i -> new Graph.Result("r" + i,
        inner.map(ScalarFn.ADD, inner.map(ScalarFn.SIN, arguments.get(i)),
            arguments.get((i + 1) % n)))));
    return results(upTo(n, i -> new Port("x" + i, Role.INPUT, type)), (b, x) -> {
      Node tuple = apply.apply(body, b, x);
      return upTo(((io.kotangent.type.TupleType) tuple.valueType()).items().size(),
          i -> b.item(tuple, i));
    });
  }

  private static Graph symbolic(int n, Make<Node, Node> make) {
    List<Dim> dims = upTo(n, i -> i < 6 ? Dim.symbol("s" + i % 4) : Dim.ONE);
    List<Port> ports = new ArrayList<>(upTo(4, i -> new Port("k" + i, Role.INPUT, new TensorType(
        DType.F64, new Shape(List.of(Dim.symbol("s" + i)))))));
    ports.add(new Port("x", Role.INPUT, new TensorType(DType.F64, new Shape(dims))));
    return result(ports, (b, x) -> make.apply(b, x.getLast()));
  }

  private static String labels(int first, int count) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < count; i++) {
      labels.append((char) (first + i));
    }
    return labels.toString();
  }

  private static Graph nested(int n, Function<Graph, Op> apply) {
    Graph graph = null;
    for (int i = 0; i <= n; i++) {
      GraphBuilder b = new GraphBuilder();
      Node x = b.input(port("x", 3));
      Node y = b.map(ScalarFn.SIN, x);
      if (graph != null) {
        y = b.item(b.add(apply.apply(graph), y), 0);
      }
      graph = b.graph("g" + i, List.of(x), List.of(new Graph.Result("y", y)));
    }
    return graph;
  }

  private static Graph resultOf(Port port, Make<Node, Node> make) {
    return resultsOf(port, (b, x) -> List.of(make.apply(b, x)));
  }

  private static Graph resultsOf(Port port, Make<Node, List<Node>> make) {
    return results(List.of(port), (b, x) -> make.apply(b, x.getFirst()));
  }

  private static Graph result(List<Port> ports, Make<List<Node>, Node> make) {
    return results(ports, (b, x) -> List.of(make.apply(b, x)));
  }

  private static Graph results(List<Port> ports, Make<List<Node>, List<Node>> make) {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = ports.stream().map(b::input).toList();
    List<Node> nodes = make.apply(b, inputs);
    return b.graph("g", inputs, upTo(nodes.size(),
        i -> new Graph.Result("y" + i, nodes.get(i))));
  }

  private static Node constant(GraphBuilder b, double value, Node like) {
    return b.fill(like.type(), value);
  }

  private static Node concat(GraphBuilder b, int axis, List<Node> parts) {
    return b.add(new Op.Concat(axis), parts);
  }

  private static Node chain(GraphBuilder b, ScalarFn fn, List<Node> terms) {
    Node sum = b.map(ScalarFn.NEG, terms.getFirst());
    for (Node term : terms.subList(1, terms.size())) {
      sum = b.map(fn, sum, term);
    }
    return sum;
  }

  private static Shape ones(int rank, int twos) {
    return new Shape(upTo(rank, i -> Dim.of(i < twos ? 2 : 1)));
  }

  private static List<Port> inputs(int n, long... dims) {
    return upTo(n, i -> port("x" + i, dims));
  }

  private static List<Port> inputs(int n, String rows, long columns) {
    Shape shape = new Shape(List.of(Dim.symbol(rows), Dim.of(columns)));
    return upTo(n, i -> new Port("x" + i, Role.INPUT, new TensorType(DType.F64, shape)));
  }

  private static Port port(String name, long... dims) {
    return new Port(name, Role.INPUT, type(dims));
  }

  private static TensorType type(long... dims) {
    return new TensorType(DType.F64, Shape.of(dims));
  }

  private static List<Node> each(List<Node> nodes, Function<Node, Node> make) {
    return nodes.stream().map(make).toList();
  }

  private static <T> List<T> upTo(int n, IntFunction<T> make) {
    List<T> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      list.add(make.apply(i));
    }
    return list;
  }
}
