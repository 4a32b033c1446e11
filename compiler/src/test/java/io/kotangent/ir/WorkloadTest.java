package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.text.GraphParser;
import io.kotangent.type.Dim;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How much graphs compute, against formulas that are known.
class WorkloadTest {
  private static Workload of(String ports, String... lines) {
    return Workload.of(graph(ports, lines));
  }

  private static Graph graph(String ports, String... lines) {
    StringBuilder text = new StringBuilder("graph g(" + ports + ") {\n");
    for (int i = 0; i < lines.length; i++) {
      text.append("  %").append(i).append(" = ").append(lines[i]).append('\n');
    }
    return GraphParser.parseOne(
        text.append("  return y=%" + (lines.length - 1) + "\n}\n").toString());
  }

  private static void is(String multiplyAdds, String operations, String bytes, Workload work) {
    assertEquals(multiplyAdds + " | " + operations + " | " + bytes,
        work.multiplyAdds() + " | " + work.operations() + " | " + work.bytes());
  }

  @Test
  void aDenseLayerMultipliesEachWeightOncePerExample() {
    Workload work = of("x: input f32[batch,784], w: param f32[784,10]",
        "contract[ab,bc->ac] x, w : f32[batch,10]");
    is("7840*batch", "0", "3176*batch+31360", work);
    assertEquals(64 * 7840,
        work.substitute(Map.of("batch", Dim.of(64))).multiplyAdds().constant());
  }

  @Test
  void attentionIsQuadraticInTheLength() {
    is("64*t*t", "0", "512*t+4*t*t",
        of("q: input f32[t,64], k: input f32[t,64]",
            "contract[ac,bc->ab] q, k : f32[t,t]"));
  }

  @Test
  void aConvolutionMultipliesItsKernelAtEachPlace() {
    is("28800*batch", "0", "5632*batch+800",
        of("x: input f32[batch,16,16,1], k: param f32[5,5,1,8]",
            "convolve[nhwc,hwio->nhwc] x, k : f32[batch,12,12,8]"));
    is("1152*batch", "0", "832*batch+288",
        of("x: input f32[batch,6,6,4], k: param f32[3,3,2,4]",
            "convolve[nhwc,hwio->nhwc, groups=2] x, k : f32[batch,4,4,4]"));
  }

  @Test
  void elementwiseFunctionsCountOnce() {
    is("0", "3*n", "32*n",
        of("a: input f32[n], b: input f32[n]", "mul a, b : f32[n]", "exp %0 : f32[n]",
            "add %1, a : f32[n]"));
    is("0", "5", "60", of("a: input f32[5]", "cast[to=f64] a : f64[5]"));
  }

  @Test
  void sumsCountWhatTheyAdd() {
    is("0", "10*batch", "44*batch",
        of("x: input f32[batch,10]", "reduce.sum[axes=1] x : f32[batch]"));
  }

  @Test
  void whatMovesComputesNothing() {
    is("0", "0", "80", of("x: input f32[10]", "transpose[permutation=0] x : f32[10]"));
    is("0", "0", "24", of("x: input f32[10]", "slice[starts=2, limits=5] x : f32[3]"));
    is("0", "0", "0", of("x: input f32[10]", "reshape[to=(2,5)] x : f32[2,5]"));
    is("0", "0", "12*batch",
        of("x: input f32[10], i: input i32[batch] in 0..9", "gather[axis=0] x, i : f32[batch]"));
  }

  @Test
  void loopsCountAsOftenAsTheyRunAndBranchesTheLargerSide() {
    Graph loop = GraphParser.parseOne("""
        graph body(h: input f32[8], w: input f32[8,8]) {
          %0 = contract[a,ab->b] h, w : f32[8]
          return h=%0
        }

        graph g(h: input f32[8], w: param f32[8,8]) {
          %0 = loop[@body, count=t, carried=1] h, w : (f32[8])
          %1 = item[index=0] %0 : f32[8]
          return y=%1
        }
        """);
    is("64*t", "0", "320*t", Workload.of(loop));
    assertEquals(Workload.of(loop), Workload.of(loop.result("y").operand(0)));
    assertEquals("320", Workload.leastBytes(loop).toString());
    Graph branch = GraphParser.parseOne("""
        graph much(x: input f32[8]) {
          %0 = exp x : f32[8]
          %1 = exp %0 : f32[8]
          return y=%1
        }

        graph little(x: input f32[8]) {
          %0 = exp x : f32[8]
          return y=%0
        }

        graph g(c: input bool, x: input f32[8]) {
          %0 = branch[@little, @much] c, x : (f32[8])
          %1 = item[index=0] %0 : f32[8]
          return y=%1
        }
        """);
    is("0", "16", "128", Workload.of(branch));
  }

  @Test
  void everyOpHasItsWork() {
    Graph graph = EveryOp.graph("n", "f32");
    Workload sum = Workload.NONE;
    for (Node node : graph.schedule()) {
      Workload work = Workload.of(node);
      assertTrue(work.multiplyAdds().isAtLeast(0) && work.operations().isAtLeast(0)
          && work.bytes().isAtLeast(0), node + ": " + work);
      sum = sum.plus(work);
    }
    assertEquals(Workload.of(graph), sum);
    assertEquals("2*n", sum.multiplyAdds().toString());
  }
}
