package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The content of deflated bytes, unpacked while it is read; reading what came before begins anew. */
final class Unpacking implements TensorSource, AutoCloseable {
  private final TensorSource packed;
  private final long size;
  private final Inflater inflater = new Inflater(true);
  private final byte[] input;
  private final byte[] skipped = new byte[1 << 9];
  /** How many bytes the inflater was given, and how many it gave. */
  private long taken;
  private long position;

  /** {@code size} is how long the content is said to be. */
  Unpacking(TensorSource packed, long size) {
    this.packed = packed;
    this.size = size;
    this.input = new byte[(int) Math.min(1 << 15, packed.size())];
  }

  @Override
  public String format() {
    return packed.format();
  }

  @Override
  public String name() {
    return packed.name();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean read(long from, byte[] into, int count) throws IOException {
    if (from < position) {
      inflater.reset();
      taken = 0;
      position = 0;
    }
    while (position < from) {
      unpack(skipped, (int) Math.min(skipped.length, from - position));
    }
    unpack(into, count);
    return true;
  }

  private void unpack(byte[] into, int count) throws IOException {
    for (int done = 0; done < count;) {
      int some = some(into, done, count - done);
      if (some == 0) {
        throw wrong(Kind.TRUNCATED, "it unpacks to " + position + " bytes: expected " + size
            + "; the file is damaged, save or copy it again");
      }
      done += some;
    }
  }

  /** Unpacks some bytes, none at the end only. */
  private int some(byte[] into, int from, int most) throws IOException {
    try {
      while (true) {
        int count = inflater.inflate(into, from, most);
        position += count;
        if (count > 0 || inflater.finished() || inflater.needsDictionary()
            || taken == packed.size()) {
          return count;
        }
        int more = (int) Math.min(input.length, packed.size() - taken);
        packed.require(taken, input, more);
        inflater.setInput(input, 0, more);
        taken += more;
      }
    } catch (DataFormatException e) {
      throw wrong(Kind.HEADER, "the compressed data is damaged: " + e.getMessage()
          + "; save or copy it again");
    }
  }

  /** After all has been read: that nothing follows. */
  void checkEnd() throws IOException {
    if (some(new byte[1], 0, 1) > 0 || !inflater.finished()) {
      throw wrong(Kind.TRAILING, "it unpacks to more than the " + size
          + " bytes that are announced; save or copy it again");
    }
    long unused = packed.size() - taken + inflater.getRemaining();
    if (unused > 0) {
      throw wrong(Kind.TRAILING, unused + " bytes follow the compressed data: expected nothing; "
          + "save or copy it again");
    }
  }

  private DataException wrong(Kind kind, String detail) {
    return new DataException(format(), kind, name(), position, detail);
  }

  @Override
  public void close() {
    inflater.end();
  }
}
