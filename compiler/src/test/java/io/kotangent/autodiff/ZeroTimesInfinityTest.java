package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.pass.LaneEvaluator;
import io.kotangent.pass.Pipeline;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is not taken has no derivative: whatever chooses (a [Pick]) another value than that of a function, at whatever
/// point, a pole too, and whatever moves or maps lie between (a [Move]), the derivatives of orders one and two are 0, never
/// `0·∞`. In reverse mode, forward mode, reverse and forward mode of reverse mode; in both float types; as it is written
/// and optimized.
@Tag("fast")
class ZeroTimesInfinityTest {
  private static final double[] POINTS = {0, -0.0, 1, -1, 0.5, 2, 3, -2, 1e-30, -1e-30, 1e-300,
      1e30,
      100, -100, 800, -800, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
  private static final double[] SECOND = {0, 1, 2, 3, -1, 0.5, -2, Double.POSITIVE_INFINITY};
  private static final List<String> DERIVATIVES =
      List.of("reverse", "forward", "twice", "forward_of_reverse");
  /// How many combinations lie between two that a normal run tries.
  private static final int STEP = 997;

  /// A function of x and of a fed b.
  private record Subject(String name, BiFunction<GraphBuilder, Node[], Node> function,
      boolean isOfTwo) {
    static List<Subject> all() {
      List<Subject> all = new ArrayList<>();
      for (ScalarFn fn : ScalarFn.values()) {
        if (!fn.isDifferentiable() || fn == ScalarFn.SELECT) {
          continue;
        }
        if (fn.arity() == 1) {
          all.add(new Subject(fn + "(x)", (b, p) -> b.map(fn, p[0]), false));
        } else {
          all.add(new Subject(fn + "(x, b)", (b, p) -> b.map(fn, p[0], p[1]), true));
          all.add(new Subject(fn + "(b, x)", (b, p) -> b.map(fn, p[1], p[0]), true));
          all.add(new Subject(fn + "(x, x)", (b, p) -> b.map(fn, p[0], p[0]), false));
          all.add(new Subject(fn + "(x, sqrt(x))",
              (b, p) -> b.map(fn, p[0], b.map(ScalarFn.SQRT, p[0])), false));
          all.add(new Subject(fn + "(log(x), x)",
              (b, p) -> b.map(fn, b.map(ScalarFn.LOG, p[0]), p[0]), false));
        }
      }
      return all;
    }
  }

  /// @param curved whether what is chosen goes through another function, so that its slope changes, too
  private record Combination(Subject subject, Move move, Pick pick, DType dtype,
      boolean optimized, boolean curved) {
    @Override
    public String toString() {
      return (curved ? "softplus of " : "") + pick + " over " + subject.name + " through " + move
          + ", " + dtype
          + (optimized ? ", optimized" : "");
    }
  }

  private final Map<String, String> failures = new LinkedHashMap<>();
  private int combinations;
  private int inputs;

  @Test
  void whatIsNotTakenHasNoDerivative() {
    hold(STEP);
  }

  @Test @Tag("faults")
  void whatIsNotTakenHasNoDerivativeInMoreCombinations() {
    hold(STEP / 40);
  }

  private void hold(int step) {
    int at = 0;
    for (Subject subject : Subject.all()) {
      for (Move move : Move.all()) {
        for (Pick pick : Pick.values()) {
          for (int form = 0; form < 8; form++) {
            if (at++ % step == 0) {
              hold(new Combination(subject, move, pick, form < 4 ? DType.F64 : DType.F32,
                  (form & 1) != 0, (form & 2) != 0));
            }
          }
        }
      }
    }
    assertTrue(inputs > 10_000);
    assertEquals(Map.of(), failures, failures.size() + " of " + combinations + " graphs, "
        + inputs + " derivatives");
  }

  private void hold(Combination c) {
    List<double[]> points = new ArrayList<>();
    for (double x : POINTS) {
      for (double b : c.subject.isOfTwo ? SECOND : new double[] {0}) {
        if (c.subject.name.startsWith("zero_mul") && Double.isInfinite(b)) {
          continue; // where x is 0 it jumps
        }
        points.add(c.dtype == DType.F32 ? new double[] {(float) x, (float) b}
            : new double[] {x, b});
      }
    }
    Graph forward = graph(c, points.size(), false);
    double[] values = elements(planned(forward, fed(c, points, new double[points.size()])).arrays()
        .get("v"));
    List<double[]> taken = new ArrayList<>();
    List<Double> known = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (c.pick.takesOther(values[i])) {
        taken.add(points.get(i));
        known.add(values[i]);
      }
    }
    if (!taken.isEmpty()) {
      combinations++;
      check(c, taken, known.stream().mapToDouble(v -> v).toArray());
    }
  }

