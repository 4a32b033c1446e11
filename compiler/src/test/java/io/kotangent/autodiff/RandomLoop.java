package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// A recurrent cell at random, over rows: contractions of slices, carried values and both, attention, embeddings, parts of
/// weights, convolutions, cuts, and loops inside; as a loop and unrolled.
public final class RandomLoop {
  private static final int H = 3;
  private static final int I = 2;
  private static final int STATES = 2;
  private static final int SLICES = 3;
  private static final Shape SQUARE = Shape.of(H, H);

  private final Random random;
  private final DType floats;
  private final Dim batch;
  private final GraphBuilder b = new GraphBuilder();
  private final List<Node> inputs = new ArrayList<>();
  private final List<Node> rows = new ArrayList<>();
  private final List<Node> narrow = new ArrayList<>();
  private final Graph body;

  public RandomLoop(long seed, DType floats, Dim batch) {
    this.random = new Random(seed);
    this.floats = floats;
    this.batch = batch;
    rows.add(input("h", rows()));
    rows.add(input("c", rows()));
    narrow.add(input("x", shape(I)));
    inputs.add(b.input(
        new Port("ids", Role.INPUT, new TensorType(DType.I32, new Shape(List.of(batch))))));
    input("image", shape(3, 3, 1));
    input("w", Shape.of(I, H));
    input("u", SQUARE);
    input("v", Shape.of(H, 2 * H));
    input("bias", Shape.of(H));
    input("table", Shape.of(4, I));
    input("keys", shape(2, H));
    input("kernel", Shape.of(2, 2, 1, H));
    narrow.add(gather());
    int size = 3 + random.nextInt(10);
    for (int i = 0; i < size; i++) {
      rows.add(grow());
    }
    List<Graph.Result> results = new ArrayList<>();
    for (int i = 0; i < STATES; i++) {
      results.add(new Graph.Result("next" + i, b.map(ScalarFn.TANH, recent())));
    }
    int outputs = random.nextInt(3);
    for (int i = 0; i < outputs; i++) {
      Node value = random.nextInt(4) == 0 ? dot(recent(), given("u"), "ak,hk->ah") : recent();
      results.add(new Graph.Result("out" + i, value));
    }
    this.body = b.graph("cell", inputs, results);
  }

  private Node input(String name, Shape shape) {
    Node node = b.input(new Port(name, Role.INPUT, new TensorType(floats, shape)));
    inputs.add(node);
    return node;
  }

  private Shape rows() {
    return shape(H);
  }

  private Shape shape(long... rest) {
    List<Dim> dims = new ArrayList<>(List.of(batch));
    for (long dim : rest) {
      dims.add(Dim.of(dim));
    }
    return new Shape(dims);
  }

  private Node given(String name) {
    return inputs.stream().filter(n -> Graph.port(n).name().equals(name)).findFirst()
        .orElseThrow();
  }

  private Node recent() {
    int back = Math.min(random.nextInt(rows.size()), random.nextInt(rows.size()));
    return rows.get(rows.size() - 1 - back);
  }

  private Node any(List<Node> nodes) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  // ---- nodes of the body

  private Node grow() {
    Node x = recent();
    return switch (random.nextInt(16)) {
      case 0, 1 -> dot(any(narrow), given("w"), "ai,ih->ah");
      case 2, 3 -> dot(x, given("u"), random.nextBoolean() ? "ak,kh->ah" : "ak,hk->ah");
      case 4 -> dot(x, part(given("v")), "ak,kh->ah");
      case 5 -> b.map(ScalarFn.ADD, x,
          b.broadcast(given("bias"), List.of(1), rows()));
      case 6 -> b.map(any(random, ScalarFn.TANH, ScalarFn.SIGMOID, ScalarFn.SIN), x);
      case 7 -> b.map(ScalarFn.ADD, x, recent());
      case 8 -> b.map(ScalarFn.MUL, b.map(ScalarFn.SIGMOID, x), recent());
      case 9 -> attention(x);
      case 10 -> convolution();
      case 11 -> b.map(any(random, ScalarFn.STOP_GRADIENT, ScalarFn.FLOOR), x);
      case 12 -> b.map(ScalarFn.SELECT, b.map(ScalarFn.GT, x, recent()), x, recent());
      case 13 -> inner(x);
      case 14 -> spread(x);
      case 15 -> b.map(ScalarFn.MUL, x, dot(x, b.map(ScalarFn.TANH, given("u")), "ak,kh->ah"));
      default -> throw new IllegalStateException();
    };
  }

  private static ScalarFn any(Random random, ScalarFn... of) {
    return of[random.nextInt(of.length)];
  }

  private Node dot(Node x, Node y, String labels) {
    return b.contract(labels, x, y);
  }

  private Node part(Node wide) {
    int from = random.nextBoolean() ? 0 : H;
    return b.add(new Op.Slice(List.of(Dim.ZERO, Dim.of(from)),
        List.of(Dim.of(H), Dim.of(from + H)), List.of(1, 1)), wide);
  }

  private Node gather() {
    return b.add(new Op.Gather(0, 0), given("table"), given("ids"));
  }

