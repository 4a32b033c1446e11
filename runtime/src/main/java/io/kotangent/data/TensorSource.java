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

  /** Fills {@code into} with the bytes from {@code position}; returns whether they are all there. */
  boolean read(long position, ByteBuffer into) throws IOException;

  /** A file that is open; read so that an interrupt of the thread does not close it. */
  record OfFile(RandomAccessFile file, String name, long size) implements TensorSource {
    @Override
    public boolean read(long position, ByteBuffer into) throws IOException {
      file.seek(position);
      while (into.hasRemaining()) {
        int count = file.read(into.array(), into.position(), into.remaining());
        if (count < 0) {
          return false;
        }
        into.position(into.position() + count);
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
    int count = entry.count();
    int width = entry.stored().bytes();
    Object values = entry.type().dtype().newArray(count);
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(1 << 16, (long) count * width))
        .order(ByteOrder.LITTLE_ENDIAN);
    long position = header.dataStart() + entry.begin();
    for (int done = 0; done < count;) {
      int some = Math.min(count - done, buffer.capacity() / width);
      buffer.clear().limit(some * width);
      require(position, buffer);
      if (entry.stored() == StoredType.BOOL) {
        checkBooleans(buffer, some, position);
      }
      entry.stored().read(buffer, values, done, some);
      done += some;
      position += (long) some * width;
    }
    return values;
  }

  private void checkBooleans(ByteBuffer bytes, int count, long position) {
    for (int i = 0; i < count; i++) {
      if ((bytes.get(i) & 0xfe) != 0) {
        throw new DataException(SafeTensors.FORMAT, Kind.VALUE, name(), position + i,
            "a BOOL of " + (bytes.get(i) & 0xff) + ": expected 0 or 1");
      }
    }
  }
}
