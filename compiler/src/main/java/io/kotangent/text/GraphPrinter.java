package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.LiteralText;
import io.kotangent.ir.NameText;
import io.kotangent.ir.Node;
import io.kotangent.ir.OpPrinter;
import io.kotangent.ir.Origin;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Prints graphs as text: one statement a line, types always shown, bodies of calls, loops and branches as
/// graphs of their own before the graphs that use them. [GraphParser] reads it back.
public final class GraphPrinter {
  /// Types begin in this column at the latest, if what is before them leaves room.
  private static final int WIDEST = 48;

  private record Line(String statement, String type, String origin) {
  }

  private final boolean origins;
  private final boolean whole;
  private final Map<Graph, String> references = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<String, Literal> constants = new LinkedHashMap<>();
  private final OpPrinter ops;
  private final StringBuilder text = new StringBuilder();

  private GraphPrinter(boolean origins, int longest) {
    this.origins = origins;
    this.whole = longest == Integer.MAX_VALUE;
    this.ops = new OpPrinter(graph -> "@" + references.get(graph), longest, constants);
  }

  public static String print(Graph graph) {
    return print(List.of(graph));
  }

  public static String print(List<Graph> graphs) {
    return text(graphs).text();
  }

  /// The text without source lines: equal for graphs that are equal.
  public static String printWithoutOrigins(Graph graph) {
    return new GraphPrinter(false, LiteralText.LONGEST).all(List.of(graph)).text();
  }

  /// The text and the constants that it names by digest.
  public static GraphText text(List<Graph> graphs) {
    return new GraphPrinter(true, LiteralText.LONGEST).all(graphs);
  }

  /// A text that needs nothing beside it, and says nothing of where it was made: constants of any length are in it, and of source
  /// files only the names, not the folders.
  public static String whole(Graph graph) {
    return new GraphPrinter(true, Integer.MAX_VALUE).all(List.of(graph)).text();
  }

  private GraphText all(List<Graph> graphs) {
    for (Graph graph : graphs) {
      for (Graph body : graph.withBodies()) {
        if (!references.containsKey(body)) {
          block(body);
        }
      }
    }
    return new GraphText(text.toString(), constants);
  }

  /// The name by which a text refers to the graph: a second, different one of that name gets `#2`.
  private String refer(Graph graph) {
    int use = uses.merge(graph.name(), 1, Integer::sum);
    String reference = NameText.print(graph.name()) + (use == 1 ? "" : "#" + use);
    references.put(graph, reference);
    return reference;
  }

  private void block(Graph graph) {
    text.append(text.isEmpty() ? "" : "\n").append("graph ").append(refer(graph)).append('(')
        .append(graph.ports().stream().map(GraphPrinter::port).collect(Collectors.joining(", ")))
        .append(") {\n");
    List<Line> lines = new ArrayList<>();
    for (Requirement requirement : graph.requirements()) {
      lines.add(new Line("require " + requirement, "", requirement.origin()));
    }
    Map<Node, String> names = new IdentityHashMap<>();
    graph.inputs().forEach(i -> names.put(i, NameText.print(Graph.port(i).name())));
    int next = 0;
    for (Node node : graph.schedule().subList(graph.inputs().size(), graph.schedule().size())) {
      String name = "%" + next++;
      names.put(node, name);
      lines.add(
          new Line(name + " = " + ops.print(node) + operands(node, names), ": " + node.valueType(),
              origin(whole ? withoutFolder(node.origin()) : node.origin())));
    }
    graph.guard().ifPresent(g -> lines.add(new Line("guard " + names.get(g), "", "")));
    for (Graph.Update update : graph.updates()) {
      lines.add(new Line("update " + names.get(update.port()) + " = " + names.get(update.value()),
          "", ""));
    }
    String results =
        graph.results().stream()
            .map(r -> " " + NameText.print(r.name()) + "=" + names.get(r.node()))
            .collect(Collectors.joining(","));
    lines.add(new Line("return" + results, "", ""));
    append(lines);
    text.append("}\n");
  }

  private static String port(Port port) {
    StringBuilder line =
        new StringBuilder(NameText.print(port.name())).append(": ").append(port.role()).append(' ')
            .append(port.type());
    for (Fact fact : port.facts()) {
      line.append(' ').append(switch (fact) {
        case Fact.Range range -> range.toString();
        case Fact.Finite finite -> finite.toString();
        case Fact.Slot(var kind, var of) ->
            "as " + NameText.print(kind) + " of " + NameText.print(of);
      });
    }
    return line.toString();
  }

  private static String operands(Node node, Map<Node, String> names) {
    StringBuilder line = new StringBuilder();
    for (Node operand : node.operands()) {
      line.append(line.isEmpty() ? " " : ", ").append(names.get(operand));
    }
    return line.toString();
  }

  private static Origin withoutFolder(Origin origin) {
    String place = origin.place();
    return new Origin(origin.scope(),
        place.substring(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1));
  }

  /// An origin as the parser recognizes one; empty when it could not.
  private static String origin(Origin origin) {
    return OriginText.parse(origin.toString()).equals(origin) ? origin.toString() : "";
  }

  private void append(List<Line> lines) {
    int typeColumn = column(lines.stream().filter(l -> !l.type.isEmpty())
        .mapToInt(l -> l.statement.length()).toArray());
    int originColumn = column(lines.stream().filter(l -> !l.type.isEmpty() && !l.origin.isEmpty())
        .mapToInt(l -> l.type.length()).toArray());
    for (Line line : lines) {
      text.append("  ");
      int start = text.length();
      text.append(line.statement);
      if (!line.type.isEmpty()) {
        pad(start + typeColumn);
        text.append(' ').append(line.type);
      }
      if (origins && !line.origin.isEmpty()) {
        pad(start + typeColumn + 1 + originColumn);
        text.append("  ; ").append(line.origin);
      }
      text.append('\n');
    }
  }

  private static int column(int[] widths) {
    int column = 0;
    for (int width : widths) {
      column = width <= WIDEST ? Math.max(column, width) : column;
    }
    return column;
  }

  private void pad(int to) {
    while (text.length() < to) {
      text.append(' ');
    }
  }
}
