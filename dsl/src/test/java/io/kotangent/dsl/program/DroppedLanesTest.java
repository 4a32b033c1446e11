package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Training;
import io.kotangent.ir.Graph;
import io.kotangent.ir.ScalarFn;
import io.kotangent.pass.LaneEvaluator;
import io.kotangent.pass.Pipeline;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Lanes that chance drops are not computed a second time, and nothing flows through lanes that a choice discards.
class DroppedLanesTest {
  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Feature(int size) implements Axis<Feature> {
  }

  private static Training training(UnaryOperator<Matrix<Batch, Feature>> layers) {
    Model model = Model.named("dropped");
    var feature = new Feature(5);
    var w = model.parameter("w", feature);
    var x = model.input("x", new Batch(), feature);
    var mask = model.input("mask", new Batch(), feature);
    return model.minimize(layers.apply(x.times(w)).times(mask).sum(), Optimizers.sgd(0.1));
  }

  private static long count(Training training, ScalarFn fn) {
    Graph graph = Pipeline.standard(new LaneEvaluator()).apply(training.stepGraph());
    return graph.schedule().stream().filter(node -> node.applies(fn)).count();
  }

  @Test
  void dropoutAfterASoftmaxComputesItOnce() {
    Map<String, UnaryOperator<Matrix<Batch, Feature>>> cases = new LinkedHashMap<>();
    cases.put("softmax", x -> x.softmax().dropout(0.5));
    cases.put("scaled", x -> x.softmax().times(2).dropout(0.1));
    cases.put("shifted by hand", x -> x.minus(3).softmax().plus(1).dropout(0.3));
    cases.put("twice", x -> x.softmax().dropout(0.5).dropout(0.5));
    cases.put("exp", x -> x.exp().dropout(0.5));
    cases.forEach((name, layers) -> assertEquals(1, count(training(layers), ScalarFn.EXP), name));
    assertEquals(1, count(training(x -> x.square().plus(2).log().dropout(0.5)), ScalarFn.LOG));
  }

  @Test
  void dropoutHasFiniteGradients() {
    for (UnaryOperator<Matrix<Batch, Feature>> layers : java.util.List
        .<UnaryOperator<Matrix<Batch, Feature>>>of(x -> x.softmax().dropout(0.5),
            x -> x.times(100).softmax().dropout(0.9))) {
      Training training = training(layers);
      Steps steps = new Steps(training);
      Program step = steps.step();
      ModelState state = steps.state();
      for (int seed = 0; seed < 20; seed++) {
        Workspace run = Steps.feed(step, 3, seed);
        assertTrue(step.run(run, state));
      }
    }
  }
}
