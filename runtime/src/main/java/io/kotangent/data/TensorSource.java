package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Where the bytes of a safetensors file are. */
sealed interface TensorSource {
  String name();

  long size();

  /** Fills {@code into} with the bytes from {@code position}; returns whether they are all there. */
  boolean read(long position, ByteBuffer into) throws IOException;

  /** A file that is open. */
  record OfFile(FileChannel channel, String name, long size) implements TensorSource {
    @Override
    public boolean read(long position, ByteBuffer into) throws IOException {
      long next = position;
      while (into.hasRemaining()) {
        int count = channel.read(into, next);
        if (count < 0) {
          return false;
        }
        next += count;
      }
      return true;
    }
  }

  /** An array. */
  record OfBytes(byte[] bytes, String name) implements TensorSource {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public boolean read(long position, ByteBuffer into) {
      if (position + into.remaining() > bytes.length) {
        return false;
      }
      into.put(bytes, (int) position, into.remaining());
      return true;
    }
  }

  /** {@code length} bytes from {@code position}; the caller has checked that the file is long enough. */
  default byte[] bytes(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    require(position, buffer);
    return buffer.array();
  }

  private void require(long position, ByteBuffer into) throws IOException {
    if (!read(position, into)) {
      throw new DataException(SafeTensors.FORMAT, Kind.TRUNCATED, name(), position,
          "the file became shorter while it was read");
    }
    into.flip();
  }

  /** The elements of a tensor, an array of its type. */
  default Object elements(TensorHeader header, TensorHeader.Entry entry) throws IOException {
    int count = Math.toIntExact(entry.type().shape().size().constant());
    int width = entry.type().dtype().bytes();
    Object values = entry.type().dtype().newArray(count);
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(1 << 16, (long) count * width))
        .order(ByteOrder.LITTLE_ENDIAN);
    long position = header.dataStart() + entry.begin();
    for (int done = 0; done < count;) {
      int some = Math.min(count - done, buffer.capacity() / width);
      buffer.clear().limit(some * width);
      require(position, buffer);
      store(buffer, values, done, some, position);
      done += some;
      position += (long) some * width;
    }
    return values;
  }

  private void store(ByteBuffer from, Object into, int at, int count, long position) {
    if (into instanceof float[] floats) {
      for (int i = 0; i < count; i++) {
        floats[at + i] = Float.intBitsToFloat(from.getInt(4 * i));
      }
    } else if (into instanceof double[] doubles) {
      for (int i = 0; i < count; i++) {
        doubles[at + i] = Double.longBitsToDouble(from.getLong(8 * i));
      }
    } else if (into instanceof int[] ints) {
      from.asIntBuffer().get(ints, at, count);
    } else if (into instanceof long[] longs) {
      from.asLongBuffer().get(longs, at, count);
    } else if (into instanceof boolean[] booleans) {
      for (int i = 0; i < count; i++) {
        byte b = from.get(i);
        if (b != 0 && b != 1) {
          throw new DataException(SafeTensors.FORMAT, Kind.VALUE, name(), position + i,
              "a BOOL of " + (b & 0xff) + ": expected 0 or 1");
        }
        booleans[at + i] = b == 1;
      }
    }
  }
}
