package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.text.GraphParser;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The borders of single rewrites: the last case that is taken and the first that is not.
@Tag("fast")
class RewriteEdgesTest {
  /// What the rewrite alone makes of result y, before the rewriter looks whether the type fits.
  private static Optional<Node> applied(Rewrite rewrite, Graph graph) {
    return rewrite.apply(graph.result("y"), new GraphBuilder());
  }

  private static Graph last(String text) {
    return GraphParser.parse(text).getLast();
  }

  private static String rewritten(Rewrite rewrite, String text) {
    return Rewritten
        .statements(new FixedPoint(RuleSet.of("none"), List.of(rewrite)).rewrite(last(text)));
  }

  private static void assertIsOperand(Rewrite rewrite, String ports, String statement) {
    Graph graph = Rewritten.parse(ports, statement + "\nreturn y=%0");
    assertSame(graph.inputs().getFirst(), applied(rewrite, graph).orElseThrow());
  }

  @Test
  void whatChangesNothingIsItsOperand() {
    assertIsOperand(new MergeCasts(), "x: input f64[n]", "%0 = cast[to=f64] x : f64[n]");
    assertIsOperand(new MergeReshapes(), "x: input f64[n]", "%0 = reshape[to=n] x : f64[n]");
    assertIsOperand(new MergeSlices(), "x: input f64[n,2]",
        "%0 = slice[starts=(0,0), limits=(n,2)] x : f64[n,2]");
  }

  @Test
  void aPartIsNotTheWhole() {
    for (String slice : List.of("starts=0, limits=10, strides=2] x : f64[5]",
        "starts=0, limits=9] x : f64[9]", "starts=1, limits=10] x : f64[9]")) {
      Graph graph =
          Rewritten.parse("x: input f64[10]", "%0 = slice[" + slice + "\nreturn y=%0");
      assertEquals(Optional.empty(), applied(new MergeSlices(), graph), slice);
    }
  }

  @Test
  void copiesThatStayAreMadeOfTheReducedValue() {
    assertEquals("""
        %0 = broadcast[dims=(1,3), to=(2,n,3,m)] x : f64[2,n,3,m]
        return y=%0
        """, Rewritten.by(new ReduceOfBroadcast(), "x: input f64[n,m]", """
        %0 = broadcast[dims=(1,4), to=(2,n,4,3,m)] x : f64[2,n,4,3,m]
        %1 = reduce.max[axes=2] %0 : f64[2,n,3,m]
        return y=%1"""));
  }

  // ---- calls and branches

  private static final String CUBE = """
      graph cube(a: input f64) {
        %0 = mul a, a : f64
        %1 = mul %0, a : f64
        return p=%1
      }
      graph slope(a: input f64, p: input f64, g: input f64) {
        return a=g
      }
      graph draw(a: input f64) {
        %0 = constant[value=1] : i64
        %1 = random[stream="s"] %0, %0 : i32
        %2 = cast[to=f64] %1 : f64
        return p=%2
      }
      """;

  private static String call(String attributes) {
    return CUBE + """
        graph f(x: input f64) {
          %0 = call[ATTRIBUTES] x : (f64)
          %1 = item[index=0] %0 : f64
          return y=%1
        }
        """.replace("ATTRIBUTES", attributes);
  }

  @Test
  void aCallIsItsBodyUnlessItHasItsOwnDerivative() {
    String inlined = """
        %0 = mul x, x : f64
        %1 = mul %0, x : f64
        return y=%1
        """;
    String own = call("@cube, derivative=@slope");
    assertEquals(inlined, rewritten(new InlineCalls(false), call("@cube")));
    assertEquals(inlined, rewritten(new InlineCalls(true), own));
    assertEquals(Rewritten.statements(last(own)), rewritten(new InlineCalls(false), own));
  }

  @Test
  void aCallThatDrawsRandomBitsStays() {
    assertEquals(Rewritten.statements(last(call("@draw"))),
        rewritten(new InlineCalls(true), call("@draw")));
  }

  @Test
  void aBodyOfMoreThan256NodesStays() {
    assertTrue(isInlined(256));
    assertFalse(isInlined(257));
  }

  private static boolean isInlined(int nodes) {
    StringBuilder text = new StringBuilder("graph g(a: input f64) {\n  %0 = exp a : f64\n");
    for (int i = 1; i < nodes - 1; i++) {
      text.append("  %" + i + " = exp %" + (i - 1) + " : f64\n");
    }
    text.append("  return p=%" + (nodes - 2) + "\n}\n").append("""
        graph f(x: input f64) {
          %0 = call[@g] x : (f64)
          %1 = item[index=0] %0 : f64
          return y=%1
        }
        """);
    Graph graph = last(text.toString());
    assertEquals(nodes,
        graph.result("y").operand(0).op().bodies().getFirst().schedule().size());
    return applied(new InlineCalls(true), graph).isPresent();
  }

  private static String branch(String condition, String then, String otherwise) {
    return CUBE + """
        graph negative(a: input f64) {
          %0 = neg a : f64
          return p=%0
        }
        graph f(c: input bool, x: input f64) {
          %0 = constant[value=true] : bool
          %1 = constant[value=false] : bool
          %2 = branch[@THEN, @OTHERWISE] CONDITION, x : (f64)
          %3 = item[index=0] %2 : f64
          return y=%3
        }
        """.replace("THEN", then).replace("OTHERWISE", otherwise).replace("CONDITION", condition);
  }

  @Test
  void aKnownConditionTakesItsBranch() {
    assertEquals("%0 = neg x : f64\nreturn y=%0\n",
        rewritten(new TakeBranch(), branch("%0", "negative", "cube")));
    assertEquals("%0 = neg x : f64\nreturn y=%0\n",
        rewritten(new TakeBranch(), branch("%1", "draw", "negative")));
    for (String stays : List.of(branch("c", "negative", "cube"),
        branch("%0", "draw", "negative"))) {
      assertEquals(Rewritten.statements(last(stays)), rewritten(new TakeBranch(), stays));
    }
    Graph call = last(call("@cube"));
    assertTrue(call.result("y").op() instanceof Op.Item);
    assertEquals(Optional.empty(), applied(new TakeBranch(), call));
  }

  // ---- gradients of cross-entropies

  private static String oneHot(String chosen, String product) {
    return """
        graph f(c: input bool, g: input f64, h: input f64, p: input f64) {
          %0 = neg CHOSEN : f64
          %1 = constant[value=0.0] : f64
          %2 = select c, %0, %1 : f64
          %3 = mul PRODUCT : f64
          %4 = add %2, %3 : f64
          return y=%4
        }
        """.replace("CHOSEN", chosen).replace("PRODUCT", product);
  }

  @Test
  void theCommonFactorOfAOneHotIsFoundOnEitherSide() {
    for (String product : List.of("g, p", "p, g")) {
      String text = rewritten(new FactorOneHot(), oneHot("g", product));
      assertTrue(text.contains("= sub p, "), text);
      assertTrue(text.contains("= mul g, "), text);
    }
    assertEquals(Optional.empty(), applied(new FactorOneHot(), last(oneHot("h", "g, p"))));
  }
}
