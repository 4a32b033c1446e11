package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
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
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Far out in both tails, at the infinities too, the first and second derivatives of every row are what calculus says
/// wherever there is a limit: in f64 and f32, by reverse mode twice and by forward mode of reverse mode.
@Tag("fast")
class FarDerivativesTest {
  private static final double[] FAR = {100, 800, 1e4, 1e10, 1e30, Double.POSITIVE_INFINITY};

  /// A function of one variable, and its first two derivatives as formulas that are exact in the tails.
  ///
  /// @param from where its domain begins
  /// @param to where it ends
  private record Row(ScalarFn fn, Optional<Double> second, double from, double to,
      DoubleUnaryOperator slope, DoubleUnaryOperator curvature) {
    Row(ScalarFn fn, double from, double to, DoubleUnaryOperator slope,
        DoubleUnaryOperator curvature) {
      this(fn, Optional.empty(), from, to, slope, curvature);
    }

    Row(ScalarFn fn, DoubleUnaryOperator slope, DoubleUnaryOperator curvature) {
      this(fn, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, slope, curvature);
    }

    /// With a second operand that is that number.
    static Row of(ScalarFn fn, double second, DoubleUnaryOperator slope,
        DoubleUnaryOperator curvature) {
      return new Row(fn, Optional.of(second), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY,
          slope, curvature);
    }

    @Override
    public String toString() {
      return fn + second.map(b -> " " + b).orElse("");
    }
  }

  static Stream<Row> rows() {
    double end = Double.POSITIVE_INFINITY;
    double most = Double.MAX_VALUE;
    return Stream.of(
        new Row(ScalarFn.NEG, x -> -1, x -> 0),
        new Row(ScalarFn.ABS, Math::signum, x -> 0),
        new Row(ScalarFn.RELU, x -> x > 0 ? 1 : 0, x -> 0),
        new Row(ScalarFn.SQRT, 0, end, x -> 0.5 / Math.sqrt(x), x -> -0.25 / Math.sqrt(x) / x),
        new Row(ScalarFn.CBRT, x -> 1 / (3 * square(Math.cbrt(x))),
            x -> -2 / (9 * square(square(Math.cbrt(x))) * Math.cbrt(x))),
        new Row(ScalarFn.EXP, Math::exp, Math::exp),
        new Row(ScalarFn.EXPM1, Math::exp, Math::exp),
        new Row(ScalarFn.LOG, 0, end, x -> 1 / x, x -> -1 / x / x),
        new Row(ScalarFn.LOG1P, 0, end, x -> 1 / (1 + x), x -> -1 / (1 + x) / (1 + x)),
        new Row(ScalarFn.LOG1MEXP, -end, 0, x -> Math.exp(x) / Math.expm1(x),
            x -> -Math.exp(x) / square(Math.expm1(x))),
        new Row(ScalarFn.SIGMOID, FarDerivativesTest::bump,
            x -> -Math.tanh(x / 2) * bump(x)),
        new Row(ScalarFn.LOG_SIGMOID, x -> sigmoid(-x), x -> -bump(x)),
        new Row(ScalarFn.SOFTPLUS, FarDerivativesTest::sigmoid, FarDerivativesTest::bump),
        new Row(ScalarFn.TANH, x -> 4 * bump(2 * x), x -> -8 * Math.tanh(x) * bump(2 * x)),
        new Row(ScalarFn.SIN, -most, most, Math::cos, x -> -Math.sin(x)),
        new Row(ScalarFn.COS, -most, most, x -> -Math.sin(x), x -> -Math.cos(x)),
        new Row(ScalarFn.TAN, -most, most, x -> 1 + square(Math.tan(x)),
            x -> 2 * Math.tan(x) * (1 + square(Math.tan(x)))),
        new Row(ScalarFn.ATAN, x -> 1 / (1 + x * x), x -> -2 / (1 + x * x) / (x + 1 / x)),
        new Row(ScalarFn.ERF, x -> 2 / Math.sqrt(Math.PI) * Math.exp(-x * x), x -> 0),
        Row.of(ScalarFn.ADD, 3, x -> 1, x -> 0),
        Row.of(ScalarFn.SUB, 3, x -> 1, x -> 0),
        Row.of(ScalarFn.MUL, 3, x -> 3, x -> 0),
        Row.of(ScalarFn.DIV, 4, x -> 0.25, x -> 0),
        Row.of(ScalarFn.ZERO_SUB, 3, x -> 1, x -> 0),
        Row.of(ScalarFn.ZERO_MUL, 3, x -> 3, x -> 0),
        Row.of(ScalarFn.ZERO_DIV, 4, x -> 0.25, x -> 0),
        Row.of(ScalarFn.MIN, 3, x -> x < 0 ? 1 : 0, x -> 0),
        Row.of(ScalarFn.MAX, 3, x -> x < 0 ? 0 : 1, x -> 0),
        Row.of(ScalarFn.POW, 2, x -> 2 * x, x -> 2),
        Row.of(ScalarFn.POW, -2, x -> -2 / x / x / x, x -> 6 / x / x / x / x));
  }

