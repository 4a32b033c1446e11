package io.kotangent.plan.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Planning is linear: twice as much of anything costs twice as much. What is counted are the bytes that planning allocates, which
/// are the same on every machine.
class PlanningWorkTest {
  private static final int LITTLE = 300;
  /// A square would be 4; a table that is doubled now and then may be a little over 2.
  private static final double DOUBLE = 2.4;

  @Test
  void isLinearInTheNumberOfParameters() {
    isLinear(PlanningWorkTest::updates);
  }

  @Test
  void isLinearInTheNumberOfProducts() {
    isLinear(PlanningWorkTest::products);
  }

  @Test
  void isLinearInTheNumberOfParts() {
    isLinear(PlanningWorkTest::parts);
  }

  @Test
  void isLinearInTheLengthOfChains() {
    isLinear(n -> gradient(n, TensorType.scalar(DType.F64)));
    isLinear(n -> gradient(n, vector(100)));
    isLinear(n -> gradient(n, new TensorType(DType.F32, new Shape(List.of(Dim.symbol("n"))))));
  }

  /// More choices than a program has flags for: the rest are plain loops.
  @Test @Tag("faults")
  void choicesEnd() {
    Graph many = products(2100);
    Plan plan = Planner.plan(many, PlanOptions.STANDARD.withVectors(256).everywhere());
    long last = flags(plan.steps()).stream().mapToLong(i -> i).max().orElseThrow();
    assertEquals(flags(plan.steps()).size() - 1L, last);
    assertTrue(last > 4090, () -> last + " is not near the end");
    plan.buffers().stream().filter(b -> b.slot().name().equals("simd"))
        .forEach(b -> assertTrue(last < b.slot().length().constant(), () -> last + " in " + b));
  }

  private static List<Long> flags(List<Step> steps) {
    List<Long> flags = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.When when) {
        if (when.isChoice()) {
          flags.add(when.flag().offset().constant());
        }
        flags.addAll(flags(when.then()));
        flags.addAll(flags(when.otherwise()));
      }
    }
    return flags;
  }

  private interface Make {
    Graph of(int n);
  }

  private static void isLinear(Make make) {
    PlanOptions options = PlanOptions.STANDARD.withVectors(256);
    Planner.plan(make.of(LITTLE), options);
    long once = bytes(make.of(LITTLE), options);
    long twice = bytes(make.of(2 * LITTLE), options);
    assertTrue(twice < DOUBLE * once, once + " and " + twice + " bytes");
  }

  private static long bytes(Graph graph, PlanOptions options) {
    graph.schedule();
    ThreadMXBean clock = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = clock.getCurrentThreadAllocatedBytes();
    Planner.plan(graph, options);
    return clock.getCurrentThreadAllocatedBytes() - before;
  }

  private static TensorType vector(int n) {
    return new TensorType(DType.F32, Shape.of(n));
  }

  private static Graph updates(int n) {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    List<Graph.Update> updates = new ArrayList<>();
    Node loss = b.scalar(DType.F32, 0);
    for (int i = 0; i < n; i++) {
      Node w = b.input(new Port("w" + i, Role.STATE, vector(8)));
      Node m = b.input(
          new Port("m" + i, Role.STATE, vector(8), List.of(new Fact.Slot("m", "w" + i))));
      inputs.addAll(List.of(w, m));
      loss = b.map(ScalarFn.ADD, loss, b.sum(b.map(ScalarFn.SIN, w), List.of(0)));
      Node next = b.map(ScalarFn.ADD, m, b.map(ScalarFn.COS, w));
      updates.add(new Graph.Update(m, next));
      updates.add(new Graph.Update(w, b.map(ScalarFn.SUB, w, next)));
    }
    return b.graph("g", inputs, List.of(new Graph.Result("loss", loss)), updates,
        Optional.of(b.map(ScalarFn.IS_FINITE, loss)));
  }

  private static Graph products(int n) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input(new Port("x", Role.INPUT,
        new TensorType(DType.F32, new Shape(List.of(Dim.symbol("b"), Dim.of(16))))));
    List<Node> inputs = new ArrayList<>(List.of(x));
    Node y = x;
    for (int i = 0; i < n; i++) {
      Node w = b.input(new Port("w" + i, Role.PARAM, new TensorType(DType.F32, Shape.of(16, 16))));
      inputs.add(w);
      y = b.map(ScalarFn.TANH, b.contract("bk,kn->bn", y, w));
    }
    return b.graph("g", inputs,
        List.of(new Graph.Result("sum", b.sum(x, List.of(0))), new Graph.Result("y", y)));
  }

  private static Graph gradient(int n, TensorType type) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input(new Port("x", Role.INPUT, type));
    Node y = x;
    for (int i = 0; i < n; i++) {
      y = i % 2 == 0 ? b.map(ScalarFn.SIN, y) : b.map(ScalarFn.MUL, y, x);
    }
    Node loss = type.isScalar() ? y : b.sum(y, List.of(0));
    return Gradient.gradients(
        b.graph("g", List.of(x), List.of(new Graph.Result("loss", loss))), "loss", List.of("x"));
  }

  private static Graph parts(int n) {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      inputs.add(b.input(new Port("x" + i, Role.INPUT, vector(i % 5 + 1))));
    }
    return b.graph("g", inputs,
        List.of(new Graph.Result("y", b.add(new Op.Concat(0), inputs))));
  }
}
