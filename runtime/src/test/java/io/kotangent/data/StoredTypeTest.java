package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.DataException.Kind;
import io.kotangent.runtime.Line;
import io.kotangent.runtime.ModelState;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Element types that are read as wider ones: every bit pattern there is. */
class StoredTypeTest {
  /** A file of one tensor, "w", of these elements. */
  private static byte[] file(String dtype, int elements, byte[] data) {
    byte[] header = ("{\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + elements
        + "],\"data_offsets\":[0," + data.length + "]}}").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length).put(header).put(data).array();
  }

  private static Object read(String dtype, int elements, byte[] data) {
    SafeTensors content = SafeTensors.read(file(dtype, elements, data), dtype);
    assertEquals(StoredType.valueOf(dtype), content.stored("w"));
    assertEquals(TensorType.of(content.stored("w").dtype(), elements),
        content.tensor("w").type());
    return content.tensor("w").values();
  }

  /** All numbers of 16 bits, little-endian. */
  private static byte[] patterns() {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1 << 16; i++) {
      bytes.putShort((short) i);
    }
    return bytes.array();
  }

  /** The value that IEEE 754 gives to a sign, so many bits of exponent and of mantissa. */
  private static double value(int bits, int exponents, int mantissas) {
    int mantissa = bits & (1 << mantissas) - 1;
    int exponent = bits >> mantissas & (1 << exponents) - 1;
    int bias = (1 << exponents - 1) - 1;
    double sign = (bits & 0x8000) == 0 ? 1 : -1;
    if (exponent == (1 << exponents) - 1) {
      return mantissa == 0 ? sign / 0 : Double.NaN;
    }
    return sign * (exponent == 0 ? Math.scalb((double) mantissa, 1 - bias - mantissas)
        : Math.scalb((double) (mantissa | 1 << mantissas), exponent - bias - mantissas));
  }

  private static void everyPattern(String dtype, int exponents, int mantissas) {
    float[] floats = (float[]) read(dtype, 1 << 16, patterns());
    int nans = 0;
    for (int bits = 0; bits < 1 << 16; bits++) {
      double expected = value(bits, exponents, mantissas);
      assertEquals(0, Double.compare(expected, floats[bits]), dtype + " " + bits);
      if (Float.isNaN(floats[bits])) {
        int raw = Float.floatToRawIntBits(floats[bits]);
        assertEquals(bits & 0x8000, raw >>> 16 & 0x8000, "sign of NaN " + bits);
        assertEquals(bits & (1 << mantissas) - 1, (raw & 0x7fffff) >>> 23 - mantissas,
            "NaN " + bits);
        nans++;
      }
    }
    assertEquals(2 * ((1 << mantissas) - 1), nans);
  }

  @Test
  void halfPrecisionIsReadExactly() {
    everyPattern("F16", 5, 10);
  }

  @Test
  void brainFloatsAreReadExactly() {
    everyPattern("BF16", 8, 7);
  }

  @Test
  void smallIntegersAreReadExactly() {
    int[] shorts = (int[]) read("I16", 1 << 16, patterns());
    int[] unsigned = (int[]) read("U16", 1 << 16, patterns());
    for (int i = 0; i < 1 << 16; i++) {
      assertEquals((short) i, shorts[i]);
      assertEquals(i, unsigned[i]);
    }
    byte[] bytes = new byte[256];
    for (int i = 0; i < 256; i++) {
      bytes[i] = (byte) i;
    }
    int[] signed = (int[]) read("I8", 256, bytes);
    int[] plain = (int[]) read("U8", 256, bytes);
    for (int i = 0; i < 256; i++) {
      assertEquals((byte) i, signed[i]);
      assertEquals(i, plain[i]);
    }
    byte[] wide = {0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, -128};
    assertArrayEquals(new long[] {0, 0xffff_ffffL, 0x8000_0000L}, (long[]) read("U32", 3, wide));
    assertArrayEquals(new int[] {0, -1, Integer.MIN_VALUE}, (int[]) read("I32", 3, wide));
  }

  @Test
  void whatWasConvertedIsSaid() {
    for (StoredType type : StoredType.values()) {
      assertEquals(!List.of("F64", "F32", "I64", "I32", "BOOL").contains(type.name()),
          type.isConverted(), type.name());
      assertTrue(type.bytes() <= type.dtype().bytes(), type.name());
    }
    for (DType dtype : DType.values()) {
      assertEquals(dtype, StoredType.of(dtype).dtype());
    }
  }

  @Test
  void otherTypesAreRefusedByName() {
    for (String dtype : List.of("U64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "C64", "f32", "")) {
      DataException refusal = assertRefused(DataException.class,
          () -> SafeTensors.read(file(dtype, 1, new byte[8]), "w"),
          "the dtype '" + dtype + "' of 'w' is unknown or not supported", "BF16");
      assertEquals(Kind.TYPE, refusal.kind());
    }
  }

  @Test
  void aModelLoadsHalfPrecision(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("half.safetensors");
    Files.write(file, file("F16", 2, new byte[] {0, 0x3c, 0, -64}));
    ModelState state = Line.predict().newState();
    SafeTensors.load(file, state, List.of("w"));
    assertArrayEquals(new float[] {1, -2}, state.floats("w"));
    Files.write(file, file("U8", 2, new byte[] {1, 2}));
    assertRefused(DataException.class, () -> SafeTensors.load(file, state, List.of("w")),
        "tensor 'w' is i32[2] (stored as U8), expected f32[2]");
  }

  @Test
  void damagedCopiesAreRefusedOrRead() {
    for (StoredType type : StoredType.values()) {
      byte[] good = file(type.name(), 40, new byte[40 * type.bytes()]);
      int refused = Mutations.run(good, 8 + type.ordinal(), 500, 8,
          bytes -> SafeTensors.read(bytes, "mutated"));
      assertTrue(refused > 100, () -> type + ": " + refused + " refused");
    }
    assertThrows(DataException.class,
        () -> SafeTensors.read(file("F16", 3, new byte[5]), "odd"));
  }
}
