package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every float of a graph gets the other type, and nothing else changes.
@Tag("fast")
class RetypeFloatsTest {
  private static final String NARROW = """
      graph body(c: input f32[3], x: input f32[3]) {
        %0 = add c, x                             : f32[3]
        return c=%0
      }

      graph f(x: input f32[n,3], k: param f32[2,3,3], i: input i32[n] in 0..2, w: state f32[3], ok: input bool) {
        require n >= 2
        %0 = constant[value=(0.5, 2.0, -1.0)]     : f32[3]
        %1 = constant[value=(4, 5, 6)]            : i64[3]
        %2 = cast[to=f32] %1                      : f32[3]
        %3 = cast[to=i32] %2                      : i32[3]
        %4 = add %0, %2                           : f32[3]
        %5 = iota[axis=0]                         : f32[3]
        %6 = iota[axis=0]                         : i32[3]
        %7 = add %4, %5                           : f32[3]
        %8 = loop[@body, count=n, carried=1, sliced=1] %7, x : (f32[3])
        %9 = item[index=0] %8                     : f32[3]
        %10 = contract[a,na->n] %9, x             : f32[n]
        %11 = reduce.sum[axes=0] %10              : f32
        %12 = gather[axis=0] w, i                 : f32[n]
        %13 = reshape[to=(1,n,3)] x               : f32[1,n,3]
        %14 = convolve[nwc,wio->nwc] %13, k       : f32[1,n-1,3]
        %15 = add w, %9                           : f32[3]
        guard ok
        update w = %15
        return a=%11, b=%12, c=%14, d=%3, e=%6
      }
      """;

  @Test
  void narrowBecomesWideAndBack() {
    List<Graph> narrow = GraphParser.parse(NARROW);
    List<Graph> wide = GraphParser.parse(NARROW.replace("f32", "f64"));
    assertEquals(wide.getLast(), RetypeFloats.apply(narrow.getLast(), DType.F64));
    assertEquals(narrow.getLast(), RetypeFloats.apply(wide.getLast(), DType.F32));
    assertEquals(narrow.getLast(), RetypeFloats.apply(narrow.getLast(), DType.F32));
  }
}
