package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.util.zip.CRC32;

/**
 * A member of a zip file, as its directory describes it. A name is only a name, never a path.
 *
 * @param method {@link #STORED} or {@link #DEFLATED}
 * @param crc the checksum of what it unpacks to
 * @param packed how many bytes it takes in the file
 * @param size how many bytes it unpacks to, as is said
 * @param offset where its header is
 * @param data where its bytes are
 */
record ZipMember(String name, int method, int crc, long packed, long size, long offset,
    long data) {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  /** Whether it is a folder, which holds nothing. */
  boolean isFolder() {
    return name.endsWith("/") && size == 0;
  }

  /** What {@code reading} makes of its content. */
  <T> T read(TensorSource zip, TensorSource.Reading<T> reading) throws IOException {
    String member = zip.name() + ", member '" + name + "'";
    TensorSource.Part part = new TensorSource.Part(zip, data, packed, member);
    if (method == STORED) {
      return reading.from(part);
    }
    try (Unpacking content = new Unpacking(part, size)) {
      return reading.from(content);
    }
  }

  /** Unpacks it without keeping anything: whether it is as long as is said, and has the right checksum. */
  void verify(TensorSource zip) throws IOException {
    read(zip, content -> {
      CRC32 sum = new CRC32();
      byte[] piece = new byte[(int) Math.min(TensorSource.PIECE, size)];
      for (long done = 0; done < size;) {
        int some = (int) Math.min(piece.length, size - done);
        content.require(done, piece, some);
        sum.update(piece, 0, some);
        done += some;
      }
      if (content instanceof Unpacking unpacking) {
        unpacking.checkEnd();
      }
      if ((int) sum.getValue() != crc) {
        throw new DataException(zip.format(), Kind.CHECKSUM, content.name(), -1,
            "the checksum does not fit: the file is damaged, save or copy it again");
      }
      return sum;
    });
  }
}
