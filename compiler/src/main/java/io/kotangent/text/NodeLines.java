package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.LiteralText;
import io.kotangent.ir.NameText;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.OpPrinter;
import io.kotangent.ir.Origin;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/// The lines of single nodes, named as the text of their graph names them.
public final class NodeLines {
  private final Graph graph;
  private final Map<Node, String> names = new IdentityHashMap<>();
  private final Map<Node, Integer> places = new IdentityHashMap<>();
  private final OpPrinter ops = new OpPrinter(body -> "@" + NameText.print(body.name()),
      LiteralText.LONGEST, new HashMap<>());

  public NodeLines(Graph graph) {
    this.graph = graph;
    int inputs = graph.inputs().size();
    for (Node node : graph.schedule()) {
      names.put(node, node.op() instanceof Op.Input(var port) ? NameText.print(port.name())
          : "%" + (names.size() - inputs));
      places.put(node, places.size());
    }
  }

  public Graph graph() {
    return graph;
  }

  String name(Node node) {
    return names.get(node);
  }

  /// Where it stands in the text.
  int place(Node node) {
    return places.getOrDefault(node, Integer.MAX_VALUE);
  }

  /// `%7 = log %6 : f32[batch]  ; Model.java:5`; an input's is its port's.
  public String line(Node node) {
    if (node.op() instanceof Op.Input(var port)) {
      return port.toString();
    }
    StringBuilder line = new StringBuilder(name(node)).append(" = ").append(ops.print(node));
    for (int i = 0; i < node.operands().size(); i++) {
      line.append(i == 0 ? " " : ", ").append(name(node.operand(i)));
    }
    line.append(" : ").append(node.valueType());
    return node.origin().equals(Origin.UNKNOWN) ? line.toString()
        : line.append("  ; ").append(node.origin()).toString();
  }
}
