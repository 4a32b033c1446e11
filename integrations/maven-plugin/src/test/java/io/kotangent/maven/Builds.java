package io.kotangent.maven;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Projects as the documentation has them, in folders of their own, and commands that are run there. */
final class Builds {
  /** What a command printed, and how it ended. */
  record Ran(int code, String text) {
  }

  static final Path ROOT = root();
  static final Path EXAMPLE = ROOT.resolve("integrations/maven-plugin/example");
  private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L);

  private Builds() {
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/build-plugin.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  static String documentation() throws IOException {
    return Files.readString(ROOT.resolve("docs/build-plugin.md")).replace("\r", "");
  }

  /** The first block of that language after a text. */
  static String block(String after, String language) throws IOException {
    String text = documentation();
    String fence = "```" + language + "\n";
    int place = text.indexOf(after);
    assertTrue(place >= 0, after);
    int start = text.indexOf(fence, place) + fence.length();
    return text.substring(start, text.indexOf("```", start));
  }

  static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** An empty folder below {@code target}; what links in an older one refer to stays. */
  static Path folder(String name) throws IOException {
    Path folder = Path.of("target", "builds", name).toAbsolutePath();
    if (Files.exists(folder)) {
      Files.walkFileTree(folder, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path left, IOException failure)
            throws IOException {
          Files.delete(left);
          return FileVisitResult.CONTINUE;
        }
      });
    }
    return Files.createDirectories(folder);
  }

  static Ran run(Path folder, List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("maven.java.home"));
    builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), text.replace("\r", ""));
  }

  static Ran maven(Path folder, Path repository, String... arguments)
      throws IOException, InterruptedException {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("maven.home"), "bin", windows ? "mvn.cmd" : "mvn").toString(),
        "-B", "-ntp", "-Dstyle.color=never", "-Dmaven.repo.local=" + repository));
    command.addAll(Arrays.asList(arguments));
    return run(folder, command);
  }

  // ---- a repository with what is being built

  /** Everything that the local repository has, by links, but of ours what is being built now. */
  static Path repository() throws IOException, URISyntaxException {
    Path repository = folder("repository");
    Path all = Path.of(System.getProperty("maven.repository"));
    link(all, repository, "io");
    link(all.resolve("io"), Files.createDirectories(repository.resolve("io")), "kotangent");
    install(repository, "", "kotangent", null);
    install(repository, "runtime", "kotangent-runtime", "io.kotangent.runtime.Program");
    install(repository, "compiler", "kotangent-compiler", "io.kotangent.aot.Aot");
    install(repository, "dsl", "kotangent-dsl", "io.kotangent.dsl.Model");
    install(repository, "integrations/maven-plugin", "kotangent-maven-plugin",
        CompileMojo.class.getName());
    return repository;
  }

  private static void link(Path from, Path to, String without) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (var all = Files.list(from)) {
      for (Path one : all.toList()) {
        if (!one.getFileName().toString().equals(without)) {
          Files.createSymbolicLink(to.resolve(one.getFileName()), one.toRealPath());
        }
      }
    }
  }

  private static void install(Path repository, String module, String artifact, String type)
      throws IOException, URISyntaxException {
    String version = System.getProperty("kotangent.version");
    Path file = repository.resolve("io/kotangent").resolve(artifact).resolve(version)
        .resolve(artifact + "-" + version);
    copy(ROOT.resolve(module).resolve("pom.xml"), Path.of(file + ".pom"));
    if (type == null) {
      return;
    }
    Path classes = place(type);
    if (Files.isDirectory(classes)) {
      jar(classes, Path.of(file + ".jar"));
    } else {
      copy(classes, Path.of(file + ".jar"));
    }
  }

  /** The jar or folder that a class comes from. */
  static Path place(String type) throws URISyntaxException {
    try {
      return Path.of(Class.forName(type, false, Builds.class.getClassLoader()).getProtectionDomain()
          .getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void jar(Path folder, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file : files(folder)) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
      }
    }
  }

  // ---- what a build changed

  static List<Path> files(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static void age(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.setLastModifiedTime(file, OLD);
    }
  }

  /** The names of files in a folder that were written since they were made old. */
  static Set<String> young(Path folder) throws IOException {
    Set<String> young = new TreeSet<>();
    for (Path file : files(folder)) {
      if (!Files.getLastModifiedTime(file).equals(OLD)) {
        young.add(folder.relativize(file).toString());
      }
    }
    return young;
  }
}
