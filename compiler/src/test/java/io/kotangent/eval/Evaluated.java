package io.kotangent.eval;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import java.util.LinkedHashMap;
import java.util.Map;

/// Runs texts through the interpreter.
final class Evaluated {
  private Evaluated() {
  }

  /// Evaluates the last graph of a text for arguments in the order of its ports.
  static Evaluation run(String text, TensorValue... arguments) {
    Graph graph = GraphParser.parse(text).getLast();
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      inputs.put(graph.ports().get(i).name(), arguments[i]);
    }
    return Interpreter.run(graph, inputs);
  }

  /// The value of the last of these statements without ports; they are named `%0`, `%1` … in order.
  static TensorValue statements(String... statements) {
    StringBuilder text = new StringBuilder("graph f() {\n");
    for (int i = 0; i < statements.length; i++) {
      text.append("  %").append(i).append(" = ").append(statements[i]).append('\n');
    }
    return run(text.append("  return y=%").append(statements.length - 1).append("\n}").toString())
        .result("y");
  }
}
