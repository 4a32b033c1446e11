package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/** The bytes of files, read with care. */
final class FileBytes {
  static final int MOST = Integer.MAX_VALUE - 16;

  private FileBytes() {
  }

  /**
   * A {@link DataException} if it is no regular file. How long it is, is asked of the file once it is open: until then, another may
   * get its name.
   */
  static void checkRegular(String format, Path file) {
    if (!Files.exists(file)) {
      throw new DataException(format, Kind.UNREADABLE, file.toString(), -1,
          "there is no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new DataException(format, Kind.UNREADABLE, file.toString(), -1,
          "expected a regular file, got "
              + (Files.isDirectory(file) ? "a directory" : "something else"));
    }
  }

  /** All bytes of a regular file of at most 2 GB; a gzip file's content instead, if {@code target} can hold it. */
  static byte[] content(String format, Path file, Gzip.Target target) {
    return content(read(format, file), file.toString(), target);
  }

  /** These bytes; the content instead, if they are those of a gzip file. */
  static byte[] content(byte[] bytes, String source, Gzip.Target target) {
    return Gzip.isGzip(bytes) ? Gzip.inflate(bytes, source, target) : bytes;
  }

  /** What {@code reading} yields; where the heap is too small for it, a {@link DataException} that says so. */
  static <T> T inHeap(String format, String source, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (OutOfMemoryError e) {
      throw new DataException(format, Kind.LIMIT, source,
          "its content does not fit into the heap of "
              + (Runtime.getRuntime().maxMemory() >> 20) + " MB; give Java more (-Xmx)",
          e);
    }
  }

  /** Refuses what takes more memory than Java may ever have. */
  static void checkHeap(String format, String source, long offset, long bytes) {
    long most = Runtime.getRuntime().maxMemory();
    if (bytes > most) {
      throw new DataException(format, Kind.LIMIT, source, offset, "its content takes " + bytes
          + " bytes, more than the whole heap of " + (most >> 20) + " MB; give Java more (-Xmx)");
    }
  }

  /** All bytes of a regular file of at most 2 GB. */
  static byte[] read(String format, Path file) {
    checkRegular(format, file);
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      return readByName(format, file);
    }
    // Not through channels: an interrupt would close them.
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[length(format, file, open.length())];
      open.readFully(bytes);
      return bytes;
    } catch (EOFException e) {
      throw changed(format, file);
    } catch (IOException e) {
      throw unreadable(format, file, e);
    }
  }

  private static byte[] readByName(String format, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      int size = length(format, file, Files.size(file));
      byte[] bytes = in.readNBytes(size);
      if (bytes.length < size || in.read() >= 0) {
        throw changed(format, file);
      }
      return bytes;
    } catch (IOException e) {
      throw unreadable(format, file, e);
    }
  }

  private static int length(String format, Path file, long size) {
    checkHeap(format, file.toString(), -1, size);
    if (size > MOST) {
      throw new DataException(format, Kind.LIMIT, file.toString(), -1,
          size + " bytes: expected at most " + MOST + "; split the file");
    }
    return (int) size;
  }

  private static DataException changed(String format, Path file) {
    return new DataException(format, Kind.TRUNCATED, file.toString(), -1,
        "the file changed while it was read");
  }

  static DataException unreadable(String format, Path file, IOException cause) {
    String reason =
        cause instanceof NoSuchFileException ? "there is no such file" : String.valueOf(cause);
    return new DataException(format, Kind.UNREADABLE, file.toString(), reason, cause);
  }

  /** The index of the first byte that is not UTF-8; -1 if all are. */
  static int firstNotUtf8(byte[] bytes, int from, int to) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    CharBuffer out = CharBuffer.allocate(8192);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        return in.position();
      }
      if (result.isUnderflow()) {
        return -1;
      }
      out.clear();
    }
  }

  /** Whether {@code bytes} begin with {@code start}. */
  static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /** What comes in the place of files of every format, told by the first bytes; empty if it is none of that. */
  static String looksLike(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      return "; this is a git-lfs pointer, fetch the file itself (git lfs pull)";
    }
    return text.stripLeading().startsWith("<") ? "; this looks like a web page" : "";
  }
}
