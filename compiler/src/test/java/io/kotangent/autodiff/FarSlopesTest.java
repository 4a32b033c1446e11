package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where what goes to a limit far out (`tanh`, `exp(-x)`, `1/(1+x)` …) is of something that grows there (powers, products,
/// exponentials, poles), no derivative of orders one and two is `0·∞`: in both modes and float types, as written and optimized.
/// At infinities that are fed this holds of gradients only; a tangent that overflows is lost to `atan`, which divides it.
@Tag("fast")
class FarSlopesTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private interface Make extends BiFunction<GraphBuilder, Node, Node> {
  }

  /// @param at points where it overflows, or nearly so; the second half in f64 only
  private record Growth(Make make, double... at) {
  }

  private int inputs;
  private final List<String> faults = new ArrayList<>();

  private static Node number(GraphBuilder b, Node like, double number) {
    return b.fill(like.type(), number);
  }

  private static Node power(GraphBuilder b, Node x, double exponent) {
    return b.map(ScalarFn.POW, x, number(b, x, exponent));
  }

  private static Node square(GraphBuilder b, Node x) {
    return b.map(ScalarFn.MUL, x, x);
  }

  private static Map<String, Growth> growths() {
    Map<String, Growth> all = new LinkedHashMap<>();
    all.put("x²", new Growth((b, x) -> square(b, x), 1e15, 1e20, -1e30, INF, -INF, 1e160));
    all.put("pow 2", new Growth((b, x) -> power(b, x, 2), 1e20, -1e30, INF, -INF, 1e160));
    all.put("pow 4", new Growth((b, x) -> power(b, x, 4), 1e12, 1e20, INF, -INF, 1e80, 1e160));
    all.put("x²x²", new Growth((b, x) -> square(b, square(b, x)), 1e12, -1e20, INF, 1e80, -1e160));
    all.put("|x³|", new Growth((b, x) -> b.map(ScalarFn.ABS, power(b, x, 3)), 1e13, 1e20, INF,
        1e110, 1e160));
    all.put("x·x·x", new Growth((b, x) -> b.map(ScalarFn.MUL, x, square(b, x)), 1e13, 1e20, INF,
        1e110, 1e160));
    all.put("3x³+x", new Growth((b, x) -> b.map(ScalarFn.ADD, x, b.map(ScalarFn.MUL,
        power(b, x, 3), number(b, x, 3))), 1e13, 1e20, INF, 1e110));
    all.put("exp", new Growth((b, x) -> b.map(ScalarFn.EXP, x), 80, 89, 100, 800, 1e10, INF));
    all.put("exp²", new Growth((b, x) -> square(b, b.map(ScalarFn.EXP, x)), 50, 89, 800, INF));
    all.put("1/x", new Growth((b, x) -> b.map(ScalarFn.DIV, number(b, x, 1), x), 0, 1e-30, 1e-300));
    all.put("1/x²", new Growth((b, x) -> b.map(ScalarFn.DIV, number(b, x, 1), square(b, x)), 0,
        1e-10, 1e-30, 1e-300));
    return all;
  }

  private static Map<String, Make> limits() {
    Map<String, Make> all = new LinkedHashMap<>();
    for (ScalarFn fn : List.of(ScalarFn.TANH, ScalarFn.SIGMOID, ScalarFn.ATAN, ScalarFn.ERF)) {
      all.put(fn.toString(), (b, x) -> b.map(fn, x));
    }
    for (ScalarFn fn : List.of(ScalarFn.EXP, ScalarFn.SOFTPLUS, ScalarFn.SIGMOID, ScalarFn.EXPM1)) {
      all.put(fn + " of minus", (b, x) -> b.map(fn, b.map(ScalarFn.NEG, x)));
    }
    all.put("1/x", (b, x) -> b.map(ScalarFn.DIV, number(b, x, 1), x));
    all.put("1/(1+x)", (b, x) -> b.map(ScalarFn.DIV, number(b, x, 1),
        b.map(ScalarFn.ADD, number(b, x, 1), x)));
    return all;
  }

  @Test
  void whatVanishesWinsOverWhatOverflows() {
    growths().forEach((inner, growth) -> limits().forEach((outer, limit) -> {
      for (int form = 0; form < 4; form++) {
        DType dtype = form < 2 ? DType.F32 : DType.F64;
        law(outer + " of " + inner, growth, limit, dtype, (form & 1) != 0);
      }
    }));
    System.out.println(inputs + " inputs, " + faults.size() + " faults");
    assertEquals(List.of(), faults.stream().limit(8).toList(), () -> faults.size() + " faults");
  }

  private void law(String name, Growth growth, Make limit, DType dtype, boolean optimized) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input(new Port("x", Role.INPUT, TensorType.scalar(dtype)));
    Node y = limit.apply(b, growth.make.apply(b, x));
    Graph written = b.graph("far", List.of(x), List.of(new Graph.Result("y", y)));
    Graph stable = optimized ? Pipeline.beforeGradient().apply(written) : written;
    Graph all = differentiated(stable, dtype);
    Graph graph = optimized ? Pipeline.standard(new LaneEvaluator()).apply(all) : all;
    for (double at : growth.at) {
      if (dtype == DType.F32 && Double.isInfinite((float) at) && !Double.isInfinite(at)) {
        continue;
      }
      var results = PlanRun.interpreted(Planner.plan(graph, PlanOptions.STANDARD), graph,
          Map.of("x", TensorValue.f64(new int[0], at).withFloats(dtype)), Map.of()).arrays();
      results.forEach((result, value) -> {
        boolean isPromised = !Double.isInfinite(at) || result.equals("reverse");
        boolean isLost = name.equals("atan of 1/x") && result.equals("forward");
        inputs++;
        if (Double.isNaN(value.real(0)) && isPromised && !isLost) {
          faults.add(name + (optimized ? ", optimized, " : ", ") + result + " at " + at + " in "
              + dtype);
        }
      });
    }
  }

  private static Graph differentiated(Graph graph, DType dtype) {
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = b.copy(graph);
    Node x = copies.get(graph.input("x"));
    Node y = copies.get(graph.result("y"));
    Node one = b.scalar(dtype, 1);
    Node zero = b.scalar(dtype, 0);
    Node first = reverse(b, y, x, one).orElse(zero);
    Node forward = Tangent.jvp(b, List.of(y), List.of(x), List.of(one)).getFirst().orElse(zero);
    return b.graph("derivatives", List.of(x), List.of(new Graph.Result("value", y),
        new Graph.Result("reverse", first), new Graph.Result("forward", forward),
        new Graph.Result("twice", reverse(b, first, x, one).orElse(zero)),
        new Graph.Result("forward_of_reverse", Tangent.jvp(b, List.of(first), List.of(x),
            List.of(one)).getFirst().orElse(zero))));
  }

  private static Optional<Node> reverse(GraphBuilder b, Node y, Node x, Node seed) {
    return Gradient.vjp(b, List.of(y), List.of(Optional.of(seed)), List.of(x)).getFirst();
  }
}