  private Node attention(Node query) {
    Node scores = b.map(ScalarFn.EXP, dot(query, given("keys"), "ah,ash->as"));
    Node total = b.sum(scores, List.of(1));
    Node weights = b.map(ScalarFn.DIV, scores, b.broadcast(total, List.of(0), scores.shape()));
    return dot(weights, given("keys"), "as,ash->ah");
  }

  private Node convolution() {
    Op.Spatial plain = new Op.Spatial(1, Dim.ZERO, Dim.of(random.nextInt(2)), 1, 1);
    Node y = b.add(new Op.Convolve("nhwc", "hwio", "nhwc", List.of(plain, plain), 1, 1,
        SumOrder.ofConvolution("hwio"), floats), given("image"), given("kernel"));
    return b.reduce(random.nextBoolean() ? Op.Reduction.SUM : Op.Reduction.MAX, y, List.of(1, 2));
  }

  private Node spread(Node x) {
    Op.Reduction kind = random.nextBoolean() ? Op.Reduction.MAX : Op.Reduction.SUM;
    return b.broadcast(b.reduce(kind, x, List.of(1)), List.of(0), rows());
  }

  /// h ↦ tanh(h·u + x), twice.
  private Node inner(Node x) {
    GraphBuilder inside = new GraphBuilder();
    Node h = inside.input(new Port("h", Role.INPUT, x.type()));
    Node add = inside.input(new Port("add", Role.INPUT, x.type()));
    Node u = inside.input(new Port("u", Role.INPUT, new TensorType(floats, SQUARE)));
    Node next = inside.map(ScalarFn.TANH,
        inside.map(ScalarFn.ADD, inside.contract("ak,kh->ah", h, u), add));
    Graph step = inside.graph("inner", List.of(h, add, u),
        List.of(new Graph.Result("h", next), new Graph.Result("out", h)));
    Node loop = b.add(new Op.Loop(step, Dim.of(2), 1, 0, random.nextBoolean()), recent(), x,
        given("u"));
    return random.nextBoolean() ? b.item(loop, 0) : b.sum(b.item(loop, 1), List.of(0));
  }

  // ---- models

  /// The ports of a model over so many iterations, in the order of the body's inputs.
  public List<Port> ports(Dim count) {
    List<Port> ports = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Port port = Graph.port(inputs.get(i));
      boolean sliced = i >= STATES && i < STATES + SLICES;
      ports.add(!sliced ? port : new Port(port.name(), port.role(), new TensorType(
          port.type().dtype(), Moves.prepend(count, port.type().shape()))));
    }
    return ports;
  }

  /// The items of the loop.
  public List<Node> looped(GraphBuilder builder, List<Node> arguments, Dim count,
      boolean reverse) {
    Node loop = builder.add(new Op.Loop(body, count, STATES, SLICES, reverse), arguments);
    return IntStream.range(0, body.results().size()).mapToObj(i -> builder.item(loop, i)).toList();
  }

  /// The same without a loop.
  public List<Node> unrolled(GraphBuilder builder, List<Node> arguments, int count,
      boolean reverse) {
    List<Node> carried = new ArrayList<>(arguments.subList(0, STATES));
    List<List<Node>> outputs = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      int at = reverse ? count - 1 - step : step;
      List<Node> now = new ArrayList<>(carried);
      for (int i = STATES; i < arguments.size(); i++) {
        now.add(i < STATES + SLICES ? slice(builder, arguments.get(i), at) : arguments.get(i));
      }
      List<Node> next = builder.inline(body, now);
      carried = new ArrayList<>(next.subList(0, STATES));
      outputs.add(next.subList(STATES, next.size()));
    }
    if (reverse) {
      Collections.reverse(outputs);
    }
    List<Node> items = new ArrayList<>(carried);
    for (int i = 0; i < body.results().size() - STATES; i++) {
      List<Node> stack = new ArrayList<>();
      for (List<Node> output : outputs) {
        stack.add(builder.reshape(output.get(i), Moves.prepend(Dim.ONE, output.get(i).shape())));
      }
      items.add(stack.isEmpty()
          ? builder.fill(new TensorType(floats, Moves.prepend(Dim.ZERO,
              body.results().get(STATES + i).node().shape())), 0)
          : builder.add(new Op.Concat(0), stack));
    }
    return items;
  }

  private static Node slice(GraphBuilder builder, Node x, int at) {
    List<Dim> starts = new ArrayList<>(Collections.nCopies(x.type().rank(), Dim.ZERO));
    List<Dim> limits = new ArrayList<>(x.shape().dims());
    starts.set(0, Dim.of(at));
    limits.set(0, Dim.of(at + 1L));
    Node row = builder.add(
        new Op.Slice(starts, limits, Collections.nCopies(x.type().rank(), 1)), x);
    return builder.reshape(row, new Shape(x.shape().dims().subList(1, x.type().rank())));
  }

  /// Σ sin(item), of the items that count.
  public static Node loss(GraphBuilder builder, List<Node> items) {
    Node loss = builder.scalar(items.getFirst().dtype(), 0);
    for (Node item : items) {
      Node sine = builder.map(ScalarFn.SIN, item);
      loss = builder.map(ScalarFn.ADD, loss, builder.sum(sine, Axes.all(item.type().rank())));
    }
    return loss;
  }
}
