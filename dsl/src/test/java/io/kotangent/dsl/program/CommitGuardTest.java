package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizer;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Optimizers.Epsilon;
import io.kotangent.dsl.Rate;
import io.kotangent.dsl.Training;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Nothing that is not finite is ever committed, whatever the state was set to and whatever is fed; and what is not committed leaves
/// no trace.
class CommitGuardTest {
  private record Some(int size) implements Axis<Some> {
  }

  private record Feature(int size) implements Axis<Feature> {
  }

  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private static final int TRIALS = Integer.getInteger("kotangent.guard.trials", 400);
  private static final double[] NUMBERS = {0, 1, -1, 1e-30, -1e-42, 1e5, -1e10, 1e15, 1e19, 2e19,
      -1e20, 1e25, 1e30, -1e35, 3e38, -3.4e38, 1e40, 1e100, 1e154, -1e200, 1e300, -1.7e308,
      Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};

  private static Stream<Optimizer> optimizers() {
    return Stream.of(Optimizers.sgd(0.1), Optimizers.sgd(1e30), Optimizers.sgd(1e300),
        Optimizers.momentum(0.1, 0.9), Optimizers.momentum(1e10, 0.999),
        Optimizers.heavyBall(1, 0.99), Optimizers.nesterov(0.1, 0.9),
        Optimizers.rmsProp(0.1), Optimizers.rmsProp(Rate.constant(1e-3), 0, 1e-30, Epsilon.OUTSIDE),
        Optimizers.rmsProp(Rate.constant(1), 0.5, 1e-10, Epsilon.INSIDE),
        Optimizers.adam(0.01), Optimizers.adam(Rate.constant(1e-2), 0.9, 0.999, 1e-15),
        Optimizers.adam(Rate.constant(1e20), 0, 0, 1e-30), Optimizers.adamW(0.1, 0.1),
        Optimizers.adamW(1, 1e30));
  }

