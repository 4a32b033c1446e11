package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.text.GraphPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Plans yield what graphs mean, in every way they can run, whatever is cut, repeated or summed along axes of dozens of
/// elements, and whoever reads it.
class EnumeratedPlansTest {
  /// Numbers of each enumeration, spread over the whole: 20 000 runs of plans; and a million.
  private static final int SOME = Integer.getInteger("kotangent.enumerated", 1600);
  private static final int MANY = Integer.getInteger("kotangent.enumerated.many", 75_000);
  private static final int SHOWN = 4;

  @Test
  void convolutions() {
    law(new EnumeratedConvolutions(), SOME);
  }

  @Test
  void contractions() {
    law(new EnumeratedContractions(), SOME);
  }

  @Test
  void cuts() {
    law(new EnumeratedCuts(), SOME);
  }

  @Test @Tag("exhaustive")
  void manyConvolutions() {
    law(new EnumeratedConvolutions(), MANY);
  }

  @Test @Tag("exhaustive")
  void manyContractions() {
    law(new EnumeratedContractions(), MANY);
  }

  @Test @Tag("exhaustive")
  void manyCuts() {
    law(new EnumeratedCuts(), MANY);
  }

  private static void law(Enumeration enumeration, int numbers) {
    long start = System.nanoTime();
    EveryWay ways = new EveryWay();
    Map<String, Integer> wrong = new TreeMap<>();
    List<String> shown = new ArrayList<>();
    int graphs = 0;
    for (long number : Enumeration.spread(enumeration.size(), numbers)) {
      Optional<Enumeration.Member> found = enumeration.member(number);
      if (found.isEmpty()) {
        continue;
      }
      graphs++;
      Enumeration.Member member = found.get();
      List<String> faults =
          ways.faults(member.meant(), member.graph(), member.inputs(), member.symbols());
      if (!faults.isEmpty()) {
        wrong.merge(member.kind(), 1, Integer::sum);
        if (shown.size() < SHOWN) {
          shown.add(number + ": " + faults + "\n" + GraphPrinter.print(member.graph()));
        }
      }
    }
    System.out.printf("%s: %d of %d numbers, %d graphs, %d runs %s, %.1f s, wrong: %d %s%n",
        enumeration.getClass().getSimpleName(), numbers, enumeration.size(), graphs, ways.total(),
        ways.runs(), (System.nanoTime() - start) / 1e9,
        wrong.values().stream().mapToInt(i -> i).sum(), wrong);
    assertEquals(Map.of(), wrong, () -> String.join("\n", shown));
    assertTrue(graphs > numbers / 2, graphs + " graphs of " + numbers + " numbers");
  }
}
