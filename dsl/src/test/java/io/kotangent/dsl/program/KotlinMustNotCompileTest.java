package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Programs with wrong axes are refused by plain kotlinc, with messages that name the axes.
class KotlinMustNotCompileTest {
  private static final String FRAME = """
      package %s
      import io.kotangent.dsl.*
      import io.kotangent.dsl.Layers.*
      import io.kotangent.dsl.Optimizers.*
      object Batch : AxisOf<Batch>()
      object Pixels : AxisOf<Pixels>(784)
      object Hidden : AxisOf<Hidden>(128)
      object Digit : AxisOf<Digit>(10)
      fun program(m: Model, x: Matrix<Batch, Pixels>, h: Matrix<Batch, Hidden>, logits: Matrix<Batch, Digit>,
          w: Matrix<Pixels, Hidden>, b: Vector<Hidden>, c: Vector<Digit>, label: Ids<Batch, Digit>) {
        %s
      }
      """;

  private record Program(String statement, List<String> message) {
  }

  private static Program wrong(String statement, String... message) {
    return new Program(statement, List.of(message));
  }

  private static final List<Program> WRONG = List.of(
      wrong("h.matmul(w)", "actual type is 'Matrix<Pixels, Hidden>', but 'Matrix<Hidden, "),
      wrong("logits + b", "none of the following candidates is applicable",
          "BroadcastsTo<in Matrix<Batch, Digit>>"),
      wrong("b + h", "none of the following candidates is applicable", "Vector<Hidden>"),
      wrong("h.crossEntropy(label)",
          "actual type is 'Ids<Batch, Digit>', but 'Ids<Batch, Hidden>' was expected"),
      wrong("h.over(Digit)", "none of the following candidates is applicable", "First<Batch>",
          "Second<Hidden>"),
      wrong("m.minimize(logits.crossEntropy(label), sgd(0.1))",
          "actual type is 'Vector<Batch>', but 'Scalar' was expected"),
      wrong("label + 1", "none of the following candidates is applicable",
          "receiver type mismatch"),
      wrong("val y: Matrix<Batch, Digit> = x.matmul(w)",
          "expected 'Matrix<Batch, Digit>', actual 'Matrix<Batch, Hidden>'"),
      wrong("val y: Units<Hidden> = sequential(dense(Hidden).relu(), dense(Digit))",
          "expected 'Units<Hidden>', actual 'Units<Digit>'"),
      wrong("w.transpose().matmul(w) + b", "ambigu"));

  private static final List<String> RIGHT = List.of(
      "val y: Matrix<Batch, Hidden> = (x.matmul(w) + b).relu()",
      "val y: Matrix<Batch, Hidden> = 2 * (h - h.over(Hidden).mean()) / h.over(Batch).max() + h.sum()",
      "m.minimize(logits.crossEntropy(label).mean(), adam(1e-3))",
      "val net: Units<Digit> = sequential(dense(Hidden).relu(), dropout(0.2), dense(Digit)); val y = net.apply(x)",
      "model(\"a\") { val w by parameter(Pixels, Hidden); val b by parameter(Hidden); x.matmul(w) + b }");

  private static final Map<String, List<String>> MESSAGES = new LinkedHashMap<>();

  @BeforeAll
  static void compileAllAtOnce(@TempDir Path directory) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "25", "-cp",
            ClassPath.ofUsers(), "-d", directory.resolve("out").toString()));
    for (int i = 0; i < WRONG.size(); i++) {
      arguments.add(write(directory, "wrong" + i, WRONG.get(i).statement));
    }
    for (int i = 0; i < RIGHT.size(); i++) {
      arguments.add(write(directory, "right" + i, RIGHT.get(i)));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new K2JVMCompiler().exec(new PrintStream(out, true, StandardCharsets.UTF_8),
        arguments.toArray(new String[0]));
    String current = "";
    for (String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
      int kt = line.indexOf(".kt:");
      if (kt >= 0 && line.contains(": error: ")) {
        current = line.substring(line.lastIndexOf('/', kt) + 1, kt);
      } else if (line.startsWith("error: ")) {
        current = "";
      }
      MESSAGES.computeIfAbsent(current, _ -> new ArrayList<>()).add(line);
    }
  }

  private static String write(Path directory, String name, String statement) throws IOException {
    return Files.writeString(directory.resolve(name + ".kt"), FRAME.formatted(name, statement))
        .toString();
  }

  @TestFactory
  Stream<DynamicTest> wrongAxesAreRefusedWithTheirNames() {
    return IntStream.range(0, WRONG.size())
        .mapToObj(i -> DynamicTest.dynamicTest(WRONG.get(i).statement, () -> {
          String all =
              String.join("\n", MESSAGES.getOrDefault("wrong" + i, List.of("it compiled")));
          for (String part : WRONG.get(i).message) {
            assertTrue(all.contains(part),
                () -> "expected '" + part + "' in:\n" + all + "\n" + MESSAGES.get(""));
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> rightAxesCompileWithTheSameFrame() {
    return IntStream.range(0, RIGHT.size()).mapToObj(i -> DynamicTest.dynamicTest(RIGHT.get(i),
        () -> assertEquals(List.of(), MESSAGES.getOrDefault("right" + i, List.of()))));
  }
}
