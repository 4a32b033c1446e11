package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Verifier;
import io.kotangent.rewrite.RetypeFloats;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.text.GraphText;
import io.kotangent.type.DType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random graphs are valid, and the laws of text and meaning hold for them.
class RandomGraphsTest {
  private static final int GRAPHS = 300;

  private static List<RandomGraphs.Options> kinds() {
    return List.of(RandomGraphs.Options.CAREFUL, RandomGraphs.Options.WILD,
        RandomGraphs.Options.LOSS);
  }

  @Test
  void textReadsBackAsTheGraphItWas() {
    for (RandomGraphs.Options options : kinds()) {
      for (long seed = 0; seed < GRAPHS; seed++) {
        RandomGraph sample = RandomGraphs.generate(seed, options);
        GraphText text = GraphPrinter.text(List.of(sample.graph()));
        Graph parsed = GraphParser.parse(text).getLast();
        assertEquals(sample.graph(), parsed, sample::describe);
        assertEquals(text.text(), GraphPrinter.print(parsed), sample::describe);
      }
    }
  }

  @Test
  void everyGraphIsValidAndRetypes() {
    for (RandomGraphs.Options options : kinds()) {
      for (long seed = 0; seed < GRAPHS; seed++) {
        RandomGraph sample = RandomGraphs.generate(seed, options);
        assertEquals(List.of(), Verifier.violations(sample.graph()), sample::describe);
        Graph wide = RetypeFloats.apply(sample.graph(), DType.F64);
        assertEquals(List.of(), Verifier.violations(wide), sample::describe);
        assertEquals(wide, RetypeFloats.apply(wide, DType.F64), sample::describe);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameGraphAndAnotherSeedAnother() {
    RandomGraph a = RandomGraphs.generate(5, RandomGraphs.Options.CAREFUL);
    RandomGraph b = RandomGraphs.generate(5, RandomGraphs.Options.CAREFUL);
    assertEquals(a, b);
    assertTrue(!a.graph().equals(RandomGraphs.generate(6, RandomGraphs.Options.CAREFUL).graph()));
  }

  @Test
  void everyOperationOccursAndCarefulValuesAreFinite() {
    Map<String, Integer> counts = new TreeMap<>();
    int nodes = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL);
      Evaluation evaluation = Interpreter.run(sample.graph(), sample.inputs(), sample.symbols());
      for (Node node : sample.graph().schedule()) {
        counts.merge(node.op().mnemonic(), 1, Integer::sum);
        nodes++;
        for (TensorValue part : evaluation.values().get(node)) {
          for (int i = 0; part.dtype().isFloat() && i < part.size(); i++) {
            assertTrue(Double.isFinite(part.real(i)), () -> node + "\n" + sample.describe());
          }
        }
      }
    }
    System.out.println(GRAPHS + " graphs, " + nodes + " nodes: " + counts);
    List.of("input", "constant", "iota", "size", "random", "add", "select", "cast", "broadcast",
        "reshape", "transpose",
        "reverse", "slice", "pad", "concat", "windows", "overlap_add", "gather", "scatter", "sort",
        "reduce.sum",
        "reduce.argmax", "contract", "convolve", "call", "loop", "branch", "item")
        .forEach(op -> assertTrue(counts.getOrDefault(op, 0) >= 8, op));
  }

  @Test
  void otherBatchSizesFitTheSameGraph() {
    for (long seed = 0; seed < GRAPHS / 2; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.WILD);
      for (long batch : new long[] {0, 1, 2, 7}) {
        Map<String, Long> sizes = Map.of("batch", batch);
        Interpreter.run(sample.graph(), sample.inputs(sizes, seed), sizes);
      }
    }
  }
}
