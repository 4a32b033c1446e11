package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;

/// Graphs as texts, types aligned or not.
final class Texts {
  private Texts() {
  }

  /// The last graph of a text.
  static Graph graph(String text) {
    return GraphParser.parse(text).getLast();
  }

  static void assertPrints(String expected, Graph graph) {
    assertEquals(expected, squeezed(GraphPrinter.printWithoutOrigins(graph)));
    assertEquals(java.util.List.of(), Verifier.violations(graph));
  }

  private static String squeezed(String text) {
    StringBuilder lines = new StringBuilder();
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      lines.append(line.startsWith("  ") ? "  " : "").append(line.strip().replaceAll(" +", " "))
          .append('\n');
    }
    return lines.toString();
  }
}
