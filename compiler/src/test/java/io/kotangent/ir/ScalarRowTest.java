package io.kotangent.ir;

import static io.kotangent.ir.ScalarRow.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.ScalarFn.Kind;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a row of the table of scalar functions must say.
@Tag("fast")
class ScalarRowTest {
  private static ScalarRow abs(Kind kind) {
    return row(kind).lowered(Basic.ABS).reals(Math::abs);
  }

  @Test
  void aRowSaysWhatItsTypesNeed() {
    assertTrue(abs(Kind.FLOAT).isComplete());
    assertFalse(abs(Kind.NUMBER).isComplete(), "no meaning on integers");
    assertTrue(abs(Kind.NUMBER).integers((a, _, _) -> Math.abs(a)).isComplete());
    assertFalse(row(Kind.FLOAT).lowered(Basic.ABS).isComplete(), "no meaning on reals");
    assertFalse(row(Kind.FLOAT).reals(Math::abs).isComplete(), "no bits");
    assertTrue(row(Kind.INTEGERS).lowered(Basic.REM).integers((a, b, _) -> a % b).isComplete());
  }

  @Test
  void aRowHasADerivativeForEachOperandOrNone() {
    assertTrue(abs(Kind.FLOAT).derivatives("g").isComplete());
    assertFalse(abs(Kind.FLOAT).derivatives("g", "g").isComplete());
    assertFalse(abs(Kind.FLOATS).derivatives("g").isComplete());
  }

  @Test
  void whatARowDoesNotSayIsNotDefined() {
    assertEquals("rem is not defined on floats", assertThrows(KotangentException.class,
        () -> ScalarFn.REM.ofReals(7, 2, 0)).getMessage());
    assertEquals("exp is not defined on i32", assertThrows(KotangentException.class,
        () -> ScalarFn.EXP.ofIntegers(1, 1, DType.I32)).getMessage());
    assertEquals("exp is not defined on i64", assertThrows(KotangentException.class,
        () -> Lowering.of(ScalarFn.EXP, DType.I64)).getMessage());
  }
}
