package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where a file may be saved, and what stays of what was there. */
@DisabledOnOs(OS.WINDOWS)
class AtomicFileTest {
  @TempDir Path folder;

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static void refused(Path file, String... words) {
    assertRefused(DataException.class, () -> Saver.save(file, 9), words);
  }

  @Test
  void oneFileIsLeftAndNothingElse() throws IOException {
    for (int version = 1; version < 5; version++) {
      Saver.save(file("w"), version);
      assertEquals(version, Saver.version(file("w")));
      assertEquals(List.of("w"), Saver.names(folder));
    }
  }

  @Test
  void symbolicLinksStay() throws IOException {
    Path deep = Files.createDirectories(file("a/b"));
    Path real = deep.resolve("real");
    Saver.save(real, 1);
    Path absolute = Files.createSymbolicLink(file("absolute"), real);
    Path relative = Files.createSymbolicLink(file("relative"), Path.of("a/b/real"));
    Path chain = Files.createSymbolicLink(deep.resolve("chain"), Path.of("../../relative"));
    Path linkedFolder = Files.createSymbolicLink(file("folder"), Path.of("a")).resolve("b/real");
    int version = 2;
    for (Path link : List.of(absolute, relative, chain, linkedFolder)) {
      Saver.save(link, version);
      assertEquals(version, Saver.version(real), link.toString());
      assertEquals(version++, Saver.version(link));
    }
    assertTrue(Files.isSymbolicLink(absolute) && Files.isSymbolicLink(relative)
        && Files.isSymbolicLink(chain) && Files.isSymbolicLink(file("folder")));
    Path dangling = Files.createSymbolicLink(file("dangling"), Path.of("a/new"));
    Saver.save(dangling, 7);
    assertTrue(Files.isSymbolicLink(dangling));
    assertEquals(7, Saver.version(file("a/new")));
    Files.createSymbolicLink(file("loop"), file("pool"));
    Files.createSymbolicLink(file("pool"), file("loop"));
    refused(file("loop"), "more than 40 symbolic links");
    assertEquals(List.of("chain", "real"), Saver.names(deep));
    assertEquals(List.of("a", "absolute", "dangling", "folder", "loop", "pool", "relative"),
        Saver.names(folder));
  }

  @Test
  void otherHardLinksKeepTheOldContent() throws IOException {
    Saver.save(file("w"), 1);
    Files.createLink(file("kept"), file("w"));
    Saver.save(file("w"), 2);
    assertEquals(1, Saver.version(file("kept")));
    assertEquals(2, Saver.version(file("w")));
  }

  @Test
  void rightsStay() throws IOException {
    Files.createFile(file("usual"));
    Saver.save(file("new"), 1);
    assertEquals(Files.getPosixFilePermissions(file("usual")),
        Files.getPosixFilePermissions(file("new")));
    for (String rights : List.of("rw-------", "rw-r-----", "rwxr-xr-x", "rw-rw-rw-", "rw-r--r--")) {
      Files.setPosixFilePermissions(file("new"), PosixFilePermissions.fromString(rights));
      Saver.save(file("new"), 2);
      assertEquals(rights,
          PosixFilePermissions.toString(Files.getPosixFilePermissions(file("new"))));
    }
  }

  @Test
  void rightsAreThoseOfTheOldFileBeforeAnythingIsWritten() throws IOException {
    Saver.save(file("secret"), 1);
    Files.setPosixFilePermissions(file("secret"), PosixFilePermissions.fromString("rw-------"));
    AtomicFile.write("test", file("secret"), out -> assertEquals("rw-------", PosixFilePermissions
        .toString(Files.getPosixFilePermissions(file(".secret.tmp")))));
  }

  @Test
  void ownersStayWhereTheSystemAllowsIt() throws IOException {
    assumeFalse(!isRoot(), "only root may give files away: not tried");
    Saver.save(file("w"), 1);
    Files.setAttribute(file("w"), "unix:uid", 65534);
    Files.setAttribute(file("w"), "unix:gid", 65533);
    Saver.save(file("w"), 2);
    assertEquals(65534, Files.getAttribute(file("w"), "unix:uid"));
    assertEquals(65533, Files.getAttribute(file("w"), "unix:gid"));
    assertEquals(2, Saver.version(file("w")));
  }

  @Test
  void aReadOnlyFileIsNotReplaced() throws IOException {
    assumeFalse(isRoot(), "root may write everywhere: not tried");
    Saver.save(file("w"), 1);
    Files.setPosixFilePermissions(file("w"), PosixFilePermissions.fromString("r--r--r--"));
    refused(file("w"), "it is read-only");
    assertEquals(1, Saver.version(file("w")));
  }

