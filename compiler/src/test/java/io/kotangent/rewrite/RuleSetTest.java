package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.type.KotangentException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class RuleSetTest {
  private static final Rule NEG = Rule.of("neg", Domain.FLOAT, "-(-a)", "a");
  private static final Rule SUM = Rule.of("sum", Domain.FLOAT, "a * b + c", "c + a * b");

  private static String refusal(Rule... rules) {
    return assertThrows(KotangentException.class, () -> RuleSet.of("mine", rules)).getMessage();
  }

  @Test
  void rulesAreAddedAtTheEndAndTakenAwayByName() {
    RuleSet one = RuleSet.of("one", NEG);
    RuleSet two = one.plus("two", SUM);
    assertEquals("two", two.name());
    assertEquals(List.of(NEG, SUM), two.rules());
    assertSame(two, two.without(List.of("nonsense")));
    RuleSet without = two.without(List.of("neg", "nonsense"));
    assertNotSame(two, without);
    assertEquals("two", without.name());
    assertEquals(List.of(SUM), without.rules());
    assertEquals(List.of(NEG), one.rules());
  }

  @Test
  void aNameIsUsedOnce() {
    assertEquals("rules mine: two rules are called neg",
        refusal(NEG, Rule.of("neg", Domain.FLOAT, "-(a - b)", "b - a")));
  }

  @Test
  void aLeftSideInOtherLettersOrAnotherOrderIsTheSame() {
    for (String same : List.of("a * b + c", "c * a + b", "a + b * c")) {
      Rule twin = Rule.of("twin", Domain.FLOAT, same, "0");
      assertEquals("rules mine: " + twin + " has the left side of " + SUM, refusal(SUM, twin));
    }
    assertEquals(3, RuleSet.of("mine", SUM, Rule.of("other", Domain.FLOAT, "a * b - c", "0"),
        Rule.of("square", Domain.FLOAT, "a * a + c", "0")).rules().size());
  }
}
