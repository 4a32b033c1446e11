package io.kotangent.plan.group;

import io.kotangent.plan.PlanLaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Parts of concatenations that are computed where they belong.
@Tag("fast")
class ConcatPlansTest {
  private static final int[] SIZES = {0, 1, 3, 5};

  /// What a gradient spreads over the places of a pool's windows: concatenations of concatenations, one kernel.
  @Test
  void elementsThatAlternateAlongTwoAxes() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,2,3,32], c: input bool[b,2,3,32]) {
          %0 = constant[value=0.0]                 : f32
          %1 = broadcast[dims=(), to=(b,2,3,32)] %0 : f32[b,2,3,32]
          %2 = select c, x, %1                     : f32[b,2,3,32]
          %3 = neg %2                              : f32[b,2,3,32]
          %4 = select c, %1, x                     : f32[b,2,3,32]
          %5 = add %4, %2                          : f32[b,2,3,32]
          %6 = mul %2, %4                          : f32[b,2,3,32]
          %7 = abs %4                              : f32[b,2,3,32]
          %8 = reshape[to=(b,2,1,3,1,32)] %3       : f32[b,2,1,3,1,32]
          %9 = reshape[to=(b,2,1,3,1,32)] %5       : f32[b,2,1,3,1,32]
          %10 = concat[axis=4] %9, %8              : f32[b,2,1,3,2,32]
          %11 = reshape[to=(b,2,1,3,1,32)] %6      : f32[b,2,1,3,1,32]
          %12 = reshape[to=(b,2,1,3,1,32)] %7      : f32[b,2,1,3,1,32]
          %13 = concat[axis=4] %11, %12            : f32[b,2,1,3,2,32]
          %14 = concat[axis=2] %10, %13            : f32[b,2,2,3,2,32]
          %15 = reshape[to=(b,4,6,32)] %14         : f32[b,4,6,32]
          %16 = reduce.sum[axes=(1,2,3)] %15       : f32[b]
          return y=%16
        }
        """, SIZES, "select_add_neg_mul", "reduce_sum");
  }

  /// Parts of several sizes side by side, one below the other, and rows of several axes.
  @Test
  void partsOfDifferentSizes() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,40], y: input f64[b,2,16], z: input f64[b], w: input f64[3,32], m: param f64[72]) {
          %0 = neg x                               : f64[b,40]
          %1 = broadcast[dims=0, to=(b,2,16)] z    : f64[b,2,16]
          %2 = mul y, %1                           : f64[b,2,16]
          %3 = reshape[to=(b,32)] %2               : f64[b,32]
          %4 = concat[axis=1] %0, %3               : f64[b,72]
          %5 = contract[ax,x->a] %4, m             : f64[b]
          %6 = neg w                               : f64[3,32]
          %7 = abs w                               : f64[3,32]
          %8 = abs %6                              : f64[3,32]
          %9 = sub %8, %7                          : f64[3,32]
          %10 = tanh %9                            : f64[3,32]
          %11 = exp %9                             : f64[3,32]
          %12 = concat[axis=0] %10, %11            : f64[6,32]
          %13 = reduce.sum[axes=0] %12             : f64[32]
          return y=%5, z=%13
        }
        """, SIZES, "neg", "mul", "contract", "neg_abs_sub_tanh", "reduce_sum");
  }

  /// What others read, what is a result, what is no elementwise node, and what has short runs is copied.
  @Test
  void whatIsCopied() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,40], y: input f32[b,40], z: input f32[b,3]) {
          %0 = neg x                               : f32[b,40]
          %1 = concat[axis=1] %0, y                : f32[b,80]
          %2 = reduce.sum[axes=1] %1               : f32[b]
          %3 = abs y                               : f32[b,40]
          %4 = tanh y                              : f32[b,40]
          %5 = concat[axis=1] %3, %4               : f32[b,80]
          %6 = reduce.sum[axes=1] %5               : f32[b]
          %7 = neg z                               : f32[b,3]
          %8 = abs z                               : f32[b,3]
          %9 = concat[axis=1] %7, %8               : f32[b,6]
          %10 = reduce.max[axes=1] %9              : f32[b]
          %11 = abs x                              : f32[b,40]
          %12 = exp x                              : f32[b,40]
          %13 = concat[axis=1] %11, %12            : f32[b,80]
          return a=%2, b=%6, c=%3, d=%10, e=%13
        }
        """, SIZES, "neg", "concat", "reduce_sum", "abs", "tanh", "concat", "reduce_sum", "neg",
        "abs", "concat", "reduce_max", "abs", "exp", "concat");
  }

  /// A part in the row of a reduction that ends before it.
  @Test
  void partsAfterAReduction() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,40]) {
          %0 = reduce.max[axes=1] x                : f32[b]
          %1 = broadcast[dims=0, to=(b,40)] %0     : f32[b,40]
          %2 = sub x, %1                           : f32[b,40]
          %3 = exp %2                              : f32[b,40]
          %4 = neg %2                              : f32[b,40]
          %5 = concat[axis=1] %3, %4               : f32[b,80]
          %6 = reduce.min[axes=1] %5               : f32[b]
          return y=%6
        }
        """, SIZES, "reduce_max_sub_exp_neg", "reduce_min");
  }
}
