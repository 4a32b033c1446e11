package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import io.kotangent.ir.Graph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Rewrites of reductions, casts, constants and indices: before → after, and what looks like a match and is not.
@Tag("fast")
class ValueRewritesTest {
  private static void assertRewrites(Rewrite rewrite, String ports, String before, String after) {
    assertEquals(after, Rewritten.by(rewrite, ports, before));
  }

  private static void assertStays(Rewrite rewrite, String ports, String statements) {
    assertEquals(Rewritten.statements(Rewritten.parse(ports, statements)),
        Rewritten.by(rewrite, ports, statements));
  }

  @Test
  void aMaximumOfCopiesIsThatOfOne() {
    assertRewrites(new ReduceOfBroadcast(), "x: input f64[n,m], b: input bool[n]", """
        %0 = broadcast[dims=(0,2), to=(n,4,m)] x : f64[n,4,m]
        %1 = reduce.max[axes=(1,2)] %0 : f64[n]
        %2 = reduce.min[axes=1] %0 : f64[n,m]
        %3 = broadcast[dims=1, to=(2,n)] b : bool[2,n]
        %4 = reduce.all[axes=0] %3 : bool[n]
        return y=%1, z=%2, w=%4""", """
        %0 = reduce.max[axes=1] x : f64[n]
        return y=%0, z=x, w=b
        """);
  }

  @Test
  void aMaximumOfPerhapsNothingStays() {
    assertStays(new ReduceOfBroadcast(), "x: input f64[n]", """
        %0 = broadcast[dims=0, to=(n,zero)] x : f64[n,zero]
        %1 = reduce.max[axes=1] %0 : f64[n]
        %2 = broadcast[dims=0, to=(n,4)] x : f64[n,4]
        %3 = reduce.sum[axes=1] %2 : f64[n]
        %4 = reduce.max[axes=0] %2 : f64[4]
        return y=%1, z=%3, w=%4""");
  }

  @Test
  void maximaMerge() {
    assertRewrites(new MergeReduces(), "x: input f64[n,m,k]", """
        %0 = reduce.max[axes=1] x : f64[n,k]
        %1 = reduce.max[axes=1] %0 : f64[n]
        %2 = reduce.min[axes=0] %0 : f64[k]
        return y=%1, z=%2""", """
        %0 = reduce.max[axes=(1,2)] x : f64[n]
        %1 = reduce.max[axes=1] x : f64[n,k]
        %2 = reduce.min[axes=0] %1 : f64[k]
        return y=%0, z=%2
        """);
  }

  @Test
  void sumsDoNotMerge() {
    assertStays(new MergeReduces(), "x: input f64[n,m,k]", """
        %0 = reduce.sum[axes=1] x : f64[n,k]
        %1 = reduce.sum[axes=1] %0 : f64[n]
        return y=%1""");
  }

  @Test
  void castsMerge() {
    assertRewrites(new MergeCasts(), "x: input i32[n], b: input bool[n], f: input f32[n]", """
        %0 = cast[to=i64] x : i64[n]
        %1 = cast[to=f64] %0 : f64[n]
        %2 = cast[to=i32] %0 : i32[n]
        %3 = cast[to=i32] b : i32[n]
        %4 = cast[to=f32] %3 : f32[n]
        %5 = cast[to=f64] f : f64[n]
        %6 = cast[to=f32] %5 : f32[n]
        return p=%1, q=%2, r=%4, s=%6""", """
        %0 = cast[to=f64] x : f64[n]
        %1 = cast[to=f32] b : f32[n]
        return p=%0, q=x, r=%1, s=f
        """);
  }

  @Test
  void castsThatLoseDigitsStay() {
    assertStays(new MergeCasts(), "x: input i32[n], l: input i64[n], f: input f64[n]", """
        %0 = cast[to=f32] x : f32[n]
        %1 = cast[to=f64] %0 : f64[n]
        %2 = cast[to=f64] l : f64[n]
        %3 = cast[to=i64] %2 : i64[n]
        %4 = cast[to=f32] f : f32[n]
        %5 = cast[to=f64] %4 : f64[n]
        return p=%1, q=%3, r=%5""");
  }

