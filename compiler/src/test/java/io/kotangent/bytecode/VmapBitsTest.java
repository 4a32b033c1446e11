package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomExamples;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// `vmap(f)` is a loop over `f`, bit for bit: random graphs and their gradients, some of their inputs batched, for no, one and
/// more examples, a number that is known and one that is not.
class VmapBitsTest {
  private static final int GRAPHS = Integer.getInteger("kotangent.graphs", 150);
  private static final int[] EXAMPLES = {0, 1, 2, 3, 5};

  private int runs;
  private int failed;

  @Test
  void ofCarefulGraphs() {
    graphs(RandomGraphs.Options.CAREFUL);
  }

  @Test
  void ofWildGraphs() {
    graphs(RandomGraphs.Options.WILD);
    graphs(RandomGraphs.Options.WILD.withFloats(DType.F64));
  }

  @Test
  void ofGraphsWithErrors() {
    graphs(RandomGraphs.Options.ERRORS);
  }

  @Test
  void ofGradients() {
    graphs(RandomGraphs.Options.LOSS);
  }

  private void graphs(RandomGraphs.Options options) {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, options);
      law(sample, function(options.loss()
          ? Gradient.gradients(sample.graph(), "loss", sample.parameters()) : sample.graph()));
    }
    System.out.println(GRAPHS + " graphs, " + runs + " examples, " + failed + " of them errors");
    assertTrue(runs > GRAPHS);
  }

  /// The graph's results, all its inputs ordinary ones.
  private static Graph function(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    graph.requirements().forEach(b::require);
    Map<Node, Node> copies = new IdentityHashMap<>();
    List<Node> inputs = new ArrayList<>();
    for (Node input : graph.inputs()) {
      Port port = Graph.port(input);
      inputs.add(b.input(new Port(port.name(), Role.INPUT, port.type(), port.facts())));
      copies.put(input, inputs.getLast());
    }
    b.copy(graph.results().stream().map(Graph.Result::node).toList(), copies);
    return b.graph(graph.name(), inputs, graph.results().stream()
        .map(r -> new Graph.Result(r.name(), copies.get(r.node()))).toList());
  }

  private void law(RandomGraph sample, Graph one) {
    SplittableRandom random = new SplittableRandom(sample.seed() + 77);
    int examples = EXAMPLES[random.nextInt(EXAMPLES.length)];
    boolean known = random.nextBoolean() || one.withBodies().stream().anyMatch(Graph::draws);
    List<String> batched = new ArrayList<>();
    one.ports().forEach(port -> {
      if (batched.isEmpty() || random.nextInt(3) > 0) {
        batched.add(port.name());
      }
    });
    RandomExamples values =
        RandomExamples.draw(sample, one.ports(), batched, examples, random);
    runs += examples;
    failed += VmapLaw.check(one, batched, values, examples,
        known ? Dim.of(examples) : Dim.symbol("examples"), sample.symbols(), sample::describe);
  }
}
