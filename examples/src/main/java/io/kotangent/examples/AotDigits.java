package io.kotangent.examples;

import io.kotangent.aot.Aot;
import io.kotangent.aot.Provenance;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Session;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// A convolutional network learns digits, becomes a jar that needs nothing but Java 17, and is used there: `examples/run aot-digits`.
public final class AotDigits {
  private static final String NAME = "org.example.Digits";
  /// How long SIMD code is tried, and some more.
  private static final int TRIAL_SECONDS = 25;
  /// Processes that are started for the time of the first prediction; the least counts.
  private static final int STARTS = 10;

  private AotDigits() {}

  /// `--seed N` (0), `--epochs N` (1), `--seconds N` of each measurement (2), `--out FOLDER` (one for temporary files), `--simd BITS`: a
  /// second jar that has SIMD code of that width, which is measured after its trial, about two minutes longer.
  public static void main(String[] args) throws IOException, InterruptedException {
    Arguments arguments = Arguments.of(args, "--seed", "--epochs", "--seconds", "--out", "--simd");
    Path folder = arguments.folder("--out",
        Path.of(System.getProperty("java.io.tmpdir")));
    Digits.Network network = DigitCnn.network();
    Session session = network.training().compile(network.scores())
        .initialize(arguments.number("--seed", 0));
    System.out.println("Training …");
    session.trainer(Data.mnist("train")).batch(64)
        .epochs(arguments.count("--epochs", 1))
        .seed(arguments.number("--seed", 0)).fit();

    Path jar = folder.resolve("digits.jar");
    Aot aot = session.aot(NAME).note("data", "MNIST");
    aot.to(jar);
    sizes(aot.files(), jar);
    Path data = folder.resolve("test.bin");
    write(data, session);
    long seconds = arguments.count("--seconds", 2);
    boolean same = compile(folder, jar) && measure(folder, jar, data, seconds, seconds);
    int bits = (int) arguments.number("--simd", 0);
    if (same && bits != 0) {
      Path simd = folder.resolve("digits-simd.jar");
      Aot withSimd = session.aot(NAME).note("data", "MNIST").simd(bits);
      withSimd.to(simd);
      sizes(withSimd.files(), simd);
      same = measure(folder, simd, data, seconds, TRIAL_SECONDS, "--add-modules",
          "jdk.incubator.vector");
    }
    System.out.println(same ? "PASS" : "FAIL: not all is the same");
    if (!same) {
      throw new IllegalStateException("the jar does not compute what the program does");
    }
  }

  private static void sizes(Map<String, byte[]> files, Path jar) throws IOException {
    long code = 0;
    int classes = 0;
    long weights = 0;
    long provenance = 0;
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      if (file.getKey().endsWith(".class")) {
        code += file.getValue().length;
        classes++;
      } else if (file.getKey().endsWith(Provenance.SUFFIX)) {
        provenance += file.getValue().length;
      } else {
        weights += file.getValue().length;
      }
    }
    System.out.printf(Locale.ROOT,
        "%s: %d bytes, %d of them weights, %d of code in %d classes, %d of provenance%n", jar,
        Files.size(jar), weights, code, classes, provenance);
  }

  /// All test images, and the scores that the program in this process gives them.
  private static void write(Path data, Session session) throws IOException {
    Dataset test = Data.mnist("test");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(data)))) {
      write(out, test.floats("image"));
      write(out, session.predict(test).floats("scores"));
    }
  }

  private static void write(DataOutputStream out, float[] array) throws IOException {
    out.writeInt(array.length);
    for (float element : array) {
      out.writeFloat(element);
    }
  }

  private static boolean compile(Path folder, Path jar) throws IOException {
    Path source = folder.resolve("Measure.java");
    try (InputStream in = AotDigits.class.getResourceAsStream("/aot/Measure.java.txt")) {
      if (in == null) {
        throw new IllegalStateException("Measure.java.txt is not on the class path");
      }
      Files.write(source, in.readAllBytes());
    }
    return ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-cp",
        jar.toString(), "-d", folder.toString(), source.toString()) == 0;
  }

  private static boolean measure(Path folder, Path jar, Path data, long seconds, long warmUp,
      String... options) throws IOException, InterruptedException {
    System.out.println("Java      first  equal scores     p50     p99   p99.9  bytes  images/s");
    System.out.println("             ms                    µs      µs      µs  a call  of 64");
    String classPath = folder + System.getProperty("path.separator") + jar;
    boolean same = true;
    for (Path java : javas()) {
      long first = Long.MAX_VALUE;
      for (int i = 0; i < STARTS; i++) {
        first = Math.min(first, Long.parseLong(said(java, classPath, List.of(options), "First",
            String.valueOf(System.currentTimeMillis()))));
      }
      List<String> words = new ArrayList<>(List.of(said(java, classPath, List.of(options),
          "Measure", data.toString(), String.valueOf(seconds), String.valueOf(warmUp)).split(",")));
      words.add(1, String.valueOf(first));
      System.out.printf("%-9s %5s  %5s of %5s  %6s  %6s  %6s  %5s  %8s%n", words.toArray());
      same &= words.get(2).equals(words.get(3));
    }
    return same;
  }

  /// What a class prints that is run by nothing but the jar.
  private static String said(Path java, String classPath, List<String> options, String... main)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.addAll(List.of(main));
    Path warnings = Files.createTempFile("aot-digits", ".txt");
    Process process =
        new ProcessBuilder(command).redirectError(warnings.toFile()).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    boolean failed = process.waitFor() != 0;
    String warned = Files.readString(warnings);
    Files.delete(warnings);
    if (failed) {
      throw new IllegalStateException(java + ": " + said + warned);
    }
    return said;
  }

  /// This Java, and a Java 17 if there is one.
  private static List<Path> javas() throws IOException {
    List<Path> found = new ArrayList<>();
    Path home = Path.of(System.getProperty("java.home"));
    found.add(home.resolve("bin/java"));
    Optional<Path> older = Optional.empty();
    List<Path> homes = new ArrayList<>();
    homes.add(Path.of(System.getenv().getOrDefault("JAVA17_HOME", "none")));
    for (Path folder : List.of(home.resolveSibling(""), Path.of("/usr/lib/jvm"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> all = Files.list(folder)) {
          homes.addAll(all.sorted().toList());
        }
      }
    }
    for (Path candidate : homes) {
      Path release = candidate.resolve("release");
      if (older.isEmpty() && Files.exists(release)
          && Files.readString(release).contains("JAVA_VERSION=\"17")) {
        older = Optional.of(candidate.resolve("bin/java"));
      }
    }
    older.ifPresentOrElse(found::add,
        () -> System.out
            .println("No Java 17 found (JAVA17_HOME says where): only this Java is tried"));
    return found;
  }
}
