package io.kotangent.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.browser.wasm.Arithmetic;
import io.kotangent.browser.wasm.Text;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What stands in for Java's arithmetic in a browser is Java's arithmetic.
class ArithmeticTest {
  private static final double[] SPECIAL = {0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0x1p52,
      0x1p52 - 0.5, 0x1p51 + 0.5, -0x1p53, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL,
      0x1.fffffffffffffp-1022, Double.MAX_VALUE, -Double.MAX_VALUE, Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY, Double.NaN, 0x1p-537, 0x1.8p-538, 0x1p512, 0x1.fffffffffffffp511};

  @Test
  void roundingIsThatOfMath() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      same(Math::rint, Arithmetic::rint, random.nextDouble(-10, 10));
      same(Math::rint, Arithmetic::rint, any(random));
      same(Math::rint, Arithmetic::rint, random.nextInt(-100, 100) / 2.0);
    }
    for (double value : SPECIAL) {
      same(Math::rint, Arithmetic::rint, value);
    }
  }

  private static double any(SplittableRandom random) {
    return Double.longBitsToDouble(random.nextLong());
  }

  private static void same(java.util.function.DoubleUnaryOperator expected,
      java.util.function.DoubleUnaryOperator got, double value) {
    assertEquals(Double.doubleToLongBits(expected.applyAsDouble(value)),
        Double.doubleToLongBits(got.applyAsDouble(value)), () -> String.valueOf(value));
  }

  @Test
  void fusedMultiplyAddIsThatOfMath() {
    for (double a : SPECIAL) {
      for (double b : SPECIAL) {
        for (double c : SPECIAL) {
          fma(a, b, c);
        }
      }
    }
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200_000; i++) {
      fma(any(random), any(random), any(random));
      double a = any(random);
      double b = 1 / a * random.nextDouble();
      fma(a, b, random.nextDouble(-2, 2));
      fma(a, b, -a * b);
      double small = Math.scalb(random.nextDouble(1, 2), random.nextInt(-1074, -960));
      fma(small, random.nextDouble(-4, 4), Math.scalb(random.nextDouble(-2, 2), -1040));
    }
  }

  private static void fma(double a, double b, double c) {
    assertEquals(Double.doubleToLongBits(Math.fma(a, b, c)),
        Double.doubleToLongBits(Arithmetic.fma(a, b, c)), () -> a + " " + b + " " + c);
  }

  @Test
  void negationIsJavas() {
    for (double value : SPECIAL) {
      same(x -> -x, Arithmetic::negate, value);
      assertEquals(Float.floatToIntBits(-(float) value),
          Float.floatToIntBits(Arithmetic.negate((float) value)));
    }
  }

  @Test
  void comparisonIsJavas() {
    for (double a : SPECIAL) {
      for (double b : SPECIAL) {
        boolean ordered = !Double.isNaN(a) && !Double.isNaN(b);
        int order = a < b ? -1 : a == b ? 0 : 1;
        assertEquals(ordered ? order : -1, Arithmetic.compareLess(a, b));
        assertEquals(ordered ? order : 1, Arithmetic.compareGreater(a, b));
        int narrow = (float) a < (float) b ? -1 : (float) a == (float) b ? 0 : 1;
        assertEquals(ordered ? narrow : -1, Arithmetic.compareLess((float) a, (float) b));
        assertEquals(ordered ? narrow : 1, Arithmetic.compareGreater((float) a, (float) b));
      }
    }
  }

  @Test
  void divisionIsJavas() {
    int[] ints = {0, 1, -1, 2, -2, 7, -7, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE};
    long[] longs = {0, 1, -1, 3, -3, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
    for (int a : ints) {
      for (int b : ints) {
        if (b != 0) {
          assertEquals(a / b, Arithmetic.divide(a, b));
          assertEquals(a % b, Arithmetic.remainder(a, b));
        }
      }
      assertThrows(ArithmeticException.class, () -> Arithmetic.divide(a, 0));
      assertThrows(ArithmeticException.class, () -> Arithmetic.remainder(a, 0));
    }
    for (long a : longs) {
      for (long b : longs) {
        if (b != 0) {
          assertEquals(a / b, Arithmetic.divide(a, b));
          assertEquals(a % b, Arithmetic.remainder(a, b));
        }
      }
      assertThrows(ArithmeticException.class, () -> Arithmetic.divide(a, 0L));
    }
  }

  @Test
  void textIsSplitAsStringSplitsIt() {
    for (String text : new String[] {"", "a", "a b", " a  b ", "\ta\n\nb\t", "1,2,,3"}) {
      for (String separators : new String[] {" ", ",", "\n", "[\t\n]"}) {
        assertArrayEquals(text.split(separators, -1), Text.split(text, separators, -1));
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Text.split("a", "b+", -1));
    assertThrows(IllegalArgumentException.class, () -> Text.split("a", " ", 0));
  }

  @Test
  void booleansAreBytes() {
    assertArrayEquals(new boolean[] {true, false, true},
        Arithmetic.booleans(new byte[] {1, 0, -5}));
    assertArrayEquals(new byte[] {1, 0}, Arithmetic.bytes(new boolean[] {true, false}));
  }
}
