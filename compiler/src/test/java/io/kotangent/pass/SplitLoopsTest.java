package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kotangent.autodiff.Gradient;
import io.kotangent.autodiff.RandomLoop;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Verifier;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What leaves a loop, before and after it, and what has to stay.
@Tag("fast")
class SplitLoopsTest {
  private final Pass pass = new SplitLoops();

  @Test
  void contractionsOfSlicesComeBeforeAndThoseOfOutputsAfter() {
    Graph split = pass.apply(Texts.graph("""
        graph step(h: input f64[b,4], x: input f64[b,3], w: input f64[3,4], u: input f64[4,4], v: input f64[4,3]) {
          %0 = contract[ak,kh->ah] x, w : f64[b,4]
          %1 = contract[ak,kh->ah] h, u : f64[b,4]
          %2 = add %0, %1 : f64[b,4]
          %3 = contract[ak,kh->ah] %2, v : f64[b,3]
          %4 = sin %3 : f64[b,3]
          return h=%2, y=%4
        }
        graph f(h: input f64[b,4], x: input f64[t,b,3], w: input f64[3,4], u: input f64[4,4], v: input f64[4,3]) {
          %0 = loop[@step, count=t, carried=1, sliced=1] h, x, w, u, v : (f64[b,4], f64[t,b,3])
          %1 = item[index=1] %0 : f64[t,b,3]
          return y=%1
        }
        """));
    Texts.assertPrints("""
        graph step(h: input f64[b,4], contract: input f64[b,4], u: input f64[4,4]) {
          %0 = contract[ak,kh->ah] h, u : f64[b,4]
          %1 = add contract, %0 : f64[b,4]
          return h=%1, stack=%1
        }
        graph f(h: input f64[b,4], x: input f64[t,b,3], w: input f64[3,4], u: input f64[4,4], v: input f64[4,3]) {
          %0 = contract[bak,kh->bah] x, w : f64[t,b,4]
          %1 = loop[@step, count=t, carried=1, sliced=1] h, %0, u : (f64[b,4], f64[t,b,4])
          %2 = item[index=1] %1 : f64[t,b,4]
          %3 = contract[bak,kh->bah] %2, v : f64[t,b,3]
          %4 = sin %3 : f64[t,b,3]
          return y=%4
        }
        """, new DropDeadNodes().apply(split));
    assertSame(split, pass.apply(split));
  }

  /// A body in which `%9` is contracted before its carried value is asked for.
  private static String body(String made) {
    return """
        graph step(h: input f64[2,4], x: input f64[2,3], k: input i32[2] in 0..4, w: input f64[3,4], e: input f64[4,3]) {
        """ + made.strip().indent(2) + """
          %10 = contract[ak,kh->ah] %9, w : f64[2,4]
          %11 = add h, %10 : f64[2,4]
          %12 = tanh %11 : f64[2,4]
          return h=%12
        }
        graph f(h: input f64[2,4], x: input f64[t,2,3], k: input i32[t,2] in 0..4, w: input f64[3,4], e: input f64[4,3]) {
          %0 = loop[@step, count=t, carried=1, sliced=2] h, x, k, w, e : (f64[2,4])
          %1 = item[index=0] %0 : f64[2,4]
          return y=%1
        }
        """;
  }

  @ParameterizedTest @ValueSource(strings = {"%9 = sin x : f64[2,3]",
      "%1 = reverse[axes=1] x : f64[2,3]\n%9 = mul %1, x : f64[2,3]",
      "%1 = transpose[permutation=(1,0)] x : f64[3,2]\n%2 = reshape[to=(2,3)] %1 : f64[2,3]\n%9 = sin %2 : f64[2,3]",
      "%1 = reduce.sum[axes=1] x : f64[2]\n%9 = broadcast[dims=0, to=(2,3)] %1 : f64[2,3]",
      "%1 = reduce.max[axes=0] x : f64[3]\n%9 = broadcast[dims=1, to=(2,3)] %1 : f64[2,3]",
      "%9 = gather[axis=0, batch_dims=0] e, k : f64[2,3]",
      "%1 = slice[starts=(0,1), limits=(2,3)] x : f64[2,2]\n%2 = constant[value=1.5] : f64\n%9 = pad[low=(0,1), high=(0,0)] %1, %2 : f64[2,3]",
      "%1 = slice[starts=(0,0), limits=(2,1)] x : f64[2,1]\n%2 = slice[starts=(0,1), limits=(2,3)] x : f64[2,2]\n%9 = concat[axis=1] %2, %1 : f64[2,3]",
      "%1 = slice[starts=(0,0), limits=(2,3)] e : f64[2,3]\n%9 = mul x, %1 : f64[2,3]",
      "%1 = contract[ai,ij->aj] x, e2 : f64[2,3]\n%9 = tanh %1 : f64[2,3]"})
  void whatSlicesGoThroughIsStackedToo(String made) {
    String text = body(made.contains("e2")
        ? "%0 = slice[starts=(0,0), limits=(3,3)] e : f64[3,3]\n" + made.replace("e2", "%0")
        : made);
    Graph graph = Texts.graph(text);
    Graph split = pass.apply(graph);
    Verifier.verify(split);
    assertEquals(0, inLoops(split), () -> GraphPrinter.print(split));
    for (int steps : new int[] {0, 1, 5}) {
      assertEquals(run(graph, steps), run(split, steps), () -> GraphPrinter.print(split));
    }
  }

