package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.DataException.Kind;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  @TempDir Path directory;

  static List<NamedTensor> samples() {
    return List.of(
        new NamedTensor("x", TensorType.of(DType.F32, 2L, 2L),
            new float[] {1.5f, -0f, Float.NaN, Float.MIN_VALUE}),
        new NamedTensor("ключ", TensorType.of(DType.F64, 1L), new double[] {Math.PI}),
        new NamedTensor("../i.npy", TensorType.of(DType.I32, 3L), new int[] {1, -2, 3}),
        new NamedTensor("", TensorType.scalar(DType.I64), new long[] {Long.MAX_VALUE}),
        new NamedTensor("mask", TensorType.of(DType.BOOL, 3L), new boolean[] {true, false, true}),
        new NamedTensor("none", TensorType.of(DType.F32, 0L, 7L), new float[0]));
  }

  /** A zip file as Java writes it: with data descriptors if it is deflated. */
  private static byte[] zip(int level, Object... namesAndContents) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(level);
      for (int i = 0; i < namesAndContents.length; i += 2) {
        zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
        zip.write((byte[]) namesAndContents[i + 1]);
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  private static byte[] array(int... numbers) {
    return Npy.bytes(new NamedTensor("a", TensorType.of(DType.I32, numbers.length), numbers));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = directory.resolve("a.npz");
    Npz.write(file, samples());
    byte[] bytes = Npz.bytes(samples());
    assertArrayEquals(bytes, Files.readAllBytes(file));
    for (Npz back : List.of(Npz.read(file), Npz.read(bytes, "test"))) {
      assertEquals(
          "[: i64, ../i.npy: i32[3], mask: bool[3], none: f32[0,7], x: f32[2,2], ключ: f64[1]]",
          back.tensors().toString());
      for (NamedTensor tensor : samples()) {
        assertArrayEquals(Npy.bytes(tensor), Npy.bytes(back.tensor(tensor.name())));
        assertEquals(StoredType.of(tensor.type().dtype()), back.stored(tensor.name()));
      }
      assertRefused(KotangentException.class, () -> back.tensor("y"),
          "no array 'y': expected one of [");
    }
    List<NamedTensor> turned = new ArrayList<>(samples());
    java.util.Collections.reverse(turned);
    assertArrayEquals(bytes, Npz.bytes(turned));
    assertEquals(0, Npz.read(Npz.bytes(List.of()), "none").tensors().size());
    assertEquals(-2_075_020_947, crc(bytes), "the bytes are defined");
  }

  private static int crc(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  @Test
  void whatCannotBeReadIsNotWritten() {
    for (String name : List.of("a\nb", "\0", "\ud800", "x".repeat(60_001))) {
      assertRefused(KotangentException.class, () -> Npz.bytes(List.of(
          new NamedTensor(name, TensorType.scalar(DType.F32), new float[1]))),
          "cannot be written: expected names that differ");
    }
    NamedTensor x = samples().get(0);
    assertRefused(KotangentException.class, () -> Npz.bytes(List.of(x, x)),
        "tensor 'x' cannot be written: expected names that differ");
    NamedTensor longest = new NamedTensor("x".repeat(60_000), x.type(), x.values());
    assertEquals(longest.name(),
        Npz.read(Npz.bytes(List.of(longest)), "long").tensors().get(0).name());
  }

  /** More members than 16 bits count need the zip64 end. */
  @Test
  void manyArraysAreWrittenAndRead() {
    List<NamedTensor> many = IntStream.range(0, 66_000).mapToObj(i -> new NamedTensor("t" + i,
        TensorType.of(DType.BOOL, 0L), new boolean[0])).toList();
    assertEquals(66_000, Npz.read(Npz.bytes(many), "many").tensors().size());
    List<NamedTensor> more = java.util.Collections.nCopies(100_001, many.get(0));
    assertRefused(KotangentException.class, () -> Npz.bytes(more), "expected at most 100000");
  }

  @Test
  void anyZipFileOfArraysIsRead() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      int[] numbers = random.ints(random.nextInt(trial % 2 == 0 ? 9 : 60_000), 0,
          trial % 3 == 0 ? 1 : Integer.MAX_VALUE).toArray();
      Npz npz =
          Npz.read(zip(random.nextInt(10), "folder/", new byte[0], "folder/a.npy", array(numbers),
              "b", array(1, 2)), "any");
      assertEquals("[folder/a: i32[" + numbers.length + "], b: i32[2]]", npz.tensors().toString());
      assertArrayEquals(numbers, (int[]) npz.tensor("folder/a").values());
    }
  }

  /** How well an array is packed does not matter. */
  @Test
  void zerosArePackedAThousandfold() throws IOException {
    byte[] packed = zip(Deflater.BEST_COMPRESSION, "a.npy", array(new int[5_000_000]));
    assertTrue(packed.length < 21_000, () -> packed.length + " bytes");
    assertEquals(5_000_000, Npz.read(packed, "zeros").tensor("a").type().dim(0).constant());
  }

  /** What unpacks to more or less than its header says is refused before it is unpacked. */
  @Test
  void bombsAreRefused() throws IOException {
    byte[] longer = Arrays.copyOf(array(1, 2, 3), 100_000_000);
    byte[] bomb = zip(9, "a.npy", longer);
    refused(bomb, Kind.TRAILING,
        "member 'a.npy', byte 140: the header announces i32[3], 12 bytes, but 99999872 follow");
    refused(zip(9, "a.npy", new byte[50_000_000]), Kind.HEADER, "expected an npy array");
    byte[] understated = change(bomb, b -> b.putInt(entry(b) + 24, 140));
    refused(understated, Kind.TRAILING, "it unpacks to more than the 140 bytes that are announced");
    byte[] overstated = change(zip(9, "a.npy", NpyTest.file(
        "{'descr': '|b1', 'fortran_order': False, 'shape': (200000000,)}", 10)),
        b -> b.putInt(entry(b) + 24, 200_000_073));
    refused(overstated, Kind.TRUNCATED, "it unpacks to 83 bytes: expected 200000073");
    byte[] twice = zip(9, "a.npy", array(1), "b.npy", array(2));
    byte[] overlapping = change(twice, b -> b.putInt(entry(b) + 42, b.getInt(entry(b) + 51 + 42))
        .put(entry(b) + 46, (byte) 'b'));
    refused(overlapping, Kind.SIZE, "member 'b.npy' overlaps another");
    byte[] huge = zip(9, "a.npy", NpyTest.file(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,)}", 0), "b.npy", array(1));
    refused(huge, Kind.TRUNCATED, "16000000000 bytes, but 0 follow it");
  }

  private static void refused(byte[] file, Kind kind, String words) {
    long start = System.nanoTime();
    DataException refusal = assertRefused(DataException.class, () -> Npz.read(file, "a.npz"),
        "npz file a.npz", words);
    assertEquals(kind, refusal.kind(), refusal.getMessage());
    assertTrue(System.nanoTime() - start < 2_000_000_000L, "it takes too long");
  }

  private static byte[] change(byte[] file, Consumer<ByteBuffer> change) {
    byte[] changed = file.clone();
    change.accept(ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN));
    return changed;
  }

  private static int end(ByteBuffer zip) {
    return zip.capacity() - 22;
  }

  /** Where the first entry of the directory is. */
  private static int entry(ByteBuffer zip) {
    return zip.getInt(end(zip) + 16);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  // @formatter:off
  @Test
  void filesThatAreNotWholeAreRefused() throws IOException {
    byte[] good = zip(9, "a.npy", array(1, 2, 3));
    refused(new byte[0], Kind.EMPTY, "the file is empty; save");
    refused(ascii("no zip"), Kind.HEADER, "expected a zip file of npy arrays");
    refused(array(1), Kind.HEADER, "this is one array, read it by Npy");
    refused(ascii("version https://git-lfs.github.com/spec/v1"), Kind.HEADER, "git-lfs");
    refused(Arrays.copyOf(good, good.length - 1), Kind.TRUNCATED, "the end of a zip file is missing");
    refused(join(good, new byte[1]), Kind.TRUNCATED, "or something follows it");
    refused(join(new byte[1], good), Kind.HEADER, "expected it to end at byte");
    refused(change(good, b -> b.putInt(end(b) + 12, b.getInt(end(b) + 12) + 1)), Kind.HEADER,
        "the directory is said to have");
    refused(change(good, b -> b.putShort(end(b) + 8, (short) 2).putShort(end(b) + 10, (short) 2)),
        Kind.HEADER, "expected a member of the directory");
    refused(change(good, b -> b.putShort(end(b) + 8, (short) 0).putShort(end(b) + 10, (short) 0)),
        Kind.HEADER, "bytes follow the 0 members");
    refused(change(good, b -> b.putShort(end(b) + 4, (short) 1)), Kind.HEADER, "one of several");
    refused(change(good, b -> b.putInt(entry(b) + 16, 0)), Kind.CHECKSUM, "the checksum does not fit");
    refused(change(good, b -> b.putShort(entry(b) + 8, (short) 1)), Kind.TYPE, "'a.npy' is encrypted: expected it stored");
    refused(change(good, b -> b.putShort(entry(b) + 10, (short) 12)), Kind.TYPE, "compressed by method 12");
    refused(change(good, b -> b.putInt(entry(b) + 42, 7)), Kind.HEADER, "'a.npy' is not where the directory says, at byte 7");
    refused(change(good, b -> b.putInt(entry(b) + 42, -1)), Kind.HEADER, "64-bit sizes are missing");
    refused(change(good, b -> b.put(30, (byte) 'b')), Kind.HEADER, "is not where the directory says");
    refused(change(good, b -> b.putInt(entry(b) + 20, 1 << 20)), Kind.SIZE, "1048576 bytes, 140 unpacked, from byte 35");
    refused(change(good, b -> b.putInt(entry(b) + 20, b.getInt(entry(b) + 20) + 1)), Kind.TRAILING, "1 bytes follow the compressed data");
    refused(change(good, b -> b.putInt(entry(b) + 20, 9)), Kind.TRUNCATED, "bytes: expected 140");
    refused(change(good, b -> b.put(35, (byte) 7)), Kind.HEADER, "the compressed data is damaged");
    refused(change(good, b -> b.put(entry(b) + 46, (byte) 0xff)), Kind.ENCODING, "not UTF-8");
    refused(change(good, b -> b.put(entry(b) + 46, (byte) 7)), Kind.HEADER, "a control character");
  }

  @Test
  void namesThatComeTwiceAndOtherFilesAreRefused() throws IOException {
    refused(zip(9, "a.npy", array(1), "a", array(2)), Kind.HEADER, "the array 'a' comes twice");
    refused(change(zip(9, "a", array(1), "b", array(2)), b -> {
      int second = entry(b) + 47;
      b.put(second + 46, (byte) 'a').put(b.getInt(second + 42) + 30, (byte) 'a');
    }), Kind.HEADER, "the array 'a' comes twice; save each");
    refused(zip(9, "readme.txt", ascii("read me")), Kind.HEADER, "member 'readme.txt', byte 0: expected an npy array");
    refused(zip(9, "empty.npy", new byte[0]), Kind.EMPTY, "member 'empty.npy', byte 0: it is empty");
    refused(zip(9, "a.npy", NpyTest.file("{'descr': '|O', 'fortran_order': False, 'shape': ()}", 9)),
        Kind.TYPE, "member 'a.npy', byte 6");
  }

  // @formatter:on
  /** A file of one stored array whose numbers are all 64 bits wide, as other writers make them. */
  private static byte[] zip64(byte[] array, long size, long offset, long end) {
    ByteBuffer zip = ByteBuffer.allocate(array.length + 400).order(ByteOrder.LITTLE_ENDIAN);
    byte[] name = ascii("a.npy");
    zip.putInt(0x04034b50).putShort((short) 45).putInt(0).putInt(0).putInt(0).putLong(-1)
        .putShort((short) 5).putShort((short) 20).put(name);
    zip.putShort((short) 1).putShort((short) 16).putLong(array.length).putLong(array.length)
        .put(array);
    int directory = zip.position();
    zip.putInt(0x02014b50).putInt(45).putInt(0).putInt(0).putInt(crc(array)).putLong(-1)
        .putShort((short) 5).putShort((short) 37).putShort((short) 0).putLong(0).putInt(-1)
        .put(name);
    zip.putShort((short) 0x7075).putShort((short) 5).put(new byte[5]);
    zip.putShort((short) 1).putShort((short) 24).putLong(size).putLong(size).putLong(offset);
    int length = zip.position() - directory;
    long at = zip.position();
    zip.putInt(0x06064b50).putLong(44).putInt(0).putLong(0).putLong(1).putLong(1).putLong(length)
        .putLong(directory);
    zip.putInt(0x07064b50).putInt(0).putLong(at + end).putInt(1);
    zip.putInt(0x06054b50).putInt(0).putInt(-1).putLong(-1).putShort((short) 0);
    return Arrays.copyOf(zip.array(), zip.position());
  }

  @Test
  void zip64IsRead() {
    byte[] array = array(4, 5);
    byte[] good = zip64(array, array.length, 0, 0);
    assertArrayEquals(new int[] {4, 5}, (int[]) Npz.read(good, "zip64").tensor("a").values());
    for (long wrong : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40,
        array.length + 400}) {
      refused(zip64(array, wrong, 0, 0), Kind.SIZE, "member 'a.npy' is said to have");
      refused(zip64(array, array.length, wrong, 0), Kind.HEADER, "is not where");
      refused(zip64(array, array.length, 0, wrong), Kind.HEADER, "the zip64 end is not at byte");
    }
    refused(change(good, b -> b.putShort(end(b) + 10, (short) 2)), Kind.HEADER, "the two ends");
    refused(change(good, b -> b.putInt(end(b) - 20 - 56 + 4, 45)), Kind.HEADER,
        "contradicts its length");
    refused(
        change(good, b -> b.putLong(end(b) - 20 - 56 + 24, -1).putLong(end(b) - 20 - 56 + 32, -1)),
        Kind.LIMIT, "a directory of 18446744073709551615 members");
  }

  @Test
  void arraysAreColumnsOfADataSet() {
    Npz npz = Npz.read(Npz.bytes(List.of(
        new NamedTensor("image", TensorType.of(DType.F32, 3L, 2L, 2L), new float[12]),
        new NamedTensor("label", TensorType.of(DType.I32, 3L), new int[] {0, 1, 2}))), "a.npz");
    assertEquals("3 examples, image f32[4], label i32[1]", npz.dataset().toString());
    assertEquals("3 examples, label i32[1]", npz.dataset(List.of("label")).toString());
    Npz other = Npz.read(Npz.bytes(samples()), "a.npz");
    assertEquals("3 examples, mask bool[1], ../i.npy i32[1]",
        other.dataset(List.of("mask", "../i.npy")).toString());
    assertEquals(0, other.dataset(List.of("none")).size());
    assertRefused(DataException.class, other::dataset,
        "npz file a.npz: array '' is a single number: expected a first axis of examples");
    assertRefused(DataException.class, () -> other.dataset(List.of("mask", "x")),
        "array 'x' has 2 examples, but 'mask' has 3");
    assertRefused(DataException.class, () -> other.dataset(List.of()), "no arrays for a data set");
    assertRefused(KotangentException.class, () -> other.dataset(List.of("y")), "no array 'y'");
  }

  @Test
  void damagedCopiesAreRefusedOrRead() throws IOException {
    byte[] stored = Npz.bytes(samples());
    byte[] deflated = zip(9, "a.npy", array(1, 2, 3), "b.npy", array(new int[1000]));
    for (byte[] good : List.of(stored, deflated, zip64(array(4, 5), array(4, 5).length, 0, 0))) {
      int refused = Mutations.run(good, 1, 7000, 8, bytes -> Npz.read(bytes, "mutated"));
      assertTrue(refused > 3500, () -> refused + " refused");
      // the directory, where nothing is covered by a checksum
      int directory = entry(ByteBuffer.wrap(deflated).order(ByteOrder.LITTLE_ENDIAN));
      Mutations.run(Arrays.copyOfRange(deflated, directory, deflated.length), 2, 7000, 8,
          end -> Npz.read(join(Arrays.copyOf(deflated, directory), end), "mutated"));
      for (int length = 0; length < good.length; length++) {
        byte[] cut = Arrays.copyOf(good, length);
        assertThrows(DataException.class, () -> Npz.read(cut, "cut"));
      }
    }
  }

  @Test
  void savesLeaveNothingElse() throws IOException {
    Path file = directory.resolve("a.npz");
    Npz.write(file, samples());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(file), left.toList());
    }
    assertRefused(DataException.class, () -> Npz.write(directory, samples()), "it is a directory");
    assertRefused(DataException.class, () -> Npz.read(directory), "expected a regular file");
  }
}
