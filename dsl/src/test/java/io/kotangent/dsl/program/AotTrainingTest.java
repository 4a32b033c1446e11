package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.aot.Jvms;
import io.kotangent.data.SafeTensors;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Digit;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A network with dropout and batch normalization learns the same bits ahead of time as in process.
class AotTrainingTest {
  private static final int STEPS = 1000;

  @TempDir Path folder;

  private record Net(Training training, Output scores) {
    static Net made() {
      Model model = Model.named("net");
      var x = model.input("x", new Batch(), new Feature(20));
      var label = model.ids("label", new Batch(), new Digit(10));
      var scores =
          x.dense(new Hidden(32)).batchNorm().relu().dropout(0.3).dense(new Digit(10));
      return new Net(
          model.minimize(scores.crossEntropy(label).mean(), Optimizers.adam(1e-2)),
          scores.named("scores"));
    }
  }

  @Test
  void aThousandStepsEndInTheSameWeights() throws Exception {
    Net net = Net.made();
    Session session = net.training.compile(net.scores).initialize(1);
    Path classes = folder.resolve("net.jar");
    session.trainableAot("org.example.Net").method("gradients", net.training.gradientGraph())
        .method("update", net.training.updateGraph()).to(classes);
    String expected = learned(session);
    Path source = folder.resolve("Learn.java");
    try (var in = AotTrainingTest.class.getResourceAsStream("/aot/Learn.java.txt")) {
      Files.write(source, in.readAllBytes());
    }
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17",
        "-cp", classes.toString(), "-d", folder.toString(), source.toString()));
    for (Path java : Jvms.all()) {
      Path saved = folder.resolve("saved.safetensors");
      assertEquals(expected, run(java, classes, saved, "step"));
      assertEquals(expected, run(java, classes, saved, "halves"));
      ModelState state = ModelState.zeros(session.state().layout());
      SafeTensors.load(saved, state);
      assertEquals(session.state().sha256(), state.sha256());
    }
  }

  /// The loss of the last step, and a fingerprint of predictions after it.
  private static String learned(Session session) {
    Workspace workspace = session.step().newWorkspace();
    Random random = new Random(3);
    for (int step = 0; step < STEPS; step++) {
      int batch = 1 + step % 7;
      float[] x = new float[batch * 20];
      int[] label = new int[batch];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < batch; i++) {
        label[i] = random.nextInt(10);
      }
      workspace.feed("x", x).feed("label", label).feed("seed", 5L);
      session.step().run(workspace, session.state());
    }
    float[] ones = new float[40];
    Arrays.fill(ones, 1);
    Workspace prediction = session.prediction().newWorkspace().feed("x", ones);
    session.prediction().run(prediction, session.state());
    return Float.toHexString(workspace.floats("loss")[0]) + " "
        + Arrays.hashCode(prediction.floats("scores"));
  }

  private String run(Path java, Path classes, Path saved, String way) throws Exception {
    Process process = new ProcessBuilder(java.toString(), "-cp",
        folder + File.pathSeparator + classes, "Learn", String.valueOf(STEPS),
        saved.toString(), way).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.strip();
  }
}
