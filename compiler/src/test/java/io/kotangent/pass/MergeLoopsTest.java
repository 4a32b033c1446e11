package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Op;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class MergeLoopsTest {
  private static final String BODIES = """
      graph step(a: input f64, s: input f64) {
        %0 = mul a, s : f64
        return a=%0
      }
      graph more(a: input f64, s: input f64) {
        %0 = mul a, s : f64
        return a=%0, before=a
      }
      graph other(a: input f64, s: input f64) {
        %0 = add a, s : f64
        return a=%0, before=a
      }
      """;
  private final Pass pass = new MergeLoops();

  private static String graph(String firstLoop, String secondLoop, String secondType) {
    return BODIES + """
        graph f(a: input f64, b: input f64, s: input f64[n]) {
          %0 = loop[FIRST] a, s : (f64)
          %1 = loop[SECOND, s : TYPE
          %2 = item[index=0] %0 : f64
          %3 = item[index=1] %1 : f64[n]
          return x=%2, y=%3
        }
        """.replace("FIRST", firstLoop).replace("SECOND", secondLoop).replace("TYPE", secondType);
  }

  @Test
  void theLargerLoopStandsForBoth() {
    Graph merged = pass.apply(Texts.graph(graph("@step, count=n, carried=1, sliced=1",
        "@more, count=n, carried=1, sliced=1] a", "(f64, f64[n])")));
    Texts.assertPrints("""
        graph more(a: input f64, s: input f64) {
          %0 = mul a, s : f64
          return a=%0, before=a
        }
        graph f(a: input f64, b: input f64, s: input f64[n]) {
          %0 = loop[@more, count=n, carried=1, sliced=1] a, s : (f64, f64[n])
          %1 = item[index=0] %0 : f64
          %2 = item[index=1] %0 : f64[n]
          return x=%1, y=%2
        }
        """, merged);
    assertSame(merged, pass.apply(merged));
  }

  @Test
  void loopsThatOnlyLookAlikeStay() {
    String first = "@step, count=n, carried=1, sliced=1";
    String type = "(f64, f64[n])";
    for (String second : List.of("@other, count=n, carried=1, sliced=1] a",
        "@more, count=n, carried=1, sliced=1] b",
        "@more, count=n, carried=1, sliced=1, reverse=true] a")) {
      Graph graph = Texts.graph(graph(first, second, type));
      assertSame(graph, pass.apply(graph));
    }
  }

  @Test
  void aGradientDoesNotRunItsLoopTwice() {
    Graph f = Texts.graph(BODIES + """
        graph f(a: input f64, s: input f64[n]) {
          %0 = loop[@step, count=n, carried=1, sliced=1] a, s : (f64)
          %1 = item[index=0] %0 : f64
          return f=%1
        }
        """);
    Graph gradients = Gradient.gradients(f, "f", List.of("a", "s"));
    assertEquals(3, loops(gradients));
    assertEquals(2, loops(pass.apply(gradients)));
  }

  private static long loops(Graph graph) {
    return graph.schedule().stream().filter(n -> n.op() instanceof Op.Loop).count();
  }
}