  /// Draws differ between iterations, carried values are not there before; what sorts has no form for all iterations.
  @ParameterizedTest @ValueSource(strings = {"%9 = slice[starts=(0,0), limits=(2,3)] h : f64[2,3]",
      "%1 = sort[axis=1] x : (f64[2,3], i32[2,3])\n%9 = item[index=0] %1 : f64[2,3]"})
  void whatDependsOnMoreStays(String made) {
    Graph graph = Texts.graph(body(made));
    assertSame(graph, pass.apply(graph));
  }

  @Test
  void whatWouldBeMuchLargerThanTheSlicesStays() {
    String text = """
        graph step(h: input f64[b,WIDE], x: input f64[b,2], w: input f64[2,WIDE]) {
          %0 = contract[ak,kh->ah] x, w : f64[b,WIDE]
          %1 = add h, %0 : f64[b,WIDE]
          return h=%1
        }
        graph f(h: input f64[b,WIDE], x: input f64[t,b,2], w: input f64[2,WIDE]) {
          %0 = loop[@step, count=t, carried=1, sliced=1] h, x, w : (f64[b,WIDE])
          %1 = item[index=0] %0 : f64[b,WIDE]
          return y=%1
        }
        """;
    assertEquals(0, inLoops(pass.apply(Texts.graph(text.replace("WIDE", "32")))));
    assertEquals(1, inLoops(pass.apply(Texts.graph(text.replace("WIDE", "33")))));
  }

  @Test
  void aConvolutionOfSlicesAndItsKernelsGradientLeaveTheLoop() {
    Graph graph = Texts.graph("""
        graph step(h: input f64[2,4,4,3], x: input f64[2,4,4,1], k: input f64[3,3,1,3], r: input f64[3,3,3,3]) {
          %0 = convolve[nhwc,hwio->nhwc, low=(1,1), high=(1,1)] x, k : f64[2,4,4,3]
          %1 = convolve[nhwc,hwio->nhwc, low=(1,1), high=(1,1)] h, r : f64[2,4,4,3]
          %2 = add %0, %1 : f64[2,4,4,3]
          %3 = tanh %2 : f64[2,4,4,3]
          return h=%3
        }
        graph f(h: input f64[2,4,4,3], x: input f64[t,2,4,4,1], k: input f64[3,3,1,3], r: input f64[3,3,3,3]) {
          %0 = loop[@step, count=t, carried=1, sliced=1] h, x, k, r : (f64[2,4,4,3])
          %1 = item[index=0] %0 : f64[2,4,4,3]
          %2 = reduce.sum[axes=(0,1,2,3)] %1 : f64
          return y=%2
        }
        """);
    Graph gradients = Gradient.gradients(graph, "y", List.of("k", "r"));
    Graph split = Pipeline.standard(new LaneEvaluator()).apply(gradients);
    assertEquals(2, inLoops(split), () -> GraphPrinter.print(split));
  }

  @Test
  void toSplitAgainChangesNothing() {
    for (long seed = 0; seed < 30; seed++) {
      RandomLoop cell = new RandomLoop(seed, DType.F64, Dim.symbol("rows"));
      GraphBuilder b = new GraphBuilder();
      List<Node> arguments = cell.ports(Dim.symbol("steps")).stream().map(b::input).toList();
      List<Node> items = cell.looped(b, arguments, Dim.symbol("steps"), false);
      Graph forward = b.graph("f", arguments,
          List.of(new Graph.Result("loss", RandomLoop.loss(b, items))));
      Graph split = pass.apply(Gradient.gradients(forward, "loss", List.of("h")));
      assertSame(split, pass.apply(split));
    }
  }

  /// Contractions and convolutions inside loops, wherever.
  private static int inLoops(Graph graph) {
    return (int) graph.withBodies().stream().filter(inner -> inner != graph)
        .flatMap(inner -> inner.schedule().stream())
        .filter(node -> node.op() instanceof Op.Contract || node.op() instanceof Op.Convolve)
        .count();
  }

  private static Map<String, TensorValue> run(Graph graph, int steps) {
    Random random = new Random(1);
    Map<String, TensorValue> values = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().dims().stream()
          .mapToInt(d -> (int) d.evaluate(Map.of("t", (long) steps))).toArray();
      int size = (int) port.type().shape().size().evaluate(Map.of("t", (long) steps));
      values.put(port.name(), port.type().dtype().isFloat()
          ? TensorValue.f64(dims, random.doubles(size, -1, 1).toArray())
          : TensorValue.of(DType.I32, dims, random.ints(size, 0, 4).toArray()));
    }
    return Interpreter.run(graph, values, Map.of("t", (long) steps)).results();
  }
}
