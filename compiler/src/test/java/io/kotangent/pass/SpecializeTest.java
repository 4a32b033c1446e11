package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class SpecializeTest {
  private static final String DROPOUT = """
      graph f(training: input bool, x: input f64[n], w: param f64[n]) {
        %0 = mul x, w : f64[n]
        %1 = broadcast[dims=(), to=n] training : bool[n]
        %2 = select %1, %0, x : f64[n]
        return y=%2
      }
      """;

  @Test
  void aFixedInputIsAConstantAndFolds() {
    Graph graph = Texts.graph(DROPOUT);
    Pipeline pipeline = Pipeline.of(Specialize.input("training", Literal.scalar(DType.BOOL, 0)));
    Graph inference = Pipeline.standard(new LaneEvaluator()).apply(pipeline.apply(graph));
    Texts.assertPrints("""
        graph f(x: input f64[n], w: param f64[n]) {
          return y=x
        }
        """, inference);
  }

  @Test
  void aSizeIsANumberEverywhere() {
    Graph graph = Texts.graph("""
        graph body(a: input f64, s: input f64[n]) {
          %0 = slice[starts=0, limits=n] s : f64[n]
          %1 = reduce.sum[axes=0] %0 : f64
          %2 = add a, %1 : f64
          return a=%2
        }
        graph f(x: input f64[k,n], v: input f64) {
          require n >= 2
          %0 = loop[@body, count=k, carried=1, sliced=1] v, x : (f64)
          %1 = item[index=0] %0 : f64
          %2 = size[dim=k*n] : i64
          %3 = cast[to=f64] %2 : f64
          %4 = pad[low=(k,0), high=(0,n)] x, v : f64[2*k,2*n]
          %5 = reshape[to=4*k*n] %4 : f64[4*k*n]
          %6 = iota[axis=0] : i32[n]
          return y=%1, z=%3, p=%5, q=%6
        }
        """);
    Texts.assertPrints("""
        graph body(a: input f64, s: input f64[3]) {
          %0 = slice[starts=0, limits=3] s : f64[3]
          %1 = reduce.sum[axes=0] %0 : f64
          %2 = add a, %1 : f64
          return a=%2
        }
        graph f(x: input f64[2,3], v: input f64) {
          %0 = loop[@body, count=2, carried=1, sliced=1] v, x : (f64)
          %1 = item[index=0] %0 : f64
          %2 = size[dim=6] : i64
          %3 = cast[to=f64] %2 : f64
          %4 = pad[low=(2,0), high=(0,3)] x, v : f64[4,6]
          %5 = reshape[to=24] %4 : f64[24]
          %6 = iota[axis=0] : i32[3]
          return y=%1, z=%3, p=%5, q=%6
        }
        """, Pipeline.of(Specialize.size("n", 3), Specialize.size("k", 2)).apply(graph));
  }

  @Test
  void whatTheGraphDoesNotHaveChangesNothing() {
    Graph graph = Texts.graph(DROPOUT);
    assertSame(graph, Specialize.size("k", 3).apply(graph));
    assertSame(graph, Specialize.input("k", Literal.scalar(DType.F32, 3)).apply(graph));
  }

  @Test
  void aValueOfAnotherTypeOrForAStateIsRefused() {
    Graph graph = Texts.graph(DROPOUT);
    assertEquals("cannot fix port 'training: input bool' to a f32: expected an input of that type",
        assertThrows(
            KotangentException.class,
            () -> Specialize.input("training", Literal.scalar(DType.F32, 0)).apply(graph))
            .getMessage());
    Graph sized = Specialize.size("n", 1).apply(graph);
    assertEquals("cannot fix port 'w: param f64[1]' to a f64[1]: expected an input of that type",
        assertThrows(
            KotangentException.class,
            () -> Specialize.input("w", Literal.vector(DType.F64, new double[1])).apply(sized))
            .getMessage());
  }

  @Test
  void aSizeThatARequirementForbidsIsRefused() {
    Graph graph = Texts.graph("""
        graph f(x: input f64[n]) {
          require n >= 3
          %0 = neg x : f64[n]
          return y=%0
        }
        """);
    assertEquals(List.of(), Specialize.size("n", 3).apply(graph).requirements());
    ShapeException error =
        assertThrows(ShapeException.class, () -> Specialize.size("n", 2).apply(graph));
    assertEquals(
        "these sizes do not fit: size precondition violated: expected 2 >= 3, but 2 is 2 and 3 is 3;"
            + " feed arrays whose sizes satisfy it",
        error.getMessage());
  }
}
