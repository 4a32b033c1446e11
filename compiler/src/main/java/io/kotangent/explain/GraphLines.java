package io.kotangent.explain;

import io.kotangent.ir.Graph;
import io.kotangent.ir.NameText;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.text.GraphPrinter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The text of a graph, and which line of it is which node's.
final class GraphLines {
  private final List<String> lines;
  private final List<Graph> blocks = new ArrayList<>();
  private final Map<Node, Integer> places = new IdentityHashMap<>();
  private final Map<Node, String> names = new IdentityHashMap<>();

  GraphLines(Graph graph) {
    lines = GraphPrinter.print(graph).lines().toList();
    Set<Graph> printed = new HashSet<>();
    int line = 0;
    for (Graph body : graph.withBodies()) {
      if (printed.add(body)) {
        blocks.add(body);
        line = block(body, line) + 1;
      }
    }
  }

  /// Returns the line after the block.
  private int block(Graph graph, int first) {
    int inputs = graph.inputs().size();
    int line = first + 1 + graph.requirements().size();
    for (Node node : graph.schedule().subList(inputs, graph.schedule().size())) {
      places.put(node, line);
      names.put(node, "%" + (line - first - 1 - graph.requirements().size()));
      line++;
    }
    for (Node input : graph.inputs()) {
      places.put(input, first);
      names.put(input, NameText.print(Graph.port(input).name()));
    }
    line += graph.updates().size() + (graph.guard().isPresent() ? 1 : 0);
    return line + 2;
  }

  /// The graphs that have a text of their own, those that others apply first.
  List<Graph> blocks() {
    return blocks;
  }

  List<String> lines() {
    return lines;
  }

  /// Whether a node is in the text: those of a body that equals another are not.
  boolean has(Node node) {
    return places.containsKey(node);
  }

  String name(Node node) {
    return Objects.requireNonNull(names.get(node));
  }

  /// The number of its line; an input's is that of its graph.
  int place(Node node) {
    return Objects.requireNonNull(places.get(node));
  }

  /// Its line, or its port.
  String line(Node node) {
    return node.op() instanceof Op.Input(var port) ? port.toString()
        : lines.get(place(node)).strip();
  }
}
