package io.kotangent.examples;

import io.kotangent.dsl.Formulas;
import io.kotangent.autodiff.Gradient;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Scalar;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Backpropagation, seen: the value of every node of a formula and the gradient of the result with respect to it, as text and
/// as a picture: `examples/run backprop`.
///
/// LECTURES F1, F2.
public final class Backprop {
  /// A node of the formula: what it is, its value, and the gradient of the result with respect to it.
  record Step(Node node, String name, double value, double gradient) {}

  private Backprop() {}

  /// F1: `f = (x + y)·z`.
  static Graph product() {
    var model = Model.named("product", DType.F64);
    Scalar x = model.input("x");
    Scalar y = model.input("y");
    Scalar z = model.input("z");
    return model.graph("product", x.plus(y).times(z).named("f"));
  }

  /// F2: `f = σ(w₀·x₀ + w₁·x₁ + w₂)`.
  static Graph neuron() {
    var model = Model.named("neuron", DType.F64);
    Scalar w0 = model.input("w0");
    Scalar x0 = model.input("x0");
    Scalar w1 = model.input("w1");
    Scalar x1 = model.input("x1");
    Scalar w2 = model.input("w2");
    return model.graph("neuron", w0.times(x0).plus(w1.times(x1)).plus(w2).sigmoid().named("f"));
  }

  /// Every node of a graph with one scalar result, with its value and gradient at a point.
  static List<Step> steps(Graph graph, Map<String, Double> point) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> copies = builder.copy(graph);
    List<Node> nodes = graph.schedule();
    Node result = copies.get(graph.results().getFirst().node());
    Node one = builder.scalar(DType.F64, 1);
    List<Optional<Node>> gradients =
        Gradient.vjp(builder, List.of(result), List.of(Optional.of(one)),
            nodes.stream().map(copies::get).toList());
    List<Graph.Result> results = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      results.add(new Graph.Result("value" + i, copies.get(nodes.get(i))));
      results.add(new Graph.Result("gradient" + i,
          gradients.get(i).orElseGet(() -> builder.scalar(DType.F64, 0))));
    }
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    point.forEach((name, value) -> inputs.put(name, TensorValue.scalar(DType.F64, value)));
    Graph all = builder.graph("steps", graph.inputs().stream().map(copies::get).toList(), results);
    Evaluation evaluation = Interpreter.run(all, inputs);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      steps.add(new Step(node, name(graph, node), evaluation.result("value" + i).real(0),
          evaluation.result("gradient" + i).real(0)));
    }
    return steps;
  }

  /// Inputs and the result have names, values between are numbered.
  private static String name(Graph graph, Node node) {
    if (node.op() instanceof Op.Input(var port)) {
      return port.name();
    }
    Graph.Result result = graph.results().getFirst();
    return result.node() == node ? result.name()
        : "v" + (graph.schedule().indexOf(node) - graph.inputs().size() + 1);
  }

  /// A name with the digits at its end below the line: `w0` is w₀.
  static String subscripted(String name) {
    StringBuilder text = new StringBuilder(name);
    for (int i = name.length() - 1; i > 0 && Character.isDigit(name.charAt(i)); i--) {
      text.setCharAt(i, (char) (name.charAt(i) - '0' + '₀'));
    }
    return text.toString();
  }

  static String text(Graph graph, List<Step> steps) {
    StringBuilder text = new StringBuilder(
        "%-6s %-14s %9s %9s%n".formatted("node", "computes", "value", "gradient"));
    for (Step step : steps) {
      text.append(String.format(Locale.ROOT, "%-6s %-14s %9.4f %9.4f%n", subscripted(step.name()),
          computes(graph, step.node()), step.value(), step.gradient()));
    }
    return text.toString();
  }

  private static String computes(Graph graph, Node node) {
    List<String> operands =
        node.operands().stream().map(operand -> subscripted(name(graph, operand))).toList();
    return switch (node.op().mnemonic()) {
      case "add" -> String.join(" + ", operands);
      case "mul" -> String.join("·", operands);
      case "sigmoid" -> "σ(" + operands.getFirst() + ")";
      case String other -> operands.isEmpty() ? "given" : other + " " + String.join(", ", operands);
    };
  }

  public static void main(String[] args) throws IOException {
    Path folder =
        Arguments.of(args, "--out").folder("--out", Path.of(System.getProperty("java.io.tmpdir")));
    show("f = (x + y)·z", product(), point("x", -2, "y", 5, "z", -4),
        folder.resolve("backprop-product.svg"));
    show("f = σ(w₀·x₀ + w₁·x₁ + w₂)", neuron(),
        point("w0", 2, "x0", -1, "w1", -3, "x1", -2, "w2", -3),
        folder.resolve("backprop-neuron.svg"));
  }

  private static void show(String title, Graph graph, Map<String, Double> point, Path picture)
      throws IOException {
    List<Step> steps = steps(graph, point);
    System.out.println(title + ": the value of each node, and the gradient of f by it\n");
    System.out.println(text(graph, steps));
    for (var input : graph.ports()) {
      System.out.println(Formulas.derivative(graph, "f", input.name()).unicode());
    }
    Files.writeString(picture, Picture.svg(title, steps));
    System.out.println("\nPicture: " + picture + "\n");
  }

  static Map<String, Double> point(Object... namesAndValues) {
    Map<String, Double> point = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      point.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).doubleValue());
    }
    return point;
  }
}