  @Test
  void divisionByAPowerOfTwoIsAProduct() {
    assertRewrites(new DivideByPowerOfTwo(), "x: input f64[n], f: input f32", """
        %0 = constant[value=8.0] : f64
        %1 = broadcast[dims=(), to=n] %0 : f64[n]
        %2 = div x, %1 : f64[n]
        %3 = constant[value=-0.25] : f32
        %4 = div f, %3 : f32
        return y=%2, z=%4""", """
        %0 = constant[value=0.125] : f64
        %1 = broadcast[dims=(), to=n] %0 : f64[n]
        %2 = mul x, %1 : f64[n]
        %3 = constant[value=-4.0] : f32
        %4 = mul f, %3 : f32
        return y=%2, z=%4
        """);
  }

  @Test
  void otherDivisionsStay() {
    assertStays(new DivideByPowerOfTwo(), "x: input f64, f: input f32, i: input i32", """
        %0 = constant[value=3.0] : f64
        %1 = div x, %0 : f64
        %2 = constant[value=0.0] : f64
        %3 = div x, %2 : f64
        %4 = constant[value=1.7014118E38] : f32
        %5 = div f, %4 : f32
        %6 = constant[value=2] : i32
        %7 = div i, %6 : i32
        %8 = div %0, x : f64
        return p=%1, q=%3, r=%5, s=%7, t=%8""");
  }

  @Test
  void constantsTakeTheSign() {
    assertRewrites(new NegateConstant(), "x: input f64", """
        %0 = constant[value=2.0] : f64
        %1 = mul %0, x : f64
        %2 = neg %1 : f64
        %3 = div x, %0 : f64
        %4 = neg %3 : f64
        %5 = div %0, x : f64
        %6 = neg %5 : f64
        return p=%2, q=%4, r=%6""", """
        %0 = constant[value=-2.0] : f64
        %1 = mul %0, x : f64
        %2 = div x, %0 : f64
        %3 = div %0, x : f64
        return p=%1, q=%2, r=%3
        """);
  }

  @Test
  void theSignOfAChoiceMeetsItsConstants() {
    assertRewrites(new NegateConstant(), "c: input bool, x: input f64", """
        %0 = constant[value=0.0] : f64
        %1 = select c, x, %0 : f64
        %2 = neg %1 : f64
        %3 = select c, %0, x : f64
        %4 = neg %3 : f64
        return p=%2, q=%4""", """
        %0 = neg x : f64
        %1 = constant[value=-0.0] : f64
        %2 = select c, %0, %1 : f64
        %3 = select c, %1, %0 : f64
        return p=%2, q=%3
        """);
  }

  @Test
  void sumsKeepTheirSign() {
    assertStays(new NegateConstant(), "x: input f64, i: input i32", """
        %0 = constant[value=2.0] : f64
        %1 = add %0, x : f64
        %2 = neg %1 : f64
        %3 = constant[value=2] : i32
        %4 = mul i, %3 : i32
        %5 = neg %4 : i32
        return p=%2, q=%5""");
  }

  @Test
  void aScatterOfOneIndexARowIsAChoice() {
    assertRewrites(new ScatterToSelect(), "i: input i32[n] in 0..4, v: input f64[n]", """
        %0 = constant[value=0.0] : f64
        %1 = broadcast[dims=(), to=(n,5)] %0 : f64[n,5]
        %2 = scatter[axis=1, batch_dims=1] %1, i, v : f64[n,5]
        return y=%2""", """
        %0 = iota[axis=1] : i32[n,5]
        %1 = broadcast[dims=0, to=(n,5)] i : i32[n,5]
        %2 = eq %0, %1 : bool[n,5]
        %3 = constant[value=0.0] : f64
        %4 = broadcast[dims=(), to=(n,5)] %3 : f64[n,5]
        %5 = broadcast[dims=0, to=(n,5)] v : f64[n,5]
        %6 = add %4, %5 : f64[n,5]
        %7 = select %2, %6, %4 : f64[n,5]
        return y=%7
        """);
  }

