package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.data.NamedTensor;
import io.kotangent.data.Npy;
import io.kotangent.data.SafeTensors;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a model that was trained in Java, over files, to the same numbers.
class TrainedNetworkTest {
  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Point(int size) implements Axis<Point> {
  }

  private record Hidden(int size) implements Axis<Hidden> {
  }

  private record Color(int size) implements Axis<Color> {
  }

  private static final Dataset TABLE = Dataset.of(4)
      .with("x", new float[] {0, 0, 0, 1, 1, 0, 1, 1}).with("label", new int[] {0, 1, 1, 0});

  @TempDir private Path folder;

  private static Session trained() {
    var batch = new Batch();
    var model = Model.named("xor");
    var color = new Color(2);
    var x = model.input("x", batch, new Point(2));
    var logits = x.dense(new Hidden(16)).tanh().dense(color);
    var loss = logits.crossEntropy(model.ids("label", batch, color)).mean();
    Session session = model.minimize(loss, Optimizers.adam(0.03))
        .compile(logits.softmax().named("p")).initialize(3);
    session.trainer(TABLE).batch(4).epochs(200).fit();
    return session;
  }

  @Test
  void whatWasTrainedIsInspectedCompiledAndRun() throws IOException {
    Session session = trained();
    Path jar = folder.resolve("xor.jar");
    session.trainableAot("org.example.Xor").note("data", "four lines").to(jar);
    Path weights = folder.resolve("xor.safetensors");
    SafeTensors.save(weights, session.state(), session.state().weights());
    String summary = Ran.good("inspect", jar);
    assertTrue(summary.contains("\n  optimizer: adam, rate 0.03\n  steps: 200\n"), summary);
    assertTrue(summary.contains("\nmethod step\n"), summary);

    Path graph = folder.resolve("predict.txt");
    Files.writeString(graph, Ran.good("inspect", jar, "--text", "--method", "predict"));
    Path again = folder.resolve("again.jar");
    Ran.good("compile", "predict=" + graph, "--weights", weights, "--class", "Again", "--to",
        again);
    assertEquals("equal\n", Ran.good("diff", again, jar, "--method", "predict"));

    float[] expected = session.predict(TABLE).floats("p");
    Path x = Files.writeString(folder.resolve("x.csv"), "0,0\n0,1\n1,0\n1,1\n");
    for (Object[] run : new Object[][] {{jar, "--method", "predict"}, {again},
        {graph, "--weights", weights}}) {
      Path p = folder.resolve("p.npy");
      List<Object> arguments = new ArrayList<>(List.of("run"));
      arguments.addAll(List.of(run));
      arguments.addAll(List.of("--input", "x=" + x, "--output", "p=" + p));
      assertEquals("", Ran.good(arguments.toArray()));
      NamedTensor tensor = Npy.read(p);
      assertEquals("f32[4,2]", tensor.type().toString());
      assertArrayEquals(expected, (float[]) tensor.values());
    }
    String loss = Ran.good("run", jar, "--method", "step", "--input", "x=" + x, "--input",
        "label=" + Files.writeString(folder.resolve("label.csv"), "0\n1\n1\n0\n"));
    assertTrue(Float.parseFloat(loss) < 0.1, loss);
  }
}
