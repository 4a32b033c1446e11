package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Scalar;
import org.junit.jupiter.api.Test;

/// Long formulas are no special case.
class LongChainTest {
  @Test
  void aChainOf50000OperationsIsTracedAndDifferentiated() {
    Model model = Model.named("chain");
    Scalar w = model.parameter("w");
    Scalar x = w;
    for (int i = 0; i < 25_000; i++) {
      x = x.times(w).sin();
    }
    var training = model.minimize(x, Optimizers.sgd(0.1));
    assertTrue(training.stepGraph().schedule().size() > 100_000);
    assertEquals(50_001, model.graph("f", x).schedule().size());
  }

  @Test
  void aSumOf20000TermsIsTracedAndDifferentiated() {
    Model model = Model.named("sum");
    Scalar w = model.parameter("w");
    Scalar sum = w;
    for (int i = 0; i < 20_000; i++) {
      sum = sum.plus(w.times(i));
    }
    assertTrue(model.minimize(sum, Optimizers.sgd(0.1)).gradientGraph().schedule().size() > 60_000);
  }
}
