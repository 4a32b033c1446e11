package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A graph that breaks an invariant is told which.
@Tag("fast")
class VerifierTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Node x =
      builder.input(new Port("x", Role.INPUT, TensorType.of(DType.F32, Dim.symbol("n"))));
  private final Node y =
      builder.input(new Port("y", Role.INPUT, TensorType.of(DType.F32, Dim.symbol("m"))));
  private final Node w =
      builder.input(new Port("w", Role.STATE, TensorType.of(DType.F32, Dim.symbol("n"))));
  private final List<Node> inputs = List.of(x, y, w);

  private Graph returning(Node node) {
    return builder.graph("g", inputs, List.of(new Graph.Result("r", node)));
  }

  private static void finds(String part, Graph graph) {
    List<String> found = Verifier.violations(graph);
    assertEquals(1, found.size(), found::toString);
    assertTrue(found.getFirst().contains(part), found.getFirst());
    assertThrows(KotangentException.class, () -> Verifier.verify(graph));
  }

  @Test
  void acceptsWhatTheBuilderMakes() {
    assertEquals(List.of(), Verifier.violations(returning(builder.map(ScalarFn.ADD, x, y))));
  }

  @Test
  void aRequirementMustBeRecorded() {
    Graph graph = returning(builder.map(ScalarFn.ADD, x, y));
    finds("needs the requirement n == m",
        new Graph("g", inputs, graph.results(), List.of(), Optional.empty(), List.of()));
  }

  @Test
  void inputsMustBeDeclared() {
    finds("inputs are the graph's", builder.graph("g", List.of(x, w),
        List.of(new Graph.Result("r", builder.map(ScalarFn.EXP, y)))));
  }

  @Test
  void nodesMustBeOfOneBuilder() {
    GraphBuilder other = new GraphBuilder();
    other.copy(returning(x));
    Node a = builder.map(ScalarFn.EXP, x);
    Node b = new Node(a.id(), a.op(), a.operands(), a.valueType(), Origin.UNKNOWN);
    finds("of another builder",
        builder.graph("g", inputs, List.of(new Graph.Result("a", a), new Graph.Result("b", b))));
  }

  @Test
  void typesMustBeAsInferred() {
    Node wrong = new Node(99, new Op.Map(ScalarFn.EXP), List.of(x), TensorType.scalar(DType.F32),
        Origin.UNKNOWN);
    finds("a type that should be f32[n]", returning(wrong));
  }

  @Test
  void sumsMustListTheirLabels() {
    Node sum = builder.add(
        new Op.Reduce(Op.Reduction.SUM, List.of(0), new SumOrder(SumOrder.Kind.SEQUENTIAL, "b"),
            DType.F32),
        x);
    finds("does not list the summed labels a", returning(sum));
  }

  @Test
  void resultsMustBeNamedTensors() {
    assertThrows(KotangentException.class, () -> builder.graph("g", inputs,
        List.of(new Graph.Result("r", x), new Graph.Result("r", y))));
    finds("is no tensor", returning(builder.add(new Op.Sort(0), x)));
  }

  @Test
  void updatesMustBeOfState() {
    finds("no state port",
        builder.graph("g", inputs, List.of(), List.of(new Graph.Update(x, w)), Optional.empty()));
    finds("updated twice", builder.graph("g", inputs, List.of(),
        List.of(new Graph.Update(w, x), new Graph.Update(w, x)), Optional.empty()));
    finds("a value of type f32[m]",
        builder.graph("g", inputs, List.of(), List.of(new Graph.Update(w, y)),
            Optional.empty()));
  }

  @Test
  void aGuardMustBeABool() {
    finds("bool scalar",
        builder.graph("g", inputs, List.of(), List.of(new Graph.Update(w, x)), Optional.of(x)));
  }

  @Test
  void aSlotMustBelongToAPort() {
    Node m = builder.input(new Port("m", Role.STATE, TensorType.of(DType.F32, Dim.of(3)),
        List.of(new Fact.Slot("m", "v"))));
    finds("there is no port 'v'", builder.graph("g", List.of(m), List.of()));
    Node v = builder.input(new Port("v", Role.STATE, TensorType.of(DType.F32, Dim.of(4))));
    finds("has not the shape of v", builder.graph("g", List.of(m, v), List.of()));
  }
}
