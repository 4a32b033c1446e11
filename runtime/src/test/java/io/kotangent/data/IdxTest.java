package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.DataException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path directory;

  /** An IDX file of bytes 0, 1, 2 …, as many as {@code data}. */
  private static byte[] idx(int type, int data, int... sizes) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + data).put((byte) 0).put((byte) 0)
        .put((byte) type)
        .put((byte) sizes.length);
    for (int size : sizes) {
      bytes.putInt(size);
    }
    for (int i = 0; i < data; i++) {
      bytes.put((byte) i);
    }
    return bytes.array();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static void refused(String id, Kind kind, byte[] bytes, String... words) {
    DataException refusal = assertRefused(DataException.class, () -> Idx.read(bytes, id), words);
    assertEquals(kind, refusal.kind(), id);
    assertTrue(refusal.offset() >= 0 && refusal.offset() <= Math.max(bytes.length, 20), id);
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  @Test
  void imagesAndLabelsBecomeADataSet() throws IOException {
    Path images = file("images", gzip(idx(8, 2 * 6, 2, 2, 3)));
    Path labels = file("labels.gz", idx(8, 2, 2));
    Dataset data = Idx.images(images, labels, 2);
    assertEquals("2 examples, image f32[6], label i32[1]", data.toString());
    assertEquals(11 / 255f, data.floats("image")[11]);
    assertArrayEquals(new int[] {0, 1}, data.ints("label"));
  }

  @Test
  void everyElementTypeIsRead() {
    assertEquals(200, Idx.read(new byte[] {0, 0, 8, 1, 0, 0, 0, 1, (byte) 200}, "u").element(0));
    assertEquals(-56, Idx.read(new byte[] {0, 0, 9, 1, 0, 0, 0, 1, (byte) 200}, "b").element(0));
    assertEquals(258, Idx.read(new byte[] {0, 0, 11, 1, 0, 0, 0, 1, 1, 2}, "s").element(0));
    assertEquals(-1,
        Idx.read(new byte[] {0, 0, 12, 1, 0, 0, 0, 1, -1, -1, -1, -1}, "i").element(0));
    assertArrayEquals(new float[] {2},
        Idx.read(new byte[] {0, 0, 13, 1, 0, 0, 0, 1, 0x3f, -128, 0, 0}, "f").floats(2));
    byte[] f64 = ByteBuffer.allocate(16).putInt(0xe01).putInt(1).putDouble(Math.E).array();
    assertEquals(Math.E, Idx.read(f64, "d").element(0));
    assertArrayEquals(new int[] {1}, Idx.read(f64, "d").sizes());
  }

  @Test
  void malformedFilesAreRefused() {
    refused("I01 empty", Kind.EMPTY, new byte[0], "IDX file I01 empty, byte 0: the file is empty");
    refused("I02 three bytes", Kind.TRUNCATED, new byte[3]);
    refused("I03 not zero", Kind.HEADER, new byte[] {1, 2, 8, 1, 0, 0, 0, 0},
        "expected two zero bytes, got 1 and 2");
    refused("I04 type 10", Kind.TYPE, idx(10, 1, 1), "unknown type code 10");
    refused("I05 rank 0", Kind.HEADER, idx(8, 0), "rank 0: expected 1 to 32");
    refused("I06 rank 255", Kind.HEADER, new byte[] {0, 0, 8, -1, 0, 0, 0, 1}, "rank 255");
    refused("I06b sizes cut off", Kind.TRUNCATED, new byte[] {0, 0, 8, 3, 0, 0, 0, 1},
        "within its 3 sizes");
    refused("I07 count too large", Kind.TRUNCATED, idx(8, 5, 6),
        "announces [6] elements of 1 bytes, 14 bytes");
    refused("I08 count too small", Kind.TRAILING, idx(8, 6, 5), "but the content has 14");
    refused("I09 negative", Kind.SIZE, idx(8, 5, -1), "size 4294967295");
    refused("I10 int overflow", Kind.TRUNCATED, idx(8, 4, 65536, 65536));
    refused("I11 long overflow", Kind.SIZE, idx(8, 4, 65536, 65536, 65536, 65536), "overflow");
    refused("I21 little-endian", Kind.TRUNCATED, idx(8, 3, 3 << 24));
  }

  @Test
  void malformedGzipIsRefused() throws IOException {
    byte[] good = gzip(idx(8, 600, 600));
    assertEquals(600, Idx.read(good, "I16").count());
    for (int length = 2; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThrows(DataException.class, () -> Idx.read(cut, "I17"));
    }
    byte[] crc = good.clone();
    crc[crc.length - 6] ^= 1;
    refused("I18 checksum", Kind.CHECKSUM, crc, "gzip file", "checksum");
    byte[] size = good.clone();
    size[size.length - 1] ^= 1;
    refused("I18b length", Kind.CHECKSUM, size);
    refused("I19 bomb", Kind.LIMIT, gzip(Arrays.copyOf(idx(8, 600, 600), 40_000_000)),
        "unpack to more than 66144");
    byte[] two = Arrays.copyOf(good, 2 * good.length);
    System.arraycopy(good, 0, two, good.length, good.length);
    assertRefused(DataException.class, () -> Idx.read(two, "I20 two files in one"),
        "but the content has 1216");
    refused("I22 trailing bytes", Kind.TRAILING, Arrays.copyOf(good, good.length + 3),
        "3 bytes follow");
    byte[] method = good.clone();
    method[2] = 7;
    refused("I22b method", Kind.HEADER, method, "compression method 7");
  }

  @Test
  void gzipHeadersWithNamesAndChecksumsAreRead() throws IOException {
    byte[] plain = gzip(idx(8, 3, 3));
    byte[] fields = {2, 0, 9, 9, 'n', 0, 'c', 0};
    byte[] named = new byte[plain.length + fields.length + 2];
    System.arraycopy(plain, 0, named, 0, 10);
    named[3] = 4 + 8 + 16 + 2;
    System.arraycopy(fields, 0, named, 10, fields.length);
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(named, 0, 18);
    named[18] = (byte) crc.getValue();
    named[19] = (byte) (crc.getValue() >> 8);
    System.arraycopy(plain, 10, named, 20, plain.length - 10);
    assertEquals(3, Idx.read(named, "named").count());
    named[19]++;
    refused("header checksum", Kind.CHECKSUM, named, "the header's checksum");
  }

  @Test
  void filesThatDoNotFitEachOtherAreRefused() throws IOException {
    Path images = file("images", idx(8, 12, 2, 2, 3));
    Path labels = file("labels", idx(8, 2, 2));
    assertRefused(DataException.class, () -> Idx.images(images, file("I13", idx(8, 3, 3)), 10),
        "I13, byte 4: 3 labels for the 2 images");
    assertRefused(DataException.class, () -> Idx.images(images, labels, 1),
        "label 1 is 1.0: expected an integer from 0 to 0");
    assertRefused(DataException.class, () -> Idx.images(labels, labels, 10),
        "were labels given for images?");
    assertRefused(DataException.class, () -> Idx.images(images, images, 10),
        "were images given for labels?");
    assertRefused(DataException.class,
        () -> Idx.images(file("I12", idx(8, 0, 0, 2, 3)), file("none", idx(8, 0, 0)), 10),
        "no images: the sizes are [0, 2, 3]");
    assertRefused(DataException.class, () -> Idx.images(directory.resolve("no"), labels, 10),
        "there is no such file");
  }

  @Test
  void damagedCopiesAreRefusedOrRead() throws IOException {
    byte[] plain = idx(8, 240, 10, 4, 6);
    int refused = Mutations.run(plain, 2, 3000, 4, bytes -> Idx.read(bytes, "mutated"));
    assertTrue(refused > 1000, () -> refused + " refused");
    byte[] packed = gzip(plain);
    int refusedPacked = Mutations.run(packed, 3, 3000, 100, bytes -> Idx.read(bytes, "mutated"));
    assertTrue(refusedPacked > 2000, () -> refusedPacked + " refused");
  }
}
