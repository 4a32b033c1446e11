package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.NonFiniteValue;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import org.junit.jupiter.api.Test;

/// A checked session trains to the same bits, and says which line of a model made a NaN.
class CheckedTrainingTest {
  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Feature(int size) implements Axis<Feature> {
  }

  private static Session session(boolean checked) {
    Batch batch = new Batch();
    Model model = Model.named("logs");
    var x = model.input("x", batch, new Feature(3));
    var rate = model.input("shift", batch, new Feature(3));
    var hidden = x.dense(new Feature(3)).square().plus(rate);
    var logs = hidden.log();
    Training training = model.minimize(logs.square().mean(), Optimizers.adam(1e-2));
    return training.compile(CompileOptions.standard().checked(checked)).initialize(3);
  }

  private static Dataset data(float rate) {
    float[] x = new float[60];
    float[] rates = new float[60];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 37 % 19 - 9) / 7f;
      rates[i] = 1;
    }
    rates[31] = rate;
    return Dataset.of(20).with("x", x).with("shift", rates);
  }

  @Test
  void trainsToTheSameBits() {
    Session usual = session(false);
    Session checked = session(true);
    usual.trainer(data(1)).batch(7).epochs(3).fit();
    checked.trainer(data(1)).batch(7).epochs(3).fit();
    assertEquals(usual.state().sha256(), checked.state().sha256());
  }

  @Test
  void namesTheLineThatMadeANaN() {
    Session checked = session(true);
    var before = checked.state().copy();
    NonFiniteValue e = assertThrows(NonFiniteValue.class,
        () -> checked.trainer(data(-1000)).batch(20).epochs(1).fit());
    assertTrue(e.origin().contains("CheckedTrainingTest.java:32"), e.getMessage());
    assertTrue(e.operation().contains("log"), e.getMessage());
    assertTrue(Double.isNaN(e.value()));
    before.ports().stream().filter(port -> port.type().dtype().isFloat()).forEach(
        port -> assertArrayEquals((float[]) before.array(port.name()),
            (float[]) checked.state().array(port.name())));
  }
}
