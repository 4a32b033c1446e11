package io.kotangent.examples;

import io.kotangent.explain.Playground;
import io.kotangent.formula.FormulaException;
import io.kotangent.formula.FormulaParser;
import io.kotangent.ir.Graph;
import io.kotangent.type.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A formula as a page with sliders: `examples/run playground "sigmoid(w0*x0 + w1*x1 + w2)" [w0=2 …] [--out FILE]`.
///
/// LECTURES F1, F2.
public final class PlaygroundExample {
  /// F2, at the values of the course.
  private static final String USUAL = "f = sigmoid(w0*x0 + w1*x1 + w2)";
  private static final String[] USUAL_VALUES = {"w0=2", "x0=-1", "w1=-3", "x1=-2", "w2=-3"};

  private PlaygroundExample() {}

  public static void main(String[] args) {
    List<String> rest = new ArrayList<>(List.of(args));
    Path file = out(rest);
    boolean usual = rest.isEmpty();
    String formula = usual ? USUAL : rest.removeFirst();
    Graph graph;
    try {
      graph = FormulaParser.parse(formula);
    } catch (FormulaException e) {
      throw new Arguments.Refused(e.getMessage());
    }
    Playground playground =
        Playground.of(graph).at(values(graph, usual ? List.of(USUAL_VALUES) : rest));
    playground.write(file);
    System.out.println("Open " + file + " in a browser: sliders, values and gradients of "
        + formula);
  }

  /// Takes `--out FILE` away.
  private static Path out(List<String> args) {
    Path usual = Path.of(System.getProperty("java.io.tmpdir"), "playground.html");
    int at = args.indexOf("--out");
    if (at < 0) {
      return usual;
    }
    List<String> option = args.subList(at, Math.min(args.size(), at + 2));
    Path file = Arguments.of(option.toArray(String[]::new), "--out").file("--out", usual);
    option.clear();
    return file;
  }

  /// `w0=2`.
  private static Map<String, Double> values(Graph graph, List<String> texts) {
    List<String> inputs = graph.ports().stream().map(Port::name).toList();
    Map<String, Double> values = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 0 || !inputs.contains(text.substring(0, equals))) {
        throw new Arguments.Refused("expected values of inputs, such as "
            + (inputs.isEmpty() ? "none: the formula has none" : inputs.getFirst() + "=2 (of "
                + String.join(", ", inputs) + ")")
            + ", got '" + text + "'");
      }
      try {
        values.put(text.substring(0, equals),
            Double.parseDouble(text.substring(equals + 1).replace('−', '-')));
      } catch (NumberFormatException e) {
        throw new Arguments.Refused("expected a number after " + text.substring(0, equals + 1)
            + ", got '" + text.substring(equals + 1) + "'");
      }
    }
    return values;
  }
}
