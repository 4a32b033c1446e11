package org.example.colors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PaletteTest {
  private final Palette palette = new Palette();

  @Test
  void colorsHaveTheirNames() {
    assertEquals("red", palette.name(230, 20, 20));
    assertEquals("yellow", palette.name(250, 240, 30));
    assertEquals("green", palette.name(30, 160, 40));
    assertEquals("blue", palette.name(20, 30, 220));
    assertEquals("gray", palette.name(140, 140, 138));
  }

  @Test
  void textIsReadable() {
    assertTrue(palette.takesBlackText(255, 255, 255));
    assertTrue(palette.takesBlackText(255, 255, 0));
    assertFalse(palette.takesBlackText(0, 0, 0));
    assertFalse(palette.takesBlackText(0, 0, 139));
  }

  @Test
  void aColorAmongOthersHasTheSameScores() {
    float[] colors = {1, 0, 0, 0, 0.5f, 1, 0.2f, 0.2f, 0.2f};
    float[] scores = TextColor.load().predict(colors);
    assertEquals(6, scores.length);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(Arrays.copyOfRange(scores, 2 * i, 2 * i + 2),
          TextColor.load().predict(Arrays.copyOfRange(colors, 3 * i, 3 * i + 3)));
    }
  }

  @Test
  void nothingElseIsNeeded() {
    for (String type : new String[] {"io.kotangent.aot.Aot", "io.kotangent.dsl.Model",
        "io.kotangent.runtime.Program", "org.example.colors.model.TextColorDefinition"}) {
      assertThrows(ClassNotFoundException.class, () -> Class.forName(type));
    }
  }

  @Test
  void theJavaIsTheOneThatTheBuildSays() {
    int feature = Runtime.version().feature();
    if (System.getProperty("example.java") == null) {
      System.out.println("MAVEN DOES NOT RUN ON JAVA 17: the example is tested on Java " + feature);
    }
    assertEquals(Integer.getInteger("example.java", feature), feature);
  }
}
