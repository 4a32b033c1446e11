package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Digit;
import io.kotangent.runtime.Program;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Logarithms of probabilities and exponentials that are clipped, scaled, raised to powers or otherwise written at length are as
/// exact as their stable formulas, values and slopes; so are those of what a tanh leaves of 1.
class StableFormsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double[] NUMBERS = {0, 1, -1, 5, -5, 30, -30, 50, -50, 300, -300, 800, -800,
      1e-5, -1e-9, 1e30, -1e30, INF, -INF};
  private static final Digit DIGIT = new Digit(2);

  private interface Make extends UnaryOperator<Matrix<Batch, Digit>> {
  }

  /// @param log the logarithm of what it makes, with its slope
  private record Subject(Make make, DoubleUnaryOperator log, DoubleUnaryOperator slope) {
  }

  /// @param factor of the values; @param power of what is in them
  private record Form(Make make, double factor, double power) {
  }

  private int inputs;
  private final List<String> faults = new ArrayList<>();

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
  }

  private static Map<String, Subject> probabilities() {
    Map<String, Subject> all = new LinkedHashMap<>();
    all.put("sigmoid", new Subject(x -> x.sigmoid(), x -> -softplus(-x), x -> sigmoid(-x)));
    all.put("1-sigmoid", new Subject(x -> x.sigmoid().subtractedFrom(1), x -> -softplus(x),
        x -> -sigmoid(x)));
    all.put("1/(1+exp)", new Subject(x -> x.exp().plus(1).dividing(1), x -> -softplus(x),
        x -> -sigmoid(x)));
    return all;
  }

  /// Identities of numbers from 0 to 1.
  private static Map<String, Make> identities() {
    Map<String, Make> all = new LinkedHashMap<>();
    all.put("max 0", p -> p.maximum(0));
    all.put("max -1", p -> p.maximum(-1));
    all.put("min 1", p -> p.minimum(1));
    all.put("min 2", p -> p.minimum(2));
    all.put("clip", p -> p.maximum(0).minimum(1));
    all.put("relu", p -> p.relu());
    all.put("abs", p -> p.abs());
    all.put("+0", p -> p.plus(0));
    all.put("sqrt of square", p -> p.square().sqrt());
    all.put("square of sqrt", p -> p.sqrt().square());
    all.put("1/(1/p)", p -> p.dividing(1).dividing(1));
    all.put("leaky relu", p -> p.leakyRelu(0.1));
    all.put("elu", p -> p.elu(1));
    all.put("*2/2", p -> p.times(2).div(2));
    all.put("/3*3", p -> p.div(3).times(3));
    all.put("max of two", p -> p.maximum(p.times(0.5)));
    all.put("relu transposed", p -> p.transpose().relu().transpose());
    all.put("2/(4/p)*2", p -> p.dividing(4).dividing(2).times(2));
    return all;
  }

  private static Map<String, Form> factors() {
    Map<String, Form> all = new LinkedHashMap<>();
    all.put("*3", new Form(p -> p.times(3), 3, 1));
    all.put("/8", new Form(p -> p.div(8), 0.125, 1));
    all.put("square", new Form(p -> p.square(), 1, 2));
    all.put("sqrt", new Form(p -> p.sqrt(), 1, 0.5));
    all.put("pow 3", new Form(p -> p.pow(3), 1, 3));
    all.put("pow -.5", new Form(p -> p.pow(-0.5), 1, -0.5));
    all.put("root of clip", new Form(p -> p.maximum(0).sqrt().sqrt(), 1, 0.25));
    all.put("5/p", new Form(p -> p.dividing(5), 5, -1));
    all.put("p*p*p", new Form(p -> p.times(p).times(p), 1, 3));
    all.put("square*3 transposed",
        new Form(p -> p.transpose().square().times(3).transpose(), 3, 2));
    return all;
  }

  @Test
  void clipsThatClipNothingLeaveTheLogarithmStable() {
    probabilities().forEach((name, p) -> identities().forEach((how, form) -> {
      law(name + ", " + how, x -> form.apply(p.make.apply(x)).log(), p.log, p.slope);
      if (!how.equals("max of two")) {
        law("1- " + name + ", " + how,
            x -> form.apply(p.make.apply(x)).subtractedFrom(1).log(),
            x -> name.equals("sigmoid") ? -softplus(x) : -softplus(-x),
            x -> name.equals("sigmoid") ? -sigmoid(x) : sigmoid(-x));
      }
    }));
    finish();
  }

  @Test
  void factorsAndPowersBecomeTermsAndFactors() {
    Map<String, Subject> all = probabilities();
    all.put("exp", new Subject(x -> x.exp(), x -> x, x -> 1));
    all.forEach((name, p) -> factors().forEach((how, form) -> law(name + ", " + how,
        x -> form.make.apply(p.make.apply(x)).log(),
        x -> form.power * p.log.applyAsDouble(x) + Math.log(form.factor),
        x -> form.power * p.slope.applyAsDouble(x))));
    finish();
  }

  @Test
  void whatATanhLeavesOfOneIsStable() {
    Map<String, Make> plus = new LinkedHashMap<>();
    plus.put("log(1+t)", x -> x.tanh().plus(1).log());
    plus.put("log1p(t)", x -> x.tanh().log1p());
    plus.put("log(1-(-t))", x -> x.tanh().unaryMinus().subtractedFrom(1).log());
    plus.put("transposed", x -> x.tanh().transpose().plus(1).transpose().log());
    plus.put("max", x -> x.tanh().maximum(-1).plus(1).relu().log());
    plus.forEach((name, make) -> law(name, make, StableFormsTest::logOfOnePlusTanh,
        x -> 2 * sigmoid(-2 * x)));
    Map<String, Make> minus = new LinkedHashMap<>();
    minus.put("log(1-t)", x -> x.tanh().subtractedFrom(1).log());
    minus.put("log1p(-t)", x -> x.tanh().unaryMinus().log1p());
    minus.put("transposed back", x -> x.tanh().subtractedFrom(1).transpose().log().transpose());
    minus.forEach((name, make) -> law(name, make, x -> logOfOnePlusTanh(-x),
        x -> -2 * sigmoid(2 * x)));
    DoubleUnaryOperator both = x -> Math.abs(x) < 1
        ? -2 * StrictMath.log1p(2 * Math.pow(StrictMath.sinh(x / 2), 2))
        : 2 * (Math.log(2) - Math.abs(x) - softplus(-2 * Math.abs(x)));
    law("log(1-t²)", x -> x.tanh().square().subtractedFrom(1).log(), both,
        x -> -2 * StrictMath.tanh(x));
    law("log(1-t²) by log1p", x -> x.tanh().pow(2).unaryMinus().log1p(), both,
        x -> -2 * StrictMath.tanh(x));
    finish();
  }

  private static double logOfOnePlusTanh(double x) {
    double half = StrictMath.expm1(-2 * Math.abs(x)) / 2;
    return x < 0 ? 2 * x - StrictMath.log1p(half) : -StrictMath.log1p(half);
  }

  @Test
  void softmaxesAreScaledAndClippedToo() {
    Map<String, Form> all = new LinkedHashMap<>(factors());
    identities().forEach((how, make) -> all.put(how, new Form(make, 1, 1)));
    all.forEach((how, form) -> {
      for (DType dtype : new DType[] {DType.F64, DType.F32}) {
        Program program =
            program(dtype, x -> form.make.apply(x.over(DIGIT).softmax()).log());
        for (double z : new double[] {0, 1, 30, -50, 800, -800, 1e5}) {
          double[][] got = run(program, dtype, z, 0);
          for (int i = 0; i < 2; i++) {
            double at = i == 0 ? z : -z;
            check(how + " of softmax of " + at + " in " + dtype,
                -form.power * softplus(-at) + Math.log(form.factor), got[0][i], dtype,
                dtype == DType.F64 ? 1e-15 : 1e-7);
            check("slope of " + how + " of softmax of " + at + " in " + dtype,
                form.power * (1 - 2 * sigmoid(at)), got[1][i], dtype, 1e-6);
          }
        }
      }
    });
    finish();
  }

  @Test
  void theVarianceOfACoinHasAStableLogarithm() {
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      Program program =
          program(dtype, x -> x.sigmoid().times(x.sigmoid().subtractedFrom(1)).log());
      for (double number : NUMBERS) {
        double x = dtype == DType.F64 ? number : (float) number;
        double[][] got = run(program, dtype, x, x);
        double want = x > 0 ? -x - 2 * softplus(-x) : x - 2 * softplus(x);
        check("log p(1-p) of " + x, want, got[0][0], dtype, 1e-37);
        check("slope at " + x, sigmoid(-x) - sigmoid(x), got[1][0], dtype, 1e-7);
      }
    }
    finish();
  }

  @Test
  void theLogarithmOfAMeanOfExponentialsDoesNotOverflow() {
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      Program program = program(dtype, x -> x.filled(1).times(x.exp().over(DIGIT).mean().log()));
      for (double z : new double[] {0, 800, -800, 1e30, -1e30}) {
        double at = dtype == DType.F32 ? (float) z : z;
        double[][] got = run(program, dtype, at, at);
        check("mean of " + z, at, got[0][0], dtype, 1e-7);
        check("slope of mean of " + z, 1, got[1][0], dtype, 1e-7);
      }
    }
    finish();
  }

  private void finish() {
    System.out.println(inputs + " inputs, " + faults.size() + " faults");
    assertEquals(List.of(), faults.stream().limit(5).toList(), () -> faults.size() + " faults");
  }

  private void law(String name, Make make, DoubleUnaryOperator value, DoubleUnaryOperator slope) {
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      Program program = program(dtype, make);
      for (double number : NUMBERS) {
        double x = dtype == DType.F64 ? number : (float) number;
        double[][] got = run(program, dtype, x, x);
        check(name + " of " + x + " in " + dtype, value.applyAsDouble(x), got[0][0], dtype, 1e-37);
        check("slope of " + name + " at " + x + " in " + dtype, slope.applyAsDouble(x), got[1][0],
            dtype, 1e-37);
      }
    }
  }

  private void check(String name, double want, double got, DType dtype, double least) {
    inputs++;
    double far = dtype == DType.F64 ? 1e-13 : 1e-5;
    boolean huge = dtype == DType.F32 && Math.abs(want) > Float.MAX_VALUE;
    boolean right = huge ? got == (want > 0 ? INF : -INF)
        : Double.compare(want + 0.0, got + 0.0) == 0
            || Math.abs(want - got) <= far * Math.abs(want) + least;
    if (!right) {
      faults.add(name + " is " + got + ", not " + want);
    }
  }

  private static Program program(DType dtype, Make make) {
    Model model = Model.named("m", dtype);
    Matrix<Batch, Digit> x = model.input("x", new Batch(), DIGIT);
    Matrix<Batch, Digit> y = make.apply(x);
    return Compiler.compile(model.graph("f", y.named("y"),
        Gradients.gradient(y.sum(), x).named("slope")));
  }

  private static double[][] run(Program program, DType dtype, double... x) {
    var workspace = program.newWorkspace();
    workspace.feedArray("x", dtype == DType.F64 ? x : new float[] {(float) x[0], (float) x[1]});
    program.run(workspace, program.newState());
    double[][] got = new double[2][2];
    for (int i = 0; i < 2; i++) {
      Object array = workspace.array(i == 0 ? "y" : "slope");
      for (int j = 0; j < 2; j++) {
        got[i][j] = array instanceof double[] wide ? wide[j] : ((float[]) array)[j];
      }
    }
    return got;
  }
}