  /** Who may write into a folder, but not list it, cannot force it to the disk; the save counts all the same. */
  @Test
  void aFolderThatCannotBeReadIsSavedTo() throws IOException {
    assumeFalse(isRoot(), "root may read everything: not tried");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("-wx------"));
    try {
      Saver.save(file("w"), 1);
      Saver.save(file("w"), 2);
      assertEquals(2, Saver.version(file("w")));
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    assertEquals(List.of("w"), Saver.names(folder));
  }

  private void pipe(String name) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder("mkfifo", file(name).toString()).start().waitFor());
  }

  /** A device that may be lost: one of our own if we may make one, else the system's, which we may then not replace. */
  private Path device() throws IOException, InterruptedException {
    if (Files.isWritable(Path.of("/dev"))) {
      new ProcessBuilder("mknod", file("null").toString(), "c", "1", "3").start().waitFor();
      assumeFalse(!Files.exists(file("null")), "no device can be made here: not tried");
      return file("null");
    }
    return Path.of("/dev/null");
  }

  @Test
  void devicesPipesAndFoldersAreNotReplaced() throws IOException, InterruptedException {
    Path device = device();
    refused(device, "expected a regular file or nothing, got a device or pipe");
    assertTrue(Files.exists(device) && !Files.isRegularFile(device));
    Files.createSymbolicLink(file("device"), device);
    refused(file("device"), "got a device or pipe");
    pipe("pipe");
    refused(file("pipe"), "got a device or pipe");
    Files.createDirectory(file("folder"));
    refused(file("folder"), "it is a directory");
    refused(Path.of("/"), "it is a directory");
    refused(file("none/w"), "there is no folder ");
    assertTrue(Files.exists(device) && !Files.isRegularFile(device));
    Files.deleteIfExists(file("null"));
    assertEquals(List.of("device", "folder", "pipe"), Saver.names(folder));
  }

  @Test
  void whatIsInTheWayOfTheTemporaryFileIsLeftAlone() throws IOException, InterruptedException {
    Saver.save(file("victim"), 1);
    Files.createSymbolicLink(file(".w.tmp"), file("victim"));
    refused(file("w"), ".w.tmp is in the way");
    Files.delete(file(".w.tmp"));
    pipe(".w.tmp");
    refused(file("w"), ".w.tmp is in the way");
    Files.delete(file(".w.tmp"));
    Files.createDirectory(file(".w.tmp"));
    refused(file("w"), ".w.tmp is in the way");
    assertEquals(1, Saver.version(file("victim")));
    assertFalse(Files.exists(file("w")));
    Files.delete(file(".w.tmp"));
    Files.write(file(".w.tmp"), new byte[10_000_000]);
    Saver.save(file("w"), 2);
    assertEquals(2, Saver.version(file("w")));
    assertEquals(List.of("victim", "w"), Saver.names(folder));
  }

  @Test
  void namesOfAnyLengthAreSaved() throws IOException {
    for (String name : List.of("n", "n".repeat(250), "n".repeat(251), "n".repeat(255),
        "é".repeat(127), ".hidden", "a b", "x.tmp")) {
      Saver.save(file(name), 1);
      Saver.save(file(name), 2);
      assertEquals(2, Saver.version(file(name)), name);
      assertTrue(Files.exists(file(name), LinkOption.NOFOLLOW_LINKS));
    }
    assertEquals(8, Saver.names(folder).size());
  }

  @Test
  void otherFileSystemsAreRefused() throws IOException {
    try (OutputStream out = Files.newOutputStream(file("a.zip"))) {
      new ZipOutputStream(out).close();
    }
    try (var zip = java.nio.file.FileSystems.newFileSystem(file("a.zip"))) {
      refused(zip.getPath("w"), "the default file system");
      Files.write(zip.getPath("x"), SafeTensors.bytes(Map.of(), Saver.tensors(3)));
      assertEquals(1, SafeTensors.read(zip.getPath("x")).tensors().size());
    }
  }

  @Test
  void whatTheContentThrowsLeavesAllAsItWas() throws IOException {
    Saver.save(file("w"), 1);
    byte[] before = Files.readAllBytes(file("w"));
    for (Throwable thrown : List.of(new IllegalStateException(), new OutOfMemoryError(),
        new StackOverflowError(), new IOException("no space left"))) {
      Throwable got = assertThrows(Throwable.class,
          () -> AtomicFile.write("test", file("w"), out -> {
            out.write(1);
            if (thrown instanceof IOException e) {
              throw e;
            }
            if (thrown instanceof RuntimeException e) {
              throw e;
            }
            throw (Error) thrown;
          }));
      assertEquals(thrown, thrown instanceof IOException ? Objects.requireNonNull(got.getCause())
          : got);
      assertArrayEquals(before, Files.readAllBytes(file("w")));
      assertEquals(List.of("w"), Saver.names(folder));
    }
  }
}
