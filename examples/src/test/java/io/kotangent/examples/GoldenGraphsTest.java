package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.dsl.Output;
import io.kotangent.dsl.Training;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphPrinter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The graphs of the examples are the kept texts, and the Kotlin twins give the same ones.
class GoldenGraphsTest {
  @Test
  void mnist() {
    var java = Mnist.network();
    var kotlin = MnistKotlin.network();
    same("mnist", of(java.training(), java.scores()), of(kotlin.training(), kotlin.scores()));
  }

  @Test
  void digitCnn() {
    var java = DigitCnn.network();
    var kotlin = DigitCnnKotlin.network();
    same("digit-cnn", of(java.training(), java.scores()), of(kotlin.training(), kotlin.scores()));
  }

  @Test
  void logistic() {
    var java = Logistic.network();
    var kotlin = LogisticKotlin.network();
    same("logistic", of(java.training(), java.probability()),
        of(kotlin.training(), kotlin.probability()));
  }

  @Test
  void xor() {
    var java = Xor.network();
    var kotlin = XorKotlin.network();
    same("xor", of(java.training(), java.probability()),
        of(kotlin.training(), kotlin.probability()));
  }

  @Test
  void formula() {
    same("formula", Map.of("neuron", FormulaExample.neuron()),
        Map.of("neuron", FormulaKotlin.neuron()));
  }

  @Test
  void backprop() {
    Golden.matches("backprop-product.ir",
        GraphPrinter.printWithoutOrigins(Backprop.product()));
    Golden.matches("backprop-neuron.ir", GraphPrinter.printWithoutOrigins(Backprop.neuron()));
  }

  private static Map<String, Graph> of(Training training, Output result) {
    Map<String, Graph> graphs = new LinkedHashMap<>();
    graphs.put("predict", training.model().graph("predict", result));
    graphs.put("init", training.model().initGraph());
    graphs.put("step", training.stepGraph());
    return graphs;
  }

  private static void same(String example, Map<String, Graph> java, Map<String, Graph> kotlin) {
    java.forEach((part, graph) -> {
      String text = GraphPrinter.printWithoutOrigins(graph);
      Golden.matches(example + "-" + part + ".ir", text);
      Graph twin = kotlin.get(part);
      assertEquals(text, twin == null ? "" : GraphPrinter.printWithoutOrigins(twin));
    });
  }
}
