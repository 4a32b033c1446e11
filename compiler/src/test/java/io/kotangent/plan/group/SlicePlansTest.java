package io.kotangent.plan.group;

import io.kotangent.plan.PlanLaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Slices that elementwise nodes read where they are.
@Tag("fast")
class SlicePlansTest {
  private static final int[] SIZES = {0, 1, 3, 5};

  /// A pool of an image of odd size, the bias of its channels, and where the greatest was.
  @Test
  void aPool() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,5,7,32], bias: param f32[32]) {
          %0 = slice[starts=(0,0,0,0), limits=(b,3,5,32), strides=(1,2,2,1)] x : f32[b,2,3,32]
          %1 = slice[starts=(0,0,1,0), limits=(b,3,6,32), strides=(1,2,2,1)] x : f32[b,2,3,32]
          %2 = slice[starts=(0,1,0,0), limits=(b,4,5,32), strides=(1,2,2,1)] x : f32[b,2,3,32]
          %3 = broadcast[dims=3, to=(b,2,3,32)] bias : f32[b,2,3,32]
          %4 = add %0, %3                          : f32[b,2,3,32]
          %5 = add %1, %3                          : f32[b,2,3,32]
          %6 = max %4, %5                          : f32[b,2,3,32]
          %7 = max %6, %2                          : f32[b,2,3,32]
          %8 = ge %4, %5                           : bool[b,2,3,32]
          return y=%7, first=%8
        }
        """, SIZES, "add_max_ge");
  }

  /// Runs of several whole axes, and a part of one; the same for all rows; of a matrix as one long row.
  @Test
  void runsOfSeveralAxes() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,9,4,8], c: param f64[9,64], d: input f64[b,4,8]) {
          %0 = slice[starts=(0,2,0,0), limits=(b,7,4,8), strides=(1,1,1,1)] x : f64[b,5,4,8]
          %1 = neg %0                              : f64[b,5,4,8]
          %2 = slice[starts=(1,16), limits=(9,48), strides=(3,1)] c : f64[3,32]
          %3 = broadcast[dims=(1,2), to=(b,3,32)] %2 : f64[b,3,32]
          %4 = slice[starts=(3,0), limits=(4,64), strides=(1,1)] c : f64[1,64]
          %5 = neg %4                              : f64[1,64]
          %6 = abs %3                              : f64[b,3,32]
          return x=%1, y=%6, z=%5
        }
        """, SIZES, "neg", "abs", "neg");
  }

  /// Short runs, and elements apart, are copied; what a group makes itself is not read at another place within it.
  @Test
  void whatIsCopied() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,40]) {
          %0 = slice[starts=(0,0), limits=(b,31), strides=(1,1)] x : f32[b,31]
          %1 = neg %0                              : f32[b,31]
          %2 = slice[starts=(0,0), limits=(b,39), strides=(1,2)] x : f32[b,20]
          %3 = neg %2                              : f32[b,20]
          return x=%1, y=%3
        }
        """, SIZES, "slice", "slice", "neg", "neg");
    PlanLaw.becomes("""
        graph f(x: input f32[2*b,40]) {
          %0 = tanh x                              : f32[2*b,40]
          %1 = slice[starts=(b,0), limits=(2*b,40), strides=(1,1)] %0 : f32[b,40]
          %2 = slice[starts=(0,0), limits=(b,40), strides=(1,1)] %0 : f32[b,40]
          %3 = sub %1, %2                          : f32[b,40]
          %4 = reduce.sum[axes=1] %3               : f32[b]
          return y=%4, x=%0
        }
        """, SIZES, "tanh", "sub_reduce_sum");
  }

  /// An index is computed where it is read, and is that of the whole: along a row, of one of the axes of a row, and outside
  /// of rows, where every third is seen.
  @Test
  void partsOfAnIndex() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,47], y: input f64[b,3,40], z: input f64[b,4,8]) {
          %0 = iota[axis=1]                        : f64[b,50]
          %1 = slice[starts=(0,3), limits=(b,50), strides=(1,1)] %0 : f64[b,47]
          %2 = mul %1, x                           : f64[b,47]
          %3 = iota[axis=0]                        : f64[9,40]
          %4 = slice[starts=(1,0), limits=(9,40), strides=(3,1)] %3 : f64[3,40]
          %5 = broadcast[dims=(1,2), to=(b,3,40)] %4 : f64[b,3,40]
          %6 = mul %5, y                           : f64[b,3,40]
          %7 = iota[axis=1]                        : f64[b,7,8]
          %8 = slice[starts=(0,2,0), limits=(b,6,8), strides=(1,1,1)] %7 : f64[b,4,8]
          %9 = mul %8, z                           : f64[b,4,8]
          return x=%2, y=%6, z=%9
        }
        """, SIZES, "iota", "iota", "iota", "mul", "mul", "mul");
  }

  /// State is not overwritten by the update that reads it elsewhere.
  @Test
  void anUpdateThatReadsAnotherPartOfTheState() {
    PlanLaw.becomes("""
        graph f(x: input f32[1,40], w: state f32[2,40]) {
          %0 = slice[starts=(1,0), limits=(2,40), strides=(1,1)] w : f32[1,40]
          %1 = mul %0, x                           : f32[1,40]
          %2 = reshape[to=40] %1                   : f32[40]
          %3 = broadcast[dims=1, to=(2,40)] %2     : f32[2,40]
          %4 = add w, %3                           : f32[2,40]
          update w = %4
          return
        }
        """, new int[] {1}, "mul", "add");
  }
}
