package io.kotangent.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDK 25.
 *
 * @param home its folder
 * @param java its command
 * @param release what it says of itself
 */
record Jdk25(Path home, Path java, String release) {
  private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"?([0-9.]+)");

  static Optional<Jdk25> in(Path home) {
    return version(home).filter(version -> version.matches("25(\\..*)?")).flatMap(
        version -> java(home).map(java -> new Jdk25(home, java, release(home))));
  }

  /** The version of the Java in a folder, if there is one. */
  static Optional<String> version(Path home) {
    Matcher version = VERSION.matcher(release(home));
    return version.find() ? Optional.of(version.group(1)) : Optional.empty();
  }

  private static Optional<Path> java(Path home) {
    Path bin = home.resolve("bin");
    return Optional.of(bin.resolve("java")).filter(Files::isExecutable)
        .or(() -> Optional.of(bin.resolve("java.exe")).filter(Files::isExecutable));
  }

  private static String release(Path home) {
    try {
      Path file = home.resolve("release");
      return Files.isRegularFile(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return ""; // then it is no JDK
    }
  }

  /** Whether it has the Vector API, with which training is faster. */
  boolean hasVectors() {
    return release.contains("jdk.incubator.vector");
  }
}
