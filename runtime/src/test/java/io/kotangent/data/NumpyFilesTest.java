package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files that numpy 2.4.6 wrote; {@code numpy-files.py} beside them makes them. */
class NumpyFilesTest {
  /** A line of the resource; without a stored type the file is refused, in words that are {@code expected}. */
  record NumpyFile(String name, String expected, String stored, String values, byte[] content) {
    boolean isArchive() {
      return name.endsWith(".npz");
    }

    boolean isRefused() {
      return stored.equals("-");
    }

    static NumpyFile parse(String line) {
      String[] parts = line.split("\t");
      byte[] packed = Base64.getDecoder().decode(parts[4]);
      try (InputStream in = new InflaterInputStream(new java.io.ByteArrayInputStream(packed))) {
        return new NumpyFile(parts[0], parts[1], parts[2], parts[3], in.readAllBytes());
      } catch (IOException e) {
        throw new AssertionError(parts[0], e);
      }
    }
  }

  static List<NumpyFile> files() {
    try (InputStream in =
        Objects.requireNonNull(NumpyFilesTest.class.getResourceAsStream("numpy-files.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(NumpyFile::parse)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> filesOfNumpyAreReadOrRefusedByName() {
    return files().stream().map(f -> dynamicTest(f.name, () -> {
      if (f.isArchive()) {
        archive(f);
      } else if (f.isRefused()) {
        DataException refusal = assertRefused(DataException.class,
            () -> Npy.read(f.content, "x.npy"), "npy file x.npy, byte ", f.expected, "; save");
        assertEquals(Kind.TYPE, refusal.kind());
      } else {
        NamedTensor tensor = Npy.read(f.content, "folder/x.npy");
        assertEquals("x: " + f.expected, tensor.toString());
        assertEquals(numbers(f.values), numbers(tensor.values()));
      }
    }));
  }

  private static void archive(NumpyFile file) {
    Npz npz = Npz.read(file.content, file.name);
    assertEquals(file.expected, String.join(" ",
        npz.tensors().stream().map(NamedTensor::name).toList()));
    for (NamedTensor tensor : npz.tensors()) {
      assertEquals(StoredType.I32, npz.stored(tensor.name()));
      assertArrayEquals(new int[] {1, 2, 3}, (int[]) tensor.values());
    }
  }

  private static List<Number> numbers(String text) {
    return Stream.of(text.split(" ")).filter(t -> !t.isEmpty())
        .map(t -> t.matches("-?\\d+") ? (Number) Long.valueOf(t) : (Number) Double.valueOf(t))
        .toList();
  }

  private static List<Number> numbers(Object array) {
    List<Number> numbers = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      numbers.add(array instanceof boolean[] bits ? (Number) (bits[i] ? 1L : 0L)
          : array instanceof float[] || array instanceof double[]
              ? (Number) Array.getDouble(array, i)
              : (Number) Array.getLong(array, i));
    }
    return numbers;
  }

  /** What numpy stores as we do has our bytes. */
  @Test
  void theBytesWrittenAreThoseOfNumpy() {
    int same = 0;
    for (NumpyFile file : files()) {
      boolean isOurs = (file.name.startsWith("<") && file.name.endsWith(" C")
          && file.expected.startsWith(file.stored.toLowerCase(java.util.Locale.ROOT)))
          || List.of("rank 0", "rank 1", "rank 32", "empty", "strided view").contains(file.name);
      if (isOurs) {
        assertArrayEquals(file.content, Npy.bytes(Npy.read(file.content, "x")), file.name);
        same++;
      }
    }
    assertEquals(10, same);
  }

  /** Every cut is refused, and each third bit that is flipped in an archive is noticed or does not matter. */
  @Test
  void damageIsNoticed() {
    for (NumpyFile file : files()) {
      for (int length = 0; length < file.content.length; length += file.isArchive() ? 1 : 5) {
        byte[] cut = java.util.Arrays.copyOf(file.content, length);
        assertRefused(DataException.class, () -> read(file, cut), "cut");
      }
      byte[] longer = java.util.Arrays.copyOf(file.content, file.content.length + 1);
      assertRefused(DataException.class, () -> read(file, longer), "cut");
      for (int bit = 0; file.isArchive() && bit < 8 * file.content.length; bit += 3) {
        byte[] flipped = file.content.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        try {
          Npz npz = Npz.read(flipped, "flipped");
          assertTrue(npz.tensors().stream()
              .allMatch(t -> java.util.Arrays.equals(new int[] {1, 2, 3}, (int[]) t.values())));
        } catch (DataException e) {
          // noticed
        }
      }
    }
  }

  private static Object read(NumpyFile file, byte[] content) {
    return file.isArchive() ? Npz.read(content, "cut") : Npy.read(content, "cut");
  }
}
