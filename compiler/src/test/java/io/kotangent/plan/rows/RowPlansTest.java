package io.kotangent.plan.rows;

import io.kotangent.plan.PlanLaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Elementwise nodes, reductions and gathers as rows, blocks and flat loops: which steps they become, and what they yield at
/// the borders of lanes, blocks and chunks.
@Tag("fast")
class RowPlansTest {
  private static final int[] SMALL = {0, 1, 7, 33};
  private static final int[] LONG = {0, 1, 33, 1024, 1025, 4097};

  @Test
  void everyWayToBroadcastIntoThreeAxes() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,3,5], a: input f64[b], c: input f64[3], d: input f64[5], e: input f64[b,3],
          g: input f64[3,5], h: input f64[b,5], s: input f64) {
          %0 = broadcast[dims=0, to=(b,3,5)] a     : f64[b,3,5]
          %1 = add x, %0                           : f64[b,3,5]
          %2 = broadcast[dims=1, to=(b,3,5)] c     : f64[b,3,5]
          %3 = mul %1, %2                          : f64[b,3,5]
          %4 = broadcast[dims=2, to=(b,3,5)] d     : f64[b,3,5]
          %5 = add %3, %4                          : f64[b,3,5]
          %6 = broadcast[dims=(0,1), to=(b,3,5)] e : f64[b,3,5]
          %7 = mul %5, %6                          : f64[b,3,5]
          %8 = broadcast[dims=(1,2), to=(b,3,5)] g : f64[b,3,5]
          %9 = add %7, %8                          : f64[b,3,5]
          %10 = broadcast[dims=(0,2), to=(b,3,5)] h : f64[b,3,5]
          %11 = mul %9, %10                        : f64[b,3,5]
          %12 = broadcast[dims=(), to=(b,3,5)] s   : f64[b,3,5]
          %13 = sub %11, %12                       : f64[b,3,5]
          return y=%13
        }
        """, SMALL, "add_mul_add_mul");
  }

  @Test
  void rowsOfSeveralAxesWithTheirIndices() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,3,5], e: input f32[3,5], a: input f32[b]) {
          %0 = iota[axis=0]                        : f32[b,3,5]
          %1 = iota[axis=1]                        : f32[b,3,5]
          %2 = iota[axis=2]                        : f32[b,3,5]
          %3 = broadcast[dims=(1,2), to=(b,3,5)] e : f32[b,3,5]
          %4 = mul x, %0                           : f32[b,3,5]
          %5 = sub %4, %1                          : f32[b,3,5]
          %6 = mul %5, %2                          : f32[b,3,5]
          %7 = add %6, %3                          : f32[b,3,5]
          %8 = reduce.sum[axes=(1,2)] %7           : f32[b]
          %9 = mul %8, a                           : f32[b]
          %10 = broadcast[dims=0, to=(b,3,5)] %9   : f32[b,3,5]
          %11 = sub %7, %10                        : f32[b,3,5]
          return y=%11, s=%9
        }
        """, SMALL, "mul_sub_mul_add");
  }

  @Test
  void anIndexOfTheRowAlone() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,4]) {
          %0 = iota[axis=0]                        : f64[4]
          %1 = broadcast[dims=1, to=(b,4)] %0      : f64[b,4]
          %2 = mul x, %1                           : f64[b,4]
          %3 = iota[axis=0]                        : f64[b]
          %4 = broadcast[dims=0, to=(b,4)] %3      : f64[b,4]
          %5 = add %2, %4                          : f64[b,4]
          %6 = iota[axis=1]                        : i32[b,4]
          return y=%5, i=%6
        }
        """, SMALL, "mul_add", "iota");
  }

  @Test
  void normalizedRows() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,33], scale: param f32[33], shift: param f32[33]) {
          %0 = constant[value=33.0]                : f32
          %1 = reduce.sum[axes=1] x                : f32[b]
          %2 = broadcast[dims=(), to=b] %0         : f32[b]
          %3 = div %1, %2                          : f32[b]
          %4 = broadcast[dims=0, to=(b,33)] %3     : f32[b,33]
          %5 = sub x, %4                           : f32[b,33]
          %6 = mul %5, %5                          : f32[b,33]
          %7 = reduce.sum[axes=1] %6               : f32[b]
          %8 = div %7, %2                          : f32[b]
          %9 = sqrt %8                             : f32[b]
          %10 = broadcast[dims=(), to=b] %0        : f32[b]
          %11 = add %9, %10                        : f32[b]
          %12 = broadcast[dims=0, to=(b,33)] %11   : f32[b,33]
          %13 = div %5, %12                        : f32[b,33]
          %14 = broadcast[dims=1, to=(b,33)] scale : f32[b,33]
          %15 = mul %13, %14                       : f32[b,33]
          %16 = broadcast[dims=1, to=(b,33)] shift : f32[b,33]
          %17 = add %15, %16                       : f32[b,33]
          return y=%17, mean=%3
        }
        """, SMALL, "reduce_sum_div_sub_mul");
  }

  @Test
  void oneLongRowInBlocks() {
    PlanLaw.becomes("""
        graph f(x: input f32[b], s: input f32) {
          %0 = broadcast[dims=(), to=b] s          : f32[b]
          %1 = mul x, %0                           : f32[b]
          %2 = reduce.sum[axes=0] %1               : f32
          %3 = reduce.max[axes=0] %1               : f32
          %4 = add %2, s                           : f32
          return y=%1, sum=%4, max=%3
        }
        """, LONG, "mul_reduce_sum_add_reduce_max");
  }

  @Test
  void oneLongRowThatNeedsItsOwnSum() {
    PlanLaw.becomes("""
        graph f(x: input f64[b]) {
          %0 = exp x                               : f64[b]
          %1 = reduce.sum[axes=0] %0               : f64
          %2 = broadcast[dims=(), to=b] %1         : f64[b]
          %3 = div %0, %2                          : f64[b]
          %4 = reduce.min[axes=0] %3               : f64
          return y=%3, m=%4
        }
        """, LONG, "exp_reduce_sum_div_reduce_min");
  }

  @Test
  void oneLongRowWithItsIndex() {
    PlanLaw.becomes("""
        graph f(x: input f64[b], s: input f64) {
          %0 = iota[axis=0]                        : f64[b]
          %1 = mul x, %0                           : f64[b]
          %2 = broadcast[dims=(), to=b] s          : f64[b]
          %3 = add %1, %2                          : f64[b]
          return y=%3
        }
        """, new int[] {0, 1, 1024, 1025, 2049}, "mul_add");
  }

  @Test
  void everyReductionOfRowsOfEveryType() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,3], i: input i32[b,3], j: input i64[b,3], c: input bool[b,3]) {
          %0 = reduce.sum[axes=1] x                : f64[b]
          %1 = reduce.product[axes=1] x            : f64[b]
          %2 = reduce.max[axes=1] x                : f64[b]
          %3 = reduce.min[axes=1] x                : f64[b]
          %4 = reduce.sum[axes=1] i                : i32[b]
          %5 = reduce.product[axes=1] i            : i32[b]
          %6 = reduce.max[axes=1] i                : i32[b]
          %7 = reduce.min[axes=1] i                : i32[b]
          %8 = reduce.sum[axes=1] j                : i64[b]
          %9 = reduce.max[axes=1] j                : i64[b]
          %10 = reduce.min[axes=1] j               : i64[b]
          %11 = reduce.all[axes=1] c               : bool[b]
          %12 = reduce.any[axes=1] c               : bool[b]
          return a=%0, b=%1, c=%2, d=%3, e=%4, f=%5, g=%6, h=%7, i=%8, j=%9, k=%10, l=%11, m=%12
        }
        """, SMALL, "reduce_sum", "reduce_product", "reduce_max", "reduce_min", "reduce_sum",
        "reduce_product", "reduce_max", "reduce_min", "reduce_sum", "reduce_max", "reduce_min",
        "reduce_all", "reduce_any");
  }

  @Test
  void everyReductionToAScalar() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,2], y: input f64[b], i: input i32[b], c: input bool[b]) {
          %0 = reduce.sum[axes=(0,1)] x            : f32
          %1 = reduce.max[axes=(0,1)] x            : f32
          %2 = reduce.sum[axes=0] y                : f64
          %3 = reduce.min[axes=0] y                : f64
          %4 = reduce.sum[axes=0] i                : i32
          %5 = reduce.max[axes=0] i                : i32
          %6 = reduce.all[axes=0] c                : bool
          %7 = reduce.any[axes=0] c                : bool
          %8 = is_finite x                         : bool[b,2]
          %9 = reduce.all[axes=(0,1)] %8           : bool
          %10 = is_finite y                        : bool[b]
          %11 = reduce.all[axes=0] %10             : bool
          return a=%0, b=%1, c=%2, d=%3, e=%4, f=%5, g=%6, h=%7, i=%9, j=%11
        }
        """, LONG, "reduce_sum_reduce_max_reduce_sum_reduce_min");
  }

  @Test
  void aCheckThatOthersReadIsStored() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,9]) {
          %0 = is_finite x                         : bool[b,9]
          %1 = reduce.all[axes=(0,1)] %0           : bool
          %2 = exp x                               : f64[b,9]
          %3 = is_finite %2                        : bool[b,9]
          %4 = reduce.all[axes=1] %3               : bool[b]
          return a=%0, b=%1, c=%4
        }
        """, SMALL, "is_finite_reduce_all", "exp_is_finite_reduce_all");
  }

  @Test
  void oneElementOfEachRowIsPicked() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,9], i: input i32[b] in 0..8, j: input i64[b] in 0..9) {
          %0 = mul x, x                            : f64[b,9]
          %1 = gather[axis=1, batch_dims=1] %0, i  : f64[b]
          %2 = neg %1                              : f64[b]
          %3 = broadcast[dims=0, to=(b,9)] %2      : f64[b,9]
          %4 = add %0, %3                          : f64[b,9]
          return y=%4, p=%2
        }
        """, SMALL, "mul_gather_neg_add");
  }

  /// The row is longer than a block, but in scratch as a whole: the element may be anywhere.
  @Test
  void oneElementOfALongRowIsPicked() {
    PlanLaw.becomes("""
        graph f(x: input f64[1500], i: input i32 in 0..1023, j: input i32 in 1024..1499) {
          %0 = mul x, x                            : f64[1500]
          %1 = gather[axis=0] %0, i                : f64
          %2 = gather[axis=0] %0, j                : f64
          %3 = sub %1, %2                          : f64
          return y=%3
        }
        """, new int[] {1}, "mul_gather_sub");
  }

  @Test
  void sumsOfTheFirstAxis() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,9], c: param f32[9], s: input f32) {
          %0 = reduce.sum[axes=0] x                : f32[9]
          %1 = add %0, c                           : f32[9]
          %2 = broadcast[dims=(), to=9] s          : f32[9]
          %3 = mul %1, %2                          : f32[9]
          return y=%3, z=%0
        }
        """, new int[] {0, 1, 3, 4, 5, 8, 256, 257, 260, 513}, "reduce_sum_add_mul");
  }

  @Test
  void sumsOfTheFirstAxisOfShortOrManyAxes() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,7], y: input f64[4,b], z: input f64[b,2,9], i: input i32[b,9]) {
          %0 = reduce.sum[axes=0] x                : f64[7]
          %1 = reduce.sum[axes=0] y                : f64[b]
          %2 = reduce.sum[axes=(0,1)] z            : f64[9]
          %3 = reduce.sum[axes=0] i                : i32[9]
          %4 = reduce.max[axes=0] x                : f64[7]
          %5 = neg %0                              : f64[7]
          %6 = neg %1                              : f64[b]
          %7 = neg %2                              : f64[9]
          return a=%5, b=%6, c=%7, d=%3, e=%4
        }
        """, new int[] {0, 1, 5, 257}, "reduce_sum", "reduce_sum_neg", "reduce_sum", "reduce_sum",
        "reduce_max", "neg", "neg");
  }

  @Test
  void twoKindsOfRowsOfOneArray() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,4,6]) {
          %0 = exp x                               : f64[b,4,6]
          %1 = reduce.sum[axes=2] %0               : f64[b,4]
          %2 = reduce.sum[axes=(1,2)] %0           : f64[b]
          %3 = broadcast[dims=0, to=(b,4)] %2      : f64[b,4]
          %4 = div %1, %3                          : f64[b,4]
          %5 = broadcast[dims=(0,1), to=(b,4,6)] %4 : f64[b,4,6]
          %6 = mul %5, x                           : f64[b,4,6]
          return y=%6
        }
        """, SMALL, "exp_reduce_sum", "reduce_sum", "div", "mul");
  }

  @Test
  void scalarsAlone() {
    PlanLaw.becomes("""
        graph f(x: input f64, n: input i64, c: input bool) {
          %0 = exp x                               : f64
          %1 = size[dim=b+1]                       : i64
          %2 = add %1, n                           : i64
          %3 = cast[to=f64] %2                     : f64
          %4 = mul %0, %3                          : f64
          %5 = select c, %4, x                     : f64
          %6 = constant[value=2.5]                 : f64
          %7 = max %5, %6                          : f64
          return y=%7, m=%2
        }
        """, SMALL, "exp_add_cast_mul");
  }

  @Test
  void constantsAreReadFromTheirArrays() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,3]) {
          %0 = constant[value=(1.5,-2.0,3.25)]     : f64[3]
          %1 = broadcast[dims=1, to=(b,3)] %0      : f64[b,3]
          %2 = add x, %1                           : f64[b,3]
          %3 = constant[value=(1.5,-2.0,3.25)]     : f64[3]
          %4 = constant[value=(1.0,2.0,3.0)]       : f64[3]
          %5 = mul %3, %4                          : f64[3]
          return y=%2, z=%5, c=%4
        }
        """, SMALL, "add", "mul", "copy");
  }
}
