package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Verifier;
import io.kotangent.runtime.Program;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Long chains and wide sums do not overflow the stack, and take time that grows with their length.
class LongGraphTest {
  /// `x ← tanh x`, `x ← x + x₀`, and so on in turn, then the sum.
  private static Graph chain(int nodes) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input(new Port("x", Role.INPUT, TensorType.of(DType.F64, Dim.symbol("n"))));
    Node value = x;
    for (int i = 0; i < nodes; i++) {
      value = i % 2 == 0 ? builder.map(ScalarFn.TANH, value) : builder.map(ScalarFn.ADD, value, x);
    }
    return builder.graph("chain", List.of(x),
        List.of(new Graph.Result("loss", builder.sum(value, List.of(0)))));
  }

  /// `x + 0·x + 1·x + 2·x + …`.
  private static Graph sum(int terms) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input(new Port("x", Role.INPUT, TensorType.scalar(DType.F64)));
    Node sum = x;
    for (int i = 0; i < terms; i++) {
      sum = builder.map(ScalarFn.ADD, sum,
          builder.map(ScalarFn.MUL, x, builder.scalar(DType.F64, i)));
    }
    return builder.graph("sum", List.of(x), List.of(new Graph.Result("loss", sum)));
  }

  private static void throughAll(String name, Graph graph, TensorValue x, long buildNanos) {
    long start = System.nanoTime();
    String text = GraphPrinter.print(graph);
    long printed = System.nanoTime();
    Graph parsed = GraphParser.parseOne(text);
    long read = System.nanoTime();
    assertEquals(graph, parsed);
    assertEquals(List.of(), Verifier.violations(parsed));
    long verified = System.nanoTime();
    double loss = Interpreter.run(parsed, Map.of("x", x)).result("loss").real(0);
    long evaluated = System.nanoTime();
    Graph gradients = Gradient.gradients(graph, "loss", List.of("x"));
    long differentiated = System.nanoTime();
    Evaluation meaning = Interpreter.run(gradients, Map.of("x", x));
    assertEquals(loss, meaning.result("loss").real(0));
    long compiling = System.nanoTime();
    Program program = Compiler.compile(gradients);
    long compiled = System.nanoTime();
    Outcome outcome = Outcome.of(program, Map.of("x", x), Map.of("n", (long) x.size()));
    long ran = System.nanoTime();
    meaning.results().forEach((result, expected) -> {
      double[] got = (double[]) java.util.Objects.requireNonNull(outcome.results().get(result));
      for (int i = 0; i < got.length; i++) {
        assertEquals(expected.real(i), got[i], 1e-9 * Math.max(1, meaning.largest()));
      }
    });
    System.out.printf(
        "%s: build %d ms, print %d, parse %d, compare and verify %d, interpret %d, differentiate %d (%d nodes),"
            + " compile with its gradient %d, run %d%n",
        name, buildNanos / 1_000_000, (printed - start) / 1_000_000, (read - printed) / 1_000_000,
        (verified - read) / 1_000_000, (evaluated - verified) / 1_000_000,
        (differentiated - evaluated) / 1_000_000,
        gradients.schedule().size(), (compiled - compiling) / 1_000_000,
        (ran - compiled) / 1_000_000);
  }

  @Test
  void chains() {
    for (int nodes : new int[] {5_000, 5_000, 10_000, 20_000, 50_000}) {
      long start = System.nanoTime();
      Graph graph = chain(nodes);
      throughAll("chain of " + nodes, graph, TensorValue.f64(new int[] {2}, 0.25, -0.5),
          System.nanoTime() - start);
      assertEquals(nodes + 2, graph.schedule().size());
    }
  }

  @Test
  void sums() {
    for (int terms : new int[] {5_000, 10_000, 20_000}) {
      long start = System.nanoTime();
      Graph graph = sum(terms);
      throughAll("sum of " + terms, graph, TensorValue.scalar(DType.F64, 0.5),
          System.nanoTime() - start);
    }
  }
}
