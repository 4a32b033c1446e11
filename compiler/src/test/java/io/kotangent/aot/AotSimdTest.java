package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The SIMD code of networks: what it refers to, and what is refused.
class AotSimdTest {
  private static final int GRAPHS = 120;
  private static final String VECTOR = "jdk/incubator/vector/";

  /// A large product by a turned operand, booleans that differ, a convolution.
  private static final String LARGE = """
      graph large(x: input f32[64,96], w: param f32[80,96], a: input bool[4096], b: input bool[4096], i: input f32[8,12,12,16], k: param f32[3,3,16,32]) {
        %0 = contract[ac,bc->ab] x, w     : f32[64,80]
        %1 = transpose[permutation=(1,0)] %0            : f32[80,64]
        %2 = xor a, b                     : bool[4096]
        %3 = convolve[nhwc,hwio->nhwc] i, k : f32[8,10,10,32]
        return y=%1, differ=%2, image=%3
      }
      """;

  private static ModelState zeros(Graph graph) {
    return ModelState.zeros(StateLayout.of(graph.ports()));
  }

  private static Graph random(int seed) {
    RandomGraph sample =
        RandomGraphs.generate(seed, seed % 2 == 0 ? RandomGraphs.Options.WILD
            : RandomGraphs.Options.LOSS.inWide().withNodes(20));
    return seed % 2 == 0 ? sample.graph()
        : Gradient.gradients(sample.graph(), "loss", sample.parameters());
  }

  private static void collect(Graph graph, int bits, Set<String> simd) {
    Map<String, byte[]> files =
        Aot.of("a.G").method("run", graph).weights(zeros(graph)).simdEverywhere(bits).files();
    files.forEach((name, bytes) -> {
      if (name.endsWith(".class")) {
        Set<String> all = References.of(bytes);
        all.removeIf(reference -> reference.startsWith("a/G") || reference.startsWith("["));
        if (name.contains("_simd")) {
          simd.addAll(all);
        } else {
          assertEquals(List.of(), all.stream().filter(r -> !r.startsWith("java/")).toList(), name);
        }
      }
    });
  }

  @Test
  void onlySimdClassesReferToTheVectorApiAndToWhatJava17Has() throws IOException {
    Set<String> simd = new TreeSet<>();
    for (int seed = 0; seed < GRAPHS; seed++) {
      collect(random(seed), 128 << seed % 3, simd);
    }
    for (int bits = 128; bits <= 512; bits *= 2) {
      collect(GraphParser.parseOne(LARGE), bits, simd);
    }
    assertTrue(simd.stream().filter(r -> r.startsWith(VECTOR)).count() > 50, simd.toString());
    assertEquals(List.of(),
        simd.stream().filter(r -> !r.startsWith("java/") && !r.startsWith(VECTOR)).toList());
    assertEquals(List.of(), References.missingIn17(simd));
  }

  @Test
  void widthsThatNoVectorHasAreRefused() {
    for (int bits : List.of(-1, 0, 64, 100, 1024)) {
      KotangentException e = assertThrows(KotangentException.class, () -> Aot.of("A").simd(bits));
      assertTrue(e.getMessage().contains("expected 128, 256 or 512"), e.getMessage());
    }
    Graph graph = random(0);
    KotangentException e = assertThrows(KotangentException.class, () -> Aot.of("A")
        .method("run", graph).weights(zeros(graph)).simd(256).withoutFma().files());
    assertTrue(e.getMessage().contains("leave out simd(bits) or withoutFma()"), e.getMessage());
  }

  @Test
  void sourceHasNone() {
    Graph graph = random(1);
    Aot aot = Aot.of("a.G").method("run", graph).weights(zeros(graph));
    assertEquals(new TreeSet<>(aot.source().keySet()),
        new TreeSet<>(aot.simdEverywhere(256).source().keySet()));
  }
}
