package org.example.colors;

import java.util.List;

/** Colors and what networks say of them, from Java. */
public final class Palette {
  private static final List<String> NAMES =
      List.of("red", "orange", "yellow", "green", "blue", "purple", "gray");

  private final TextColor textColor = TextColor.load();
  private final ColorName colorName = ColorName.load();

  /** What people would call a color. */
  public String name(int red, int green, int blue) {
    return NAMES.get(best(colorName.predict(color(red, green, blue))));
  }

  /** Whether text on a color is easier to read in black than in white. */
  public boolean takesBlackText(int red, int green, int blue) {
    return best(textColor.predict(color(red, green, blue))) == 0;
  }

  private static float[] color(int red, int green, int blue) {
    return new float[] {red / 255f, green / 255f, blue / 255f};
  }

  private static int best(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** Describes the color that its arguments are. */
  public static void main(String[] args) {
    int[] color = new int[3];
    for (int i = 0; i < 3; i++) {
      color[i] = Integer.parseInt(args[i]);
    }
    Palette palette = new Palette();
    System.out.println(palette.name(color[0], color[1], color[2]) + ", "
        + (palette.takesBlackText(color[0], color[1], color[2]) ? "black" : "white") + " text");
  }
}
