package io.kotangent.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sizes are polynomials in canonical form. */
class DimTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim M = Dim.symbol("m");

  @Test
  void equalPolynomialsAreEqual() {
    assertEquals(N.plus(M).times(N.plus(M)), N.times(N).plus(M.times(N).times(2)).plus(M.times(M)));
    assertEquals(Dim.ZERO, N.minus(N));
    assertEquals(N, N.plus(1).minus(1));
    assertEquals(N.plus(M).hashCode(), M.plus(N).hashCode());
    assertNotEquals(N, M);
  }

  @Test
  void printsWithoutBlanks() {
    assertEquals("2*n+1", N.times(2).plus(1).toString());
    assertEquals("m*n-3", N.times(M).minus(3).toString());
    assertEquals("-n+5", Dim.of(5).minus(N).toString());
    assertEquals("floor(n+1,2)", N.plus(1).floorDiv(Dim.of(2)).toString());
    assertEquals("ceil(n,m)", N.ceilDiv(M).toString());
    assertEquals("0", Dim.ZERO.toString());
  }

  @Test
  void divisionsThatComeOutDisappear() {
    assertEquals(N.times(2).plus(3), N.times(4).plus(6).floorDiv(Dim.of(2)));
    assertEquals(N, N.floorDiv(Dim.ONE));
    assertEquals(Dim.of(-4), Dim.of(-7).floorDiv(Dim.of(2)));
    assertEquals(Dim.of(-3), Dim.of(-7).ceilDiv(Dim.of(2)));
    assertEquals("division of the size n by zero",
        assertThrows(ShapeException.class, () -> N.floorDiv(Dim.ZERO)).getMessage());
  }

  @Test
  void evaluatesAndSubstitutesAlike() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2000; i++) {
      Dim dim = randomDim(random, 3);
      Map<String, Long> symbols = Map.of("n", random.nextLong(0, 9), "m", random.nextLong(0, 9));
      try {
        long value = dim.evaluate(symbols);
        Dim substituted =
            dim.substitute(Map.of("n", Dim.of(symbols.get("n")), "m", Dim.of(symbols.get("m"))));
        assertTrue(substituted.is(value),
            () -> dim + " for " + symbols + ": " + value + " and " + substituted);
        assertTrue(!dim.isAtLeast(0) || value >= 0, () -> dim + " for " + symbols + " is " + value);
      } catch (ShapeException e) {
        assertTrue(e.getMessage().contains("zero"), e.getMessage());
      }
    }
  }

  private static Dim randomDim(SplittableRandom random, int depth) {
    if (depth == 0) {
      return random.nextInt(3) == 0 ? N : random.nextBoolean() ? M : Dim.of(random.nextInt(-3, 6));
    }
    Dim left = randomDim(random, depth - 1);
    Dim right = randomDim(random, depth - 1);
    switch (random.nextInt(5)) {
      case 0 :
        return left.plus(right);
      case 1 :
        return left.minus(right);
      case 2 :
        return left.times(right);
      case 3 :
        return right.is(0) ? left : left.floorDiv(right);
      default :
        return right.is(0) ? left : left.ceilDiv(right);
    }
  }

  @Test
  void boundsThatCanBeShown() {
    assertTrue(N.plus(1).isAtLeast(1));
    assertTrue(N.ceilDiv(Dim.of(2)).isAtLeast(0));
    assertFalse(N.minus(1).isAtLeast(0));
    assertFalse(N.isAtLeast(1));
  }

  @Test
  void whatIsNoSizeIsRefused() {
    assertEquals("the size m is unknown: expected one of [n]; feed an input that has it, or set it",
        assertThrows(ShapeException.class, () -> M.evaluate(Map.of("n", 1L))).getMessage());
    assertEquals("the size n-1 is -1 for {n=0}: expected 0 to 2147482624",
        assertThrows(ShapeException.class, () -> N.minus(1).evaluateInt(Map.of("n", 0L)))
            .getMessage());
    assertEquals("the size n*n overflows for {n=4294967296}",
        assertThrows(ShapeException.class, () -> N.times(N).evaluate(Map.of("n", 1L << 32)))
            .getMessage());
    assertEquals("'1st' cannot name a size: expected letters, digits and underscores",
        assertThrows(ShapeException.class, () -> Dim.symbol("1st")).getMessage());
    assertThrows(ShapeException.class, () -> Dim.symbol("floor"));
  }

  @Test
  void overflowOfConstantsIsAShapeError() {
    assertThrows(ShapeException.class, () -> Dim.of(Long.MAX_VALUE).plus(1));
    assertThrows(ShapeException.class, () -> Dim.of(Long.MAX_VALUE).times(2));
    assertThrows(ShapeException.class, () -> Shape.of(1L << 40, 1L << 40).size());
  }

  @Test
  void collectsItsSymbols() {
    Set<String> names = new LinkedHashSet<>();
    N.plus(M.floorDiv(Dim.symbol("k"))).collectSymbols(names);
    assertEquals(Set.of("n", "m", "k"), names);
  }
}
