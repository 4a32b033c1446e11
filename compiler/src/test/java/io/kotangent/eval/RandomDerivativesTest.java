package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.autodiff.Tangent;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Verifier;
import io.kotangent.pass.LaneEvaluator;
import io.kotangent.pass.Pipeline;
import io.kotangent.rewrite.RetypeFloats;
import io.kotangent.type.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Laws of differentiation on random graphs, in f64: reverse = forward = central differences, along one random
/// direction; and passes keep what a graph with its gradients means.
class RandomDerivativesTest {
  private static final int GRAPHS = 300;
  private static final double STEP = 1e-7;

  /// A loss in f64 with its gradient graph, inputs, and a direction to differentiate along.
  private record Case(RandomGraph sample, Graph loss, Graph gradients, List<String> parameters,
      Map<String, TensorValue> inputs,
      Map<String, TensorValue> direction) {
    static Case of(long seed) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.LOSS);
      Graph loss = RetypeFloats.apply(sample.graph(), DType.F64);
      List<String> parameters = sample.parameters();
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      sample.inputs().forEach((name, value) -> inputs.put(name, value.withFloats(DType.F64)));
      Map<String, TensorValue> direction = new LinkedHashMap<>();
      SplittableRandom random = new SplittableRandom(seed);
      for (String name : parameters) {
        TensorValue d = TensorValue.zeros(DType.F64, sample.inputs().get(name).dims());
        for (int i = 0; i < d.size(); i++) {
          d.put(i, random.nextDouble(-1, 1));
        }
        direction.put(name, d);
      }
      return new Case(sample, loss, Gradient.gradients(loss, "loss", parameters), parameters,
          inputs, direction);
    }

    Evaluation run() {
      return Interpreter.run(gradients, inputs, sample.symbols());
    }

    double alongDirection(Evaluation run) {
      double sum = 0;
      for (String name : parameters) {
        TensorValue gradient = run.result(Gradient.name("loss", name));
        for (int i = 0; i < gradient.size(); i++) {
          sum += gradient.real(i) * tensor(direction, name).real(i);
        }
      }
      return sum;
    }

    double lossAt(double step) {
      Map<String, TensorValue> moved = new LinkedHashMap<>(inputs);
      for (String name : parameters) {
        TensorValue x = tensor(inputs, name);
        TensorValue y = TensorValue.zeros(DType.F64, x.dims());
        for (int i = 0; i < x.size(); i++) {
          y.put(i, x.real(i) + step * tensor(direction, name).real(i));
        }
        moved.put(name, y);
      }
      return Interpreter.run(loss, moved, sample.symbols()).result("loss").real(0);
    }

    private static TensorValue tensor(Map<String, TensorValue> tensors, String name) {
      return java.util.Objects.requireNonNull(tensors.get(name), name);
    }

    String describe() {
      return sample.describe();
    }
  }

  @Test
  void reverseModeAgreesWithForwardMode() {
    for (long seed = 0; seed < GRAPHS; seed++) {
      Case c = Case.of(seed);
      Graph tangents = Tangent.tangents(c.loss(), List.of("loss"), c.parameters());
      assertEquals(List.of(), Verifier.violations(c.gradients()), c::describe);
      assertEquals(List.of(), Verifier.violations(tangents), c::describe);
      Map<String, TensorValue> inputs = new LinkedHashMap<>(c.inputs());
      c.direction().forEach((name, d) -> inputs.put(Tangent.name(name), d));
      Evaluation forward = Interpreter.run(tangents, inputs, c.sample().symbols());
      Evaluation reverse = c.run();
      double scale = Math.max(1, Math.max(forward.largest(), reverse.largest()));
      assertEquals(forward.result(Tangent.name("loss")).real(0), c.alongDirection(reverse),
          1e-9 * scale, c::describe);
    }
  }

  @Test
  void gradientsAgreeWithCentralDifferences() {
    int compared = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      Case c = Case.of(seed);
      boolean stops = c.loss().schedule().stream()
          .anyMatch(n -> n.op() instanceof Op.Map(var fn) && fn == ScalarFn.STOP_GRADIENT);
      if (!stops) {
        Evaluation reverse = c.run();
        double difference = (c.lossAt(STEP) - c.lossAt(-STEP)) / (2 * STEP);
        assertEquals(difference, c.alongDirection(reverse), 1e-5 * Math.max(1, reverse.largest()),
            c::describe);
        compared++;
      }
    }
    assertTrue(compared > GRAPHS / 2, "compared " + compared);
  }

  @Test
  void passesKeepTheMeaningOfALossAndItsGradients() {
    Pipeline pipeline = Pipeline.standard(new LaneEvaluator());
    for (long seed = 0; seed < GRAPHS; seed++) {
      Case c = Case.of(seed);
      Graph optimized = pipeline.apply(c.gradients());
      Evaluation before = c.run();
      Evaluation after = Interpreter.run(optimized, c.inputs(), c.sample().symbols());
      for (String name : before.results().keySet()) {
        TensorValue x = before.result(name);
        TensorValue y = after.result(name);
        for (int i = 0; i < x.size(); i++) {
          assertEquals(x.real(i), y.real(i), 1e-9 * Math.max(1, before.largest()),
              () -> name + "\n" + c.describe() + "\n"
                  + io.kotangent.text.GraphPrinter.print(optimized));
        }
      }
    }
  }
}