  private static void set(ModelState state, Port port, SplittableRandom random, int mildness) {
    int length = port.type().shape().size().evaluateInt(java.util.Map.of());
    Object array = port.type().dtype().newArray(length);
    for (int i = 0; i < Array.getLength(array); i++) {
      double number = random.nextInt(mildness) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)]
          : random.nextInt(3) - 1;
      switch (array) {
        case float[] a -> a[i] = (float) number;
        case double[] a -> a[i] = number;
        case long[] a -> a[i] = random.nextInt(20) == 0 ? -3 : random.nextInt(4);
        default -> throw new AssertionError(port);
      }
    }
    state.set(port.name(), array);
  }

  private static void setSome(ModelState state, SplittableRandom random, int mildness) {
    for (Port port : state.ports()) {
      if (random.nextInt(4) == 0) {
        set(state, port, random, mildness);
      }
    }
  }

  private static Object five(DType dtype, SplittableRandom random, int mildness) {
    Object array = dtype.newArray(5);
    for (int i = 0; i < 5; i++) {
      double number = random.nextInt(mildness) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)]
          : random.nextDouble(-1, 1);
      if (dtype == DType.F32) {
        Array.setFloat(array, i, (float) number);
      } else {
        Array.setDouble(array, i, number);
      }
    }
    return array;
  }

  private static boolean isFinite(ModelState state) {
    for (Port port : state.ports()) {
      Object array = state.array(port.name());
      for (int i = 0; i < Array.getLength(array); i++) {
        if (!Double.isFinite(Array.getDouble(array, i))) {
          return false;
        }
      }
    }
    return true;
  }

  @TestFactory
  Stream<DynamicTest> whatIsCommittedIsFinite() {
    return Stream.of(DType.F32, DType.F64)
        .flatMap(dtype -> optimizers().map(optimizer -> DynamicTest
            .dynamicTest(optimizer.name() + " " + optimizer.rate() + " " + dtype, () -> {
              Model model = Model.named("still", dtype);
              var some = new Some(5);
              Training training = model.minimize(
                  model.parameter("w", some).times(model.input("x", some)).sum()
                      .plus(model.parameter("u", some).times(model.input("z", some)).sum()),
                  optimizer);
              Steps steps = new Steps(training);
              Program step = steps.step();
              Workspace run = step.newWorkspace();
              ModelState state = steps.state();
              SplittableRandom random = new SplittableRandom(5);
              int committed = 0;
              for (int trial = 0; trial < TRIALS; trial++) {
                int mildness = 1 + random.nextInt(30);
                if (random.nextInt(4) == 0 || !isFinite(state)) {
                  state.copyFrom(steps.state());
                }
                setSome(state, random, mildness);
                for (String input : List.of("x", "z")) {
                  run.feedArray(input, five(dtype, random, mildness));
                }
                String before = state.sha256();
                if (step.run(run, state)) {
                  committed++;
                  assertTrue(isFinite(state), "trial " + trial + " " + values(state));
                } else {
                  assertEquals(before, state.sha256(), "trial " + trial);
                }
              }
              boolean impossible = dtype == DType.F32
                  && optimizer.rate() instanceof Rate.Constant(var rate) && rate > Float.MAX_VALUE;
              assertTrue(impossible ? committed == 0 : committed > TRIALS / 50,
                  "committed " + committed);
            })));
  }

  private static String values(ModelState state) {
    StringBuilder text = new StringBuilder();
    for (Port port : state.ports()) {
      Object array = state.array(port.name());
      text.append(port.name()).append('=');
      for (int i = 0; i < Array.getLength(array); i++) {
        text.append(Array.get(array, i)).append(' ');
      }
    }
    return text.toString();
  }

  /// Where all is far from the limits, a step is always committed, and the guard looks at the gradients alone.
  @Test
  void usualOptimizersAreProved() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (Optimizer optimizer : List.of(Optimizers.sgd(0.1), Optimizers.sgd(Rate.fed()),
          Optimizers.momentum(0.1, 0.9), Optimizers.heavyBall(0.1, 0.99),
          Optimizers.nesterov(0.01, 0.9), Optimizers.rmsProp(1e-3),
          Optimizers.rmsProp(Rate.fed(), 0.9, 1e-6, Epsilon.INSIDE), Optimizers.adam(1e-3),
          Optimizers.adam(Rate.fed()), Optimizers.adamW(1e-3, 1e-2))) {
        Model model = Model.named("still", dtype);
        var some = new Some(5);
        Training training =
            model.minimize(model.parameter("w", some).square().sum(), optimizer);
        Port w = training.state().getFirst();
        assertEquals(List.of(new Fact.Finite(true, dtype == DType.F32 ? 128 : 1024)), w.facts(),
            optimizer.name());
      }
    }
  }

  private static boolean step(Model model, Training training, ModelState state, float... x) {
    Program step = new Steps(training).step();
    return step.run(step.newWorkspace().feed("x", x), state);
  }

  @Test
  void runningStatisticsOfAnEmptyBatchAreUnchangedAndThoseOfAHugeOneNotCommitted() {
    Model model = Model.named("normal");
    var x = model.input("x", new Batch(), new Feature(2)).batchNorm();
    Training training = model.minimize(x.sum(), Optimizers.adam(1e-2));
    ModelState state = new Steps(training).state();
    String mean = state.sha256(List.of("batchNorm1.mean", "batchNorm1.variance"));
    assertTrue(step(model, training, state));
    assertEquals(mean, state.sha256(List.of("batchNorm1.mean", "batchNorm1.variance")));
    assertArrayEquals(new long[] {1}, state.longs("step"));
    String before = state.sha256();
    assertFalse(step(model, training, state, 1e30f, 1, -1e30f, 2));
    assertEquals(before, state.sha256());
    assertTrue(step(model, training, state, 1, 2, 3, 4));
    assertArrayEquals(new float[] {0.2f, 0.3f}, state.floats("batchNorm1.mean"), 1e-6f);
  }

  @Test
  void statesOfAModelAreCommittedIfFinite() {
    Model model = Model.named("count");
    var some = new Some(2);
    var total = model.state("total", some);
    total.next(total.now().plus(model.input("x", some)));
    Training training =
        model.minimize(model.parameter("w", some).square().sum(), Optimizers.sgd(0.1));
    ModelState state = new Steps(training).state();
    assertTrue(step(model, training, state, 3e38f, 0));
    assertFalse(step(model, training, state, 3e38f, 0));
    assertArrayEquals(new float[] {3e38f, 0}, state.floats("total"));
    assertTrue(step(model, training, state, -3e38f, 1));
  }

  /// As in f64, to 1e-5 of the way, down to the least normal squares.
  @Test
  void tinyGradientsFollowTheFormulas() {
    for (double epsilon : new double[] {1e-8, 1e-12, 1e-15, 1e-20, 1e-30}) {
      for (double g : new double[] {1, 1e-3, 1e-6, 1e-9, 1e-12, 3e-14, 1e-15, 3e-16, 1e-16, 1e-17,
          1e-18, 3e-19, 1.1e-19}) {
        assertEquals(adam(g, epsilon), trained(g,
            Optimizers.adam(Rate.constant(1e-2), 0.9, 0.999, epsilon)), 1e-6, g + ", " + epsilon);
        assertEquals(rmsProp(g, epsilon), trained(g,
            Optimizers.rmsProp(Rate.constant(1e-2), 0.9, epsilon, Epsilon.OUTSIDE)), 2e-6,
            g + ", " + epsilon);
      }
    }
    Model model = Model.named("cube");
    var w = model.parameter("w", new Some(1));
    Training training = model.minimize(w.times(w.square()).times(1e-16).sum(),
        Optimizers.adam(Rate.constant(1e-2), 0.9, 0.999, 1e-15));
    Steps steps = new Steps(training);
    ModelState state = steps.state().set("w", new float[] {1});
    Program step = steps.step();
    Workspace run = step.newWorkspace();
    for (int t = 0; t < 10; t++) {
      assertTrue(step.run(run, state));
    }
    assertEquals(0.97714, state.floats("w")[0], 1e-5);
  }

  private static double adam(double g, double epsilon) {
    double w = 1;
    double m = 0;
    double v = 0;
    for (int t = 1; t <= 10; t++) {
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      w -= 1e-2 * m / (1 - Math.pow(0.9, t))
          / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + epsilon);
    }
    return w;
  }

  private static double rmsProp(double g, double epsilon) {
    double w = 1;
    double s = 0;
    for (int t = 1; t <= 10; t++) {
      s = 0.9 * s + 0.1 * g * g;
      w -= 1e-2 * g / (Math.sqrt(s) + epsilon);
    }
    return w;
  }

  private static double trained(double g, Optimizer optimizer) {
    Model model = Model.named("still");
    var one = new Some(1);
    Training training = model
        .minimize(model.parameter("w", one).times(model.input("x", one)).sum(), optimizer);
    Steps steps = new Steps(training);
    ModelState state = steps.state().set("w", new float[] {1});
    Program step = steps.step();
    Workspace run = step.newWorkspace().feed("x", (float) g);
    for (int t = 0; t < 10; t++) {
      assertTrue(step.run(run, state));
    }
    return state.floats("w")[0];
  }

  /// An optimizer that the product does not know is looked at in full.
  @Test
  void anotherOptimizerIsGuardedToo() {
    Optimizer odd = new Optimizer() {
      @Override
      public String name() {
        return "odd";
      }

      @Override
      public Rate rate() {
        return Rate.constant(1);
      }

      @Override
      public io.kotangent.dsl.Adjusted adjust(io.kotangent.dsl.Adjustment p) {
        return io.kotangent.dsl.Adjusted.to(p.weight().minus(p.gradient().exp()));
      }
    };
    Model model = Model.named("still");
    var one = new Some(1);
    Training training =
        model.minimize(model.parameter("w", one).times(model.input("x", one)).sum(), odd);
    ModelState state = new Steps(training).state();
    assertEquals(Optional.empty(), training.state().getFirst().finite());
    assertTrue(step(model, training, state, 1));
    assertFalse(step(model, training, state, 1000));
    assertTrue(isFinite(state));
  }
}
