package io.kotangent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Saves a file of some version; also as a program that saves one version after the other until it is killed. */
final class Saver {
  private static final int ELEMENTS = 100_000;

  private Saver() {
  }

  /** Arguments: the file, and what is added to each version. */
  public static void main(String[] arguments) {
    long versions = arguments.length < 3 ? Long.MAX_VALUE : Long.parseLong(arguments[2]);
    for (long i = 0; i < versions; i++) {
      save(Path.of(arguments[0]), Integer.parseInt(arguments[1]) + (int) i % 1000);
      if (i == 0) {
        System.out.println("saving");
      }
    }
  }

  static List<NamedTensor> tensors(int version) {
    float[] floats = new float[ELEMENTS];
    Arrays.fill(floats, version);
    return List.of(new NamedTensor("w", TensorType.of(DType.F32, ELEMENTS), floats));
  }

  static void save(Path file, int version) {
    SafeTensors.write(file, Map.of("version", "" + version), tensors(version));
  }

  static void save(Path file, int version, Disk disk) {
    TensorWriter writer = new TensorWriter(Map.of("version", "" + version), tensors(version));
    AtomicFile.write("safetensors", file, writer::writeTo, disk);
  }

  /** The version of a file, which must be whole. */
  static int version(Path file) {
    SafeTensors content = SafeTensors.read(file);
    int version = Integer.parseInt(String.valueOf(content.metadata().get("version")));
    for (float value : (float[]) content.tensor("w").values()) {
      assertEquals(version, value);
    }
    return version;
  }

  /** The names in a folder. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().collect(Collectors.toList());
    }
  }

  /** A JVM that saves. */
  static Process start(List<String> before, Path file, int version, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp",
        System.getProperty("java.class.path"), Saver.class.getName(), file.toString(),
        "" + version));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Reads what a process says until it says that it is saving. */
  static void await(Process process) throws IOException {
    StringBuilder said = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0; c = process.getInputStream().read()) {
      said.append((char) c);
      if (said.toString().endsWith("saving")) {
        return;
      }
    }
    assertTrue(false, () -> "the saving process ended: " + said);
  }
}
