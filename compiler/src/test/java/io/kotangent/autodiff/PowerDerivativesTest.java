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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The derivatives of powers beside calculus, where one of them is 0, infinite, or nearly so: by the base up to the fourth,
/// by the exponent up to the second; of constant and of fed exponents, in both float types, as written and optimized, each
/// next derivative by reverse mode and by forward mode.
@Tag("fast")
class PowerDerivativesTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double[] BASES = {0, -0.0, 1e-30, -1e-30, 1e-7, 0.5, 1, -1, 2, -3, 1e9, -1e9,
      INFINITY, -INFINITY};
  private static final double[] EXPONENTS = {0, 1, 2, 3, 4, 5, -1, -2, 0.5, 1.5, 2.5, -0.5};

  /// @param fed whether the exponent is an input
  /// @param forward whether all derivatives but the first are by forward mode
  private record Form(DType dtype, boolean fed, boolean optimized, boolean forward) {
    double rounded(double x) {
      return dtype == DType.F32 ? (float) x : x;
    }
  }

  static List<Form> forms() {
    List<Form> forms = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (int i = 0; i < 8; i++) {
        forms.add(new Form(dtype, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0));
      }
    }
    return forms;
  }

  @ParameterizedTest @MethodSource("forms")
  void byTheBaseAreThoseOfCalculus(Form form) {
    for (double b : EXPONENTS) {
      for (double base : BASES) {
        double a = form.rounded(base);
        double[] got = derivatives(form, a, b, 0, 4);
        double factor = 1;
        for (int n = 1; n <= 4; n++) {
          factor *= b - n + 1;
          double expected = factor == 0 ? 0 : factor * ScalarFn.POW.ofReals(a, b - n, 0);
          holds(form, expected, got[n - 1], "derivative " + n + " of " + a + "^" + b);
        }
      }
    }
  }

  /// `a^b·log(a)ⁿ`, and its limits; 0 where both are 0, as others have it.
  @ParameterizedTest @MethodSource("forms")
  void byTheExponentAreTheirLimits(Form form) {
    for (double a : new double[] {0, -0.0, 1e-30, 0.5, 1, 3, INFINITY}) {
      for (double b : new double[] {-2, -1, 0, 0.5, 1, 2, 3}) {
        double[] got = derivatives(form, a, b, 1, 2);
        double y = ScalarFn.POW.ofReals(a, b, 0);
        for (int n = 1; n <= 2; n++) {
          double log = Math.log(Math.abs(form.rounded(a)));
          double expected = y == 0 || a == 0 && b == 0 ? 0 : y * Math.pow(log, n);
          holds(form, expected, got[n - 1], "derivative " + n + " by b of " + a + "^" + b);
        }
      }
    }
  }

  private static void holds(Form form, double expected, double got, String what) {
    double rounded = form.rounded(expected);
    double relative = form.dtype == DType.F32 ? 1e-5 : 1e-12;
    double tolerance = Double.isFinite(rounded) ? relative * Math.abs(rounded)
        + (form.dtype == DType.F32 ? 1e-44 : 0) : 0;
    assertEquals(rounded + 0.0, got + 0.0, tolerance, () -> form + ", " + what);
  }

  /// The first derivatives along an operand.
  private static double[] derivatives(Form form, double a, double b, int operand, int count) {
    GraphBuilder builder = new GraphBuilder();
    TensorType type = TensorType.scalar(form.dtype);
    Node base = builder.input(new Port("a", Role.INPUT, type));
    Node exponent = builder.input(new Port("b", Role.INPUT, type));
    boolean constant = !form.fed && operand == 0;
    Node y = builder.map(ScalarFn.POW, base, constant ? builder.scalar(form.dtype, b) : exponent);
    Graph written = builder.graph("power", List.of(base, exponent),
        List.of(new Graph.Result("y", y)));
    Graph stable = form.optimized ? Pipeline.beforeGradient().apply(written) : written;
    Graph graph = differentiated(stable, operand == 0 ? "a" : "b", count, form);
    Graph last = form.optimized ? Pipeline.standard(new LaneEvaluator()).apply(graph) : graph;
    Map<String, TensorValue> fed = Map.of("a", scalar(form.dtype, a), "b", scalar(form.dtype, b));
    var results = PlanRun.interpreted(Planner.plan(last, PlanOptions.STANDARD), last, fed,
        Map.of()).arrays();
    double[] found = new double[count];
    for (int n = 0; n < count; n++) {
      found[n] = results.get("d" + n).real(0);
    }
    return found;
  }

  private static Graph differentiated(Graph graph, String by, int count, Form form) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> copies = builder.copy(graph);
    Node x = copies.get(graph.input(by));
    Node one = builder.scalar(form.dtype, 1);
    Node value = copies.get(graph.result("y"));
    List<Graph.Result> results = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      Optional<Node> next = n > 0 && form.forward
          ? Tangent.jvp(builder, List.of(value), List.of(x), List.of(one)).getFirst()
          : Gradient.vjp(builder, List.of(value), List.of(Optional.of(one)), List.of(x))
              .getFirst();
      value = next.orElseGet(() -> builder.scalar(form.dtype, 0));
      results.add(new Graph.Result("d" + n, value));
    }
    return builder.graph("derivatives", graph.inputs().stream().map(copies::get).toList(), results);
  }

  private static TensorValue scalar(DType dtype, double value) {
    return TensorValue.f64(new int[0], value).withFloats(dtype);
  }
}
