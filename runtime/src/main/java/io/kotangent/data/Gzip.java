package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip, strictly: members one after the other, their checksums and lengths right, nothing after them. The content is
 * measured before it is unpacked, and may be as long as its target says, however short the file is.
 */
final class Gzip {
  /** What the content is for. */
  @FunctionalInterface
  interface Target {
    /** Anything that an array holds. */
    Target ANY = (start, length) -> FileBytes.MOST;
    /** How many bytes of the content a target looks at. */
    int LOOKS = 256;

    /** How long content may be that begins so: with the first {@code length} bytes of {@code start}. */
    long most(byte[] start, int length);
  }

  private static final String FORMAT = "gzip";
  private static final int CRC16 = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final byte[] file;
  private final String source;
  private final Target target;
  private final byte[] some = new byte[1 << 15];
  private final byte[] start = new byte[Target.LOOKS];
  private final CRC32 crc = new CRC32();
  private int position;
  private long length;
  private long most = Long.MAX_VALUE;

  private Gzip(byte[] file, String source, Target target) {
    this.file = file;
    this.source = source;
    this.target = target;
  }

  static boolean isGzip(byte[] file) {
    return file.length >= 2 && file[0] == (byte) 0x1f && file[1] == (byte) 0x8b;
  }

  /** The content of a gzip file. */
  static byte[] inflate(byte[] file, String source, Target target) {
    Gzip measure = new Gzip(file, source, target);
    measure.members(measure::measure);
    FileBytes.checkHeap(FORMAT, source, -1, measure.length);
    byte[] content = new byte[(int) measure.length];
    Gzip gzip = new Gzip(file, source, target);
    gzip.members(count -> System.arraycopy(gzip.some, 0, content, (int) gzip.length, count));
    return content;
  }

  /** Takes the first bytes of the content, and once they are there asks how many there may be. */
  private void measure(int count) {
    if (length < start.length) {
      System.arraycopy(some, 0, start, (int) length, Math.min(count, start.length - (int) length));
      most = length + count < start.length ? Long.MAX_VALUE : target.most(start, start.length);
    }
    if (length + count > most) {
      throw wrong(Kind.LIMIT, file.length + " bytes unpack to more than " + most
          + ", which is all that its content can be");
    }
  }

  /** Goes over all members, unpacking piece by piece; each piece is in {@link #some}. */
  private void members(IntConsumer piece) {
    Inflater inflater = new Inflater(true);
    try {
      do {
        skipHeader();
        inflater.reset();
        long before = length;
        body(inflater, piece);
        checkTrailer(length - before);
      } while (position + 1 < file.length && file[position] == (byte) 0x1f
          && file[position + 1] == (byte) 0x8b);
    } finally {
      inflater.end();
    }
    if (position != file.length) {
      throw wrong(Kind.TRAILING, (file.length - position)
          + " bytes follow the last gzip member: expected nothing");
    }
  }

  private DataException wrong(Kind kind, String detail) {
    return new DataException(FORMAT, kind, source, position, detail);
  }

  private int next() {
    if (position >= file.length) {
      throw wrong(Kind.TRUNCATED, "the file ends within the gzip header");
    }
    return file[position++] & 0xff;
  }

  private void skipHeader() {
    int header = position;
    position += 2;
    int method = next();
    if (method != 8) {
      throw wrong(Kind.HEADER, "compression method " + method + ": expected 8 (deflate)");
    }
    int flags = next();
    if ((flags & 0xe0) != 0) {
      throw wrong(Kind.HEADER, "reserved flags are set: " + flags);
    }
    for (int i = 0; i < 6; i++) {
      next();
    }
    if ((flags & EXTRA) != 0) {
      int extra = next() | next() << 8;
      for (int i = 0; i < extra; i++) {
        next();
      }
    }
    for (int text : new int[] {NAME, COMMENT}) {
      int more = flags & text;
      while (more != 0) {
        more = next();
      }
    }
    if ((flags & CRC16) != 0) {
      crc.reset();
      crc.update(file, header, position - header);
      int expected = next() | next() << 8;
      if (((int) crc.getValue() & 0xffff) != expected) {
        throw wrong(Kind.CHECKSUM, "the header's checksum does not fit");
      }
    }
  }

  /** Unpacks a member. */
  private void body(Inflater inflater, IntConsumer piece) {
    crc.reset();
    inflater.setInput(file, position, file.length - position);
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(some);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          position = file.length;
          throw wrong(Kind.TRUNCATED, "the file ends within the compressed data");
        }
        crc.update(some, 0, count);
        piece.accept(count);
        length += count;
      }
    } catch (DataFormatException e) {
      position += (int) inflater.getBytesRead();
      throw wrong(Kind.HEADER, "the compressed data is damaged: " + e.getMessage());
    }
    position = file.length - inflater.getRemaining();
  }

  private void checkTrailer(long unpacked) {
    if (file.length - position < 8) {
      throw wrong(Kind.TRUNCATED, "the file ends within the gzip trailer");
    }
    ByteBuffer trailer = ByteBuffer.wrap(file, position, 8).order(ByteOrder.LITTLE_ENDIAN);
    if ((int) crc.getValue() != trailer.getInt()) {
      throw wrong(Kind.CHECKSUM, "the checksum of the content does not fit: the file is damaged");
    }
    position += 4;
    if ((int) unpacked != trailer.getInt()) {
      throw wrong(Kind.CHECKSUM, "the length of the content does not fit: the file is damaged");
    }
    position += 4;
  }
}