  private static double square(double x) {
    return x * x;
  }

  private static double sigmoid(double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  /// The slope of a sigmoid.
  private static double bump(double x) {
    return Math.exp(-Math.abs(x)) / square(1 + Math.exp(-Math.abs(x)));
  }

  static Stream<ScalarFn> differentiable() {
    return Stream.of(ScalarFn.values())
        .filter(fn -> fn.isDifferentiable() && fn != ScalarFn.SELECT);
  }

  @ParameterizedTest @MethodSource("differentiable")
  void everyRowIsInTheTable(ScalarFn fn) {
    assertEquals(true, rows().anyMatch(row -> row.fn == fn));
  }

  @ParameterizedTest @MethodSource("rows")
  void areTheirLimits(Row row) {
    for (double size : FAR) {
      for (double x : new double[] {size, -size}) {
        if (x >= row.from && x <= row.to) {
          holds(row, DType.F64, x, 1e-12);
          holds(row, DType.F32, (float) x, 1e-4);
        }
      }
    }
  }

  private static void holds(Row row, DType dtype, double x, double tolerance) {
    Graph graph = derivatives(row, dtype);
    Map<String, TensorValue> fed = Map.of("x", scalar(dtype, x), "b", scalar(dtype,
        row.second.orElse(0.0)));
    var meant = Interpreter.run(graph, fed);
    var planned = PlanRun.interpreted(Planner.plan(graph, PlanOptions.STANDARD), graph, fed,
        Map.of());
    for (String name : List.of("slope", "curvature", "forward")) {
      DoubleUnaryOperator limit = name.equals("slope") ? row.slope : row.curvature;
      double expected = dtype == DType.F32 ? (float) limit.applyAsDouble(x)
          : limit.applyAsDouble(x);
      String what = row + " " + dtype + " at " + x + ": " + name;
      if (dtype == DType.F64) {
        assertClose(what + ", meant", expected, meant.result(name).real(0), tolerance);
      }
      assertClose(what + ", planned", expected, planned.arrays().get(name).real(0), tolerance);
    }
  }

  /// Relative, and absolute where 1 − y² or y·(1 − y) may have kept a rounding of y.
  private static void assertClose(String what, double expected, double got, double tolerance) {
    double most = Double.isFinite(expected)
        ? Math.max(tolerance * Math.abs(expected), tolerance * 1e-3) : 0;
    assertEquals(expected, got, most, what);
  }

  private static TensorValue scalar(DType dtype, double value) {
    return TensorValue.f64(new int[0], new double[] {value}).withFloats(dtype);
  }

  /// The first derivative; the second, by reverse mode of it and by forward mode of it.
  private static Graph derivatives(Row row, DType dtype) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input(new Port("x", Role.INPUT, TensorType.scalar(dtype)));
    Node b = builder.input(new Port("b", Role.INPUT, TensorType.scalar(dtype)));
    Node y = row.second.isPresent() ? builder.map(row.fn, x, b) : builder.map(row.fn, x);
    Node one = builder.scalar(dtype, 1);
    Node slope = Gradient.gradients(builder, "y", y, List.of(x)).getFirst();
    Node zero = builder.scalar(dtype, 0);
    List<Graph.Result> results = new ArrayList<>(List.of(new Graph.Result("slope", slope)));
    results.add(new Graph.Result("curvature", Gradient
        .vjp(builder, List.of(slope), List.of(Optional.of(one)), List.of(x)).getFirst()
        .orElse(zero)));
    results.add(new Graph.Result("forward",
        Tangent.jvp(builder, List.of(slope), List.of(x), List.of(one)).getFirst().orElse(zero)));
    return builder.graph("derivatives", List.of(x, b), results);
  }
}