  private void check(Combination c, List<double[]> points, double[] values) {
    Graph graph = graph(c, points.size(), true);
    Map<String, TensorValue> fed = fed(c, points, values);
    PlanRun run = planned(graph, fed);
    Evaluation meaning = Interpreter.run(graph, fed);
    for (String name : DERIVATIVES) {
      double[] got = elements(run.arrays().get(name));
      // the interpreter, which means reals, rounds to no other type
      boolean means = c.dtype == DType.F64 && !c.move.name().equals("other type");
      double[] meant = means ? elements(meaning.result(name)) : got;
      for (int i = 0; i < got.length && c.pick.promises(name); i++) {
        inputs++;
        if (got[i] != 0 || meant[i] != 0) {
          failures.putIfAbsent(c.toString(), name + " at " + Arrays.toString(points.get(i)) + ": "
              + got[i] + ", meant " + meant[i]);
        }
      }
    }
  }

  private static double[] elements(TensorValue value) {
    double[] elements = new double[value.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = value.real(i);
    }
    return elements;
  }

  /// What is fed at these points, with what is clearly greater than the values to be chosen from.
  private static Map<String, TensorValue> fed(Combination c, List<double[]> points,
      double[] values) {
    return Map.of("x", vector(c.dtype, points.stream().mapToDouble(p -> p[0]).toArray()),
        "b", vector(c.dtype, points.stream().mapToDouble(p -> p[1]).toArray()),
        "other", vector(c.dtype, Arrays.stream(values).map(Pick::other).toArray()));
  }

  private static PlanRun planned(Graph graph, Map<String, TensorValue> fed) {
    return PlanRun.interpreted(Planner.plan(graph, PlanOptions.STANDARD), graph, fed, Map.of());
  }

  private static TensorValue vector(DType dtype, double[] elements) {
    return TensorValue.f64(new int[] {elements.length}, elements).withFloats(dtype);
  }

  private static Graph graph(Combination c, int size, boolean derivatives) {
    GraphBuilder b = new GraphBuilder();
    List<Node> ports = new ArrayList<>();
    for (String name : List.of("x", "b", "other")) {
      ports.add(b.input(new Port(name, Role.INPUT, new TensorType(c.dtype, Shape.of(size)))));
    }
    Node v = c.move.step().of(b, c.subject.function.apply(b, ports.toArray(Node[]::new)));
    Node picked = c.pick.of(b, v, ports.get(2));
    Node r = c.curved ? b.map(ScalarFn.SOFTPLUS, picked) : picked;
    Graph written = b.graph("pick", ports,
        List.of(new Graph.Result("v", v), new Graph.Result("r", r)));
    Graph stable = c.optimized ? Pipeline.beforeGradient().apply(written) : written;
    Graph graph = derivatives ? differentiated(stable) : stable;
    return c.optimized ? Pipeline.standard(new LaneEvaluator()).apply(graph) : graph;
  }

  private static Graph differentiated(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = b.copy(graph);
    Node x = copies.get(graph.input("x"));
    Node r = copies.get(graph.result("r"));
    Optional<Node> one = Optional.of(b.fill(x.type(), 1));
    Node zero = b.fill(x.type(), 0);
    List<Node> xs = List.of(x);
    Node loss = b.sum(r, List.of(0));
    Node seed = b.scalar(x.dtype(), 1);
    Node reverse =
        Gradient.vjp(b, List.of(loss), List.of(Optional.of(seed)), xs).getFirst().orElse(zero);
    Map<String, Node> found = new LinkedHashMap<>();
    found.put("v", copies.get(graph.result("v")));
    found.put("reverse", reverse);
    found.put("forward",
        Tangent.jvp(b, List.of(r), xs, List.of(one.orElseThrow())).getFirst().orElse(zero));
    found.put("twice", Gradient.vjp(b, List.of(reverse), List.of(one), xs).getFirst().orElse(zero));
    found.put("forward_of_reverse", Tangent.jvp(b, List.of(reverse), xs,
        List.of(one.orElseThrow())).getFirst().orElse(zero));
    List<Graph.Result> results = new ArrayList<>();
    found.forEach((name, node) -> results.add(new Graph.Result(name, node)));
    return b.graph("derivatives", graph.inputs().stream().map(copies::get).toList(), results);
  }
}
