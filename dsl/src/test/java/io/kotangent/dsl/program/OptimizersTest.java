package io.kotangent.dsl.program;

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
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.TensorValue;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every optimizer makes the steps of its formulas, written once more in plain Java.
class OptimizersTest {
  private record Three(int size) implements Axis<Three> {
  }

  /// One parameter's change, with whatever it remembers.
  private interface Reference {
    double next(double w, double g, double[] memory, int t);
  }

  private static final double[] START = {0.5, -1.25, 2};
  private static final double[] CURVATURE = {1, 0.25, 3};

  private static Training bowl(Optimizer optimizer, DType dtype) {
    Model model = Model.named("bowl", dtype);
    var three = new Three(3);
    var w = model.parameter("w", three);
    var loss = w.square().times(model.constant(three, CURVATURE)).sum().plus(w.sin().sum());
    return model.minimize(loss, optimizer);
  }

  private static double gradient(double w, int i) {
    return 2 * w * CURVATURE[i] + Math.cos(w);
  }

  private static Feed start(Training training) {
    Feed feed = new Feed();
    for (Port port : training.state()) {
      if (port.name().equals("step")) {
        feed.set("step", 0L);
      } else {
        feed.set(training.stepGraph(), port.name(),
            port.name().equals("w") ? START : new double[3]);
      }
    }
    return feed;
  }

  private static DynamicTest follows(String name, Optimizer optimizer, Reference reference) {
    return DynamicTest.dynamicTest(name, () -> {
      Training training = bowl(optimizer, DType.F64);
      Feed feed = start(training);
      double[] w = START.clone();
      double[][] memory = new double[3][2];
      for (int t = 1; t <= 100; t++) {
        Evaluation step = feed.step(training.stepGraph());
        assertTrue(step.committed());
        for (int i = 0; i < 3; i++) {
          w[i] = reference.next(w[i], gradient(w[i], i), memory[i], t);
          assertEquals(w[i], feed.get("w").real(i), 1e-9, name + " step " + t + " of w" + i);
        }
      }
      assertEquals(100, feed.get("step").integer(0));
    });
  }

  @TestFactory
  Stream<DynamicTest> hundredStepsAreThoseOfTheFormulas() {
    return Stream.of(follows("sgd", Optimizers.sgd(0.05), (w, g, m, t) -> w - 0.05 * g),
        follows("momentum", Optimizers.momentum(0.05, 0.9), (w, g, m, t) -> {
          m[0] = 0.9 * m[0] + 0.05 * g;
          return w - m[0];
        }), follows("heavyBall", Optimizers.heavyBall(0.05, 0.9), (w, g, m, t) -> {
          m[0] = 0.9 * m[0] + g;
          return w - 0.05 * m[0];
        }), follows("nesterov", Optimizers.nesterov(0.05, 0.9), (w, g, m, t) -> {
          m[0] = 0.9 * m[0] + g;
          return w - 0.05 * (g + 0.9 * m[0]);
        }),
        follows("rmsProp outside",
            Optimizers.rmsProp(Rate.constant(0.01), 0.9, 1e-3, Epsilon.OUTSIDE),
            (w, g, m, t) -> {
              m[0] = 0.9 * m[0] + 0.1 * g * g;
              return w - 0.01 * g / (Math.sqrt(m[0]) + 1e-3);
            }),
        follows("rmsProp inside",
            Optimizers.rmsProp(Rate.constant(0.01), 0.9, 1e-3, Epsilon.INSIDE), (w, g, m, t) -> {
              m[0] = 0.9 * m[0] + 0.1 * g * g;
              return w - 0.01 * g / Math.sqrt(m[0] + 1e-3);
            }),
        follows("adam", Optimizers.adam(0.01), (w, g, m, t) -> adam(w, g, m, t)),
        follows("adamW", Optimizers.adamW(0.01, 0.1),
            (w, g, m, t) -> adam(w, g, m, t) - 0.01 * 0.1 * w));
  }

  private static double adam(double w, double g, double[] m, int t) {
    m[0] = 0.9 * m[0] + 0.1 * g;
    m[1] = 0.999 * m[1] + 0.001 * g * g;
    double mean = m[0] / (1 - Math.pow(0.9, t));
    double square = m[1] / (1 - Math.pow(0.999, t));
    return w - 0.01 * mean / (Math.sqrt(square) + 1e-8);
  }

  @Test
  void aFedRateIsReadInEveryStep() {
    Training training = bowl(Optimizers.sgd(Rate.fed()), DType.F64);
    Feed feed = start(training).set("rate", TensorValue.scalar(DType.F64, 0.5));
    feed.step(training.stepGraph());
    assertEquals(START[0] - 0.5 * gradient(START[0], 0), feed.get("w").real(0), 1e-12);
    feed.set("rate", TensorValue.scalar(DType.F64, 0));
    TensorValue before = feed.get("w");
    feed.step(training.stepGraph());
    assertEquals(before, feed.get("w"));
  }

  @Test
  void theStepIsItsHalvesInTurn() {
    Training training = bowl(Optimizers.adamW(0.01, 0.1), DType.F32);
    Feed whole = start(training);
    Feed halves = start(training);
    for (int i = 0; i < 5; i++) {
      Evaluation step = whole.step(training.stepGraph());
      Evaluation gradients = halves.run(training.gradientGraph());
      assertTrue(gradients.state().isEmpty());
      gradients.results().forEach(halves::set);
      halves.step(training.updateGraph());
      assertEquals(step.result("loss"), gradients.result("loss"));
      training.state().forEach(
          port -> assertEquals(whole.get(port.name()), halves.get(port.name()), port.name()));
    }
  }

  @Test
  void aStepWithoutFiniteGradientsUpdatesNothing() {
    Model model = Model.named("broken");
    var three = new Three(3);
    var x = model.input("x", three);
    var w = model.parameter("w", three);
    var running = model.state("running", three);
    running.next(running.now().plus(1));
    Training training = model.minimize(w.sqrt().times(x).sum(), Optimizers.adam(0.1));
    Feed feed =
        new Feed().set(training.stepGraph(), "w", 0, 1, 2).set(training.stepGraph(), "x", 1, 1, 1)
            .fill(training.stepGraph(), 1);
    Evaluation step = feed.run(training.stepGraph());
    assertFalse(step.committed());
    assertEquals(1 + Math.sqrt(2), step.result("loss").real(0), 1e-6);
    for (Port port : training.state()) {
      assertEquals(feed.get(port.name()), step.state().get(port.name()), port.name());
    }
  }
}
