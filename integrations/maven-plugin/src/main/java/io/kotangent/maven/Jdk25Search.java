package io.kotangent.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/** Finds a JDK 25: where the user says, in Maven's toolchains, or where JDKs are. */
final class Jdk25Search {
  private final ToolchainManager toolchains;
  private final MavenSession session;
  private final Map<String, Path> looked = new LinkedHashMap<>();

  Jdk25Search(ToolchainManager toolchains, MavenSession session) {
    this.toolchains = toolchains;
    this.session = session;
  }

  Jdk25 find(Optional<File> told) throws MojoExecutionException {
    if (told.isPresent()) {
      Path home = told.get().toPath();
      return Jdk25.in(home).orElseThrow(() -> new MojoExecutionException("the parameter jdk is "
          + home + ", which has " + has(home) + ": expected the folder of a JDK 25"));
    }
    for (Toolchain fitting : toolchains.getToolchains(session, "jdk",
        Map.of("version", "[25,26)"))) {
      look("a toolchain", fitting);
    }
    look("the selected toolchain", toolchains.getToolchainFromBuildContext("jdk", session));
    look("the JVM that runs Maven", Path.of(System.getProperty("java.home")));
    new TreeMap<>(System.getenv()).forEach((name, value) -> {
      if (name.equals("JAVA_HOME") || name.startsWith("JAVA_HOME_25")
          || name.equals("JAVA25_HOME")) {
        look(name, Path.of(value));
      }
    });
    String user = System.getProperty("user.home");
    for (String folder : List.of("/usr/lib/jvm", user + "/.sdkman/candidates/java",
        user + "/.jdks", user + "/.m2/jdks", "C:\\Program Files\\Eclipse Adoptium",
        "C:\\Program Files\\Java")) {
      inside(Path.of(folder), "");
    }
    inside(Path.of("/Library/Java/JavaVirtualMachines"), "Contents/Home");
    return looked.values().stream().flatMap(home -> Jdk25.in(home).stream()).findFirst()
        .orElseThrow(() -> new MojoExecutionException(missing()));
  }

  private void look(String where, @Nullable Toolchain toolchain) {
    String java = toolchain == null ? null : toolchain.findTool("java");
    if (java != null) {
      look(where, Path.of(java).toAbsolutePath().resolve("../..").normalize());
    }
  }

  private void look(String where, Path home) {
    looked.put(where + " (" + home + ")", home);
  }

  private void inside(Path folder, String home) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var all = Files.list(folder)) {
      all.sorted().map(jdk -> jdk.resolve(home)).filter(jdk -> Jdk25.version(jdk).isPresent())
          .forEach(jdk -> look("found", jdk));
    } catch (IOException e) {
      // a folder that may not be read has no JDK for us
    }
  }

  private static String has(Path home) {
    return Jdk25.version(home).map(version -> "Java " + version).orElse("no Java");
  }

  private String missing() {
    StringJoiner text = new StringJoiner("\n  ",
        "networks are compiled by a JDK 25, and there is none. Looked at:\n  ",
        "\nInstall one, such as Eclipse Temurin 25 (https://adoptium.net), and if it is elsewhere, say where: by "
            + "-Dkotangent.jdk=FOLDER, the plugin's parameter <jdk>, or in Maven's toolchains.xml");
    looked.forEach((where, home) -> text.add(where + ": " + has(home)));
    return text.toString();
  }
}
