package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Provenance;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Hidden;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// From a model to a trained program in a few lines.
class SessionTest {
  private record Point(int size) implements Axis<Point> {
  }

  private record Color(int size) implements Axis<Color> {
  }

  private static Session xor() {
    var batch = new Batch();
    var model = Model.named("xor");
    var color = new Color(2);
    var x = model.input("x", batch, new Point(2));
    var logits = x.dense(new Hidden(16)).tanh().dense(color);
    var loss = logits.crossEntropy(model.ids("label", batch, color)).mean();
    return model.minimize(loss, Optimizers.adam(0.03)).compile(
        logits.argmax(color).named("color"),
        logits.softmax().named("p"));
  }

  private static Dataset table() {
    return Dataset.of(4).with("x", new float[] {0, 0, 0, 1, 1, 0, 1, 1}).with("label",
        new int[] {0, 1, 1, 0});
  }

  @Test
  void xorIsLearnedAndTheSameSeedLearnsTheSameBits() {
    Session session = xor().initialize(3);
    session.trainer(table()).batch(4).epochs(300).fit();
    assertArrayEquals(new int[] {0, 1, 1, 0}, session.predict(table()).ints("color"));
    assertEquals(300, session.state().longs("step")[0]);
    String bits = session.state().sha256();
    session.initialize(3).trainer(table()).batch(4).epochs(300).fit();
    assertEquals(bits, session.state().sha256());
    Session other = xor().initialize(4);
    other.trainer(table()).batch(4).epochs(300).fit();
    assertFalse(bits.equals(other.state().sha256()));
  }

  @Test
  void whatIsCompiledAheadOfTimeSaysHowItWasTrained() {
    Session session = xor().initialize(3);
    session.trainer(table()).batch(4).epochs(30).fit();
    byte[] text = session.trainableAot("a.Xor").note("data", "four lines").files()
        .get("a/Xor.provenance");
    Provenance provenance = Provenance.read(text, "Xor");
    assertEquals(Map.of("model", "xor", "parameters", "82", "optimizer", "adam, rate 0.03",
        "steps", "30", "data", "four lines"), provenance.notes());
    assertEquals(Set.of("predict", "step"), provenance.methods().keySet());
  }

  @Test
  void initializeDrawsWhatTheInitializersSay() {
    Session session = xor().initialize(3);
    float[] w = session.state().floats("dense1.w");
    double limit = Math.sqrt(6.0 / 18);
    float most = 0;
    for (float v : w) {
      assertTrue(Math.abs(v) <= limit);
      most = Math.max(most, Math.abs(v));
    }
    assertTrue(most > 0.8 * limit);
    assertArrayEquals(new float[16], session.state().floats("dense1.b"));
  }

  @Test
  void aSnapshotWhileItIsInitializedIsAsBeforeOrAfter() throws Exception {
    Session session = xor();
    Set<String> whole = new HashSet<>();
    for (int seed = 0; seed < 4; seed++) {
      whole.add(session.initialize(seed).state().sha256());
    }
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> mixed = other.submit(() -> {
        int others = 0;
        while (!over.get()) {
          others += whole.contains(session.snapshot().sha256()) ? 0 : 1;
        }
        return others;
      });
      for (int i = 0; i < 40; i++) {
        session.initialize(i % 4);
      }
      over.set(true);
      assertEquals(0, mixed.get());
    } finally {
      over.set(true);
      other.shutdown();
    }
  }
}
