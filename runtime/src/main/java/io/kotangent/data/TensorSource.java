package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where the bytes of a safetensors file are. */
sealed interface TensorSource {
  String name();

  long size();

  /** Reads {@code count} bytes from {@code position} to the start of {@code into}; returns whether they are all there. */
  boolean read(long position, byte[] into, int count) throws IOException;

  /** A file that is open; read so that an interrupt of the thread does not close it. */
  record OfFile(RandomAccessFile file, String name, long size) implements TensorSource {
    @Override
    public boolean read(long position, byte[] into, int count) throws IOException {
      file.seek(position);
      for (int done = 0; done < count;) {
        int some = file.read(into, done, count - done);
        if (some < 0) {
          return false;
        }
        done += some;
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
    public boolean read(long position, byte[] into, int count) {
      if (position + count > bytes.length) {
        return false;
      }
      System.arraycopy(bytes, (int) position, into, 0, count);
      return true;
    }
  }

  /** {@code length} bytes from {@code position}; the caller has checked that the file is long enough. */
  default byte[] bytes(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    require(position, bytes, length);
    return bytes;
  }

  private void require(long position, byte[] into, int count) throws IOException {
    if (!read(position, into, count)) {
      throw new DataException(SafeTensors.FORMAT, Kind.TRUNCATED, name(), position,
          "the file became shorter while it was read");
    }
  }

  /** The elements of a tensor, an array of its type. */
  default Object elements(TensorHeader header, TensorHeader.Entry entry) throws IOException {
    int count = entry.count();
    int width = entry.stored().bytes();
    Object values = entry.type().dtype().newArray(count);
    byte[] bytes = new byte[(int) Math.min(1 << 16, (long) count * width)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long position = header.dataStart() + entry.begin();
    for (int done = 0; done < count;) {
      int some = Math.min(count - done, bytes.length / width);
      require(position, bytes, some * width);
      if (entry.stored() == StoredType.BOOL) {
        checkBooleans(bytes, some, position);
      }
      entry.stored().read(buffer, values, done, some);
      done += some;
      position += (long) some * width;
    }
    return values;
  }

  private void checkBooleans(byte[] bytes, int count, long position) {
    for (int i = 0; i < count; i++) {
      if ((bytes[i] & 0xfe) != 0) {
        throw new DataException(SafeTensors.FORMAT, Kind.VALUE, name(), position + i,
            "a BOOL of " + (bytes[i] & 0xff) + ": expected 0 or 1");
      }
    }
  }
}
