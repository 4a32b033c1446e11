package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Each op on a small table of numbers computed by hand.
@Tag("fast")
class OpTest {
  private static final String X23 = "constant[value=(1.0,2.0,3.0,4.0,5.0,6.0)] : f64[2,3]";

  /// The elements of the last of these statements; `%0` is the first.
  static double[] eval(String... statements) {
    return reals(Evaluated.statements(statements));
  }

  static double[] reals(TensorValue tensor) {
    double[] reals = new double[tensor.size()];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = tensor.real(i);
    }
    return reals;
  }

  private static void is(double[] got, double... expected) {
    assertArrayEquals(expected, got);
  }

  @Test
  void iotaCountsAlongItsAxis() {
    is(eval("iota[axis=0] : i32[2,3]"), 0, 0, 0, 1, 1, 1);
    is(eval("iota[axis=1] : f32[2,3]"), 0, 1, 2, 0, 1, 2);
  }

  @Test
  void castsAreThoseOfJava() {
    String x = "constant[value=(1.9,-1.9,nan,1e20,-inf,0.0)] : f64[6]";
    is(eval(x, "cast[to=i32] %0 : i32[6]"), 1, -1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, 0);
    is(eval(x, "cast[to=bool] %0 : bool[6]"), 1, 1, 1, 1, 1, 0);
    is(eval("constant[value=(4294967297,-1)] : i64[2]", "cast[to=i32] %0 : i32[2]"), 1, -1);
    is(eval("constant[value=(true,false)] : bool[2]", "cast[to=f32] %0 : f32[2]"), 1, 0);
  }

  @Test
  void integersWrapAround() {
    String x = "constant[value=(2147483647,-2147483648)] : i32[2]";
    is(eval(x, "add %0, %0 : i32[2]"), -2, 0);
    is(eval(x, "mul %0, %0 : i32[2]"), 1, 0);
    is(eval(x, "neg %0 : i32[2]"), -2147483647, -2147483648);
    is(eval(x, "abs %0 : i32[2]"), 2147483647, -2147483648);
    is(eval(x, "constant[value=(33,33)] : i32[2]", "shl %0, %1 : i32[2]"), -2, 0);
    is(eval(x, "constant[value=(1,1)] : i32[2]", "ushr %0, %1 : i32[2]"), 1073741823, 1073741824);
    is(eval(x, "constant[value=(-1,-1)] : i32[2]", "div %0, %1 : i32[2]"), -2147483647,
        -2147483648);
    is(eval("constant[value=(-7,7)] : i64[2]", "constant[value=(2,-2)] : i64[2]",
        "rem %0, %1 : i64[2]"), -1, 1);
    is(eval(x, "not %0 : i32[2]"), -2147483648, 2147483647);
  }

  @Test
  void boolsAndChoices() {
    String a = "constant[value=(true,true,false,false)] : bool[4]";
    String b = "constant[value=(true,false,true,false)] : bool[4]";
    is(eval(a, b, "and %0, %1 : bool[4]"), 1, 0, 0, 0);
    is(eval(a, b, "xor %0, %1 : bool[4]"), 0, 1, 1, 0);
    is(eval(a, b, "eq %0, %1 : bool[4]"), 1, 0, 0, 1);
    is(eval(a, "not %0 : bool[4]"), 0, 0, 1, 1);
    is(eval(a, "iota[axis=0] : i32[4]", "neg %1 : i32[4]", "select %0, %1, %2 : i32[4]"), 0, 1, -2,
        -3);
    is(eval("constant[value=(nan,1.0)] : f32[2]", "constant[value=(nan,2.0)] : f32[2]",
        "ne %0, %1 : bool[2]"), 1, 1);
    is(eval("constant[value=(nan,inf,1.0)] : f32[3]", "is_finite %0 : bool[3]"), 0, 0, 1);
  }

  @Test
  void layout() {
    is(eval(X23, "transpose[permutation=(1,0)] %0 : f64[3,2]"), 1, 4, 2, 5, 3, 6);
    is(eval(X23, "reverse[axes=1] %0 : f64[2,3]"), 3, 2, 1, 6, 5, 4);
    is(eval(X23, "reshape[to=6] %0 : f64[6]", "reshape[to=(3,2)] %1 : f64[3,2]"), 1, 2, 3, 4, 5, 6);
    is(eval(X23, "slice[starts=(0,0), limits=(2,3), strides=(1,2)] %0 : f64[2,2]"), 1, 3, 4, 6);
    is(eval("constant[value=(7.0,8.0)] : f64[2]", "broadcast[dims=0, to=(2,3)] %0 : f64[2,3]"), 7,
        7, 7, 8, 8, 8);
    is(eval("constant[value=(7.0,8.0)] : f64[2]", "broadcast[dims=1, to=(2,2)] %0 : f64[2,2]"), 7,
        8, 7, 8);
    is(eval("constant[value=(7.0,8.0)] : f64[2]", "constant[value=9.0] : f64",
        "pad[low=1, high=2, interior=1] %0, %1 : f64[6]"), 9, 7, 9, 8, 9, 9);
    is(eval(X23, "reverse[axes=1] %0 : f64[2,3]", "concat[axis=1] %0, %1 : f64[2,6]"),
        1, 2, 3, 3, 2, 1, 4, 5, 6, 6, 5, 4);
  }

  @Test
  void windowsAndTheirTranspose() {
    String x = "constant[value=(1.0,2.0,3.0,4.0,5.0)] : f64[5]";
    String w = "windows[axes=0, sizes=2, strides=2] %0 : f64[2,2]";
    is(eval(x, w), 1, 2, 3, 4);
    is(eval(x, w, "overlap_add[axes=0, lengths=5, strides=2] %1 : f64[5]"), 1, 2, 3, 4, 0);
    is(eval(x, "windows[axes=0, sizes=2, dilations=3] %0 : f64[2,2]"), 1, 4, 2, 5);
    is(eval(x, "windows[axes=0, sizes=3] %0 : f64[3,3]",
        "overlap_add[axes=0, lengths=5] %1 : f64[5]"), 1, 4, 9, 8, 5);
  }

  @Test
  void gatherAndScatter() {
    String i = "constant[value=(1,0,1)] : i32[3]";
    is(eval(X23, i, "gather[axis=0] %0, %1 : f64[3,3]"), 4, 5, 6, 1, 2, 3, 4, 5, 6);
    is(eval(X23, i, "gather[axis=1] %0, %1 : f64[2,3]"), 2, 1, 2, 5, 4, 5);
    is(eval(X23, "constant[value=(2,0)] : i32[2]", "gather[axis=1, batch_dims=1] %0, %1 : f64[2]"),
        3, 4);
    is(eval("constant[value=(10.0,20.0)] : f64[2]", i, "constant[value=(1.0,2.0,3.0)] : f64[3]",
        "scatter[axis=0] %0, %1, %2 : f64[2]"), 12, 24);
    is(eval(X23, "constant[value=(2,0)] : i32[2]", "constant[value=(0.5,0.25)] : f64[2]",
        "scatter[axis=1, batch_dims=1] %0, %1, %2 : f64[2,3]"), 1, 2, 3.5, 4.25, 5, 6);
  }

  @Test
  void sortIsStableWithNansLast() {
    String x = "constant[value=(2.0,nan,1.0,2.0,-inf)] : f64[5]";
    String sort = "sort[axis=0] %0 : (f64[5], i32[5])";
    is(eval(x, sort, "item[index=0] %1 : f64[5]"), Double.NEGATIVE_INFINITY, 1, 2, 2, Double.NaN);
    is(eval(x, sort, "item[index=1] %1 : i32[5]"), 4, 2, 0, 3, 1);
  }

  @Test
  void reductions() {
    is(eval(X23, "reduce.sum[axes=1] %0 : f64[2]"), 6, 15);
    is(eval(X23, "reduce.product[axes=0] %0 : f64[3]"), 4, 10, 18);
    is(eval(X23, "reduce.max[axes=(0,1)] %0 : f64"), 6);
    is(eval("constant[value=(3.0,nan,7.0,nan)] : f64[4]", "reduce.argmax[axes=0] %0 : i32"), 1);
    is(eval("constant[value=(3,7,7,1)] : i32[4]", "reduce.argmax[axes=0] %0 : i32"), 1);
    is(eval("constant[value=(3,1,7,1)] : i64[4]", "reduce.argmin[axes=0] %0 : i32"), 1);
    is(eval("constant[value=(true,false,true,true)] : bool[2,2]",
        "reduce.all[axes=1] %0 : bool[2]"), 0, 1);
    is(eval("constant[value=(false,false,true,true)] : bool[2,2]",
        "reduce.any[axes=1] %0 : bool[2]"), 0, 1);
  }

  @Test
  void reductionsOfNothing() {
    String none = "constant[value=()] : f64[0]";
    is(eval(none, "reduce.sum[axes=0] %0 : f64"), 0);
    is(eval(none, "reduce.product[axes=0] %0 : f64"), 1);
    is(eval(none, "reduce.max[axes=0] %0 : f64"), Double.NEGATIVE_INFINITY);
    is(eval("constant[value=()] : i32[0]", "reduce.min[axes=0] %0 : i32"), Integer.MAX_VALUE);
  }

  @Test
  void contractions() {
    String y = "constant[value=(1.0,0.0,0.0,1.0,1.0,1.0)] : f64[3,2]";
    is(eval(X23, y, "contract[bk,kn->bn] %0, %1 : f64[2,2]"), 4, 5, 10, 11);
    is(eval(X23, X23, "contract[ab,ab->] %0, %1 : f64"), 91);
    is(eval(X23, X23, "contract[ab,ab->a] %0, %1 : f64[2]"), 14, 77);
    is(eval("constant[value=(1.0,2.0)] : f64[2]", "constant[value=(3.0,4.0)] : f64[2]",
        "contract[a,b->ba] %0, %1 : f64[2,2]"), 3, 6, 4, 8);
  }

  @Test
  void randomBitsAreThoseOfTheContract() {
    int[] key = Philox.drawKey("dropout", 42, 7);
    String draw = "random[stream=\"dropout\", per_example=true] %0, %1";
    double[] bits =
        eval("constant[value=42] : i64", "constant[value=7] : i64", draw + " : i32[2,6]");
    for (int i = 0; i < 12; i++) {
      assertEquals(Philox.bits(key, i % 6, 0, i / 6), bits[i]);
    }
    double[] moved = eval("constant[value=42] : i64", "constant[value=7] : i64",
        "constant[value=(1,0)] : i64[2]",
        draw + ", %2 : i32[2,6]");
    assertEquals(bits[6], moved[0]);
    assertEquals(bits[0], moved[6]);
  }

  @Test
  void whatHasNoResultNamesItsLine() {
    KotangentException zero = assertThrows(EvaluationException.class,
        () -> eval("constant[value=(1,2)] : i32[2]", "constant[value=(1,0)] : i32[2]",
            "div %0, %1 : i32[2] ; Model.java:42"));
    assertEquals(
        "div: integer division by zero; guard the divisor, with a select for example at Model.java:42",
        zero.getMessage());
    KotangentException range = assertThrows(EvaluationException.class,
        () -> eval(X23, "constant[value=2] : i32",
            "gather[axis=0] %0, %1 : f64[3] ; Model.java:43"));
    assertEquals("gather: index 2 is out of range: expected 0 to 1 at Model.java:43",
        range.getMessage());
    KotangentException nothing = assertThrows(ShapeException.class, () -> Evaluated.run(
        "graph f(x: input f64[n]) {\n  %0 = reduce.argmax[axes=0] x : i32 ; Model.java:44\n  return y=%0\n}",
        TensorValue.f64(new int[] {0})));
    assertTrue(
        nothing.getMessage()
            .contains("expected n >= 1, but n is 0 and 1 is 1 (required at Model.java:44)"),
        nothing.getMessage());
  }

  @Test
  void sizesAreNumbers() {
    TensorValue mean = Evaluated.run("""
        graph mean(x: input f64[2*n]) {
          %0 = reduce.sum[axes=0] x : f64
          %1 = size[dim=2*n] : i64
          %2 = cast[to=f64] %1 : f64
          %3 = div %0, %2 : f64
          return mean=%3
        }
        """, TensorValue.f64(new int[] {4}, 1, 2, 3, 6)).result("mean");
    assertEquals(3, mean.real(0));
    assertEquals(DType.F64, mean.dtype());
  }
}
