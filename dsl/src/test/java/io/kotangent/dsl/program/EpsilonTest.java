package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Layers;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizer;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Optimizers.Epsilon;
import io.kotangent.dsl.Rate;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

/// An epsilon that would not keep a divisor away from 0 is refused by name.
class EpsilonTest {
  private record Some(int size) implements Axis<Some> {
  }

  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private static final double[] NEVER = {0, -0.0, -1e-8, -1, Double.NaN, Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1e-310};
  private static final double[] NOT_IN_F32 = {1e-300, 1e-39, Float.MIN_VALUE, 1e39};

  private static final Map<String, DoubleFunction<Optimizer>> OPTIMIZERS = Map.of("adam",
      e -> Optimizers.adam(Rate.constant(0.1), 0.9, 0.999, e), "adamW",
      e -> Optimizers.adamW(Rate.fed(), 0.9, 0.999, e, 0.1), "rmsProp",
      e -> Optimizers.rmsProp(Rate.constant(0.1), 0.9, e, Epsilon.INSIDE));

  private static void refused(String name, Runnable make) {
    String message = assertThrows(KotangentException.class, make::run).getMessage();
    assertTrue(message.startsWith(name + ": expected an epsilon from "), message);
  }

  private static void train(Optimizer optimizer, DType dtype) {
    Model model = Model.named("m", dtype);
    model.minimize(model.parameter("w", new Some(2)).sum(), optimizer);
  }

  private static void normalize(double epsilon, DType dtype) {
    Model model = Model.named("m", dtype);
    var x = model.input("x", new Batch(), new Some(2));
    Layers.batchNorm(0.9, epsilon).apply(x);
  }

  @Test
  void epsilonsThatDoNotKeepAwayFromZeroAreRefused() {
    OPTIMIZERS.forEach((name, optimizer) -> {
      for (double epsilon : NEVER) {
        refused(name, () -> train(optimizer.apply(epsilon), DType.F64));
      }
      for (double epsilon : NOT_IN_F32) {
        refused(name, () -> train(optimizer.apply(epsilon), DType.F32));
        train(optimizer.apply(epsilon), DType.F64);
      }
      train(optimizer.apply(Float.MIN_NORMAL), DType.F32);
    });
    for (double epsilon : NEVER) {
      refused("batchNorm", () -> normalize(epsilon, DType.F64));
    }
    for (double epsilon : NOT_IN_F32) {
      refused("batchNorm", () -> normalize(epsilon, DType.F32));
      normalize(epsilon, DType.F64);
    }
  }
}
