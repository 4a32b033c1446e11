package io.kotangent.cli;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Origin;
import io.kotangent.ir.Workload;
import io.kotangent.type.Dim;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How much each node of a graph computes, as a table.
final class Workloads {
  private Workloads() {
  }

  static void print(PrintWriter out, String name, Graph graph, Map<String, Long> given) {
    Map<String, Dim> sizes = new LinkedHashMap<>();
    given.forEach((symbol, size) -> sizes.put(symbol, Dim.of(size)));
    Symbols.checkKnown(name, graph, given.keySet());
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("multiply-adds", "operations", "bytes", name));
    for (Node node : graph.schedule()) {
      Workload work = Workload.of(node).substitute(sizes);
      if (!work.equals(Workload.NONE)) {
        rows.add(row(work, node.op().mnemonic() + " " + node.valueType()
            + (node.origin().equals(Origin.UNKNOWN) ? "" : "  ; " + node.origin())));
      }
    }
    rows.add(row(Workload.of(graph).substitute(sizes), "in all, node by node"));
    rows.add(List.of("", "", Workload.leastBytes(graph).substitute(sizes).toString(),
        "at least, of inputs, parameters and results"));
    int[] widths = new int[3];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        out.print(" ".repeat(widths[i] - row.get(i).length()) + row.get(i) + "  ");
      }
      out.println(row.get(widths.length));
    }
  }

  private static List<String> row(Workload work, String what) {
    return List.of(work.multiplyAdds().toString(), work.operations().toString(),
        work.bytes().toString(), what);
  }
}
