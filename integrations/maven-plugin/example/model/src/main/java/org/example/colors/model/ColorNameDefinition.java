package org.example.colors.model;

import static io.kotangent.dsl.Optimizers.adam;

import io.kotangent.aot.Aot;
import io.kotangent.aot.NetworkDefinition;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Says what people would call a color. It learns from a table among the resources.
public final class ColorNameDefinition implements NetworkDefinition {
  private static final List<String> NAMES =
      List.of("red", "orange", "yellow", "green", "blue", "purple", "gray");

  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Channel(int size) implements Axis<Channel> {
  }

  private record Hidden(int size) implements Axis<Hidden> {
  }

  private record Name(int size) implements Axis<Name> {
  }

  @Override
  public Aot network() throws IOException {
    var batch = new Batch();
    var name = new Name(NAMES.size());
    var model = Model.named("color_name");
    var color = model.input("color", batch, new Channel(3));
    var label = model.ids("label", batch, name);
    var scores = color.dense(new Hidden(16)).relu().dense(name);
    var session = model.minimize(scores.crossEntropy(label).mean(), adam(1e-2))
        .compile(scores.named("scores"));
    session.initialize(1).trainer(examples()).batch(21).epochs(400).seed(1).fit();
    return session.aot("org.example.colors.ColorName");
  }

  private static Dataset examples() throws IOException {
    var lines = lines("colors.csv");
    var colors = new float[3 * lines.size()];
    var labels = new int[lines.size()];
    for (int i = 0; i < lines.size(); i++) {
      var cells = lines.get(i).split(",", -1);
      for (int channel = 0; channel < 3; channel++) {
        colors[3 * i + channel] = Integer.parseInt(cells[channel]) / 255f;
      }
      labels[i] = NAMES.indexOf(cells[3]);
    }
    return Dataset.of(lines.size()).with("color", colors).with("label", labels);
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = ColorNameDefinition.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    }
  }
}
