package io.kotangent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphDifference.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How graphs differ, as people are told.
class GraphDifferencesTest {
  private static final String NET = """
      graph net(x: input f32[n,4], w: param f32[4,3], v: param f32[3,2]) {
        %0 = contract[ab,bc->ac] x, w  : f32[n,3]  ; dense1 Net.java:3
        %1 = tanh %0                   : f32[n,3]  ; Net.java:4
        %2 = contract[ab,bc->ac] %1, v : f32[n,2]  ; Net.java:5
        return scores=%2
      }
      """;

  private static GraphDifferences between(String first, String second) {
    return GraphDifferences.between(GraphParser.parseOne(first), GraphParser.parseOne(second));
  }

  private static String changed(String from, String to) {
    assertTrue(NET.contains(from), from);
    return between(NET, NET.replace(from, to)).toString();
  }

  @Test
  void equalGraphsAreEqual() {
    assertEquals("equal", between(NET, NET).toString());
    assertTrue(between(NET, NET.replaceAll("  ; .*", "")).isEmpty());
    for (int seed = 0; seed < 200; seed++) {
      Graph graph = RandomGraphs.generate(seed, RandomGraphs.Options.WILD).graph();
      Graph again = GraphParser.parseOne(GraphPrinter.whole(graph));
      GraphDifferences same = GraphDifferences.between(graph, again);
      assertEquals(List.of(), same.differences());
      assertEquals(Map.of(), same.renamed());
    }
  }

  @Test
  void namesMakeNoDifferenceButAreSaid() {
    GraphDifferences renamed = between(NET, NET.replace("graph net", "graph other")
        .replace("scores", "y").replace("w:", "weights:").replace("x, w ", "x, weights "));
    assertTrue(renamed.isEmpty());
    assertEquals("""
        equal up to names
        name graph net is other
        name param w is weights
        name result scores is y""", renamed.toString());
  }

  @Test
  void aChangedNodeIsShownFromBothSides() {
    assertEquals("""
        1 difference
        result scores:
          - %1 = tanh %0 : f32[n,3]  ; Net.java:4
          + %1 = exp %0 : f32[n,3]  ; Net.java:4""",
        changed("tanh", "exp"));
  }

  @Test
  void whatOnlyOneGraphHasIsToldFromAChange() {
    String more = NET.replace("  return scores=%2", "  %3 = exp %2 : f32[n,2]\n  return scores=%3");
    assertEquals("""
        1 difference
        result scores:
          + %3 = exp %2 : f32[n,2]""", between(NET, more).toString());
    assertEquals("""
        1 difference
        result scores:
          - %3 = exp %2 : f32[n,2]""", between(more, NET).toString());
    String within = NET.replace("%2 = contract[ab,bc->ac] %1, v",
        "%3 = exp %1 : f32[n,3]\n  %2 = contract[ab,bc->ac] %3, v");
    GraphDifferences inserted = between(NET, within);
    assertEquals(1, inserted.differences().size());
    GraphDifference difference = inserted.differences().getFirst();
    assertEquals(Kind.NODE, difference.kind());
    assertTrue(difference.first().isEmpty());
    assertEquals("exp", difference.second().orElseThrow().op().mnemonic());
  }

  @Test
  void severalDifferencesComeInTheOrderOfTheText() {
    GraphDifferences several = between(NET,
        NET.replace("tanh", "exp").replace("x, w ", "x, w2 ")
            .replace("w: param f32[4,3]", "w: param f32[4,3], w2: param f32[4,3]"));
    assertEquals(List.of("param w2", "result scores", "result scores"),
        several.differences().stream().map(GraphDifference::where).toList());
    assertEquals("  + w2: param f32[4,3]", several.differences().getFirst().text());
    assertEquals("  - w: param f32[4,3]\n  + w2: param f32[4,3]",
        several.differences().get(1).text());
  }

  @Test
  void portsDifferInTypeRoleFactsAndPlace() {
    assertTrue(changed("w: param", "w: state").startsWith("""
        1 difference
        param w:
          - w: param f32[4,3]
          + w: state f32[4,3]"""));
    assertTrue(changed("x: input f32[n,4]", "x: input f32[n,4] in 0..1").contains(
        "+ x: input f32[n,4] in 0..1"));
    assertEquals("""
        1 difference
        param w, which has another place:
          - w: param f32[4,3]
          + w: param f32[4,3]""", changed("x: input f32[n,4], w: param f32[4,3]",
        "w: param f32[4,3], x: input f32[n,4]"));
  }

  @Test
  void resultsUpdatesGuardsAndRequirementsCount() {
    String state = """
        graph g(s: state f32[n], t: state f32[n], ok: input bool) {
          require n-2 >= 0
          %0 = exp s : f32[n]
          guard ok
          update s = %0
          return y=%0
        }
        """;
    GraphDifferences less = between(state, """
        graph g(s: state f32[n], t: state f32[n], ok: input bool) {
          %0 = exp s : f32[n]
          update t = %0
          return y=%0, z=s
        }
        """);
    assertEquals(List.of(Kind.REQUIREMENT, Kind.RESULT, Kind.UPDATE, Kind.UPDATE, Kind.GUARD),
        less.differences().stream().map(GraphDifference::kind).toList());
  }

  @Test
  void bodiesAreComparedWhereTheyStand() {
    String loop = """
        graph body(h: input f32[8], w: input f32[8,8]) {
          %0 = contract[a,ab->b] h, w : f32[8]
          %1 = tanh %0 : f32[8]
          return h=%1
        }

        graph g(h: input f32[8], w: param f32[8,8]) {
          %0 = loop[@body, count=t, carried=1] h, w : (f32[8])
          %1 = item[index=0] %0 : f32[8]
          return y=%1
        }
        """;
    assertTrue(between(loop, loop.replace("body", "other").replace("h=%1", "next=%1")).isEmpty());
    assertEquals("""
        1 difference
        in %0, graph body, result h:
          - %1 = tanh %0 : f32[8]
          + %1 = exp %0 : f32[8]""", between(loop, loop.replace("tanh", "exp")).toString());
    assertTrue(between(loop, loop.replace("count=t", "count=9")).toString().contains(
        "+ %0 = loop[@body, count=9, carried=1] h, w : (f32[8])"));
  }

  @Test
  void isSymmetricAndAgreesWithEquality() {
    for (int seed = 0; seed < 100; seed++) {
      Graph one = RandomGraphs.generate(seed, RandomGraphs.Options.WILD).graph();
      Graph other = RandomGraphs.generate(seed + 1, RandomGraphs.Options.WILD).graph();
      GraphDifferences there = GraphDifferences.between(one, other);
      assertEquals(there.isEmpty(), GraphDifferences.between(other, one).isEmpty());
      assertFalse(there.isEmpty() && one.schedule().size() != other.schedule().size());
    }
  }

  @Test
  void longGraphsAreComparedQuicklyAndCutShort() {
    StringBuilder one = new StringBuilder("graph g(x: input f32[n]) {\n  %0 = exp x : f32[n]\n");
    int nodes = 20_000;
    for (int i = 1; i < nodes; i++) {
      one.append("  %" + i + " = " + (i % 2 == 0 ? "exp" : "tanh") + " %" + (i - 1)
          + " : f32[n]\n");
    }
    one.append("  return y=%" + (nodes - 1) + "\n}\n");
    GraphDifferences far = between(one.toString(), one.toString().replace("tanh", "sin"));
    assertEquals(nodes / 2, far.differences().size());
    assertTrue(far.toString().endsWith("… " + (nodes / 2 - 40) + " more"));
  }
}
