package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kotangent.data.DataException.Kind;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
  private static final Map<StoredType, String> CODES = Map.ofEntries(
      Map.entry(StoredType.BOOL, "b1"), Map.entry(StoredType.I8, "i1"),
      Map.entry(StoredType.U8, "u1"), Map.entry(StoredType.I16, "i2"),
      Map.entry(StoredType.U16, "u2"), Map.entry(StoredType.I32, "i4"),
      Map.entry(StoredType.U32, "u4"), Map.entry(StoredType.I64, "i8"),
      Map.entry(StoredType.F16, "f2"), Map.entry(StoredType.F32, "f4"),
      Map.entry(StoredType.F64, "f8"));

  @TempDir Path directory;

  /** A file of that header and these elements. */
  static byte[] file(int version, String header, byte[] elements) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bytes = ByteBuffer.allocate((version == 1 ? 10 : 12) + text.length + elements.length)
        .order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) text.length);
    } else {
      bytes.putInt(text.length);
    }
    return bytes.put(text).put(elements).array();
  }

  static byte[] file(String header, int elements) {
    return file(1, header, new byte[elements]);
  }

  private static String header(String element, boolean isFortran, String shape) {
    return "{'descr': '" + element + "', 'fortran_order': " + (isFortran ? "True" : "False")
        + ", 'shape': " + shape + ", }\n";
  }

  /** {@code shape} of elements '<f4' in row-major order. */
  private static byte[] floats(String shape, int bytes) {
    return file(header("<f4", false, shape), bytes);
  }

  /** Any type, shape, order of bytes and of elements gives what a safetensors file of the same elements gives. */
  @Test
  void everyOrderIsReadAsRowMajor() {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 4000; trial++) {
      StoredType stored = CODES.keySet().stream().sorted().toList()
          .get(random.nextInt(CODES.size()));
      int[] sizes = random.ints(random.nextInt(6), random.nextInt(20) == 0 ? 0 : 1, 5).toArray();
      if (trial % 500 == 0) {
        sizes = new int[] {70 + trial, 3, 41};
      }
      boolean isBig = random.nextBoolean();
      boolean isFortran = random.nextBoolean();
      int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
      byte[] rows = elements(stored, count, random);
      String shape = Arrays.stream(sizes).mapToObj(Integer::toString)
          .collect(Collectors.joining(", ", "(", sizes.length == 1 ? ",)" : ")"));
      byte[] file = file(1 + random.nextInt(3),
          header((isBig ? ">" : "<") + CODES.get(stored), isFortran, shape),
          stored(rows, stored.bytes(), sizes, isBig, isFortran));
      NamedTensor tensor = Npy.read(file, "trial " + trial);
      NamedTensor same = safeTensor(stored, shape, rows);
      assertEquals(same.type(), tensor.type());
      assertArrayEquals(SafeTensors.bytes(Map.of(), List.of(same)), SafeTensors.bytes(Map.of(),
          List.of(new NamedTensor("w", tensor.type(), tensor.values()))), "trial " + trial);
      assertArrayEquals(Npy.bytes(same), Npy.bytes(Npy.read(Npy.bytes(tensor), "again")));
    }
  }

  private static byte[] elements(StoredType stored, int count, SplittableRandom random) {
    byte[] bytes = new byte[count * stored.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(stored == StoredType.BOOL ? 2 : 256);
    }
    return bytes;
  }

  private static NamedTensor safeTensor(StoredType stored, String shape, byte[] rows) {
    String sizes = shape.replace("(", "[").replace(",)", "]").replace(')', ']');
    return SafeTensors.read(SafeTensorsCorpus.file(("{\"w\":{\"dtype\":\"" + stored
        + "\",\"shape\":" + sizes + ",\"data_offsets\":[0," + rows.length + "]}}")
        .getBytes(StandardCharsets.UTF_8), rows), "same").tensor("w");
  }

  /** The row-major, little-endian elements in another order. */
  private static byte[] stored(byte[] rows, int width, int[] sizes, boolean isBig,
      boolean isFortran) {
    byte[] bytes = new byte[rows.length];
    for (int i = 0; i < rows.length / width; i++) {
      int place = 0;
      int rest = i;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        int before = Arrays.stream(sizes, 0, axis).reduce(1, (a, b) -> a * b);
        place += rest % sizes[axis] * before;
        rest /= sizes[axis];
      }
      int to = width * (isFortran ? place : i);
      for (int b = 0; b < width; b++) {
        bytes[to + (isBig ? width - 1 - b : b)] = rows[width * i + b];
      }
    }
    return bytes;
  }

  @Test
  void headersOfManyHandsAreRead() {
    for (String good : List.of(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n",
        "{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}",
        " { 'shape' : ( 2L , 3L , ) , 'fortran_order' : False ,\n'descr' : '<f4' , } \t\r\n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L)}",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': 'f4', 'fortran_order': False, 'shape': (2, 3)}")) {
      assertEquals("x: f32[2,3]", Npy.read(file(good, 24), "/a/x.npy").toString());
      assertEquals("b.x: f32[2,3]", Npy.read(file(3, good, new byte[24]), "c\\b.x").toString());
    }
    assertEquals("x: bool[1]",
        Npy.read(file(header("|?", true, "(1,)"), 1), "x.npy").toString());
  }

  // @formatter:off
  private static Map<String, byte[]> malformed() {
    Map<String, byte[]> cases = new LinkedHashMap<>();
    cases.put("EMPTY|it is empty", new byte[0]);
    cases.put("HEADER|this is a zip file, read several arrays by Npz", "PK\3\4....".getBytes(StandardCharsets.US_ASCII));
    cases.put("HEADER|this is a gzip file", new byte[] {0x1f, (byte) 0x8b, 8, 0});
    cases.put("HEADER|never loaded", new byte[] {(byte) 0x80, 4, 1});
    cases.put("HEADER|git-lfs pointer", "version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.US_ASCII));
    cases.put("HEADER|web page", "<html>".getBytes(StandardCharsets.US_ASCII));
    cases.put("HEADER|format version 4.0: expected 1.0, 2.0 or 3.0", file(4, "{}", new byte[9]));
    cases.put("HEADER|format version 0.0", file(0, "{}", new byte[9]));
    cases.put("HEADER|has the key 'more'", file("{'more': 1}", 0));
    cases.put("HEADER|has the key 'descr' twice", file("{'descr': '<f4', 'descr': '<f4'}", 0));
    cases.put("HEADER|only [descr, shape]", file("{'descr': '<f4', 'shape': ()}", 4));
    cases.put("TRUNCATED|announced with 100 bytes, but 2 are there", Arrays.copyOf(file(" ".repeat(100), 0), 12));
    cases.put("TRUNCATED|within what stands before", Arrays.copyOf(file(2, "", new byte[0]), 11));
    cases.put("LIMIT|a header of 2000000 bytes", file(2, " ".repeat(2_000_000), new byte[0]));
    cases.put("TRUNCATED|f32[3], 12 bytes, but 11 follow it; it was cut", floats("(3,)", 11));
    cases.put("TRAILING|but 13 follow it; save one array", floats("(3,)", 13));
    cases.put("TRUNCATED|i32[9] stored as U8, 9 bytes", file(header("|u1", false, "(9,)"), 8));
    cases.put("VALUE|a BOOL of 2: expected 0 or 1", file(1, header("|b1", false, "()"), new byte[] {2}));
    shapes(cases);
    texts(cases);
    return cases;
  }

  private static void shapes(Map<String, byte[]> cases) {
    cases.put("SIZE|a size of -1", floats("(-1,)", 4));
    cases.put("SIZE|a size of -0", floats("(-0,)", 0));
    cases.put("SIZE|a size of 2147483648", floats("(0, 2147483648)", 0));
    cases.put("SIZE|a size of 99999999999999999999", floats("(99999999999999999999,)", 0));
    cases.put("SIZE|overflow", floats("(2147483647, 2147483647, 2147483647, 2147483647)", 0));
    cases.put("SIZE|overflow; save", floats("(0, 2147483647, 2147483647, 2147483647, 2147483647)", 0));
    cases.put("LIMIT|more than 2147482624 elements", floats("(2147483647,)", 0));
    cases.put("TRUNCATED|f32[1000000000], 4000000000 bytes", floats("(1000000000,)", 100));
    cases.put("LIMIT|more than 32 axes", floats("(" + "1, ".repeat(33) + ")", 4));
    cases.put("SYNTAX|',' after the only size", floats("(3)", 12));
    cases.put("SYNTAX|expected '(' before the sizes", floats("[3]", 12));
    cases.put("SYNTAX|expected '(' before the sizes, as", floats("3", 12));
    cases.put("SYNTAX|a size, an integer", floats("(,)", 4));
    cases.put("SYNTAX|a size, an integer,", floats("(03,)", 12));
    cases.put("SYNTAX|or ',' after a size", floats("(3, 1_0)", 12));
    cases.put("SYNTAX|has 'e': expected", floats("(1e3, 1)", 12));
    cases.put("SYNTAX|has '*'", floats("(9**9**9, 1)", 12));
  }

  private static void texts(Map<String, byte[]> cases) {
    cases.put("SYNTAX|has come to its end: expected '{'", file("", 0));
    cases.put("SYNTAX|expected '{' at the start", file("dict(descr='<f4')", 0));
    cases.put("SYNTAX|expected a key in quotes", file("{__import__('os')}", 0));
    cases.put("SYNTAX|the end of a key", file("{'descr", 0));
    cases.put("SYNTAX|control characters", file("{'de\nscr': 1}", 0));
    cases.put("SYNTAX|backslashes", file("{'\\x64escr': '<f4'}", 0));
    cases.put("SYNTAX|expected ':' after a key", file("{'descr', '<f4'}", 0));
    cases.put("SYNTAX|True or False", file("{'fortran_order': 1}", 0));
    cases.put("SYNTAX|nothing but blanks after '}'", file("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", 4));
    cases.put("SYNTAX|has a byte of 0", file("{'descr': '<f4', 'fortran_order': False, 'shape': ()}\0", 4));
    cases.put("SYNTAX|has a byte of 233", file("{'descr': é", 4));
    cases.put("TYPE|the elements are records", file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}", 4));
    cases.put("TYPE|the elements are records:", file("{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': ()}", 8));
    for (String type : List.of("", "<", "f4x", "<f3", "float32", "<<f4", "i", "<i16", "|S4", "|O", "<c8", "<M8[ns]", "|V2", "<u8", "<f16")) {
      cases.put("TYPE|the element type '" + type + "': ", file(header(type, false, "()"), 4));
    }
  }

  // @formatter:on
  @TestFactory
  Stream<DynamicTest> malformedFilesAreRefused() {
    return malformed().entrySet().stream().map(c -> dynamicTest(c.getKey(), () -> {
      String[] expected = c.getKey().split("\\|", 2);
      DataException refusal = assertRefused(DataException.class,
          () -> Npy.read(c.getValue(), "bad.npy"), "npy file bad.npy, byte ", expected[1]);
      assertEquals(Kind.valueOf(expected[0]), refusal.kind(), refusal.getMessage());
      assertTrue(refusal.offset() >= 0 && refusal.offset() <= c.getValue().length,
          refusal.getMessage());
      assertTrue(
          expected[0].equals("VALUE")
              || refusal.getMessage().matches("(?s).*; .*(save|Npz|gunzip|git|loaded).*"),
          refusal.getMessage());
    }));
  }

  @Test
  void filesHaveTheSameBytes() throws IOException {
    Path file = directory.resolve("big.npy");
    float[] values = new float[60_000];
    values[59_999] = -0f;
    NamedTensor big = new NamedTensor("other", TensorType.of(DType.F32, 200L, 300L), values);
    Npy.write(file, big);
    assertArrayEquals(Npy.bytes(big), Files.readAllBytes(file));
    NamedTensor back = Npy.read(file);
    assertEquals("big: f32[200,300]", back.toString());
    assertArrayEquals(values, (float[]) back.values());
    assertEquals(StoredType.F32, Npy.stored(file));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(file), left.toList());
    }
    assertRefused(DataException.class, () -> Npy.read(directory), "expected a regular file");
    assertRefused(DataException.class, () -> Npy.read(directory.resolve("no.npy")), "no such file");
    assertRefused(DataException.class, () -> Npy.write(directory, big), "it is a directory");
    long[] ones = new long[33];
    Arrays.fill(ones, 1);
    assertRefused(KotangentException.class,
        () -> Npy.bytes(new NamedTensor("deep", TensorType.of(DType.F32, ones), new float[1])),
        "'deep' has 33 axes and cannot be written: expected at most 32");
  }

  @Test
  void everyTypeIsWrittenForAnyRank() {
    for (DType dtype : DType.values()) {
      for (int rank = 0; rank <= 32; rank++) {
        long[] sizes = new long[rank];
        Arrays.fill(sizes, 1);
        TensorType type = TensorType.of(dtype, sizes);
        NamedTensor tensor = new NamedTensor("x", type, dtype.newArray(1));
        byte[] bytes = Npy.bytes(tensor);
        assertEquals(tensor.toString(), Npy.read(bytes, "x.npy").toString());
        assertEquals(0, (bytes.length - dtype.bytes()) % 64);
        assertEquals(1, bytes[6]);
      }
    }
  }

  /** A file of holes takes no time and no memory before it is known that its array fits. */
  @Test
  void aFileOfHolesIsRefusedBeforeItIsRead() throws IOException {
    Path file = directory.resolve("sparse.npy");
    byte[] start = file(header("<f8", true, "(2000000000, 1)"), 0);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(start);
      out.setLength(start.length + 16_000_000_000L);
    }
    if (Runtime.getRuntime().maxMemory() < 16_000_000_000L) {
      assertEquals(Kind.LIMIT, assertRefused(DataException.class, () -> Npy.read(file),
          "16000000000 bytes, more than the whole heap").kind());
    }
  }

  @Test
  void damagedCopiesAreRefusedOrRead() {
    byte[] good = Npy.bytes(new NamedTensor("w", TensorType.of(DType.I32, 2L, 3L), new int[6]));
    int refused = Mutations.run(good, 1, 20_000, 8, bytes -> Npy.read(bytes, "mutated"));
    assertTrue(refused > 10_000, () -> refused + " refused");
    assertThrows(DataException.class, () -> Npy.read(Arrays.copyOf(good, good.length - 1), "cut"));
  }

  private static final String[] PIECES = {"{", "}", "(", ")", "[", ",", ":", "'", "\"", "descr",
      "shape", "fortran_order", "True", "False", "<f4", "|b1", ">i8", "1", "0", "-", "L",
      "99999999",
      " ", "\n", "\0", "é", "'descr': '<f4', ", "'fortran_order': True, ", "'shape': (2, 3), "};

  /** Headers put together at random from what headers consist of. */
  @Test
  void anyTextIsRefusedOrRead() {
    SplittableRandom random = new SplittableRandom(5);
    int read = 0;
    for (int trial = 0; trial < 20_000; trial++) {
      List<String> parts = new java.util.ArrayList<>(List.of("{", "'descr': '<f4', ",
          "'fortran_order': True, ", "'shape': (2, 3), ", "}"));
      for (int changes = random.nextInt(5); changes > 0; changes--) {
        parts.add(random.nextInt(parts.size() + 1), PIECES[random.nextInt(PIECES.length)]);
      }
      byte[] file = file(1 + random.nextInt(3), String.join("", parts), new byte[24]);
      try {
        Npy.read(file, "trial " + trial);
        read++;
      } catch (DataException e) {
        assertEquals("npy", e.format());
      }
    }
    assertTrue(read > 4000 && read < 16_000, read + " read");
  }
}
