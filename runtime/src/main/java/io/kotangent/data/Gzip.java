package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip, strictly: one member, its checksum and length right, nothing after it. What comes out may be at most
 * {@value #FREE} bytes or {@value #RATIO} times what is there, whichever is more.
 */
final class Gzip {
  private static final String FORMAT = "gzip";
  private static final int FREE = 16 << 20;
  private static final int RATIO = 100;
  private static final int CRC16 = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final byte[] file;
  private final String source;
  private int position;

  private Gzip(byte[] file, String source) {
    this.file = file;
    this.source = source;
  }

  static boolean isGzip(byte[] file) {
    return file.length >= 2 && file[0] == (byte) 0x1f && file[1] == (byte) 0x8b;
  }

  /** The content of a gzip file. */
  static byte[] inflate(byte[] file, String source) {
    Gzip gzip = new Gzip(file, source);
    gzip.skipHeader();
    byte[] content = gzip.body();
    gzip.checkTrailer(content);
    return content;
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
    position = 2;
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
      int length = next() | next() << 8;
      for (int i = 0; i < length; i++) {
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
      CRC32 crc = new CRC32();
      crc.update(file, 0, position);
      int expected = next() | next() << 8;
      if (((int) crc.getValue() & 0xffff) != expected) {
        throw wrong(Kind.CHECKSUM, "the header's checksum does not fit");
      }
    }
  }

  private byte[] body() {
    long most = Math.min(Integer.MAX_VALUE - 16L, Math.max(FREE, (long) RATIO * file.length));
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(file, position, file.length - position);
      byte[] content = new byte[(int) Math.min(most, Math.max(64, 4L * file.length))];
      int length = 0;
      while (!inflater.finished()) {
        if (length == content.length) {
          if (length >= most) {
            throw wrong(Kind.LIMIT,
                file.length + " bytes unpack to more than " + most + "; unpack the file yourself");
          }
          content = Arrays.copyOf(content, (int) Math.min(most, 2L * length));
        }
        int count = inflater.inflate(content, length, content.length - length);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          position = file.length;
          throw wrong(Kind.TRUNCATED, "the file ends within the compressed data");
        }
        length += count;
      }
      position = file.length - inflater.getRemaining();
      return length == content.length ? content : Arrays.copyOf(content, length);
    } catch (DataFormatException e) {
      position += (int) inflater.getBytesRead();
      throw wrong(Kind.HEADER, "the compressed data is damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  private void checkTrailer(byte[] content) {
    if (file.length - position < 8) {
      throw wrong(Kind.TRUNCATED, "the file ends within the gzip trailer");
    }
    ByteBuffer trailer = ByteBuffer.wrap(file, position, 8).order(ByteOrder.LITTLE_ENDIAN);
    CRC32 crc = new CRC32();
    crc.update(content);
    if ((int) crc.getValue() != trailer.getInt()) {
      throw wrong(Kind.CHECKSUM, "the checksum of the content does not fit: the file is damaged");
    }
    position += 4;
    if (content.length != trailer.getInt()) {
      throw wrong(Kind.CHECKSUM, "the length of the content does not fit: the file is damaged");
    }
    position += 4;
    if (position != file.length) {
      throw wrong(Kind.TRAILING, (file.length - position)
          + " bytes follow the gzip member: expected one member and nothing else");
    }
  }
}
