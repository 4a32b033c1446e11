package io.kotangent.cli;

import io.kotangent.aot.Provenance;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Workload;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a graph or network is, in a few lines.
final class Summary {
  private Summary() {
  }

  static void print(PrintWriter out, Subject subject, Map<String, Graph> graphs) {
    if (subject instanceof Subject.OfNetwork network) {
      head(out, network);
    }
    graphs.forEach((name, graph) -> {
      out.println((subject instanceof Subject.OfNetwork ? "method " : "graph ") + name);
      for (Port port : graph.ports()) {
        if (port.role() == Role.INPUT) {
          out.println("  " + port);
        }
      }
      List<Port> stored =
          graph.ports().stream().filter(port -> port.role() != Role.INPUT).toList();
      stored.forEach(port -> out.println("  " + port));
      for (Graph.Result result : graph.results()) {
        out.println("  " + result.name() + ": result " + result.node().valueType());
      }
      if (!stored.isEmpty()) {
        long elements = stored.stream()
            .mapToLong(port -> port.type().shape().size().constant()).sum();
        out.println("  " + elements + " numbers in parameters and states");
      }
      Workload work = Workload.of(graph);
      out.println("  " + graph.schedule().size() + " nodes, " + work.multiplyAdds()
          + " multiply-adds, " + work.operations() + " other operations");
    });
  }

  private static void head(PrintWriter out, Subject.OfNetwork network) {
    Provenance made = network.provenance();
    out.println("network " + made.className() + ", by kotangent " + made.compiler()
        + (made.fma() ? "" : ", without fma")
        + (made.simd() == 0 ? "" : ", with SIMD code of " + made.simd() + " bits"));
    made.notes().forEach((key, value) -> out.println("  " + key + ": " + value));
    Map<Boolean, Long> bytes = network.files().entrySet().stream()
        .filter(file -> !file.getKey().endsWith(Provenance.SUFFIX))
        .collect(Collectors.partitioningBy(file -> file.getKey().endsWith(".safetensors"),
            Collectors.summingLong(file -> file.getValue().length)));
    out.println("  " + bytes.get(false) + " bytes of code, " + bytes.get(true)
        + " of weights");
    List<String> problems = made.problems(network.files());
    out.println(problems.isEmpty() ? "  all files are as they were made (SHA-256)"
        : "  NOT AS IT WAS MADE: " + String.join("; ", problems));
  }
}
