package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.Dim;
import io.kotangent.type.Requirement;
import io.kotangent.type.Requirement.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What follows from relations of sizes, and what does not.
@Tag("fast")
class AssumptionsTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim M = Dim.symbol("m");
  private static final Dim K = Dim.symbol("k");

  private static Requirement atLeast(Dim left, Dim right) {
    return new Requirement(left, Relation.AT_LEAST, right, "");
  }

  private static Requirement equal(Dim left, Dim right) {
    return new Requirement(left, Relation.EQUAL, right, "");
  }

  private static boolean follows(Requirement needed, Requirement... assumed) {
    return new Assumptions(List.of(assumed)).imply(needed);
  }

  @Test
  void whatIsAssumedFollows() {
    assertTrue(follows(atLeast(N, M), atLeast(N, M)));
    Requirement multiple = new Requirement(N, Relation.MULTIPLE_OF, M, "");
    assertTrue(follows(multiple, multiple));
    assertEquals(false, follows(multiple, equal(N, M.times(2))));
  }

  @Test
  void sumsOfAssumptionsFollow() {
    assertTrue(follows(atLeast(N, K), atLeast(N, M), atLeast(M, K)));
    assertTrue(follows(atLeast(N, K.plus(1)), atLeast(N, M), atLeast(M.minus(2), K)));
    assertTrue(follows(atLeast(N.times(3), M.times(2)), atLeast(N.times(2), M), atLeast(N, M)));
    assertTrue(follows(atLeast(N, M), atLeast(N.times(2), M.times(2).plus(1))), "halves");
    assertTrue(follows(equal(N, K), equal(N, M), equal(M, K)));
    assertTrue(follows(equal(N, M), atLeast(N, M), atLeast(M, N)));
    assertTrue(follows(atLeast(N, M), atLeast(N, M.plus(K))), "a size is never negative");
  }

  @Test
  void whatDoesNotFollowIsNotSaidTo() {
    assertEquals(false, follows(atLeast(N, M)));
    assertEquals(false, follows(atLeast(N, K), atLeast(N, M), atLeast(K, M)));
    assertEquals(false, follows(atLeast(N, M.plus(1)), atLeast(N, M)));
    assertEquals(false, follows(equal(N, M), atLeast(N, M)));
    assertEquals(false, follows(atLeast(N, M.plus(K)), atLeast(N, M), atLeast(N, K)));
  }

  @Test
  void roundingIsKnown() {
    Dim half = N.ceilDiv(Dim.of(2));
    assertTrue(follows(atLeast(half.times(2), N)));
    assertTrue(follows(atLeast(N.plus(1), half.times(2))));
    assertTrue(follows(atLeast(N, N.floorDiv(Dim.of(3)).times(3))));
    assertEquals(false, follows(atLeast(N, half.times(2))));
    assertTrue(follows(atLeast(M, half), atLeast(M.times(2), N.plus(1))));
  }

  /// Whatever is said to follow holds for all small sizes for which the assumptions hold; and what holds for all of them
  /// is said to follow often enough.
  @Test
  void nothingFollowsThatDoesNotHold() {
    int followed = 0;
    int held = 0;
    for (int seed = 0; seed < 4000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Requirement> assumed = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        assumed.add(relation(random));
      }
      Requirement needed = relation(random);
      boolean says = new Assumptions(assumed).imply(needed);
      boolean holds = holdsWhereverTheyDo(needed, assumed);
      int at = seed;
      assertTrue(!says || holds, () -> "seed " + at + ": " + needed + " of " + assumed);
      followed += says ? 1 : 0;
      held += holds ? 1 : 0;
    }
    assertTrue(followed > 400 && followed > held / 2, followed + " of " + held);
  }

  private static Requirement relation(SplittableRandom random) {
    Dim left = size(random);
    Dim right = size(random);
    return random.nextInt(5) == 0 ? equal(left, right) : atLeast(left, right);
  }

  private static Dim size(SplittableRandom random) {
    Dim size = Dim.of(random.nextInt(3));
    for (Dim symbol : List.of(N, M, K)) {
      size = size.plus(symbol.times(random.nextInt(3)));
    }
    return random.nextInt(4) == 0 ? size.ceilDiv(Dim.of(2)) : size;
  }

  private static boolean holdsWhereverTheyDo(Requirement needed, List<Requirement> assumed) {
    for (long n = 0; n < 9; n++) {
      for (long m = 0; m < 9; m++) {
        for (long k = 0; k < 9; k++) {
          Map<String, Long> sizes = Map.of("n", n, "m", m, "k", k);
          if (assumed.stream().allMatch(r -> holds(r, sizes)) && !holds(needed, sizes)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static boolean holds(Requirement r, Map<String, Long> sizes) {
    long difference = r.left().evaluate(sizes) - r.right().evaluate(sizes);
    return r.relation() == Relation.EQUAL ? difference == 0 : difference >= 0;
  }
}
