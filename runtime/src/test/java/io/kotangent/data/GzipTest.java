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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Gzip files of any number of members, packed as well as can be. */
class GzipTest {
  private static byte[] pieces(byte[] content, int members, SplittableRandom random)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int from = 0;
    for (int i = 1; i <= members; i++) {
      int to = i == members ? content.length : from + random.nextInt(content.length - from + 1);
      out.write(IdxTest.gzip(Arrays.copyOfRange(content, from, to)));
      from = to;
    }
    return out.toByteArray();
  }

  @Test
  void anyNumberOfMembersIsRead() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      byte[] content = new byte[random.nextInt(trial % 2 == 0 ? 300 : 100_000)];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) random.nextInt(trial % 3 == 0 ? 1 : 256);
      }
      byte[] packed = pieces(content, 1 + random.nextInt(6), random);
      assertArrayEquals(content, Gzip.inflate(packed, "members", Gzip.Target.ANY));
    }
  }

  /** 20 MB of zeros, and a table of one number again and again, are a thousandth as long when packed. */
  @Test
  void howWellAFileIsPackedDoesNotMatter() throws IOException {
    byte[] idx = ByteBuffer.allocate(20_000_008).putInt(0x801).putInt(20_000_000).array();
    byte[] packed = IdxTest.gzip(idx);
    assertTrue(packed.length < idx.length / 900, () -> packed.length + " bytes");
    assertEquals(20_000_000, Idx.read(packed, "zeros").count());
    byte[] text = "0,0,0,0,0,0,0,0,0,1\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    byte[] table = IdxTest.gzip(text);
    assertTrue(table.length < text.length / 300, () -> table.length + " bytes");
    assertEquals(100_000,
        Csv.read(table, "ones", Csv.Options.of(Csv.Header.NONE)).rows());
  }

  /** Content that goes on for ever is given up where its header says that it ends. */
  @Test
  void contentIsNoLongerThanItsHeaderSays() throws IOException {
    byte[] header = ByteBuffer.allocate(8).putInt(0x801).putInt(1000).array();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(header);
      for (int i = 0; i < 20; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    DataException refusal = assertRefused(DataException.class,
        () -> Idx.read(out.toByteArray(), "bomb"), "unpack to more than 66544");
    assertEquals(Kind.LIMIT, refusal.kind());
    byte[] huge = IdxTest.gzip(ByteBuffer.allocate(400).putInt(0x803).putInt(30_000)
        .putInt(30_000).putInt(30_000).array());
    assertEquals(Kind.LIMIT, assertRefused(DataException.class, () -> Idx.read(huge, "huge"),
        "27000000000016 bytes, more than the whole heap").kind());
    byte[] zeros = IdxTest.gzip(new byte[40_000_000]);
    assertEquals(Kind.TYPE, assertThrows(DataException.class,
        () -> Idx.read(zeros, "zeros")).kind());
  }

  @Test
  void damagedMembersAreRefused() throws IOException {
    byte[] text = "1,2\n".repeat(300).getBytes(StandardCharsets.UTF_8);
    byte[] packed = pieces(text, 4, new SplittableRandom(3));
    int whole = 0;
    for (int length = 2; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      try {
        Gzip.inflate(cut, "cut", Gzip.Target.ANY);
        whole++;
      } catch (DataException expected) {
        assertTrue(expected.getMessage().startsWith("gzip file cut"), expected.getMessage());
      }
    }
    assertTrue(whole <= 3, "cut between members only");
    for (int bit = 0; bit < 8 * packed.length; bit++) {
      byte[] bad = packed.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertArrayEquals(text, Gzip.inflate(bad, "bit", Gzip.Target.ANY), "bit " + bit);
      } catch (DataException expected) {
        assertEquals("gzip", expected.format());
      }
    }
    int refused = Mutations.run(packed, 7, 3000, 100,
        bytes -> Csv.read(bytes, "mutated", Csv.Options.of(Csv.Header.NONE)));
    assertTrue(refused > 2000, () -> refused + " refused");
  }
}
