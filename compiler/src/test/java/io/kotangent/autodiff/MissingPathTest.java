package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class MissingPathTest {
  private final GraphBuilder b = new GraphBuilder();
  private final Node x = b.input(new Port("x", Role.INPUT, TensorType.of(DType.F64, 3)));
  private final Node w = b.input(new Port("conv1.w", Role.STATE, TensorType.of(DType.F64, 3)));
  private final Node labels = b.input(new Port("y", Role.INPUT, TensorType.of(DType.I32, 3)));

  private Node at(String place, Op op, Node... operands) {
    Origin before = b.at(new Origin("", place));
    Node node = b.add(op, operands);
    b.at(before);
    return node;
  }

  private Graph graph(Node loss) {
    return b.graph("model", List.of(x, w, labels), List.of(new Graph.Result("loss", loss)));
  }

  private String messageFor(Node loss, String input) {
    return assertThrows(GradientException.class,
        () -> Gradient.gradients(graph(loss), "loss", List.of(input)))
        .getMessage();
  }

  private Node sum(Node tensor) {
    return b.sum(tensor, List.of(0));
  }

  @Test
  void namesTheOpThatBreaksThePath() {
    Node best = at("Model.kt:42", ((Op.Reduce) b.reduce(Op.Reduction.ARGMAX, w, List.of(0)).op()),
        b.map(ScalarFn.EXP, w));
    Node loss = b.map(ScalarFn.MUL, sum(x), b.cast(DType.F64, best));
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `argmax`, Model.kt:42",
        messageFor(loss, "conv1.w"));
  }

  @Test
  void namesTheNearestOfSeveralBreaks() {
    Node far = at("Far.java:1", new Op.Map(ScalarFn.FLOOR), b.map(ScalarFn.EXP, w));
    Node near = at("Near.java:2", new Op.Map(ScalarFn.CEIL), w);
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `ceil`, Near.java:2",
        messageFor(sum(b.map(ScalarFn.ADD, far, near)), "conv1.w"));
  }

  @Test
  void saysThatOnlyAStopGradientIsInTheWay() {
    Node stopped = at("Model.kt:7", new Op.Map(ScalarFn.STOP_GRADIENT), w);
    assertEquals(
        "parameter `conv1.w` does not reach `loss`: stopped by `stop_gradient`, Model.kt:7",
        messageFor(sum(stopped), "conv1.w"));
  }

  @Test
  void prefersARealBreakToANearerStopGradient() {
    Node stopped = at("Model.kt:7", new Op.Map(ScalarFn.STOP_GRADIENT), w);
    Node rounded = at("Model.kt:8", new Op.Map(ScalarFn.ROUND), b.map(ScalarFn.SIN, w));
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `round`, Model.kt:8",
        messageFor(sum(b.map(ScalarFn.ADD, stopped, rounded)), "conv1.w"));
  }

  @Test
  void saysThatThereIsNoPathAtAll() {
    assertEquals(
        "parameter `conv1.w` does not reach `loss`: no path at all: use it in `loss`, or remove it",
        messageFor(sum(x), "conv1.w"));
  }

  @Test
  void looksIntoACall() {
    GraphBuilder inner = new GraphBuilder();
    Node a = inner.input(new Port("a", Role.INPUT, w.type()));
    Origin before = inner.at(new Origin("", "Layer.java:3"));
    Node broken = inner.map(ScalarFn.FLOOR, a);
    inner.at(before);
    Graph callee = inner.graph("layer", List.of(a), List.of(new Graph.Result("out", broken)));
    Node loss = sum(b.item(b.add(new Op.Call(callee, Optional.empty()), w), 0));
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `floor`, Layer.java:3",
        messageFor(loss, "conv1.w"));
  }

  @Test
  void aPathBesideTheBrokenOneIsEnough() {
    Node loss = sum(b.map(ScalarFn.ADD, b.map(ScalarFn.FLOOR, w), w));
    Graph gradients = Gradient.gradients(graph(loss), "loss", List.of("conv1.w"));
    assertEquals(List.of("loss", "dloss_dconv1.w"),
        gradients.results().stream().map(Graph.Result::name).toList());
    assertEquals(w.type(), gradients.result("dloss_dconv1.w").type());
  }

  @Test
  void refusesALossThatIsNoFloatScalar() {
    assertEquals(
        "the loss `loss` is f64[3]: expected a float scalar; take its mean or its sum first",
        messageFor(w, "conv1.w"));
    assertEquals(
        "the loss `loss` is i32: expected a float scalar; only a float scalar has a gradient",
        messageFor(sum(labels), "conv1.w"));
  }

  @Test
  void refusesAnIntegerInputAndUnknownNames() {
    Node loss = sum(w);
    assertEquals(
        "input `y` is i32[3]: expected a float to differentiate with respect to; cast it to f32 first",
        messageFor(loss, "y"));
    assertEquals(
        "graph model has no input `z` to differentiate with respect to: expected one of [x, conv1.w, y]",
        messageFor(loss, "z"));
    assertEquals("graph model has no result `cost` to differentiate: expected one of [loss]",
        assertThrows(GradientException.class,
            () -> Gradient.gradients(graph(loss), "cost", List.of("x"))).getMessage());
  }

  @Test
  void namesTheNearestWhicheverComesFirst() {
    Node near = at("Near.java:2", new Op.Map(ScalarFn.CEIL), w);
    Node far = at("Far.java:1", new Op.Map(ScalarFn.FLOOR), b.map(ScalarFn.EXP, w));
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `ceil`, Near.java:2",
        messageFor(sum(b.map(ScalarFn.ADD, near, far)), "conv1.w"));
  }

  @Test
  void namesTheFirstOfTwoEquallyNear() {
    Node one = at("One.java:1", new Op.Map(ScalarFn.CEIL), w);
    Node other = at("Other.java:2", new Op.Map(ScalarFn.FLOOR), w);
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `ceil`, One.java:1",
        messageFor(sum(b.map(ScalarFn.ADD, one, other)), "conv1.w"));
  }

  @Test
  void namesACallThatTakesNothingFromItsArguments() {
    GraphBuilder inner = new GraphBuilder();
    Node a = inner.input(new Port("a", Role.INPUT, w.type()));
    Graph callee =
        inner.graph("layer", List.of(a), List.of(new Graph.Result("out", inner.fill(w.type(), 1))));
    Node call = at("Model.java:9", new Op.Call(callee, Optional.empty()), w);
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `call`, Model.java:9",
        messageFor(sum(b.item(call, 0)), "conv1.w"));
  }

  @Test
  void namesTheOpWhoseItemHasNoDerivative() {
    Node sorted = at("Model.java:5", new Op.Sort(0), w);
    Node positions = at("Model.java:6", new Op.Item(1), sorted);
    assertEquals("parameter `conv1.w` does not reach `loss`: broken at `sort`, Model.java:6",
        messageFor(sum(b.cast(DType.F64, positions)), "conv1.w"));
  }

  @Test
  void describesTargetsThatAreNoInputs() {
    Node target = at("Model.java:5", new Op.Map(ScalarFn.SIN), w);
    Node plain = b.map(ScalarFn.COS, w);
    Node loss = at("Model.java:7", ((Op.Reduce) sum(x).op()), b.map(ScalarFn.EXP, x));
    assertEquals(
        "the result of `sin` (Model.java:5) does not reach `f`: no path at all, at Model.java:7",
        builderMessage(loss, target));
    assertEquals("the result of `cos` does not reach `f`: no path at all, at Model.java:7",
        builderMessage(loss, plain));
  }

  private String builderMessage(Node loss, Node target) {
    return assertThrows(GradientException.class,
        () -> Gradient.gradients(b, "f", loss, List.of(target)))
        .getMessage();
  }

  @Test
  void refusesTuples() {
    Node sorted = at("Model.java:5", new Op.Sort(0), w);
    assertEquals(
        "the loss `f` is (f64[3], i32[3]): expected a float scalar; only a float scalar has a gradient,"
            + " at Model.java:5",
        builderMessage(sorted, w));
    assertEquals(
        "the result of `sort` (Model.java:5) is (f64[3], i32[3]): expected a float to differentiate with"
            + " respect to; cast it to f32 first, at Model.java:5",
        builderMessage(sum(w), sorted));
  }
}
