package io.kotangent.examples;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Formulas;
import io.kotangent.dsl.Model;
import io.kotangent.formula.FormulaParser;
import io.kotangent.ir.Graph;
import java.util.List;

/// What networks compute and what their gradients are, as a textbook has them: `examples/run formulas`.
///
/// LECTURES F1, F2, A2, B4, B6, F4: products of sums, the neuron, softmax with cross-entropy, least squares; then a dense layer, layer
/// normalization and attention.
public final class FormulaTour {
  private record Batch() implements Axis.Symbolic<Batch> {}

  private record In(int size) implements Axis<In> {}

  private record Out(int size) implements Axis<Out> {}

  private record Time(int size) implements Axis<Time> {}

  private record Past(int size) implements Axis<Past> {}

  private static final Batch BATCH = new Batch();
  private static final In IN = new In(8);
  private static final Out OUT = new Out(3);

  private FormulaTour() {}

  /// A formula, its result's name, and the inputs by which it is differentiated.
  record Stop(String about, Graph graph, String of, List<String> by) {}

  static List<Stop> stops() {
    return List.of(
        new Stop("a product of a sum", FormulaParser.parse("f = (x + y)*z"), "f",
            List.of("x", "z")),
        new Stop("a neuron", FormulaParser.parse("f = sigmoid(w0*x0 + w1*x1 + w2)"), "f",
            List.of("w0", "w2")),
        new Stop("least squares", leastSquares(), "L", List.of("theta")),
        new Stop("softmax and cross-entropy", crossEntropy(), "L", List.of("z")),
        new Stop("a dense layer that tells classes", dense(), "L", List.of("W", "b", "x")),
        new Stop("layer normalization", layerNorm(), "L", List.of("gamma", "x")),
        new Stop("attention", attention(), "L", List.of("V", "Q", "K")));
  }

  private static Graph leastSquares() {
    var m = Model.named("squares");
    var residual = m.input("X", BATCH, IN).dot(m.input("theta", IN)).minus(m.input("y", BATCH));
    return m.graph("L", residual.square().sum().times(0.5));
  }

  private static Graph crossEntropy() {
    var m = Model.named("softmax");
    return m.graph("L", m.input("z", BATCH, OUT).crossEntropy(m.ids("label", BATCH, OUT)).mean());
  }

  private static Graph dense() {
    var m = Model.named("dense");
    var z = m.input("x", BATCH, IN).matmul(m.input("W", IN, OUT)).plus(m.input("b", OUT));
    return m.graph("L", z.crossEntropy(m.ids("label", BATCH, OUT)).mean());
  }

  /// With g for what comes back to the layer.
  private static Graph layerNorm() {
    var m = Model.named("norm");
    var x = m.input("x", BATCH, IN);
    var centered = x.minus(x.over(IN).mean());
    var normal = centered.div(x.over(IN).variance().plus(1e-5).sqrt());
    var g = m.input("g", BATCH, IN);
    return m.graph("L", normal.times(m.input("gamma", IN)).times(g).sum());
  }

  /// With G for what comes back to the layer.
  private static Graph attention() {
    var m = Model.named("attention");
    var time = new Time(5);
    var past = new Past(6);
    var scores = m.input("Q", time, IN).matmul(m.input("K", past, IN).transpose())
        .div(Math.sqrt(IN.size()));
    var weighted = scores.over(past).softmax().matmul(m.input("V", past, IN));
    return m.graph("L", weighted.times(m.input("G", time, IN)).sum());
  }

  public static void main(String[] args) {
    for (Stop stop : stops()) {
      System.out.println("\n" + stop.about() + "\n");
      System.out.println("  " + Formulas.of(stop.graph(), stop.of()));
      for (String by : stop.by()) {
        System.out.println("  " + Formulas.derivative(stop.graph(), stop.of(), by));
      }
      System.out.println("\n  in LaTeX: "
          + Formulas.derivative(stop.graph(), stop.of(), stop.by().getFirst()).latex());
    }
  }
}
