package io.kotangent.data;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A temporary file of a fixed name, locked for this process. The lock is the operating system's, so a process that is
 * killed leaves none. Only who has locked the file that has the name may write to it, rename it or delete it.
 *
 * <p>Not through channels: an interrupt would close them.
 */
final class TemporaryFile extends Disk.Output {
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private final Path path;
  private final RandomAccessFile file;
  /** What has the name once the file is locked; open as long as it: closing it could end the lock. */
  private Optional<RandomAccessFile> named = Optional.empty();

  private TemporaryFile(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "rw");
  }

  /** Opens the file when no other process writes to it; one that does is waited for. */
  static TemporaryFile open(Path path) throws IOException {
    long start = System.nanoTime();
    while (true) {
      TemporaryFile opened = new TemporaryFile(path);
      boolean free = false;
      try {
        free = opened.lock();
        if (free) {
          opened.file.setLength(0);
          return opened;
        }
      } finally {
        if (!free) {
          opened.close();
        }
      }
      if (System.nanoTime() - start > PATIENCE) {
        throw new IOException("another process has been writing " + path + " for a minute");
      }
      pause();
    }
  }

  private static void pause() {
    boolean interrupted = Thread.interrupted();
    LockSupport.parkNanos(PAUSE);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whether the file is now locked, and has its name: another process may have renamed it while it was opened here. What
   * has the name is opened anew, now that nobody else may rename it; if that is the same file, its lock overlaps.
   */
  private boolean lock() throws IOException {
    try {
      if (file.getChannel().tryLock() == null) {
        return false;
      }
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // A file system without locks, such as some of networks: only savers in this process take turns.
      return true;
    }
    RandomAccessFile now = new RandomAccessFile(path.toFile(), "rw");
    named = Optional.of(now);
    try {
      now.getChannel().tryLock();
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  @Override
  public void write(int b) throws IOException {
    file.write(b);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    file.write(bytes, from, count);
  }

  @Override
  void force() throws IOException {
    file.getFD().sync();
  }

  @Override
  void move(Path target) throws IOException {
    if (File.separatorChar == '\\') {
      // Windows does not rename what is open.
      close();
    }
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    try {
      if (named.isPresent()) {
        named.get().close();
      }
    } finally {
      file.close();
    }
  }
}
