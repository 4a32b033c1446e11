package io.kotangent.examples;

import io.kotangent.data.Dataset;

/// Digits as text.
final class Ascii {
  private static final String SHADES = " .:-=+*#%@";
  private static final int SIDE = 28;

  private Ascii() {}

  /// The first digits of a set side by side, two rows of pixels a line, and what was predicted for each.
  static String digits(Dataset images, Dataset scores, int count) {
    float[] pixels = images.floats("image");
    int[] labels = images.ints("label");
    float[] score = scores.floats("scores");
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < SIDE; row += 2) {
      for (int digit = 0; digit < count; digit++) {
        for (int column = 0; column < SIDE; column += 2) {
          text.append(SHADES.charAt(shade(pixels, digit * SIDE * SIDE + row * SIDE + column)));
        }
        text.append("  ");
      }
      text.append('\n');
    }
    for (int digit = 0; digit < count; digit++) {
      String said = "is " + labels[digit] + ", read " + best(score, digit);
      text.append(said).append(" ".repeat(Math.max(1, SIDE / 2 + 2 - said.length())));
    }
    return text.append('\n').toString();
  }

  /// The shade of four pixels together.
  private static int shade(float[] pixels, int at) {
    float sum = pixels[at] + pixels[at + 1] + pixels[at + SIDE] + pixels[at + SIDE + 1];
    return Math.round(sum / 4 * (SHADES.length() - 1));
  }

  private static int best(float[] scores, int example) {
    int best = 0;
    for (int i = 1; i < 10; i++) {
      if (scores[example * 10 + i] > scores[example * 10 + best]) {
        best = i;
      }
    }
    return best;
  }
}
