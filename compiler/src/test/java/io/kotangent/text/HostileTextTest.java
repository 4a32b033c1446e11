package io.kotangent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.type.KotangentException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Texts that ask for far more than their length: each is refused by a typed error, or done, in little time.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileTextTest {
  /// Seconds of the thread's own time, with a JIT that is cold.
  private static final double SLOW = 6;

  /// Parses, verifies, differentiates by the first float port, plans and emits.
  static String outcome(String text) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      List<Graph> graphs = GraphParser.parse(text);
      Graph graph = graphs.getLast();
      Verifier.verify(graph);
      Compiler.compilation(graph, CompileOptions.standard());
      List<String> floats = graph.ports().stream().filter(p -> p.type().dtype().isFloat())
          .map(p -> p.name()).limit(1).toList();
      if (!floats.isEmpty() && !graph.results().isEmpty()
          && graph.results().getFirst().node().type().isScalar()
          && graph.results().getFirst().node().dtype().isFloat()) {
        Compiler.compilation(
            Gradient.gradients(graph, graph.results().getFirst().name(), floats),
            CompileOptions.standard());
      }
      return "compiled";
    } catch (KotangentException e) {
      return e.getMessage();
    } finally {
      double seconds =
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
      assertTrue(seconds < SLOW, () -> seconds + " s for " + text.length() + " characters");
    }
  }

  private static void refused(String because, String text) {
    String outcome = outcome(text);
    assertTrue(outcome.contains(because),
        () -> outcome.substring(0, Math.min(1000, outcome.length())));
    assertTrue(outcome.length() < 5_000, () -> "a message of " + outcome.length() + " characters");
  }

  private static void compiles(String text) {
    String outcome = outcome(text);
    assertEquals("compiled", outcome.substring(0, Math.min(1000, outcome.length())));
  }

  private static String doubling(String op, int depth) {
    StringBuilder text = new StringBuilder(
        "graph g0(x: input f64) {\n  %0 = sin x : f64\n  return y=%0\n}\n");
    for (int i = 1; i <= depth; i++) {
      text.append("graph g").append(i).append("(x: input f64) {\n");
      String called = "@g" + (i - 1);
      text.append(switch (op) {
        case "call" -> "  %0 = call[" + called + "] x : (f64)\n  %1 = item[index=0] %0 : f64\n"
            + "  %2 = call[" + called + "] %1 : (f64)\n  %3 = item[index=0] %2 : f64\n";
        case "loop" -> "  %0 = loop[" + called + ", count=2, carried=1] x : (f64)\n"
            + "  %1 = item[index=0] %0 : f64\n"
            + "  %2 = loop[" + called + ", count=2, carried=1] %1 : (f64)\n"
            + "  %3 = item[index=0] %2 : f64\n";
        default -> "  %9 = is_finite x : bool\n  %0 = branch[" + called + ", " + called
            + "] %9, x : (f64)\n  %1 = item[index=0] %0 : f64\n  %3 = mul %1, x : f64\n";
      });
      text.append("  return y=%3\n}\n");
    }
    return text.toString();
  }

  @Test
  void doublingCalls() {
    refused("nodes", doubling("call", 20));
    refused("nodes", doubling("call", 60));
    refused("nodes", doubling("call", 199));
  }

  @Test
  void doublingLoops() {
    refused("nodes", doubling("loop", 20));
  }

  @Test
  void doublingBranches() {
    refused("nodes", doubling("branch", 25));
  }

  @Test
  void fewDoublingsCompile() {
    compiles(doubling("call", 8));
    compiles(doubling("loop", 3));
    compiles(doubling("branch", 4));
  }

  private static String sized(String size) {
    return "graph f(x: input f64[" + size + "]) {\n  %0 = exp x : f64[" + size
        + "]\n  %1 = reduce.sum[axes=0] %0 : f64\n  return y=%1\n}\n";
  }

  @Test
  void longSizes() {
    refused("terms", sized(products("s", "t")).replace("f64[", "f64[n*n,")
        .replace("axes=0", "axes=(0,1)").replace("[n*n,", "[" + products("u", "v") + ","));
    refused("different symbols", sized(IntStream.range(0, 2000).mapToObj(i -> "u" + i)
        .collect(Collectors.joining("+"))));
    refused("factors", sized("n" + "*n".repeat(200)));
    refused("at most", sized("min(".repeat(20) + "a" + IntStream.range(0, 20)
        .mapToObj(i -> ",b" + i + ")").collect(Collectors.joining())));
    refused("overflows", sized("9223372036854775807*n+9223372036854775807*n"));
    refused("elements", sized("2147482625"));
    refused("nested at most", sized("floor(".repeat(60) + "n" + ",2)".repeat(60)));
  }

  /// 400 terms of 40 symbols.
  private static String products(String left, String right) {
    return IntStream.range(0, 400).mapToObj(i -> left + i / 20 + "*" + right + i % 20)
        .collect(Collectors.joining("+"));
  }

  @Test
  void sumsOfManyTermsAreLinear() {
    String sum = IntStream.range(0, 20_000).mapToObj(i -> "s" + i / 200 + "*s" + i % 200)
        .collect(Collectors.joining("+"));
    String outcome = outcome(sized(sum));
    assertTrue(outcome.length() < 5_000, () -> "a message of " + outcome.length() + " characters");
  }

  @Test
  void longNamesAndAttributes() {
    refused("1000 characters", sized("a".repeat(100_000)));
    refused("expected", "graph f(x: input f64[3]) {\n  %0 = reverse[axes=("
        + "0,".repeat(100_000) + "0)] x : f64[3]\n  return y=%0\n}\n");
    refused("expected", "graph f(x: input f64[3]) {\n  %0 = transpose[permutation=("
        + IntStream.range(0, 50_000).mapToObj(Integer::toString).collect(Collectors.joining(","))
        + ")] x : f64[3]\n  return y=%0\n}\n");
    refused("elements", "graph f() {\n  %0 = constant[value=(" + "1,".repeat(100_000)
        + "1)] : f64[3]\n  return y=%0\n}\n");
  }

  /// Errors far down in a long text; each looks for its line.
  @Test
  void manyStatements() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      lines.add("  %" + i + " = " + (i % 2 == 0 ? "sin" : "mul") + " "
          + (i == 0 ? "x" : "%" + (i - 1)) + (i % 2 == 0 ? "" : ", x") + " : f64");
    }
    compiles("graph f(x: input f64) {\n" + String.join("\n", lines) + "\n  return y=%999\n}\n");
  }

  @Test
  void manyRequirements() {
    String lines = IntStream.range(0, 5_000).mapToObj(i -> "  require n+" + i + " >= m")
        .collect(Collectors.joining("\n"));
    compiles("graph f(x: input f64[n], z: input f64[m]) {\n" + lines
        + "\n  %0 = slice[starts=m, limits=n] x : f64[-m+n]\n  %1 = reduce.sum[axes=0] %0 : f64\n"
        + "  return y=%1\n}\n");
  }

  @Test
  void manyGraphs() {
    String graphs = IntStream.range(0, 2_000).mapToObj(i -> "graph g" + i
        + "(x: input f64) {\n  %0 = sin x : f64\n  return y=%0\n}\n").collect(Collectors.joining());
    compiles(graphs);
  }
}
