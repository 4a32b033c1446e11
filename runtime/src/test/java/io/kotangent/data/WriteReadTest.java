package io.kotangent.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.DataException.Kind;
import io.kotangent.runtime.Line;
import io.kotangent.runtime.ModelState;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written can be read; what could not be read is not written. */
class WriteReadTest {
  private static final String[] PIECES = {"w", "b", ".", "é", "\ud83d\ude00", "\ud800", "\udc00",
      "\n", "\0",
      "\u007f", "\u0085", "\"", "\\", "/", " ", "\u2028", "\ufeff", "\uffff", "{}", "__metadata__"};

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(PIECES[random.nextInt(random.nextInt(4) == 0 ? PIECES.length : 4)]);
    }
    return text.toString();
  }

  /** Sizes of few elements, now and then of very many axes, or huge beside a zero. */
  private static TensorType type(SplittableRandom random) {
    int rank = random.nextInt(10) == 0 ? 31 + random.nextInt(4) : random.nextInt(4);
    long[] sizes = new long[rank];
    boolean huge = random.nextInt(6) == 0;
    for (int i = 0; i < rank; i++) {
      sizes[i] = rank > 4 ? 1 : huge ? Integer.MAX_VALUE - random.nextInt(2) : random.nextInt(4);
    }
    if (huge && rank > 0) {
      sizes[random.nextInt(rank)] = 0;
    }
    return TensorType.of(DType.values()[random.nextInt(DType.values().length)], sizes);
  }

  private static Object values(TensorType type, SplittableRandom random) {
    int count = type.shape().dims().contains(Dim.ZERO) ? 0
        : (int) type.shape().size().constant();
    return switch (type.dtype()) {
      case F32 -> {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
          floats[i] = Float.intBitsToFloat(random.nextInt());
        }
        yield floats;
      }
      case F64 -> random.longs(count).mapToDouble(Double::longBitsToDouble).toArray();
      case I32 -> random.ints(count).toArray();
      case I64 -> random.longs(count).toArray();
      case BOOL -> {
        boolean[] booleans = new boolean[count];
        for (int i = 0; i < count; i++) {
          booleans[i] = random.nextBoolean();
        }
        yield booleans;
      }
    };
  }

  @Test
  void whatIsWrittenIsReadAndTheRestIsRefusedBefore() {
    SplittableRandom random = new SplittableRandom(21);
    int refused = 0;
    for (int trial = 0; trial < 5_000; trial++) {
      Map<String, String> metadata = new HashMap<>();
      List<NamedTensor> tensors = new ArrayList<>();
      byte[] bytes;
      try {
        for (int i = random.nextInt(3); i > 0; i--) {
          metadata.put(text(random), text(random));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
          TensorType type = type(random);
          tensors.add(new NamedTensor(text(random), type, values(type, random)));
        }
        bytes = SafeTensors.bytes(metadata, tensors);
      } catch (KotangentException e) {
        refused++;
        continue;
      }
      SafeTensors back = SafeTensors.read(bytes, "trial " + trial);
      assertEquals(metadata, back.metadata());
      assertEquals(tensors.size(), back.tensors().size());
      for (NamedTensor tensor : tensors) {
        assertEquals(tensor.type(), back.tensor(tensor.name()).type());
      }
      assertArrayEquals(bytes, SafeTensors.bytes(back.metadata(), back.tensors()));
    }
    int unwritten = refused;
    assertTrue(unwritten > 500 && unwritten < 4000, () -> unwritten + " refused");
  }

  private static List<NamedTensor> many(int count) {
    return IntStream.range(0, count).mapToObj(i -> new NamedTensor("t" + i,
        TensorType.of(DType.F32, 0L), new float[0])).toList();
  }

  @Test
  void theLimitsOfWriterAndReaderAreTheSame() {
    assertEquals(100_000,
        SafeTensors.read(SafeTensors.bytes(Map.of(), many(100_000)), "many").tensors().size());
    assertThrows(KotangentException.class, () -> SafeTensors.bytes(Map.of(), many(100_001)));
    long[] ones = new long[33];
    java.util.Arrays.fill(ones, 1);
    NamedTensor deep = new NamedTensor("deep", TensorType.of(DType.F32, ones), new float[1]);
    assertThrows(KotangentException.class, () -> SafeTensors.bytes(Map.of(), List.of(deep)));
    for (String half : List.of("\ud800", "a\udc00", "\udc00\ud800")) {
      assertThrows(KotangentException.class, () -> SafeTensors.bytes(Map.of(half, "v"), many(1)));
      assertThrows(KotangentException.class, () -> SafeTensors.bytes(Map.of("k", half), many(1)));
      assertThrows(KotangentException.class, () -> SafeTensors.bytes(Map.of(), List.of(
          new NamedTensor(half, TensorType.of(DType.F32, 0L), new float[0]))));
    }
    String tooLong = "x".repeat(100_000_000);
    assertThrows(KotangentException.class,
        () -> SafeTensors.bytes(Map.of("a", tooLong), many(1)));
    for (long size : new long[] {-1, 1L << 31, Long.MAX_VALUE}) {
      assertThrows(KotangentException.class,
          () -> new NamedTensor("n", TensorType.of(DType.F32, size, 0L), new float[0]));
    }
  }

  /** A file of holes: a header, and then nothing but its length. */
  private static Path sparse(Path folder, String header, long length) throws IOException {
    Path file = folder.resolve("sparse.safetensors");
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.writeLong(Long.reverseBytes(text.length));
      out.write(text);
      out.setLength(length);
    }
    return file;
  }

  @Test
  void aFileOfHolesIsRefusedBeforeItIsRead(@TempDir Path folder) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long size = 2_000_000_000;
    for (int i = 0; i < 500; i++) {
      header.append(i == 0 ? "" : ",").append("\"t").append(i)
          .append("\":{\"dtype\":\"U8\",\"shape\":[2000000000],\"data_offsets\":[")
          .append(i * size).append(',').append((i + 1) * size).append("]}");
    }
    Path file = sparse(folder, header.append('}').toString(), 8 + header.length() + 500 * size);
    long start = System.nanoTime();
    DataException huge = assertThrows(DataException.class, () -> SafeTensors.read(file));
    assertEquals(Kind.LIMIT, huge.kind());
    assertTrue(huge.getMessage().contains("4000000000000 bytes, more than the whole heap"),
        huge.getMessage());
    ModelState state = Line.predict().newState();
    DataException other = assertThrows(DataException.class, () -> SafeTensors.load(file, state));
    assertEquals(Kind.MISMATCH, other.kind());
    Path blank = sparse(folder, "", 1L << 40);
    assertThrows(DataException.class, () -> SafeTensors.read(blank));
    assertTrue(System.nanoTime() - start < 10_000_000_000L, "nothing of it is read");
  }
}
