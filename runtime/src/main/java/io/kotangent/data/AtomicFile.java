package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes a file wholly or not at all: into a temporary file of a fixed name beside it, forced to the disk, then renamed
 * over it, then the folder forced. Whenever the process ends, there is the old content or the new, and at most that
 * one temporary file, which the next save takes over. Up to the rename a failure leaves all as it was; from the rename
 * on the save has succeeded, whatever becomes of forcing the folder.
 */
final class AtomicFile {
  private static final int LONGEST_NAME = 255;
  private static final int MOST_LINKS = 40;
  /** Savers of one file in this process take turns; files share these. */
  private static final Object[] TURNS = new Object[64];

  static {
    Arrays.setAll(TURNS, i -> new Object());
  }

  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {
  }

  static void write(String format, Path file, Content content) {
    write(format, file, content, Disk.REAL);
  }

  static void write(String format, Path file, Content content, Disk disk) {
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      throw refused(format, file, "expected a path of the default file system");
    }
    try {
      Path target = target(format, file);
      Path temporary = target.resolveSibling(temporaryName(target.getFileName().toString()));
      synchronized (TURNS[Math.floorMod(temporary.hashCode(), TURNS.length)]) {
        replace(target, temporary, content, disk);
      }
    } catch (IOException e) {
      throw new DataException(format, Kind.UNREADABLE, file.toString(),
          "it could not be written: " + e, e);
    }
  }

  private static DataException refused(String format, Path file, String detail) {
    return new DataException(format, Kind.UNREADABLE, file.toString(), -1,
        "it cannot be written: " + detail);
  }

  /** What is to be replaced: where symbolic links lead, there or not, by the one path that it has in its folder. */
  private static Path target(String format, Path file) throws IOException {
    Path place = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(place); links++) {
      if (links == MOST_LINKS) {
        throw refused(format, file, "more than " + MOST_LINKS + " symbolic links");
      }
      place = place.resolveSibling(Files.readSymbolicLink(place));
    }
    Path folder = place.getParent();
    if (folder == null || Files.isDirectory(place)) {
      throw refused(format, file, "it is a directory");
    }
    if (Files.exists(place) && !Files.isRegularFile(place)) {
      throw refused(format, file, "expected a regular file or nothing, got a device or pipe");
    }
    if (Files.exists(place) && !Files.isWritable(place)) {
      throw refused(format, file, "it is read-only");
    }
    if (!Files.isDirectory(folder)) {
      throw refused(format, file,
          (Files.exists(folder) ? "it is no folder: " : "there is no folder ")
              + folder + "; make it, or choose another place");
    }
    return folder.toRealPath().resolve(place.getFileName());
  }

  private static String temporaryName(String name) {
    String temporary = "." + name + ".tmp";
    byte[] bytes = temporary.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_NAME ? temporary : "." + UUID.nameUUIDFromBytes(bytes) + ".tmp";
  }

  private static void replace(Path target, Path temporary, Content content, Disk disk)
      throws IOException {
    checkFree(temporary);
    try (Disk.Output out = disk.open(temporary)) {
      boolean moved = false;
      try {
        if (Files.exists(target)) {
          disk.copyRights(target, temporary);
        }
        content.writeTo(out);
        out.force();
        out.move(target);
        moved = true;
      } finally {
        if (!moved) {
          disk.delete(temporary);
        }
      }
    }
    try {
      disk.forceFolder(target.resolveSibling(""));
    } catch (IOException | UnsupportedOperationException e) {
      // The new content is there; how long the folder takes to reach the disk is the file system's matter.
    }
  }

  /** Another saver may give a temporary file its name at any moment, so this is one look. */
  private static void checkFree(Path temporary) throws IOException {
    try {
      if (!Files.readAttributes(temporary, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isRegularFile()) {
        throw new IOException(temporary + " is in the way: expected a regular file or nothing");
      }
    } catch (NoSuchFileException e) {
      // It is made.
    }
  }
}
