package io.kotangent.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** What {@link AtomicFile} asks of the operating system; a test has any call of it fail. */
interface Disk {
  /** The real one. */
  Disk REAL = new Disk() {
  };

  /** A temporary file that only this saver writes to. */
  abstract class Output extends OutputStream {
    /** Waits until the content is on the disk. */
    abstract void force() throws IOException;

    /** Gives the file its name, instead of the one that has it. */
    abstract void move(Path target) throws IOException;
  }

  /** Opens a temporary file, there or not, and empties it. */
  default Output open(Path temporary) throws IOException {
    return TemporaryFile.open(temporary);
  }

  /** Deletes a temporary file that is open; if that fails, the next save takes it over. */
  default void delete(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // What made the save fail is what is said.
    }
  }

  /** Gives a file the permissions of another, and its owner and group where the system allows it. */
  default void copyRights(Path from, Path to) {
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    try {
      PosixFileAttributes rights = Files.readAttributes(from, PosixFileAttributes.class);
      PosixFileAttributes own = view.readAttributes();
      ifAllowed(rights.owner().equals(own.owner()), () -> view.setOwner(rights.owner()));
      ifAllowed(rights.group().equals(own.group()), () -> view.setGroup(rights.group()));
      ifAllowed(rights.permissions().equals(own.permissions()),
          () -> view.setPermissions(rights.permissions()));
    } catch (IOException e) {
      // A file system without rights.
    }
  }

  /** A change of rights. */
  interface Change {
    void make() throws IOException;
  }

  private static void ifAllowed(boolean done, Change change) {
    try {
      if (!done) {
        change.make();
      }
    } catch (IOException e) {
      // Only some may give files away.
    }
  }

  /** Waits until names in a folder are on the disk; not disturbed by interrupts, which stay pending. */
  default void forceFolder(Path folder) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
