package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Verifier;
import io.kotangent.pass.LaneEvaluator;
import io.kotangent.pass.Pipeline;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The derivatives of a loop are those of the same steps written one after the other: random cells, over 0, 1, 2 and 7
/// steps, to first and second order, backward and forward; and the passes keep them.
class LoopLawTest {
  private static final Pipeline PASSES = Pipeline.standard(new LaneEvaluator());
  private static final int BATCH = 2;

  @Test
  void derivativesOfSomeLoopsAreThoseOfTheirSteps() {
    for (long seed = 0; seed < 6; seed++) {
      hold(seed);
    }
  }

  @Tag("faults") @Test
  void derivativesOfManyLoopsAreThoseOfTheirSteps() {
    for (long seed = 1_000; seed < 3_000; seed++) {
      hold(seed);
    }
  }

  private static void hold(long seed) {
    RandomLoop cell = new RandomLoop(seed, DType.F64, Dim.of(BATCH));
    for (int count : new int[] {0, 1, 2, 7}) {
      new Both(seed, cell, count).agree();
    }
  }

  /// A loop and its steps in one graph.
  private static final class Both {
    private final String what;
    private final GraphBuilder b = new GraphBuilder();
    private final Map<String, TensorValue> values = new LinkedHashMap<>();
    private final List<Node> inputs = new ArrayList<>();
    private final List<Node> directions = new ArrayList<>();
    private final Map<String, Node> results = new LinkedHashMap<>();
    private final List<Node> targets;
    private final Random random;

    Both(long seed, RandomLoop cell, int count) {
      this.what = "seed " + seed + ", " + count + " steps";
      this.random = new Random(seed);
      boolean reverse = random.nextBoolean();
      List<Node> arguments =
          cell.ports(Dim.of(count)).stream().map(port -> input(port, 0.8)).toList();
      this.targets = arguments.stream().filter(a -> a.dtype().isFloat()).toList();
      for (Node target : targets) {
        directions.add(
            input(new Port("v_" + Graph.port(target).name(), Role.INPUT, target.type()), 1));
      }
      derive("loop", cell.looped(b, arguments, Dim.of(count), reverse));
      derive("steps", cell.unrolled(b, arguments, count, reverse));
    }

    private Node input(Port port, double scale) {
      int[] dims = port.type().shape().dims().stream().mapToInt(d -> (int) d.constant()).toArray();
      int size = 1;
      for (int dim : dims) {
        size *= dim;
      }
      TensorValue value = port.type().dtype().isFloat()
          ? TensorValue.f64(dims, random.doubles(size, -scale, scale).toArray())
          : TensorValue.of(DType.I32, dims, random.ints(size, 0, 4).toArray());
      values.put(port.name(), value);
      inputs.add(b.input(port));
      return inputs.getLast();
    }

    private void derive(String name, List<Node> items) {
      Node loss = RandomLoop.loss(b, items);
      results.put(name + " loss", loss);
      List<Optional<Node>> slopes = Gradient.vjp(b, List.of(loss), one(), targets);
      Node along = b.scalar(DType.F64, 0);
      for (int i = 0; i < targets.size(); i++) {
        String input = Graph.port(targets.get(i)).name();
        slopes.get(i).ifPresent(g -> results.put(name + " d" + input, g));
        if (slopes.get(i).isPresent()) {
          Node product = b.map(ScalarFn.MUL, slopes.get(i).get(), directions.get(i));
          along = b.map(ScalarFn.ADD, along, b.sum(product, Axes.all(product.type().rank())));
        }
      }
      results.put(name + " along", along);
      List<Optional<Node>> forward =
          Tangent.jvp(b, List.of(loss, along), targets, directions);
      forward.getFirst().ifPresent(t -> results.put(name + " forward", t));
      forward.getLast().ifPresent(t -> results.put(name + " forward twice", t));
      List<Optional<Node>> twice = Gradient.vjp(b, List.of(along), one(), targets);
      for (int i = 0; i < targets.size(); i++) {
        String input = Graph.port(targets.get(i)).name();
        twice.get(i).ifPresent(g -> results.put(name + " dd" + input, g));
      }
    }

    private List<Optional<Node>> one() {
      return List.of(Optional.of(b.scalar(DType.F64, 1)));
    }

    void agree() {
      List<Graph.Result> named = new ArrayList<>();
      results.forEach((name, node) -> named.add(new Graph.Result(name, node)));
      Graph graph = b.graph("both", inputs, named);
      Verifier.verify(graph);
      Evaluation plain = Interpreter.run(graph, values);
      for (String name : results.keySet()) {
        if (name.startsWith("loop ")) {
          String other = name.replace("loop ", "steps ");
          close(results.containsKey(other) ? plain.result(other) : null, plain.result(name),
              name, graph);
        } else {
          String other = name.replace("steps ", "loop ");
          assertTrue(results.containsKey(other), () -> what + ": the loop has no " + name);
        }
      }
      double forward = results.containsKey("loop forward")
          ? plain.result("loop forward").real(0) : 0;
      assertEquals(plain.result("loop along").real(0), forward,
          1e-10 * Math.max(1, Math.abs(forward)), what + ": reverse = forward");
      Graph passed = PASSES.apply(graph);
      Verifier.verify(passed);
      Evaluation after = Interpreter.run(passed, values);
      results.keySet()
          .forEach(name -> close(plain.result(name), after.result(name), name + " passed", graph));
    }

    /// @param expected none: zero everywhere
    private void close(TensorValue expected, TensorValue actual, String name, Graph graph) {
      for (int i = 0; i < actual.size(); i++) {
        double x = expected == null ? 0 : expected.real(i);
        int at = i;
        assertEquals(x, actual.real(i), 1e-9 * Math.max(1, Math.abs(x)),
            () -> what + ": " + name + " at " + at + "\n" + GraphPrinter.print(graph));
      }
    }
  }
}