  @Test
  void aScatterBetweenOtherAxesIsAChoice() {
    assertRewrites(new ScatterToSelect(), "i: input i64[n] in 0..4, v: input f64[n,m,k]", """
        %0 = constant[value=1.0] : f64
        %1 = broadcast[dims=(), to=(n,m,5,k)] %0 : f64[n,m,5,k]
        %2 = scatter[axis=2, batch_dims=1] %1, i, v : f64[n,m,5,k]
        return y=%2""", """
        %0 = iota[axis=2] : i64[n,m,5,k]
        %1 = broadcast[dims=0, to=(n,m,5,k)] i : i64[n,m,5,k]
        %2 = eq %0, %1 : bool[n,m,5,k]
        %3 = constant[value=1.0] : f64
        %4 = broadcast[dims=(), to=(n,m,5,k)] %3 : f64[n,m,5,k]
        %5 = broadcast[dims=(0,1,3), to=(n,m,5,k)] v : f64[n,m,5,k]
        %6 = add %4, %5 : f64[n,m,5,k]
        %7 = select %2, %6, %4 : f64[n,m,5,k]
        return y=%7
        """);
  }

  @Test
  void aScatterThatMayFailStays() {
    assertStays(new ScatterToSelect(), "i: input i32[n] in 0..5, j: input i32[n] in -1..4, "
        + "u: input i32[n,2] in 0..4, v: input f64[n], w: input f64[n,2]", """
        %0 = constant[value=0.0] : f64
        %1 = broadcast[dims=(), to=(n,6)] %0 : f64[n,6]
        %2 = scatter[axis=1, batch_dims=1] %1, u, w : f64[n,6]
        return y=%2""");
  }

  @Test
  void theSumOfAOneHotRowIsItsValue() {
    assertRewrites(new SumOfOneHot(), "i: input i32[n] in 0..4, v: input f64[n]", """
        %0 = iota[axis=1] : i32[n,5]
        %1 = broadcast[dims=0, to=(n,5)] i : i32[n,5]
        %2 = eq %0, %1 : bool[n,5]
        %3 = broadcast[dims=0, to=(n,5)] v : f64[n,5]
        %4 = constant[value=0.0] : f64
        %5 = broadcast[dims=(), to=(n,5)] %4 : f64[n,5]
        %6 = select %2, %3, %5 : f64[n,5]
        %7 = reduce.sum[axes=1] %6 : f64[n]
        return y=%7""", """
        %0 = constant[value=0.0] : f64
        %1 = broadcast[dims=(), to=n] %0 : f64[n]
        %2 = add %1, v : f64[n]
        return y=%2
        """);
  }

  @Test
  void theSumOfPerhapsNoOneStays() {
    assertStays(new SumOfOneHot(), "i: input i32[n] in 0..5, v: input f64[n]", """
        %0 = iota[axis=1] : i32[n,5]
        %1 = broadcast[dims=0, to=(n,5)] i : i32[n,5]
        %2 = eq %0, %1 : bool[n,5]
        %3 = broadcast[dims=0, to=(n,5)] v : f64[n,5]
        %4 = constant[value=0.0] : f64
        %5 = broadcast[dims=(), to=(n,5)] %4 : f64[n,5]
        %6 = select %2, %3, %5 : f64[n,5]
        %7 = reduce.sum[axes=1] %6 : f64[n]
        %8 = reduce.sum[axes=0] %6 : f64[5]
        return y=%7, z=%8""");
  }

  @Test
  void aScatterWhoseIndexMayBeOutOfRangeStays() {
    for (String index : new String[] {"i32[n] in 0..5", "i32[n] in -1..4", "i32[n]"}) {
      Graph graph = Rewritten.parse("i: input " + index + ", v: input f64[n]", """
          %0 = constant[value=0.0] : f64
          %1 = broadcast[dims=(), to=(n,5)] %0 : f64[n,5]
          %2 = scatter[axis=1, batch_dims=1] %1, i, v : f64[n,5]
          return y=%2""");
      assertSame(graph, new FixedPoint(RuleSet.of("none"), java.util.List.of(new ScatterToSelect()))
          .rewrite(graph));
    }
  }
}
