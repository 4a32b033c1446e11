package io.kotangent.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Quotients, minima and maxima of sizes: their values, what is simpler, what can be shown, and how large they may become. */
class SizeFunctionTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim M = Dim.symbol("m");
  private static final Dim K = Dim.symbol("k");

  private static void prints(String expected, Dim size) {
    assertEquals(expected, size.toString());
  }

  @Test
  void whatIsSimpler() {
    prints("n", N.min(N));
    prints("n", N.min(N.plus(3)));
    prints("n+3", N.max(N.plus(3)));
    prints("0", N.min(Dim.ZERO));
    prints("n", N.max(Dim.ZERO));
    prints("2", Dim.of(2).min(Dim.of(3)));
    prints("min(n,128)", Dim.of(128).min(N));
    prints("min(n,64)", N.min(Dim.of(128)).min(Dim.of(64)));
    prints("min(min(m,n),64)", N.min(Dim.of(64)).min(M));
    prints("min(min(m,n),64)", M.min(N.min(Dim.of(64))));
    prints("max(n,1)", N.max(Dim.ONE));
    prints("max(n-1,0)", N.minus(1).max(Dim.ZERO));
    prints("min(n,128)", N.min(Dim.of(128)).max(Dim.ZERO));
    prints("n", N.max(N.min(Dim.of(128))));
    prints("min(n,128)", N.min(N.min(Dim.of(128))));
    prints("128", N.min(Dim.of(128)).max(Dim.of(128)));
    prints("0", N.min(M).minus(M.min(N)));
    prints("2*min(n,8)", N.min(Dim.of(8)).plus(N.min(Dim.of(8))));
  }

  @Test
  void boundsThatCanBeShown() {
    Dim head = N.min(Dim.of(128));
    assertTrue(head.isAtLeast(0));
    assertFalse(head.isAtLeast(1));
    assertTrue(N.minus(head).isAtLeast(0));
    assertTrue(Dim.of(128).minus(head).isAtLeast(0));
    assertTrue(N.max(Dim.ONE).isAtLeast(1));
    assertTrue(N.max(M).minus(N).isAtLeast(0));
    assertTrue(N.max(M).minus(N.min(M)).isAtLeast(0));
    assertFalse(N.min(M).minus(N).isAtLeast(0));
    assertTrue(N.max(M).plus(N.min(M)).isAtLeast(0));
    assertTrue(N.minus(N.min(M)).times(3).isAtLeast(0));
  }

  /** Random formulas have the values that arithmetic of numbers has; what is shown holds. */
  @Test
  void canonicalFormsKeepValues() {
    SplittableRandom random = new SplittableRandom(3);
    int shown = 0;
    for (int i = 0; i < 4000; i++) {
      List<Map<String, Long>> cases = new ArrayList<>();
      for (long n = 0; n < 4; n++) {
        for (long m = 0; m < 4; m++) {
          cases.add(Map.of("n", n, "m", m));
        }
      }
      Formula formula = formula(random, 3);
      Dim size = formula.dim;
      long bound = random.nextLong(-2, 3);
      shown += size.isAtLeast(bound) ? 1 : 0;
      for (int c = 0; c < cases.size(); c++) {
        long expected = formula.values[c];
        assertEquals(expected, size.evaluate(cases.get(c)), () -> size + "");
        Map<String, Dim> numbers = new HashMap<>();
        cases.get(c).forEach((name, value) -> numbers.put(name, Dim.of(value)));
        assertEquals(Dim.of(expected), size.substitute(numbers), () -> size + "");
        assertTrue(!size.isAtLeast(bound) || expected >= bound, () -> size + " >= " + bound);
      }
    }
    assertTrue(shown > 400, shown + " bounds shown");
  }

  /** A size, and its values for n and m from 0 to 3. */
  private record Formula(Dim dim, long[] values) {
  }

  private static Formula formula(SplittableRandom random, int depth) {
    if (depth == 0) {
      int kind = random.nextInt(3);
      long number = random.nextLong(-3, 6);
      long[] values = new long[16];
      for (int c = 0; c < 16; c++) {
        values[c] = kind == 0 ? c / 4 : kind == 1 ? c % 4 : number;
      }
      return new Formula(kind == 0 ? N : kind == 1 ? M : Dim.of(number), values);
    }
    Formula a = formula(random, depth - 1);
    Formula b = formula(random, depth - 1);
    int kind = random.nextInt(7);
    long divisor = random.nextLong(1, 4);
    Dim dim = switchDim(kind, a.dim, b.dim, divisor);
    long[] values = new long[16];
    for (int c = 0; c < 16; c++) {
      values[c] = switchValue(kind, a.values[c], b.values[c], divisor);
    }
    return new Formula(dim, values);
  }

  private static Dim switchDim(int kind, Dim a, Dim b, long divisor) {
    return switch (kind) {
      case 0 -> a.plus(b);
      case 1 -> a.minus(b);
      case 2 -> a.times(b);
      case 3 -> a.floorDiv(Dim.of(divisor));
      case 4 -> a.ceilDiv(Dim.of(divisor));
      case 5 -> a.min(b);
      default -> a.max(b);
    };
  }

  private static long switchValue(int kind, long a, long b, long divisor) {
    return switch (kind) {
      case 0 -> a + b;
      case 1 -> a - b;
      case 2 -> a * b;
      case 3 -> Math.floorDiv(a, divisor);
      case 4 -> -Math.floorDiv(-a, divisor);
      case 5 -> Math.min(a, b);
      default -> Math.max(a, b);
    };
  }

  @Test
  void theEndsOfLongs() {
    for (long value : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE}) {
      for (SizeFunction function : SizeFunction.values()) {
        for (long other : new long[] {Long.MIN_VALUE, -1, 1, 2, Long.MAX_VALUE}) {
          boolean overflows = value == Long.MIN_VALUE && other == -1
              && (function == SizeFunction.FLOOR || function == SizeFunction.CEIL);
          if (overflows) {
            assertThrows(ArithmeticException.class, () -> function.apply(value, other));
            assertThrows(ShapeException.class,
                () -> Dim.of(value).apply(function, Dim.of(other)));
          } else {
            assertEquals(Dim.of(function.apply(value, other)),
                Dim.of(value).apply(function, Dim.of(other)));
          }
        }
      }
    }
    assertThrows(ShapeException.class, () -> Dim.ZERO.minus(Long.MIN_VALUE));
    prints("-9223372036854775808*n", N.times(Long.MIN_VALUE));
  }

  /** What would grow without end is refused at once; long sums are not. */
  @Test
  void sizesAreBounded() {
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
      List<Dim> terms = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        for (int j = 0; j < i; j++) {
          terms.add(Dim.symbol("s" + i).times(Dim.symbol("s" + j)));
        }
      }
      Dim sum = Dim.sum(terms);
      assertEquals(19_900, sum.products().size());
      assertThrows(ShapeException.class, () -> sum.times(sum));
      assertThrows(ShapeException.class, () -> power(N.plus(M).plus(K).plus(1), 200));
      assertThrows(ShapeException.class, () -> power(N, 100));
      assertThrows(ShapeException.class, () -> {
        Dim doubled = N;
        for (int i = 0; i < 30; i++) {
          doubled = doubled.times(doubled.plus(1)).floorDiv(M.plus(1)).plus(doubled);
        }
      });
      Dim minimum = N;
      for (int i = 0; i < 15; i++) {
        minimum = minimum.min(Dim.symbol("m" + i));
      }
      Dim most = minimum;
      assertThrows(ShapeException.class, () -> most.min(K));
    });
  }

  private static Dim power(Dim size, int exponent) {
    Dim result = Dim.ONE;
    for (int i = 0; i < exponent; i++) {
      result = result.times(size);
    }
    return result;
  }
}
