package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Term;
import java.util.ArrayList;
import java.util.List;

/// Where a formula occurs in a graph.
public final class Occurrences {
  private Occurrences() {
  }

  /// The nodes that a pattern fits, in the order of the schedule, those of bodies first. Operands of what is commutative may
  /// stand in any order, broadcasts of constants are constants, and a letter that occurs twice is one node.
  public static List<Node> of(Term pattern, Graph graph) {
    List<Node> found = new ArrayList<>();
    for (Graph each : graph.withBodies()) {
      for (Node node : each.schedule()) {
        if (new Matcher().matches(pattern, node)) {
          found.add(node);
        }
      }
    }
    return found;
  }
}
