package org.example.colors.model;

import static io.kotangent.dsl.Optimizers.adam;

import io.kotangent.aot.Aot;
import io.kotangent.aot.NetworkDefinition;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import java.util.Random;

/// Says whether text on a color is easier to read in black or in white. It learns that from the formula of relative luminance.
public final class TextColorDefinition implements NetworkDefinition {
  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Channel(int size) implements Axis<Channel> {
  }

  private record Hidden(int size) implements Axis<Hidden> {
  }

  private record Text(int size) implements Axis<Text> {
  }

  @Override
  public Aot network() {
    var batch = new Batch();
    var text = new Text(2);
    var model = Model.named("text_color");
    var color = model.input("color", batch, new Channel(3));
    var label = model.ids("label", batch, text);
    var scores = color.dense(new Hidden(8)).relu().dense(text);
    var session = model.minimize(scores.crossEntropy(label).mean(), adam(1e-2))
        .compile(scores.named("scores"));
    session.initialize(1).trainer(examples(2000)).batch(50).epochs(20).seed(1).fit();
    return session.aot("org.example.colors.TextColor");
  }

  /// The same colors each time.
  private static Dataset examples(int count) {
    var random = new Random(1);
    var colors = new float[3 * count];
    var labels = new int[count];
    for (int i = 0; i < count; i++) {
      for (int channel = 0; channel < 3; channel++) {
        colors[3 * i + channel] = random.nextFloat();
      }
      double luminance = 0.2126 * light(colors[3 * i]) + 0.7152 * light(colors[3 * i + 1])
          + 0.0722 * light(colors[3 * i + 2]);
      labels[i] = luminance > 0.179 ? 0 : 1; // black text, white text
    }
    return Dataset.of(count).with("color", colors).with("label", labels);
  }

  private static double light(float channel) {
    return channel <= 0.04045 ? channel / 12.92 : StrictMath.pow((channel + 0.055) / 1.055, 2.4);
  }
}
