package io.kotangent.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the compiler has to run again: what it wrote last, and digests. */
class LastBuildTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String RESULT = "kotangent-networks 1\nstamp now\n"
      + "definition org.example.ADefinition\nnetwork org.example.A\ninputs " + ABC + "\n"
      + "classes " + ABC + " org/example/A.class\nsource " + ABC + " org/example/A.java\nend\n";

  @TempDir private Path folder;

  private LastBuild read(String text) throws IOException {
    return LastBuild.read(Files.writeString(folder.resolve("result.txt"), text));
  }

  @Test
  void isReadAsTheCompilerWritesIt() throws IOException {
    assertEquals(new LastBuild("now", Map.of("org/example/A.class", ABC),
        Map.of("org/example/A.java", ABC)), read(RESULT));
    assertEquals(List.of("org.example.A"), LastBuild.networks(folder.resolve("result.txt")));
  }

  @Test
  void isNoneIfThereIsNoneOrItIsDamaged() throws IOException {
    LastBuild none = new LastBuild("", Map.of(), Map.of());
    assertEquals(none, LastBuild.read(folder.resolve("missing.txt")));
    assertEquals(none, LastBuild.read(folder));
    for (String text : List.of("", "\n", RESULT.replace("networks 1", "networks 2"),
        RESULT.substring(0, RESULT.length() - 4))) {
      assertEquals(none, read(text));
    }
    Files.write(folder.resolve("result.txt"), new byte[] {(byte) 0xff, '\n'});
    assertEquals(none, LastBuild.read(folder.resolve("result.txt")));
    assertEquals("", read(RESULT.replace("stamp now\n", "")).stamp());
  }

  @Test
  void holdsWhileFilesAreAsTheyWere() throws IOException {
    Map<String, String> files = Map.of("a/b.class", ABC);
    assertFalse(LastBuild.hold(folder, files));
    Path file = folder.resolve("a/b.class");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "abc");
    assertTrue(LastBuild.hold(folder, files));
    Files.writeString(file, "abd");
    assertFalse(LastBuild.hold(folder, files));
    assertFalse(LastBuild.hold(folder, Map.of("a", ABC)));
    assertFalse(LastBuild.hold(folder, Map.of("\0", ABC)));
  }

  @Test
  void digestsChangeWithNamesAndContents() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Files.writeString(classes.resolve("a"), "1");
    String before = digest(classes);
    assertEquals(before, digest(classes));
    Files.writeString(classes.resolve("made"), "by the build");
    assertEquals(before, digest(classes));
    Files.writeString(classes.resolve("a"), "2");
    assertNotEquals(before, digest(classes));
    Files.delete(classes.resolve("a"));
    Files.writeString(classes.resolve("b"), "1");
    assertNotEquals(before, digest(classes));
  }

  private static String digest(Path place) throws IOException {
    Digest digest = new Digest();
    digest.add(place, Set.of("made"));
    digest.add(place.resolveSibling("missing"), Set.of());
    return digest.text();
  }
}
