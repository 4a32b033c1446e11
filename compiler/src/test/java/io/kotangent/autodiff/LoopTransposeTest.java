package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the gradient of a loop carries, slices and stacks: only what it needs.
@Tag("fast")
class LoopTransposeTest {
  private static List<Op.Loop> loops(String text, String... inputs) {
    Graph gradients = Gradient.gradients(GradientTest.graph(text), "f", List.of(inputs));
    return gradients.schedule().stream().map(Node::op).filter(Op.Loop.class::isInstance)
        .map(Op.Loop.class::cast).toList();
  }

  private static List<String> inputs(Op.Loop loop) {
    return loop.body().ports().stream().map(p -> p.name()).toList();
  }

  private static List<String> results(Op.Loop loop) {
    return loop.body().results().stream().map(Graph.Result::name).toList();
  }

  @Test
  void carriesOnlyTheCotangentsThatMatter() {
    List<Op.Loop> loops = loops("""
        graph body(a: input f64, b: input f64, c: input f64, d: input f64, w: input f64) {
          %0 = mul b, w : f64
          %1 = sin b : f64
          %2 = mul c, w : f64
          %3 = add d, w : f64
          return a=%0, b=%1, c=%2, d=%3
        }
        graph f(a: input f64, b: input f64, c: input f64, d: input f64, w: input f64) {
          %0 = loop[@body, count=4, carried=4] a, b, c, d, w : (f64, f64, f64, f64)
          %1 = item[index=0] %0 : f64
          return f=%1
        }
        """, "b", "w");
    assertEquals(3, loops.size());
    Op.Loop stacked = loops.stream().filter(l -> l.body().name().equals("body_stacked")).findFirst()
        .orElseThrow();
    assertEquals(List.of("a", "b", "c", "d", "before_b"), results(stacked));
    Op.Loop gradient = loops.getLast();
    assertEquals("body_grad", gradient.body().name());
    assertEquals(List.of("da", "db", "sum", "b", "w"), inputs(gradient));
    assertEquals(List.of("da", "db", "sum"), results(gradient));
    assertEquals(3, gradient.carried());
    assertEquals(1, gradient.sliced());
    assertEquals(true, gradient.reverse());
  }

  @Test
  void sumsNoInvariantThatIsNotAskedFor() {
    List<Op.Loop> loops = loops("""
        graph body(a: input f64, s: input f64, w: input f64) {
          %0 = mul a, w : f64
          %1 = add %0, s : f64
          return a=%1
        }
        graph f(a: input f64, s: input f64[4], w: input f64) {
          %0 = loop[@body, count=4, carried=1, sliced=1, reverse=true] a, s, w : (f64)
          %1 = item[index=0] %0 : f64
          return f=%1
        }
        """, "s");
    assertEquals(2, loops.size());
    assertEquals(List.of("da", "w"), inputs(loops.getLast()));
    assertEquals(List.of("da", "ds"), results(loops.getLast()));
    assertEquals(false, loops.getLast().reverse());
  }

  @Test
  void usesTheOutputsThatStackACarriedValueAlready() {
    List<Op.Loop> loops = loops("""
        graph body(a: input f64) {
          %0 = sin a : f64
          return a=%0, out=a
        }
        graph f(a: input f64) {
          %0 = loop[@body, count=4, carried=1] a : (f64, f64[4])
          %1 = item[index=0] %0 : f64
          return f=%1
        }
        """, "a");
    assertEquals(2, loops.size());
    assertEquals(List.of("a", "out"), results(loops.getFirst()));
  }

  @Test
  void namesWhatItStacksAnew() {
    List<Op.Loop> loops = loops("""
        graph body(a: input f64) {
          %0 = sin a : f64
          return a=%0, before_a=%0
        }
        graph f(a: input f64) {
          %0 = loop[@body, count=4, carried=1] a : (f64, f64[4])
          %1 = item[index=0] %0 : f64
          return f=%1
        }
        """, "a");
    assertEquals(List.of("a", "before_a", "before_a_2"), results(loops.get(1)));
  }

  @Test
  void aValueThatComesTooLateHasNoGradient() {
    String text = """
        graph body(a: input f64, b: input f64, c: input f64) {
          return a=b, b=c, c=c
        }
        graph f(a: input f64, b: input f64, c: input f64) {
          %0 = loop[@body, count=COUNT, carried=3] a, b, c : (f64, f64, f64)
          %1 = item[index=0] %0 : f64
          return f=%1
        }
        """;
    Map<String, String> reaches = Map.of("0", "a", "1", "b", "2", "c", "7", "c");
    reaches.forEach((count, input) -> {
      Graph f = GradientTest.graph(text.replace("COUNT", count));
      for (String name : List.of("a", "b", "c")) {
        if (name.equals(input)) {
          assertEquals(2, Gradient.gradients(f, "f", List.of(name)).results().size());
        } else {
          assertThrows(GradientException.class, () -> Gradient.gradients(f, "f", List.of(name)));
        }
      }
    });
  }
}
