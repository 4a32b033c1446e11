package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.DualInterpreter.Dual;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// For random graphs with a loss: reverse mode, forward mode and dual numbers agree, to first and second order.
class RandomGraphDerivativeTest {
  private static final RandomGraphs.Options LOSS = RandomGraphs.Options.LOSS.withFloats(DType.F64);

  @Tag("fast") @Test
  void derivativesOfSomeGraphsAgree() {
    for (long seed = 0; seed < 40; seed++) {
      agree(RandomGraphs.generate(seed, LOSS));
    }
  }

  @Test
  void derivativesOfManyGraphsAgree() {
    int derivatives = 0;
    for (long seed = 1_000; seed < 1_200; seed++) {
      derivatives += agree(RandomGraphs.generate(seed, LOSS));
    }
    assertTrue(derivatives > 200, "only " + derivatives + " gradients");
  }

  private static int agree(RandomGraph sample) {
    List<String> parameters = sample.parameters();
    if (parameters.isEmpty()) {
      return 0;
    }
    Map<String, TensorValue> directions = directions(sample, parameters);
    Graph gradients = Gradient.gradients(sample.graph(), "loss", parameters);
    Graph tangents = Tangent.tangents(sample.graph(), List.of("loss"), parameters);
    assertEquals(gradients, GraphParser.parse(GraphPrinter.text(List.of(gradients))).getLast(),
        sample::describe);
    Evaluation reverse = run(gradients, sample, Map.of());
    double slope = 0;
    for (String parameter : parameters) {
      slope += dot(reverse.result(Gradient.name("loss", parameter)), directions.get(parameter));
    }
    Map<String, TensorValue> seeds = new LinkedHashMap<>();
    directions.forEach((parameter, direction) -> seeds.put(Tangent.name(parameter), direction));
    double forward = run(tangents, sample, seeds).result("dloss").real(0);
    double scale = Math.max(1, reverse.largest());
    assertClose(slope, forward, 1e-12 * scale, "reverse = forward", sample);
    List<Dual> duals = duals(sample.graph(), sample, directions);
    int loss = index(sample.graph(), "loss");
    assertClose(duals.get(loss).change().real(0), forward, 1e-12 * scale, "forward = dual numbers",
        sample);
    secondOrder(sample, gradients, parameters, directions);
    return parameters.size();
  }

  private static void secondOrder(RandomGraph sample, Graph gradients, List<String> parameters,
      Map<String, TensorValue> directions) {
    List<Dual> duals = duals(gradients, sample, directions);
    for (String parameter : parameters) {
      String name = Gradient.name("loss", parameter);
      Graph twice;
      try {
        twice = Tangent.tangents(gradients, List.of(name), parameters);
      } catch (GradientException linear) {
        TensorValue change = duals.get(index(gradients, name)).change();
        for (int i = 0; i < change.size(); i++) {
          assertEquals(0, change.real(i), sample::describe);
        }
        continue;
      }
      Map<String, TensorValue> seeds = new LinkedHashMap<>();
      directions.forEach((p, direction) -> seeds.put(Tangent.name(p), direction));
      Evaluation evaluation = run(twice, sample, seeds);
      TensorValue expected = duals.get(index(gradients, name)).change();
      TensorValue actual = evaluation.result(Tangent.name(name));
      for (int i = 0; i < expected.size(); i++) {
        assertClose(expected.real(i), actual.real(i), 1e-11 * Math.max(1, evaluation.largest()),
            "second order",
            sample);
      }
    }
  }

  private static int index(Graph graph, String result) {
    return graph.results().stream().map(Graph.Result::name).toList().indexOf(result);
  }

  private static Map<String, TensorValue> directions(RandomGraph sample, List<String> parameters) {
    Random random = new Random(sample.seed());
    Map<String, TensorValue> directions = new LinkedHashMap<>();
    for (String parameter : parameters) {
      TensorValue value = sample.inputs().get(parameter);
      double[] elements = random.doubles(value.size(), -1, 1).toArray();
      directions.put(parameter, TensorValue.f64(value.dims(), elements).withFloats(value.dtype()));
    }
    return directions;
  }

  private static Evaluation run(Graph graph, RandomGraph sample, Map<String, TensorValue> more) {
    Verifier.verify(graph);
    Map<String, TensorValue> inputs = new LinkedHashMap<>(sample.inputs());
    inputs.putAll(more);
    return Interpreter.run(graph, inputs, sample.symbols());
  }

  private static List<Dual> duals(Graph graph, RandomGraph sample,
      Map<String, TensorValue> directions) {
    List<Dual> arguments = new ArrayList<>();
    for (Port port : graph.ports()) {
      TensorValue value = sample.inputs().get(port.name());
      TensorValue direction = directions.get(port.name());
      arguments.add(direction == null ? Dual.constant(value) : new Dual(value, direction));
    }
    return DualInterpreter.run(graph, arguments, sample.symbols());
  }

  private static double dot(TensorValue x, TensorValue y) {
    assertEquals(x.type(), y.type());
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      sum += x.real(i) * y.real(i);
    }
    return sum;
  }

  private static void assertClose(double expected, double actual, double tolerance, String law,
      RandomGraph sample) {
    assertTrue(
        Math.abs(expected - actual) <= tolerance || Double.isNaN(expected) && Double.isNaN(actual),
        () -> law + ": expected " + expected + ", got " + actual + "\n" + sample.describe());
  }
}
