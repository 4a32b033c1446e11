package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file wholly or not at all: into a temporary file beside it, forced to the disk, then renamed over it, then
 * the directory forced. Whatever happens, there is the old content or the new.
 */
final class AtomicFile {
  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile() {
  }

  static void write(String format, Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path directory = target.getParent();
    if (directory == null || Files.isDirectory(target)) {
      throw new DataException(format, Kind.UNREADABLE, file.toString(), -1, "it is a directory");
    }
    try {
      Path temporary = Files.createTempFile(directory, "." + target.getFileName() + ".", ".tmp");
      try {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
          content.writeTo(channel);
          channel.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
      if (File.separatorChar == '/') {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    } catch (IOException e) {
      throw new DataException(format, Kind.UNREADABLE, file.toString(),
          "it could not be written: " + e, e);
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
