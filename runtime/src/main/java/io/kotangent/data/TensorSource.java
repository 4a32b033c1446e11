package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Where the bytes of a file of tensors are, or those of a part of it. */
sealed interface TensorSource
    permits TensorSource.OfFile, TensorSource.OfBytes, TensorSource.Part, Unpacking {
  /** The format that is expected, for messages. */
  String format();

  String name();

  long size();

  /** Reads {@code count} bytes from {@code position} to the start of {@code into}; returns whether they are all there. */
  boolean read(long position, byte[] into, int count) throws IOException;

  /** A file that is open; read so that an interrupt of the thread does not close it. */
  record OfFile(RandomAccessFile file, String format, String name, long size)
      implements TensorSource {
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
  record OfBytes(byte[] bytes, String format, String name) implements TensorSource {
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

  /** Bytes of another source, {@code size} of them from {@code start}. */
  record Part(TensorSource whole, long start, long size, String name) implements TensorSource {
    @Override
    public String format() {
      return whole.format();
    }

    @Override
    public boolean read(long position, byte[] into, int count) throws IOException {
      return position + count <= size && whole.read(start + position, into, count);
    }
  }

  /** What is made of the bytes. */
  @FunctionalInterface
  interface Reading<T> {
    T from(TensorSource source) throws IOException;
  }

  /** Reads a regular file; whatever goes wrong is a {@link DataException}. */
  static <T> T read(String format, Path file, Reading<T> reading) {
    String name = file.toString();
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      return FileBytes.inHeap(format, name,
          () -> read(format, FileBytes.read(format, file), name, reading));
    }
    FileBytes.checkRegular(format, file);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      return read(new OfFile(open, format, name, open.length()), reading);
    } catch (IOException e) {
      throw FileBytes.unreadable(format, file, e);
    }
  }

  /** Takes apart an array; whatever goes wrong is a {@link DataException}. */
  static <T> T read(String format, byte[] bytes, String name, Reading<T> reading) {
    return read(new OfBytes(bytes, format, name), reading);
  }

  private static <T> T read(TensorSource source, Reading<T> reading) {
    return FileBytes.inHeap(source.format(), source.name(), () -> {
      try {
        return reading.from(source);
      } catch (IOException e) {
        throw new DataException(source.format(), Kind.UNREADABLE, source.name(),
            String.valueOf(e), e);
      }
    });
  }

  /** {@code length} bytes from {@code position}; the caller has checked that the file is long enough. */
  default byte[] bytes(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    require(position, bytes, length);
    return bytes;
  }

  /** Reads bytes that have been there. */
  default void require(long position, byte[] into, int count) throws IOException {
    if (!read(position, into, count)) {
      throw new DataException(format(), Kind.TRUNCATED, name(), position,
          "the file became shorter while it was read");
    }
  }

  /** Takes elements piece by piece. */
  @FunctionalInterface
  interface Pieces {
    /** The elements from {@code at} (included) to {@code at + count}, at the start of {@code piece}. */
    void take(ByteBuffer piece, int at, int count);
  }

  /** The most bytes of a piece. */
  int PIECE = 1 << 16;

  /** The elements of a tensor, an array of its type. */
  default Object elements(TensorHeader header, TensorHeader.Entry entry) throws IOException {
    Object values = entry.type().dtype().newArray(entry.count());
    elements(entry.stored(), ByteOrder.LITTLE_ENDIAN, header.dataStart() + entry.begin(),
        entry.count(), (piece, at, some) -> entry.stored().read(piece, values, at, some));
    return values;
  }

  /** Goes over {@code count} elements that are stored from {@code position} on. */
  default void elements(StoredType stored, ByteOrder order, long position, int count, Pieces pieces)
      throws IOException {
    int width = stored.bytes();
    byte[] bytes = new byte[(int) Math.min(PIECE, (long) count * width)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    long next = position;
    for (int done = 0; done < count;) {
      int some = Math.min(count - done, bytes.length / width);
      require(next, bytes, some * width);
      if (stored == StoredType.BOOL) {
        checkBooleans(bytes, some, next);
      }
      pieces.take(buffer, done, some);
      done += some;
      next += (long) some * width;
    }
  }

  private void checkBooleans(byte[] bytes, int count, long position) {
    for (int i = 0; i < count; i++) {
      if ((bytes[i] & 0xfe) != 0) {
        throw new DataException(format(), Kind.VALUE, name(), position + i,
            "a BOOL of " + (bytes[i] & 0xff) + ": expected 0 or 1");
      }
    }
  }
}
