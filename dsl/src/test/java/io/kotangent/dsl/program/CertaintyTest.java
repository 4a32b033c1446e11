package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Vector;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Digit;
import io.kotangent.runtime.Program;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Binary cross-entropies where the answer is certain or nearly so, right or wrong: values and slopes, by every way to write a
/// probability.
class CertaintyTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double[] LOGITS = {0, 1, -1, 5, -5, 30, -30, 50, -50, 300, -300, 800, -800,
      1e30, -1e30, INF, -INF};
  private static final double[] TARGETS = {0, 1, 0.25};

  private interface Loss extends BinaryOperator<Vector<Batch>> {
  }

  private static final Digit DIGIT = new Digit(2);

  private int inputs;
  private final List<String> faults = new ArrayList<>();

  private void finish() {
    System.out.println(inputs + " inputs, " + faults.size() + " faults");
    assertEquals(List.of(), faults.stream().limit(5).toList(), () -> faults.size() + " faults");
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  private static double weighted(double weight, double x) {
    return weight == 0 ? 0 : weight * x;
  }

  // ---- from logits

  private static Map<String, Loss> fromLogits() {
    Map<String, Loss> all = new LinkedHashMap<>();
    all.put("logits", (z, t) -> z.sigmoidCrossEntropy(t));
    all.put("sigmoid", (z, t) -> z.sigmoid().binaryCrossEntropy(t));
    all.put("1/(1+exp(-z))",
        (z, t) -> z.unaryMinus().exp().plus(1).dividing(1).binaryCrossEntropy(t));
    all.put("(1+tanh(z/2))/2",
        (z, t) -> z.times(0.5).tanh().plus(1).times(0.5).binaryCrossEntropy(t));
    all.put("by the other class", (z, t) -> z.unaryMinus().sigmoid().subtractedFrom(1)
        .binaryCrossEntropy(t));
    all.put("twice transposed", (z, t) -> z.sigmoid().times(1).unaryMinus().unaryMinus()
        .binaryCrossEntropy(t));
    return all;
  }

  @Test
  void fromLogitsTheyKeepTheirDigitsForBothTargets() {
    fromLogits().forEach((name, loss) -> {
      for (DType dtype : new DType[] {DType.F64, DType.F32}) {
        logits(name, loss, dtype);
      }
    });
    finish();
  }

  private void logits(String name, Loss loss, DType dtype) {
    double least = dtype == DType.F64 ? 1e-300 : 1e-37;
    Program program = program(dtype, loss);
    for (double z : LOGITS) {
      double at = dtype == DType.F64 ? z : (float) z;
      for (double t : TARGETS) {
        double[] got = run(program, dtype, at, t);
        double value = weighted(t, softplus(-at)) + weighted(1 - t, softplus(at));
        check(name + " " + dtype + " loss of " + z + " for " + t, value, got[0], dtype, least);
        double slope = -t * sigmoid(-at) + (1 - t) * sigmoid(at);
        check(name + " " + dtype + " slope of " + z + " for " + t, slope, got[1], dtype, least);
      }
    }
  }

  // ---- from probabilities

  /// Ways to make a probability of a number, with its value.
  private record Probability(UnaryOperator<Vector<Batch>> of,
      java.util.function.DoubleUnaryOperator value) {
  }

  private static Map<String, Probability> probabilities() {
    Map<String, Probability> all = new LinkedHashMap<>();
    all.put("as it is fed", new Probability(x -> x, x -> x));
    all.put("min(relu)", new Probability(x -> x.relu().minimum(x.filled(1)),
        x -> Math.min(Math.max(x, 0), 1)));
    all.put("clip",
        new Probability(x -> x.maximum(0).minimum(1), x -> Math.min(Math.max(x, 0), 1)));
    all.put("relu of relu", new Probability(
        x -> x.subtractedFrom(1).relu().subtractedFrom(1).relu(), x -> 1 - (1 - x)));
    all.put("abs", new Probability(x -> x.abs(), Math::abs));
    return all;
  }

  @Test
  void certaintyCostsNothingWhereItIsRightAndIsInfiniteWhereItIsWrong() {
    DoubleBinaryOperator value =
        (p, t) -> -weighted(t, Math.log(p)) - weighted(1 - t, Math.log1p(-p));
    probabilities().forEach((name, probability) -> {
      for (DType dtype : new DType[] {DType.F64, DType.F32}) {
        Program program = program(dtype, (x, t) -> probability.of.apply(x).binaryCrossEntropy(t));
        for (double x : new double[] {0, 1, 0.5, 1e-30, -0.0}) {
          for (double t : TARGETS) {
            double at = dtype == DType.F64 ? x : (float) x;
            double want = value.applyAsDouble(probability.value.applyAsDouble(at), t);
            double[] got = run(program, dtype, at, t);
            check(name + " " + dtype + " loss of " + x + " for " + t, want, got[0], dtype, 1e-37);
            inputs++;
            if (Double.isFinite(want) && Double.isNaN(got[1])) {
              faults.add(name + " " + dtype + ": the slope at " + x + " for " + t + " is NaN");
            }
          }
        }
      }
    });
    finish();
  }

  // ---- rows

  private static final double[][] ROWS = {{-INF, -INF}, {INF, 1}, {-INF, 1}, {INF, INF},
      {-INF, INF}, {1, 2}, {1e30, -1e30}, {800, 801}, {-800, -801}};

  private static double logSumExp(double a, double b) {
    double max = Math.max(a, b);
    return Double.isInfinite(max) ? max : max + Math.log1p(Math.exp(Math.min(a, b) - max));
  }

  @Test
  void rowsWithInfinitiesHaveTheirLimits() {
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      Model model = Model.named("m", dtype);
      Matrix<Batch, Digit> x = model.input("x", new Batch(), DIGIT);
      var first = model.ids("first", new Batch(), DIGIT);
      Vector<Batch> sums = x.over(DIGIT).logSumExp();
      Vector<Batch> written = x.exp().over(DIGIT).sum().log();
      Vector<Batch> loss = x.crossEntropy(first);
      Matrix<Digit, Batch> powers = x.transpose().exp();
      Matrix<Batch, Digit> softmax = x.over(DIGIT).softmax();
      Program program = Compiler.compile(model.graph("f", sums.named("sums"),
          written.named("written"), loss.named("loss"), softmax.named("softmax"),
          powers.div(powers.over(DIGIT).sum()).transpose().named("written_softmax"),
          x.over(DIGIT).logSoftmax().named("log_softmax"), softmax.log().named("log_of_softmax"),
          Gradients.gradient(sums.sum(), x).named("slopes"),
          Gradients.gradient(written.sum(), x).named("written_slopes"),
          Gradients.gradient(loss.sum(), x).named("loss_slopes")));
      for (double[] row : ROWS) {
        for (int label = 0; label < 2; label++) {
          row(program, dtype, row, label);
        }
      }
    }
    finish();
  }

  private void row(Program program, DType dtype, double[] row, int label) {
    double[] x = dtype == DType.F64 ? row : new double[] {(float) row[0], (float) row[1]};
    var workspace = program.newWorkspace();
    workspace.feedArray("x", dtype == DType.F64 ? x : new float[] {(float) x[0], (float) x[1]});
    workspace.feedArray("first", new int[] {label});
    program.run(workspace, program.newState());
    String at = dtype + " of " + x[0] + ", " + x[1];
    double least = dtype == DType.F64 ? 1e-15 : 1e-7;
    double sum = logSumExp(x[0], x[1]);
    check("sum " + at, sum, first(workspace.array("sums")), dtype, 1e-37);
    check("written sum " + at, sum, first(workspace.array("written")), dtype, 1e-37);
    check("loss " + at + " for " + label, softplus(above(x, label)),
        first(workspace.array("loss")), dtype, least);
    for (int i = 0; i < 2; i++) {
      double share = sigmoid(-above(x, i));
      for (String name : List.of("softmax", "written_softmax", "slopes", "written_slopes")) {
        check(name + " " + at, share, at(workspace.array(name), i), dtype, least);
      }
      for (String name : List.of("log_softmax", "log_of_softmax")) {
        check(name + " " + at, -softplus(above(x, i)), at(workspace.array(name), i), dtype, least);
      }
      check("loss_slopes " + at + " for " + label, i == label ? share - 1 : share,
          at(workspace.array("loss_slopes"), i), dtype, least);
    }
  }

  /// How far the other of two elements is above this one; equal ones are alike, also if they are infinite.
  private static double above(double[] x, int i) {
    return x[0] == x[1] ? 0 : x[1 - i] - x[i];
  }

  private void check(String name, double want, double got, DType dtype, double least) {
    inputs++;
    double far = dtype == DType.F64 ? 1e-13 : 1e-5;
    boolean right = Double.compare(want + 0.0, got + 0.0) == 0
        || Math.abs(want - got) <= far * Math.abs(want) + least;
    if (!right) {
      faults.add(name + " is " + got + ", not " + want);
    }
  }

  private static Program program(DType dtype, Loss loss) {
    Model model = Model.named("m", dtype);
    Vector<Batch> x = model.input("x", new Batch());
    Vector<Batch> t = model.input("t", new Batch());
    Vector<Batch> all = loss.apply(x, t);
    return Compiler.compile(model.graph("f", all.named("loss"),
        Gradients.gradient(all.sum(), x).named("slope")));
  }

  private static double[] run(Program program, DType dtype, double x, double t) {
    var workspace = program.newWorkspace();
    for (var port : program.signature().inputs()) {
      double number = port.name().equals("x") ? x : t;
      workspace.feedArray(port.name(), dtype == DType.F64 ? new double[] {number}
          : new float[] {(float) number});
    }
    program.run(workspace, program.newState());
    return new double[] {first(workspace.array("loss")), first(workspace.array("slope"))};
  }

  private static double first(Object array) {
    return at(array, 0);
  }

  private static double at(Object array, int i) {
    return array instanceof double[] wide ? wide[i] : ((float[]) array)[i];
  }
}
