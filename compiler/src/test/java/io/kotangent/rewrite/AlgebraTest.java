package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every rule of every set, on special values: a new rule is tested with no new test.
@Tag("fast")
class AlgebraTest {
  static List<Rule> exact() {
    return Algebra.EXACT.rules();
  }

  static Stream<Rule> relaxedOnly() {
    List<String> names = exact().stream().map(Rule::name).toList();
    return Algebra.RELAXED.rules().stream().filter(rule -> !names.contains(rule.name()));
  }

  static List<Rule> stable() {
    return Algebra.STABLE.rules();
  }

  @ParameterizedTest @MethodSource("exact")
  void everyExactRuleKeepsEveryBit(Rule rule) {
    for (DType dtype : DType.values()) {
      if (rule.domain().accepts(dtype)) {
        RuleCase both = new RuleCase(rule, dtype);
        separating(both).ifPresent(difference -> {
          throw new AssertionError(difference);
        });
        assertEquals(both.left.valueType(), both.right.valueType(), rule::toString);
      }
    }
  }

  @ParameterizedTest @MethodSource("relaxedOnly")
  void everyRelaxedRuleHasAnInputThatKeepsItOutOfTheExactOnes(Rule rule) {
    String difference = separating(new RuleCase(rule, DType.F32))
        .orElseThrow(() -> new AssertionError(rule + " is exact"));
    assertTrue(difference.startsWith(rule.name()), difference);
  }

  @ParameterizedTest @MethodSource("relaxedOnly")
  void everyRelaxedRuleHoldsForRealNumbers(Rule rule) {
    RuleCase both = new RuleCase(rule, DType.F64);
    LaneEval left = new LaneEval(both.left, both.inputs);
    LaneEval right = new LaneEval(both.right, both.inputs);
    double[][] points = {{0.75, 1.25, 0.5, 2}, {1.5, 0.3, 2.5, 0.7}, {2.25, 3.5, 0.125, 1}};
    for (double[] point : points) {
      assertEquals(left.real(point), right.real(point), 1e-12, rule::toString);
    }
  }

  @ParameterizedTest @MethodSource("stable")
  void everyStableRuleHoldsForRealNumbers(Rule rule) {
    RuleCase both = new RuleCase(rule, DType.F64);
    LaneEval left = new LaneEval(both.left, both.inputs);
    LaneEval right = new LaneEval(both.right, both.inputs);
    int compared = 0;
    for (double x : new double[] {-3, -1.5, -0.5, -0.01, 0.01, 0.5, 0.9, 1.5, 3, 5}) {
      double expected = left.real(x);
      if (Double.isFinite(expected)) {
        assertEquals(expected, right.real(x), 1e-12 * Math.max(1, Math.abs(expected)),
            () -> rule + " at " + x);
        compared++;
      }
    }
    assertTrue(compared >= 4, rule::toString);
  }

  /// Where the left side is finite in f64, the right side is as near in f32 as that type allows.
  @ParameterizedTest @MethodSource("stable")
  void everyStableRuleGivesNearlyAllDigitsInF32(Rule rule) {
    RuleCase both = new RuleCase(rule, DType.F32);
    LaneEval left = new LaneEval(both.left, both.inputs);
    LaneEval right = new LaneEval(both.right, both.inputs);
    for (float x : new float[] {-100, -30, -10, -1, -0.25f, 0.25f, 1, 10, 30, 100}) {
      double meant = left.real(x);
      double got = right.real(x);
      if (Double.isFinite(meant) && Math.abs(meant) > 1e-6) {
        // the left side itself loses digits here, even in f64
        assertEquals(meant, got, 1e-4 * Math.abs(meant), () -> rule + " at " + x);
        long bits = right.bits(io.kotangent.ir.BasicEval.bits(x));
        assertEquals((float) got, io.kotangent.ir.BasicEval.f32(bits), 4 * Math.ulp((float) got),
            () -> rule + " at " + x);
      }
    }
  }

  @ParameterizedTest @MethodSource("exact")
  void everyRuleFitsTensorsWithBroadcastConstants(Rule rule) {
    for (DType dtype : DType.values()) {
      if (rule.domain().accepts(dtype)) {
        RuleCase both = new RuleCase(rule, dtype, TensorType.of(dtype, 2, 3));
        assertEquals(both.left.valueType(), both.right.valueType(), rule::toString);
      }
    }
  }

  @Test
  void twoRulesWithOneLeftSideAreRefused() {
    KotangentException error = assertThrows(KotangentException.class, () -> RuleSet.of("two",
        Rule.of("one", Domain.FLOAT, "-(-a)", "a"), Rule.of("other", Domain.NUMBER, "-(-b)", "b")));
    assertEquals("rules two: other: neg(neg(b)) -> b has the left side of one: neg(neg(a)) -> a",
        error.getMessage());
  }

  @Test
  void theOrderOfCommutativeOperandsMakesNoNewLeftSide() {
    assertThrows(KotangentException.class, () -> RuleSet.of("two",
        Rule.of("one", Domain.FLOAT, "a*(1+b)", "a"),
        Rule.of("other", Domain.FLOAT, "(a+1)*b", "b")));
    RuleSet.of("fine", Rule.of("one", Domain.FLOAT, "a-(1-b)", "a"),
        Rule.of("other", Domain.FLOAT, "(1-a)-b", "b"));
    RuleSet.of("fine", Rule.of("one", Domain.FLOAT, "a+a", "a"),
        Rule.of("other", Domain.FLOAT, "a+b", "b"));
    RuleSet.of("fine", Rule.of("one", Domain.FLOAT, "a-a", "0"),
        Rule.of("other", Domain.INTEGER, "a-a", "0"));
  }

  @Test
  void aRuleOrSetThatMakesNoSenseIsRefused() {
    assertEquals("rule r: the left side a is no function of anything",
        assertThrows(KotangentException.class, () -> Rule.of("r", Domain.ANY, "a", "a"))
            .getMessage());
    assertEquals("rule r: the right side b has a letter that is not in neg(a)",
        assertThrows(KotangentException.class, () -> Rule.of("r", Domain.ANY, "-a", "b"))
            .getMessage());
    assertEquals("rule r: y has no place in a rule",
        assertThrows(KotangentException.class, () -> Rule.of("r", Domain.ANY, "-a", "y"))
            .getMessage());
    assertEquals("rules two: two rules are called r",
        assertThrows(KotangentException.class, () -> RuleSet.of("two",
            Rule.of("r", Domain.ANY, "-a", "a"), Rule.of("r", Domain.ANY, "abs(a)", "a")))
            .getMessage());
  }

  @Test
  void aSetPrintsItselfInTheNotationOfItsRules() {
    assertEquals("two:\n  x: add(a, -0.0) -> a\n  y: mul(a, 1) -> a\n", RuleSet.of("two",
        Rule.of("x", Domain.FLOAT, "a+-0", "a"), Rule.of("y", Domain.NUMBER, "a*1", "a"))
        .toString());
  }

  /// A description of the first special values for which the two sides differ.
  private static Optional<String> separating(RuleCase both) {
    LaneEval left = new LaneEval(both.left, both.inputs);
    LaneEval right = new LaneEval(both.right, both.inputs);
    List<String> differences = new ArrayList<>();
    both.forSpecialValues(values -> {
      if (differences.isEmpty()) {
        long before = left.bits(values);
        long after = right.bits(values);
        if (!both.isSame(before, after)) {
          differences.add(both.describe(values, before, after));
        }
      }
    });
    return differences.stream().findFirst();
  }
}
