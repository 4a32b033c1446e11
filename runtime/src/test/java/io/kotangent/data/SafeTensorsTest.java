package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kotangent.data.DataException.Kind;
import io.kotangent.runtime.Line;
import io.kotangent.runtime.ModelState;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  @TempDir Path directory;

  private static List<NamedTensor> samples() {
    return List.of(
        new NamedTensor("w", TensorType.of(DType.F32, 2L, 2L),
            new float[] {1.5f, -0f, Float.NaN, Float.MIN_VALUE}),
        new NamedTensor("ключ \"x\\", TensorType.of(DType.F64, 1L), new double[] {Math.PI}),
        new NamedTensor("i", TensorType.of(DType.I32, 3L), new int[] {1, -2, Integer.MIN_VALUE}),
        new NamedTensor("step", TensorType.scalar(DType.I64), new long[] {Long.MAX_VALUE}),
        new NamedTensor("mask", TensorType.of(DType.BOOL, 3L), new boolean[] {true, false, true}),
        new NamedTensor("none", TensorType.of(DType.F32, 0L, 7L), new float[0]));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    byte[] bytes = SafeTensors.bytes(Map.of("b", "2\n", "a", "1"), samples());
    SafeTensors back = SafeTensors.read(bytes, "test");
    assertEquals(Map.of("a", "1", "b", "2\n"), back.metadata());
    assertEquals(6, back.tensors().size());
    assertArrayEquals(new float[] {1.5f, -0f, Float.NaN, Float.MIN_VALUE},
        (float[]) back.tensor("w").values());
    assertArrayEquals(new double[] {Math.PI}, (double[]) back.tensor("ключ \"x\\").values());
    assertArrayEquals(new int[] {1, -2, Integer.MIN_VALUE}, (int[]) back.tensor("i").values());
    assertArrayEquals(new long[] {Long.MAX_VALUE}, (long[]) back.tensor("step").values());
    assertArrayEquals(new boolean[] {true, false, true}, (boolean[]) back.tensor("mask").values());
    assertEquals(TensorType.of(DType.F32, 0L, 7L), back.tensor("none").type());
    assertRefused(KotangentException.class, () -> back.tensor("v"),
        "no tensor 'v': expected one of [");
  }

  @Test
  void theBytesAreDefined() {
    byte[] bytes = SafeTensors.bytes(Map.of(), List.of(samples().get(0), samples().get(3)));
    String header = "{\"step\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
        + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[8,24]}}";
    assertEquals(header, new String(bytes, 8, header.length(), StandardCharsets.UTF_8));
    assertEquals(0, bytes[0] % 8);
    assertEquals((byte) 0xc0, bytes[bytes.length - 14]);
    assertArrayEquals(bytes,
        SafeTensors.bytes(Map.of(), List.of(samples().get(3), samples().get(0))));
  }

  @Test
  void filesHaveTheSameBytes() throws IOException {
    Path file = directory.resolve("a.safetensors");
    NamedTensor big = new NamedTensor("big", TensorType.of(DType.F32, 50_000L), new float[50_000]);
    SafeTensors.write(file, Map.of("a", "1"), List.of(big, samples().get(0)));
    assertArrayEquals(SafeTensors.bytes(Map.of("a", "1"), List.of(samples().get(0), big)),
        Files.readAllBytes(file));
    assertEquals(50_000, ((float[]) SafeTensors.read(file).tensor("big").values()).length);
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @TestFactory
  Stream<DynamicTest> malformedFilesAreRefused() {
    return SafeTensorsCorpus.all().entrySet().stream().map(c -> dynamicTest(c.getKey(), () -> {
      DataException refusal =
          assertThrows(DataException.class, () -> SafeTensors.read(c.getValue(), "bad"));
      assertEquals("safetensors", refusal.format());
      assertTrue(refusal.offset() >= 0 && refusal.offset() <= c.getValue().length,
          refusal.getMessage());
    }));
  }

  @Test
  void theCorpusIsThatOfTheNotes() {
    assertEquals(59,
        SafeTensorsCorpus.all().keySet().stream().map(k -> k.substring(0, 3)).distinct().count());
  }

  @Test
  void oddButGoodFilesAreRead() {
    String w = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    assertEquals(1, SafeTensors.read(SafeTensorsCorpus.file("{\"w\":" + w + "}   ", 8), "S14")
        .tensors().size());
    assertEquals(1,
        SafeTensors.read(SafeTensorsCorpus.file("{\"\":" + w + "}", 8), "S47").tensors().size());
    assertEquals("../../x",
        SafeTensors.read(SafeTensorsCorpus.file("{\"../../x\":" + w + "}", 8), "S49").tensors()
            .get(0).name());
    assertEquals("\u00e9\ud83d\ude00", SafeTensors
        .read(SafeTensorsCorpus.file("{\"\\u00e9\\ud83d\\ude00\": " + w + " }", 8), "x").tensors()
        .get(0).name());
    assertEquals(0, SafeTensors.read(SafeTensorsCorpus.file("{}", 0), "x").tensors().size());
  }

  @Test
  void messagesSayWhatIsWrongAndWhere() {
    Map<String, byte[]> cases = SafeTensorsCorpus.all();
    assertRefused(DataException.class, () -> SafeTensors.read(new byte[0], "w.safetensors"),
        "safetensors file w.safetensors, byte 0: the file is empty");
    assertRefused(DataException.class,
        () -> SafeTensors.read(cases.get("S04 header longer than the file"), "w"),
        "the header is announced with 1000 bytes, but 20 are there");
    assertRefused(DataException.class, () -> SafeTensors.read(cases.get("S34 past the end"), "w"),
        "'w' is said to lie from byte 0 to 8 of the data, of which 4 bytes are there");
    assertRefused(DataException.class, () -> SafeTensors.read(cases.get("S36 hole"), "w"),
        "tensor 'v' begins at byte 12 of the data, expected 8: a hole");
    assertRefused(DataException.class,
        () -> SafeTensors.read(cases.get("S60 git-lfs pointer"), "w"), "git-lfs pointer");
    assertRefused(DataException.class, () -> SafeTensors.read(cases.get("S61 web page"), "w"),
        "web page");
    assertRefused(DataException.class, () -> SafeTensors.read(cases.get("S62 zip"), "w"),
        "zip file");
    assertEquals(Kind.VALUE,
        assertThrows(DataException.class, () -> SafeTensors.read(cases.get("S58 BOOL of 2"), "w"))
            .kind());
  }

  @Test
  void damagedCopiesAreRefusedOrRead() {
    byte[] good = SafeTensors.bytes(Map.of("a", "1"), samples());
    int refused = Mutations.run(good, 1, 5000, 8, bytes -> SafeTensors.read(bytes, "mutated"));
    assertTrue(refused > 2500, () -> refused + " refused");
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThrows(DataException.class, () -> SafeTensors.read(cut, "cut"));
    }
  }

  @Test
  void aStateIsSavedAndLoadedByName() {
    ModelState state = Line.step().newState().set("w", new float[] {1, 2}).set("b", new float[] {3})
        .set("step", new long[] {7});
    Path all = directory.resolve("all.safetensors");
    Path weights = directory.resolve("weights.safetensors");
    SafeTensors.save(all, state);
    SafeTensors.save(weights, state, state.weights());
    ModelState back = Line.step().newState();
    SafeTensors.load(all, back);
    assertEquals(state.sha256(), back.sha256());
    ModelState predicting = Line.predict().newState();
    SafeTensors.load(weights, predicting);
    assertArrayEquals(new float[] {1, 2}, predicting.floats("w"));
  }

  @Test
  void aFileThatDoesNotFitTheModelLeavesTheStateAlone() {
    Path file = directory.resolve("w.safetensors");
    ModelState state = Line.step().newState().set("w", new float[] {1, 2});
    String before = state.sha256();
    NamedTensor b = new NamedTensor("b", TensorType.scalar(DType.F32), new float[] {9});
    SafeTensors.write(file, Map.of(), List.of(b));
    assertRefused(DataException.class, () -> SafeTensors.load(file, state, state.weights()),
        "there is no tensor 'w', expected f32[2]; it has [b: f32]");
    SafeTensors.write(file, Map.of(),
        List.of(b, new NamedTensor("w", TensorType.of(DType.F32, 3L), new float[3])));
    assertRefused(DataException.class, () -> SafeTensors.load(file, state, state.weights()),
        "tensor 'w' is f32[3], expected f32[2]");
    SafeTensors.write(file, Map.of(),
        List.of(b, new NamedTensor("w", TensorType.of(DType.F64, 2L), new double[2])));
    assertRefused(DataException.class, () -> SafeTensors.load(file, state, state.weights()),
        "tensor 'w' is f64[2], expected f32[2]");
    SafeTensors.write(file, Map.of(),
        List.of(b, new NamedTensor("w", TensorType.of(DType.F32, 2L), new float[2]),
            new NamedTensor("more", TensorType.scalar(DType.F32), new float[1])));
    assertRefused(DataException.class, () -> SafeTensors.load(file, state, state.weights()),
        "tensor 'more' is not expected: the model has [w, b]");
    assertEquals(before, state.sha256());
  }

  @Test
  void filesThatAreNoFilesAreRefused() throws IOException {
    assertRefused(DataException.class, () -> SafeTensors.read(directory),
        "expected a regular file, got a directory");
    assertRefused(DataException.class, () -> SafeTensors.read(directory.resolve("no")),
        "there is no such file");
    Path file = directory.resolve("w.safetensors");
    assertRefused(DataException.class, () -> SafeTensors.write(directory, Map.of(), samples()),
        "it is a directory");
    assertRefused(DataException.class,
        () -> SafeTensors.write(directory.resolve("no/w.safetensors"), Map.of(), samples()),
        "it cannot be written: there is no folder ", "; make it, or choose another place");
    Files.writeString(file, "a,b,label\n1,2,0\n");
    assertRefused(DataException.class, () -> SafeTensors.read(file),
        "this is no safetensors file: ");
    Files.delete(file);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertEquals(Kind.HEADER,
        assertThrows(DataException.class, () -> SafeTensors.read(file)).kind());
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsRefused() throws IOException {
    Path file = directory.resolve("w.safetensors");
    SafeTensors.write(file, Map.of(), samples());
    long size = Files.size(file);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      TensorSource source = new TensorSource.OfFile(open, "safetensors", "w", size);
      TensorHeader header = TensorHeader.read(source);
      open.setLength(size - 1);
      TensorHeader.Entry last = header.entries().get(header.entries().size() - 1);
      DataException refusal =
          assertThrows(DataException.class, () -> source.elements(header, last));
      assertEquals(Kind.TRUNCATED, refusal.kind());
      assertTrue(refusal.getMessage().contains("became shorter"), refusal.getMessage());
    }
  }

  @Test @EnabledOnOs(OS.LINUX)
  void aDeviceIsNoFile() {
    assertRefused(DataException.class, () -> SafeTensors.read(Path.of("/dev/zero")),
        "expected a regular file, got something else");
    assertRefused(DataException.class, () -> Idx.read(Path.of("/dev/zero")),
        "expected a regular file");
  }

  @Test
  void namesThatCannotBeWrittenAreRefused() {
    NamedTensor twice = samples().get(0);
    assertRefused(KotangentException.class,
        () -> SafeTensors.bytes(Map.of(), List.of(twice, twice)),
        "tensor 'w' cannot be written");
    assertRefused(KotangentException.class,
        () -> new NamedTensor("w", TensorType.of(DType.F32, 3L), new float[2]),
        "tensor 'w' is f32[3]: expected 3 elements, got 2");
  }
}
