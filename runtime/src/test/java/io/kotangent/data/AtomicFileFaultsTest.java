package io.kotangent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Saves that are killed, interrupted, fail, or meet each other. */
@DisabledOnOs(OS.WINDOWS)
class AtomicFileFaultsTest {
  @TempDir Path folder;

  /** A disk whose call of a number fails. */
  private static final class BadDisk implements Disk {
    private final int bad;
    private int calls;
    private String failed = "";

    BadDisk(int bad) {
      this.bad = bad;
    }

    private void call(String name) throws IOException {
      if (calls++ == bad) {
        failed = name;
        throw new IOException("no " + name);
      }
    }

    @Override
    public Output open(Path temporary) throws IOException {
      call("open");
      Output real = Disk.super.open(temporary);
      return new Output() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
          call("write");
          real.write(bytes, from, count / 2);
          call("second half of a write");
          real.write(bytes, from + count / 2, count - count / 2);
        }

        @Override
        void force() throws IOException {
          call("force");
          real.force();
        }

        @Override
        void move(Path target) throws IOException {
          call("move");
          real.move(target);
        }

        @Override
        public void close() throws IOException {
          real.close();
        }
      };
    }

    @Override
    public void forceFolder(Path path) throws IOException {
      call("forceFolder");
      Disk.super.forceFolder(path);
    }
  }

  @Test
  void whicheverCallFailsTheSaveIsDoneOrNothingIs() throws IOException {
    Path file = folder.resolve("w");
    Saver.save(file, 0);
    List<String> failed = new ArrayList<>();
    for (int n = 0;; n++) {
      BadDisk disk = new BadDisk(n);
      int before = Saver.version(file);
      try {
        Saver.save(file, n + 1, disk);
        assertEquals(n + 1, Saver.version(file), disk.failed);
      } catch (DataException e) {
        assertTrue(e.getMessage().contains("no " + disk.failed), e.getMessage());
        assertEquals(before, Saver.version(file), disk.failed);
      }
      assertEquals(List.of("w"), Saver.names(folder), disk.failed);
      if (disk.failed.isEmpty()) {
        break;
      }
      failed.add(disk.failed);
    }
    assertEquals("open", failed.get(0));
    assertEquals(List.of("force", "move", "forceFolder"),
        failed.subList(failed.size() - 3, failed.size()));
    assertTrue(failed.size() > 15, () -> failed.size() + " calls: " + failed);
  }

  private void interrupts(int count) throws InterruptedException, IOException {
    Path file = folder.resolve("w");
    SplittableRandom random = new SplittableRandom(4);
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    int[] seen = new int[1];
    Thread saver = new Thread(() -> {
      try {
        for (int version = 0; !done.get(); version++) {
          Saver.save(file, version % 1000);
          boolean interrupted = Thread.currentThread().isInterrupted();
          assertEquals(version % 1000, Saver.version(file));
          seen[0] += interrupted && Thread.interrupted() ? 1 : 0;
        }
      } catch (RuntimeException | Error e) {
        wrong.set(e);
      }
    });
    saver.start();
    for (int i = 0; i < count && saver.isAlive(); i++) {
      TimeUnit.MICROSECONDS.sleep(random.nextInt(5000));
      saver.interrupt();
    }
    done.set(true);
    saver.join();
    if (wrong.get() != null) {
      throw new AssertionError(wrong.get());
    }
    assertTrue(seen[0] > count / 20, () -> "only " + seen[0] + " interrupts stayed pending");
    assertEquals(List.of("w"), Saver.names(folder));
  }

  @Test
  void anInterruptNeitherLosesNorLies() throws InterruptedException, IOException {
    interrupts(400);
  }

  @Test
  void aThreadThatIsInterruptedSavesAndReads() {
    Path file = folder.resolve("w");
    Thread.currentThread().interrupt();
    Saver.save(file, 1);
    Saver.save(file, 2);
    assertEquals(2, Saver.version(file));
    assertTrue(Thread.interrupted());
  }

  /** Kills a saving process at random moments; at most {@code .w.tmp} is left, and the next save takes it. */
  private void kills(int count) throws IOException, InterruptedException {
    Path file = folder.resolve("w");
    SplittableRandom random = new SplittableRandom(5);
    int left = 0;
    Saver.save(file, 0);
    for (int i = 0; i < count; i++) {
      Process process = Saver.start(List.of(), file, i % 1000 * 1000 + 1000);
      try {
        Saver.await(process);
        TimeUnit.MICROSECONDS.sleep(random.nextInt(30_000));
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertEquals(i % 1000 + 1, Saver.version(file) / 1000, "kill " + i);
      List<String> names = new ArrayList<>(Saver.names(folder));
      assertTrue(names.remove("w"));
      if (!names.isEmpty()) {
        assertEquals(List.of(".w.tmp"), names);
        left++;
      }
    }
    Saver.save(file, 1);
    assertEquals(1, Saver.version(file));
    assertEquals(List.of("w"), Saver.names(folder));
    int temporary = left;
    System.out.println(count + " kills left " + temporary + " times the temporary file");
    assertTrue(temporary > count / 10, () -> "only " + temporary + " kills hit a save");
  }

  @Test @Timeout(300)
  void aKillLeavesTheOldFileOrTheNew() throws IOException, InterruptedException {
    kills(12);
  }

  @Test @Tag("faults")
  void aThousandKillsLeaveTheOldFileOrTheNew() throws IOException, InterruptedException {
    kills(1000);
  }

  @Test
  void saversTakeTurns() throws InterruptedException, IOException {
    Path file = folder.resolve("w");
    Files.createSymbolicLink(folder.resolve("link"), file);
    Saver.save(file, 0);
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    List<Thread> savers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int first = t * 100;
      Path place = folder.resolve(t % 2 == 0 ? "w" : "link");
      savers.add(new Thread(() -> {
        try {
          for (int i = 0; i < 15; i++) {
            Saver.save(place, first + i);
            Saver.version(file);
          }
        } catch (RuntimeException | Error e) {
          wrong.set(e);
        }
      }));
    }
    savers.forEach(Thread::start);
    for (Thread saver : savers) {
      saver.join();
    }
    if (wrong.get() != null) {
      throw new AssertionError(wrong.get());
    }
    assertEquals(List.of("link", "w"), Saver.names(folder));
  }

  private void turns(int saves) throws IOException, InterruptedException {
    Path file = folder.resolve("w");
    List<Process> others = List.of(Saver.start(List.of(), file, 1000, "" + saves),
        Saver.start(List.of(), file, 2000, "" + saves));
    for (int i = 0; others.stream().anyMatch(Process::isAlive); i++) {
      Saver.save(file, 3000 + i % 1000);
      Saver.version(file);
    }
    for (Process other : others) {
      assertEquals("saving\n", new String(other.getInputStream().readAllBytes()));
      assertEquals(0, other.waitFor());
    }
    assertEquals(List.of("w"), Saver.names(folder));
  }

  @Test @Timeout(300)
  void processesTakeTurns() throws IOException, InterruptedException {
    turns(30);
  }

  @Test @Tag("faults")
  void processesTakeAThousandTurns() throws IOException, InterruptedException {
    turns(500);
  }

  /** A shell's limit of 200 blocks is a full disk to the process. */
  @Test @Timeout(100)
  void aFullDiskLeavesTheOldFile() throws IOException, InterruptedException {
    Path file = folder.resolve("w");
    Saver.save(file, 1);
    Process full = Saver.start(List.of("bash", "-c", "ulimit -f 200; exec \"$@\"", "limit"), file,
        2000, "1");
    String said = new String(full.getInputStream().readAllBytes());
    assertFalse(full.waitFor() == 0, said);
    assertTrue(said.contains("it could not be written: java.io.IOException: File too large"), said);
    assertEquals(1, Saver.version(file));
    assertEquals(List.of("w"), Saver.names(folder));
    assertThrows(DataException.class, () -> Saver.save(folder, 1));
  }
}
