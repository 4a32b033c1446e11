package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class UniformTest {
  private final GraphBuilder builder = new GraphBuilder();

  private Node vector(DType dtype, Object values) {
    return builder.constant(Literal.vector(dtype, values));
  }

  @Test
  void allElementsMustBeThatNumber() {
    Node ones = vector(DType.I32, new int[] {1, 1, 1});
    assertTrue(Uniform.is(ones, 1));
    assertFalse(Uniform.is(ones, 2));
    assertEquals(OptionalLong.of(1), Uniform.bits(ones));
    Node mixed = vector(DType.I32, new int[] {1, 1, 2});
    assertFalse(Uniform.is(mixed, 1));
    assertEquals(OptionalLong.empty(), Uniform.bits(mixed));
  }

  @Test
  void nothingIsNoNumberAndManyAreNotLookedAt() {
    Node nothing = vector(DType.F64, new double[0]);
    assertFalse(Uniform.is(nothing, 0));
    assertEquals(OptionalLong.empty(), Uniform.bits(nothing));
    assertTrue(Uniform.is(vector(DType.F64, new double[4096]), 0));
    assertFalse(Uniform.is(vector(DType.F64, new double[4097]), 0));
  }

  @Test
  void zeroHasTwoSigns() {
    double[] negative = new double[2];
    Arrays.fill(negative, -0.0);
    assertTrue(Uniform.isZero(vector(DType.F64, negative)));
    assertFalse(Uniform.is(vector(DType.F64, negative), 0));
    assertTrue(Uniform.isZero(vector(DType.F64, new double[2])));
    assertFalse(Uniform.isZero(vector(DType.F64, new double[] {1e-300, 1e-300})));
    assertFalse(Uniform.isZero(builder.size(Dim.symbol("n"))));
  }

  @Test
  void aNumberThatIsNoneOfTheTypeIsNoElement() {
    assertFalse(Uniform.is(vector(DType.I32, new int[] {0}), 0.5));
    assertFalse(Uniform.is(vector(DType.I32, new int[] {0}), -0.0));
    assertFalse(Uniform.is(vector(DType.I32, new int[] {Integer.MAX_VALUE}), 1e10));
    assertFalse(Uniform.is(vector(DType.BOOL, new boolean[] {true}), 2));
    assertTrue(Uniform.is(vector(DType.BOOL, new boolean[] {true}), 1));
    assertTrue(Uniform.is(vector(DType.I64, new long[] {1L << 40}), 0x1p40));
  }
}
