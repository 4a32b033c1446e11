package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.kotangent.type.KotangentException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static Dataset numbers(int size) {
    float[] x = new float[2 * size];
    int[] y = new int[size];
    for (int i = 0; i < size; i++) {
      x[2 * i] = i;
      x[2 * i + 1] = -i;
      y[i] = i;
    }
    return Dataset.of(size).with("x", x).with("y", y);
  }

  @Test
  void theOrderOfASeedIsDefinedForEver() {
    assertArrayEquals(new int[] {4, 9, 2, 5, 1, 7, 6, 0, 3, 8}, Shuffle.order(10, 0));
    assertArrayEquals(new int[] {9, 0, 1, 4, 8, 2, 3, 7, 6, 5}, Shuffle.order(10, 1));
    assertEquals(-5511663747979980962L, Shuffle.seed(0, 1));
    assertArrayEquals(new int[0], Shuffle.order(0, 5));
  }

  @Test
  void anOrderIsAPermutationAndFair() {
    int[] firsts = new int[5];
    for (int seed = 0; seed < 5000; seed++) {
      int[] order = Shuffle.order(5, seed);
      firsts[order[0]]++;
      Arrays.sort(order);
      assertArrayEquals(new int[] {0, 1, 2, 3, 4}, order);
    }
    for (int count : firsts) {
      assertEquals(1000, count, 120);
    }
    assertNotEquals(Shuffle.seed(1, 0), Shuffle.seed(0, 1));
  }

  @Test
  void shufflingAndSplittingKeepsExamplesTogether() {
    Dataset.Split split = numbers(10).split(0.3, 7);
    assertEquals(7, split.train().size());
    assertEquals(3, split.test().size());
    int[] seen = new int[10];
    for (Dataset part : new Dataset[] {split.train(), split.test()}) {
      for (int i = 0; i < part.size(); i++) {
        assertEquals(part.ints("y")[i], part.floats("x")[2 * i]);
        assertEquals(-part.ints("y")[i], part.floats("x")[2 * i + 1]);
        seen[part.ints("y")[i]]++;
      }
    }
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, seen);
    assertRefused(KotangentException.class, () -> numbers(3).split(1.5, 0),
        "a fraction of 1.5: expected 0 to 1");
  }

  @Test
  void everyTypeOfColumnIsGathered() {
    Dataset data = Dataset.of(2).with("f", new float[] {1, 2}).with("d", new double[] {1, 2})
        .with("i", new int[] {1, 2})
        .with("l", new long[] {1, 2}).with("b", new boolean[] {true, false});
    Dataset turned = data.select(new int[] {1, 0, 1});
    assertArrayEquals(new float[] {2, 1, 2}, turned.floats("f"));
    assertArrayEquals(new double[] {2, 1, 2}, (double[]) turned.column("d").values());
    assertArrayEquals(new int[] {2, 1, 2}, turned.ints("i"));
    assertArrayEquals(new long[] {2, 1, 2}, (long[]) turned.column("l").values());
    assertArrayEquals(new boolean[] {false, true, false}, (boolean[]) turned.column("b").values());
  }

  @Test
  void featuresAreStandardizedByTheTrainingStatistics() {
    Dataset train = Dataset.of(2).with("x", new float[] {1, 5, 3, 5});
    Standardizer standardizer = Standardizer.of(train, "x");
    assertArrayEquals(new float[] {-1, 0, 1, 0}, standardizer.apply(train).floats("x"));
    assertArrayEquals(new float[] {2, 1},
        standardizer.apply(Dataset.of(1).with("x", new float[] {4, 6})).floats("x"));
    assertRefused(KotangentException.class,
        () -> standardizer.apply(Dataset.of(1).with("x", new float[3])),
        "has 3 features, but the statistics are of 2");
    assertRefused(KotangentException.class, () -> Standardizer.of(numbers(2), "y"),
        "column 'y' is i32, not f32");
  }

  @Test
  void columnsThatDoNotFitAreRefused() {
    assertRefused(KotangentException.class, () -> Dataset.of(2).with("x", new float[3]),
        "column 'x': 3 elements for 2 examples");
    assertRefused(KotangentException.class, () -> Dataset.of(2).with("x", "text"),
        "expected float[]", "got String");
    assertRefused(KotangentException.class, () -> numbers(2).column("z"),
        "no column 'z': expected one of [x, y]");
    assertRefused(KotangentException.class, () -> numbers(2).renamed("x", "y"), "there is one");
    assertEquals("2 examples, image f32[2], y i32[1]", numbers(2).renamed("x", "image").toString());
    assertRefused(KotangentException.class, () -> numbers(2).slice(1, 3),
        "examples 1 to 3 of a data set of 2");
  }

  @Test
  void aColumnIsReadAsWhatItIs() {
    Dataset data = Dataset.of(1).with("d", new double[] {1}).with("b", new boolean[1]);
    assertArrayEquals(new double[] {1}, data.doubles("d"));
    assertRefused(KotangentException.class, () -> data.floats("d"),
        "column 'd' is f64, not f32; read it by doubles(\"d\")");
    assertRefused(KotangentException.class, () -> data.ints("b"),
        "column 'b' is bool, not i32; read it by column(\"b\").values()");
  }

  @Test
  void nothingIsNoColumn() {
    Object nothing = (new Object[1])[0];
    assertRefused(KotangentException.class, () -> numbers(2).with("z", nothing),
        "column 'z': expected float[], double[], int[], long[] or boolean[], got null");
    assertRefused(KotangentException.class, () -> numbers(2).with((String) nothing, new int[2]),
        "a column whose name is null");
    assertRefused(KotangentException.class, () -> numbers(2).renamed("x", (String) nothing),
        "expected the name of a column, got null");
  }
}
