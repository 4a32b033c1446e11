package io.kotangent.cli;

import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs a graph by the compiler.
final class GraphRun {
  private GraphRun() {
  }

  /// Its results by name. What it updates is dropped.
  static Map<String, Object> run(Graph graph, ModelState state, Map<String, Object> inputs,
      Bindings bindings) {
    Program program = Compiler.compile(graph);
    List<String> symbols = program.signature().symbols();
    Workspace workspace = program.newWorkspace();
    symbols.forEach(symbol -> workspace.size(symbol,
        bindings.size(symbol, "graph " + graph.name())));
    inputs.forEach((name, array) -> {
      if (program.signature().inputs().stream().anyMatch(port -> port.name().equals(name))) {
        workspace.feedArray(name, array);
      }
    });
    ModelState own = ModelState.zeros(program.signature().state());
    own.ports().forEach(port -> own.set(port.name(), state.array(port.name())));
    if (!program.run(workspace, own)) {
      throw BadInput.of("graph " + graph.name()
          + " updated nothing: the loss, or what would be written, is not finite");
    }
    Map<String, Object> results = new LinkedHashMap<>();
    graph.results()
        .forEach(result -> results.put(result.name(), workspace.array(result.name())));
    return results;
  }
}
