package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/// Applies rewrites to statements, and checks what must hold of every exact one: a valid graph, the same values for random
/// inputs, and nothing left to do a second time.
final class Rewritten {
  /// What symbolic sizes are when graphs are evaluated.
  private static final Map<String, Long> SIZES = Map.of("n", 3L, "m", 2L, "k", 4L, "zero", 0L);

  private Rewritten() {
  }

  /// The statements of a graph `f` with these ports, after the rewrites.
  static String by(List<Rewrite> rewrites, String ports, String statements) {
    return changed(new FixedPoint(RuleSet.of("none"), rewrites)::rewrite, ports, statements);
  }

  static String by(Rewrite rewrite, String ports, String statements) {
    return by(List.of(rewrite), ports, statements);
  }

  static String changed(UnaryOperator<Graph> change, String ports, String statements) {
    Graph before = parse(ports, statements);
    Graph after = change.apply(before);
    assertEquals(List.of(), Verifier.violations(after), () -> GraphPrinter.print(after));
    assertSame(after, change.apply(after),
        () -> "a second time changes\n" + GraphPrinter.print(after));
    for (long seed = 0; seed < 3; seed++) {
      assertSameValues(before, after, seed);
    }
    return statements(after);
  }

  static Graph parse(String ports, String statements) {
    return GraphParser.parseOne("graph f(" + ports + ") {\n" + statements + "\n}\n");
  }

  /// The lines of the last graph, without types and origins where they only repeat.
  static String statements(Graph graph) {
    String text = GraphPrinter.printWithoutOrigins(graph);
    StringBuilder lines = new StringBuilder();
    for (String line : text.substring(text.lastIndexOf("graph ")).lines().toList()) {
      if (line.startsWith("  ")) {
        lines.append(line.strip().replaceAll(" +", " ")).append('\n');
      }
    }
    return lines.toString();
  }

  static void assertSameValues(Graph before, Graph after, long seed) {
    Map<String, TensorValue> inputs = inputs(before, seed);
    Evaluation expected = Interpreter.run(before, inputs, SIZES);
    Evaluation got = Interpreter.run(after, inputs, SIZES);
    for (Graph.Result result : before.results()) {
      assertEquals(show(expected.result(result.name())), show(got.result(result.name())),
          () -> "result " + result.name() + " of\n" + GraphPrinter.print(before) + "\n"
              + GraphPrinter.print(after));
    }
  }

  static Map<String, TensorValue> inputs(Graph graph, long seed) {
    Random random = new Random(seed);
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().evaluate(SIZES);
      int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
      long low = port.range().map(r -> r.low()).orElse(-3L);
      long high = port.range().map(r -> r.high()).orElse(3L);
      DType dtype = port.type().dtype();
      Object array = dtype.newArray(size);
      for (int i = 0; i < size; i++) {
        long whole = low + random.nextInt((int) (high - low + 1));
        // eighths: sums are exact in any order
        double real = random.nextInt(8) == 0
            ? new double[] {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY}[random.nextInt(4)]
            : (random.nextInt(64) - 32) / 8.0;
        switch (array) {
          case float[] a -> a[i] = (float) real;
          case double[] a -> a[i] = real;
          case int[] a -> a[i] = (int) whole;
          case long[] a -> a[i] = whole;
          case boolean[] a -> a[i] = (whole & 1) != 0;
          default -> throw new AssertionError(dtype);
        }
      }
      inputs.put(port.name(), TensorValue.of(dtype, dims, array));
    }
    return inputs;
  }

  /// Shape and elements, with the sign of zeros.
  static String show(TensorValue tensor) {
    StringBuilder text = new StringBuilder(tensor.dtype() + Arrays.toString(tensor.dims()));
    for (int i = 0; i < tensor.size(); i++) {
      text.append(' ')
          .append(tensor.dtype().isFloat() ? "" + tensor.real(i) : "" + tensor.integer(i));
    }
    return text.toString();
  }
}
