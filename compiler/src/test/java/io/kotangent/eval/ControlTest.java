package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Calls, loops, branches, guards, updates, and what is fed.
@Tag("fast")
class ControlTest {
  private static final String SUMS = """
      graph body(sum: input f64, x: input f64, factor: input f64) {
        %0 = mul x, factor : f64
        %1 = add sum, %0 : f64
        return sum=%1, sumAgain=%1
      }

      graph sums(x: input f64[n], factor: input f64) {
        %0 = constant[value=0.0] : f64
        %1 = loop[@body, count=n, carried=1, sliced=1] %0, x, factor : (f64, f64[n])
        %2 = item[index=0] %1 : f64
        %3 = item[index=1] %1 : f64[n]
        return last=%2, all=%3
      }
      """;

  @Test
  void aLoopCarriesAndStacks() {
    Evaluation sums =
        Evaluated.run(SUMS, TensorValue.f64(new int[] {3}, 1, 2, 3),
            TensorValue.scalar(DType.F64, 10));
    assertEquals(60, sums.result("last").real(0));
    assertArrayEquals(new double[] {10, 30, 60}, OpTest.reals(sums.result("all")));
    assertEquals(0,
        Evaluated.run(SUMS, TensorValue.f64(new int[] {0}), TensorValue.scalar(DType.F64, 10))
            .result("last").real(0));
  }

  @Test
  void aReverseLoopStacksAtTheSlicesPlaces() {
    Evaluation sums = Evaluated.run(SUMS.replace("sliced=1]", "sliced=1, reverse=true]"),
        TensorValue.f64(new int[] {3}, 1, 2, 3), TensorValue.scalar(DType.F64, 10));
    assertArrayEquals(new double[] {60, 50, 30}, OpTest.reals(sums.result("all")));
  }

  @Test
  void aBranchEvaluatesOneSide() {
    String text = """
        graph half(x: input i32) {
          %0 = constant[value=2] : i32
          %1 = div x, %0 : i32
          return y=%1
        }

        graph broken(x: input i32) {
          %0 = constant[value=0] : i32
          %1 = div x, %0 : i32
          return y=%1
        }

        graph f(c: input bool, x: input i32) {
          %0 = branch[@half, @broken] c, x : (i32)
          %1 = item[index=0] %0 : i32
          return y=%1
        }
        """;
    TensorValue eight = TensorValue.scalar(DType.I32, 8);
    assertEquals(4,
        Evaluated.run(text, TensorValue.scalar(DType.BOOL, 1), eight).result("y").integer(0));
    assertThrows(EvaluationException.class,
        () -> Evaluated.run(text, TensorValue.scalar(DType.BOOL, 0), eight));
  }

  @Test
  void aCallAppliesAGraphToItsOperands() {
    double y = Evaluated.run("""
        graph square(x: input f64) {
          %0 = mul x, x : f64
          return y=%0
        }

        graph f(x: input f64) {
          %0 = call[@square] x : (f64)
          %1 = item[index=0] %0 : f64
          %2 = call[@square] %1 : (f64)
          %3 = item[index=0] %2 : f64
          return y=%3
        }
        """, TensorValue.scalar(DType.F64, 3)).result("y").real(0);
    assertEquals(81, y);
  }

  @Test
  void randomBitsInALoopDependOnTheIteration() {
    Evaluation draws = Evaluated.run("""
        graph body(seed: input i64) {
          %0 = random[stream="s"] seed, seed : i32[2]
          return bits=%0
        }

        graph f(seed: input i64) {
          %0 = loop[@body, count=3] seed : (i32[3,2])
          %1 = item[index=0] %0 : i32[3,2]
          return bits=%1
        }
        """, TensorValue.scalar(DType.I64, 5));
    int[] key = Philox.drawKey("s", 5, 5);
    for (int i = 0; i < 6; i++) {
      assertEquals(Philox.bits(key, i % 2, i / 2, 0), draws.result("bits").integer(i));
    }
  }

  private static final String STEP = """
      graph step(w: state f64, v: state f64, g: input f64) {
        %0 = sub w, g : f64
        %1 = add v, g : f64
        %2 = is_finite g : bool
        guard %2
        update w = %0
        update v = %1
        return
      }
      """;

  @Test
  void updatesAreCommittedTogetherOrNotAtAll() {
    TensorValue w = TensorValue.scalar(DType.F64, 5);
    Evaluation good = Evaluated.run(STEP, w, w, TensorValue.scalar(DType.F64, 1));
    assertTrue(good.committed());
    assertEquals(4, good.state().get("w").real(0));
    assertEquals(6, good.state().get("v").real(0));
    Evaluation bad = Evaluated.run(STEP, w, w, TensorValue.scalar(DType.F64, Double.NaN));
    assertFalse(bad.committed());
    assertEquals(w, bad.state().get("w"));
    assertEquals(w, bad.state().get("v"));
  }

  @Test
  void whatIsFedMustFit() {
    String text = """
        graph f(x: input f64[n], y: input i32[n] in 0..9) {
          require n >= 2
          return x=x, y=y
        }
        """;
    TensorValue x = TensorValue.f64(new int[] {2}, 1, 2);
    says("y: input i32[n] in 0..9", "input 'y': expected i32[n], in which n is 2, got i32[3]", text,
        x,
        TensorValue.of(DType.I32, new int[] {3}, new int[3]));
    says("range", "input 'y': expected elements in 0..9, got 10 at position 1", text, x,
        TensorValue.of(DType.I32, new int[] {2}, new int[] {1, 10}));
    says("dtype", "input 'y': expected i32[n], got i64[2]", text, x,
        TensorValue.of(DType.I64, new int[] {2}, new long[2]));
    KotangentException one =
        assertThrows(ShapeException.class,
            () -> Evaluated.run(text, TensorValue.f64(new int[] {1}, 1),
                TensorValue.of(DType.I32, new int[] {1}, new int[1])));
    assertTrue(
        one.getMessage().startsWith("size precondition violated: expected n >= 2, but n is 1"),
        one.getMessage());
    says("missing", "graph f: expected inputs named [x, y], got [x]", text, x);
  }

  private static void says(String what, String message, String text, TensorValue... inputs) {
    assertEquals(message,
        assertThrows(KotangentException.class, () -> Evaluated.run(text, inputs), what)
            .getMessage());
  }
}
