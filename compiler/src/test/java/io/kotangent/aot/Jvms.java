package io.kotangent.aot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The JVMs of this machine that networks are to run on: this one, and a Java 17 if there is one.
public final class Jvms {
  private Jvms() {
  }

  /// The `java` commands; the first is this JVM's.
  public static List<Path> all() throws IOException {
    List<Path> found = new ArrayList<>();
    found.add(Path.of(System.getProperty("java.home"), "bin", "java"));
    java17().ifPresentOrElse(found::add,
        () -> System.out.println("NO JAVA 17 ON THIS MACHINE: networks are not tried on it"));
    return found;
  }

  /// Where `JAVA17_HOME` says, or beside this JVM and where Linux keeps them.
  public static java.util.Optional<Path> java17() throws IOException {
    List<Path> homes = new ArrayList<>();
    String told = System.getenv("JAVA17_HOME");
    if (told != null) {
      homes.add(Path.of(told));
    }
    for (Path folder : List.of(
        Objects.requireNonNull(Path.of(System.getProperty("java.home")).getParent()),
        Path.of("/usr/lib/jvm"))) {
      if (Files.isDirectory(folder)) {
        try (var all = Files.list(folder)) {
          homes.addAll(all.sorted().toList());
        }
      }
    }
    for (Path home : homes) {
      Path release = home.resolve("release");
      if (Files.exists(home.resolve("bin/java")) && Files.exists(release)
          && Files.readString(release).contains("JAVA_VERSION=\"17")) {
        return java.util.Optional.of(home.resolve("bin/java"));
      }
    }
    return java.util.Optional.empty();
  }
}
