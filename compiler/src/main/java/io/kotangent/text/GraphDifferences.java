package io.kotangent.text;

import io.kotangent.ir.Graph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// How two graphs differ in what they compute and how. Names of graphs, inputs and results, the order in which nodes are written, and
/// source lines make no difference; names of symbolic sizes and of random streams do.
///
/// Ports and results of one name belong together, and what is left in its order. From the results down, nodes that stand in
/// the same place are compared; a node that only one graph has is told from one that is another.
///
/// @param differences in the order of the text of the first graph; none if the graphs are equal up to names
/// @param renamed what is called otherwise in the second graph
public record GraphDifferences(List<GraphDifference> differences, Map<String, String> renamed) {
  private static final int MOST_SHOWN = 40;

  public GraphDifferences {
    differences = List.copyOf(differences);
    renamed = Collections.unmodifiableMap(new LinkedHashMap<>(renamed));
  }

  public static GraphDifferences between(Graph first, Graph second) {
    return GraphComparison.of(first, second);
  }

  /// Whether the graphs are equal, up to names.
  public boolean isEmpty() {
    return differences.isEmpty();
  }

  /// For people: `equal`, `equal up to names` and which, or the differences, the first 40 of them.
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner("\n");
    if (isEmpty()) {
      text.add(renamed.isEmpty() ? "equal" : "equal up to names");
    } else {
      text.add(differences.size() == 1 ? "1 difference" : differences.size() + " differences");
      List<GraphDifference> shown = new ArrayList<>(
          differences.subList(0, Math.min(MOST_SHOWN, differences.size())));
      shown.forEach(difference -> text.add(difference.toString()));
      if (shown.size() < differences.size()) {
        text.add("… " + (differences.size() - shown.size()) + " more");
      }
    }
    renamed.forEach((one, other) -> text.add("name " + one + " is " + other));
    return text.toString();
  }
}
