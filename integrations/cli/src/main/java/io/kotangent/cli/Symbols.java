package io.kotangent.cli;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.LinkedHashSet;
import java.util.Set;

/// The symbolic sizes of graphs.
final class Symbols {
  private Symbols() {
  }

  /// Those of a graph and its bodies.
  static Set<String> of(Graph graph) {
    Set<String> symbols = new LinkedHashSet<>();
    for (Graph each : graph.withBodies()) {
      for (Node node : each.schedule()) {
        add(node.valueType(), symbols);
        switch (node.op()) {
          case Op.Size size -> size.dim().collectSymbols(symbols);
          case Op.Loop loop -> loop.count().collectSymbols(symbols);
          default -> {
            // its sizes are those of types
          }
        }
      }
    }
    return symbols;
  }

  private static void add(Type type, Set<String> symbols) {
    switch (type) {
      case TensorType tensor -> tensor.shape().dims()
          .forEach(dim -> dim.collectSymbols(symbols));
      case TupleType tuple -> tuple.items().forEach(item -> add(item, symbols));
    }
  }

  /// Refuses sizes that a graph does not have.
  static void checkKnown(String name, Graph graph, Set<String> given) {
    Set<String> symbols = of(graph);
    for (String symbol : given) {
      if (!symbols.contains(symbol)) {
        throw BadInput.of("--size " + symbol + ": " + name + " has no size of that name, only "
            + symbols);
      }
    }
  }
}
