package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.rewrite.Algebra;
import io.kotangent.rewrite.Domain;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.MergeTransposes;
import io.kotangent.rewrite.Rule;
import io.kotangent.rewrite.RuleSet;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("fast")
class PipelineTest {
  private static final Pipeline STANDARD = Pipeline.standard(new LaneEvaluator());

  private static final String TEXT = """
      graph f(x: input f64[n], y: input f64[n]) {
        %0 = constant[value=2.0] : f64
        %1 = constant[value=3.0] : f64
        %2 = add %0, %1 : f64
        %3 = broadcast[dims=(), to=n] %2 : f64[n]
        %4 = neg x : f64[n]
        %5 = neg %4 : f64[n]
        %6 = mul %5, %3 : f64[n]
        %7 = sigmoid y : f64[n]
        %8 = log %7 : f64[n]
        %9 = add %6, %8 : f64[n]
        return z=%9
      }
      """;

  @Test
  void itReadsAsATableOfContents() {
    assertEquals("stabilize\nmerge-loops\nsimplify\nsplit-loops\ndrop-dead-nodes\n",
        STANDARD.toString());
    assertEquals("stabilize\n", Pipeline.beforeGradient().toString());
  }

  @Test
  void itReportsWhatEachPassAndRuleDid() {
    Report report = STANDARD.run(Texts.graph(TEXT), Dump.none());
    assertEquals("""
        stabilize: 12 -> 9 nodes, neg-neg ×1, log-of-sigmoid ×1
        merge-loops: 9 -> 9 nodes
        simplify: 9 -> 7 nodes, fold-constants ×1
        split-loops: 7 -> 7 nodes
        drop-dead-nodes: 7 -> 7 nodes
        """, report.toString());
    assertEquals(1, report.hits("neg-neg"));
    assertEquals(0, report.hits("mul-one"));
    assertTrue(report.lines().stream().allMatch(line -> line.nanos() > 0));
    Texts.assertPrints("""
        graph f(x: input f64[n], y: input f64[n]) {
          %0 = constant[value=5.0] : f64
          %1 = broadcast[dims=(), to=n] %0 : f64[n]
          %2 = mul x, %1 : f64[n]
          %3 = log_sigmoid y : f64[n]
          %4 = add %2, %3 : f64[n]
          return z=%4
        }
        """, report.graph());
  }

  @Test
  void passesRulesAndRewritesAreSkippedByName() {
    Graph graph = Texts.graph(TEXT);
    Pipeline withoutRule = STANDARD.without("stabilize", "neg-neg"); // which brings it along
    assertEquals(0, withoutRule.run(graph, Dump.none()).hits("neg-neg"));
    assertEquals(1, withoutRule.run(graph, Dump.none()).hits("fold-constants"));
    assertEquals(0,
        STANDARD.without("fold-constants").run(graph, Dump.none()).hits("fold-constants"));
    assertEquals("merge-loops\nsplit-loops\ndrop-dead-nodes\n",
        STANDARD.without("stabilize", "simplify").toString());
    assertSame(graph, STANDARD.without("stabilize", "simplify").apply(graph));
    assertTrue(STANDARD.names()
        .containsAll(Set.of("stabilize", "log-of-sigmoid", "fold-constants", "merge-transposes")));
    String message =
        assertThrows(KotangentException.class, () -> STANDARD.without("neg-neg", "nonsense"))
            .getMessage();
    assertTrue(
        message.startsWith(
            "cannot skip [nonsense]: expected names of passes or rules among [stabilize, "),
        message);
  }

  @Test
  void itIsIdempotentAndReturnsWhatItCannotChange() {
    Graph once = STANDARD.apply(Texts.graph(TEXT));
    assertSame(once, STANDARD.apply(once));
  }

  @Test
  void aPassThatMakesAnInvalidGraphIsNamed() {
    Graph graph = Texts.graph(TEXT);
    Pass culprit = new Pass() {
      @Override
      public String name() {
        return "culprit";
      }

      @Override
      public Graph apply(Graph before, Hits hits) {
        return new Graph(before.name(), before.inputs().subList(0, 1), before.results(), List.of(),
            java.util.Optional.empty(), List.of());
      }
    };
    String message = assertThrows(KotangentException.class,
        () -> Pipeline.verify(culprit, graph, culprit.apply(graph))).getMessage();
    assertTrue(message.startsWith("pass culprit made an invalid graph of f:\n"), message);
    assertTrue(
        message.contains("ports [x: input f64[n], y: input f64[n]] became [x: input f64[n]]"),
        message);
  }

  @Test
  void rulesThatUndoEachOtherAreReported() {
    RuleSet endless = RuleSet.of("endless", Rule.of("grow", Domain.FLOAT, "-a", "-(-(-a))"));
    Graph graph = Texts.graph(TEXT);
    String message = assertThrows(KotangentException.class,
        () -> Pipeline.of(ApplyRewrites.of("endless", endless)).apply(graph)).getMessage();
    assertTrue(message.startsWith("rewriting graph f does not end; applied so far: {grow="),
        message);
  }

  @Test
  void bodiesAreRewrittenToo() {
    Graph graph = Texts.graph("""
        graph inner(a: input f64) {
          %0 = neg a : f64
          %1 = neg %0 : f64
          %2 = tanh %1 : f64
          return p=%2
        }
        graph body(a: input f64) {
          %0 = call[@inner] a : (f64)
          %1 = item[index=0] %0 : f64
          %2 = neg %1 : f64
          %3 = neg %2 : f64
          return p=%3
        }
        graph f(a: input f64) {
          %0 = loop[@body, count=3, carried=1] a : (f64)
          %1 = item[index=0] %0 : f64
          return p=%1
        }
        """);
    Report report = STANDARD.run(graph, Dump.none());
    assertEquals(2, report.hits("neg-neg"));
    assertEquals(1, report.hits("inline-calls"));
    Texts.assertPrints("""
        graph body(a: input f64) {
          %0 = tanh a : f64
          return p=%0
        }
        graph f(a: input f64) {
          %0 = loop[@body, count=3, carried=1] a : (f64)
          %1 = item[index=0] %0 : f64
          return p=%1
        }
        """, report.graph());
  }

  @Test
  void originsStay() {
    Graph graph = Texts.graph("""
        graph f(x: input f64) {
          %0 = neg x : f64 ; Model.java:3
          %1 = neg %0 : f64 ; Model.java:4
          %2 = sigmoid %1 : f64 ; layer Model.java:5
          %3 = log %2 : f64 ; loss Model.java:6
          return y=%3
        }
        """);
    assertEquals("loss Model.java:6", STANDARD.apply(graph).result("y").origin().toString());
  }

  @Test
  void longChainsNeedNoStack() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input(new Port("x", Role.INPUT, TensorType.scalar(DType.F64)));
    Node chain = x;
    for (int i = 0; i < 50_000; i++) {
      chain = builder.map(i % 3 == 0 ? ScalarFn.TANH : ScalarFn.NEG, chain);
    }
    Graph graph = builder.graph("chain", List.of(x), List.of(new Graph.Result("y", chain)));
    Report report = STANDARD.run(graph, Dump.none());
    assertEquals(16_666, report.hits("neg-neg"));
    assertEquals(16_669, report.graph().schedule().size());
  }

  @Test
  void stopGradientIsGoneAfterTheLastDifferentiation() {
    Graph graph = Texts.graph("""
        graph f(x: input f64) {
          %0 = stop_gradient x : f64
          return y=%0
        }
        """);
    assertSame(graph, Pipeline.beforeGradient().apply(graph));
    assertSame(graph.inputs().size(), STANDARD.apply(graph).schedule().size());
  }

  // ---- folding

  @Test
  void constantsFoldInTheirOwnType() {
    Graph graph = Texts.graph("""
        graph f() {
          %0 = constant[value=0.1] : f32
          %1 = constant[value=0.2] : f32
          %2 = add %0, %1 : f32
          %3 = cast[to=f64] %2 : f64
          %4 = constant[value=7] : i32
          %5 = constant[value=2147483647] : i32
          %6 = add %4, %5 : i32
          %7 = gt %0, %1 : bool
          %8 = exp %0 : f32
          return a=%3, b=%6, c=%7, d=%8
        }
        """);
    Graph folded = STANDARD.apply(graph);
    assertEquals((double) (0.1f + 0.2f), value(folded, "a").real(0));
    assertEquals(-2147483642, value(folded, "b").bits(0));
    assertEquals(0, value(folded, "c").bits(0));
    assertEquals((float) StrictMath.exp(0.1f), value(folded, "d").real(0), 1e-7);
  }

  private static Literal value(Graph graph, String result) {
    return ((io.kotangent.ir.Op.Constant) graph.result(result).op()).value();
  }

  @Test
  void whatMayFailOrIsLargeIsNotFolded() {
    Graph graph = Texts.graph("""
        graph f(seed: input i64) {
          %0 = constant[value=1] : i32
          %1 = constant[value=0] : i32
          %2 = div %0, %1 : i32
          %3 = rem %0, %1 : i32
          %4 = broadcast[dims=(), to=(5000)] %0 : i32[5000]
          %5 = reverse[axes=0] %4 : i32[5000]
          %6 = constant[value=3] : i64
          %7 = random[stream="s"] %6, %6 : i32[2]
          return a=%2, b=%3, c=%5, d=%7
        }
        """);
    for (Node node : graph.schedule()) {
      assertFalse(FoldConstants.isFoldable(node), node::toString);
    }
    assertSame(graph, STANDARD.apply(graph));
  }

  @Test
  void smallTensorsFoldLaneByLane() {
    Graph graph = Texts.graph("""
        graph f() {
          %0 = constant[value=(1.0, -0.0, 4.0)] : f64[3]
          %1 = sqrt %0 : f64[3]
          %2 = size[dim=12] : i64
          return a=%1, n=%2
        }
        """);
    Graph folded = STANDARD.apply(graph);
    List<Double> got = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      got.add(value(folded, "a").real(i));
    }
    assertEquals(List.of(1.0, -0.0, 2.0), got);
    assertEquals(12, value(folded, "n").bits(0));
  }

  // ---- dumps

  @Test
  void dumpsAreNumberedAndIdlePassesWriteNothing(@TempDir Path directory) throws Exception {
    Dump dump = new Dump(EnumSet.of(Dump.Stage.GRAPH, Dump.Stage.PASSES), directory, "f*");
    Dump.Files files = dump.of("f");
    Graph graph = Texts.graph(TEXT);
    files.graph("traced", graph);
    files.graph("optimized", STANDARD.run(graph, files).graph());
    files.file(Dump.Stage.PLAN, "f.plan", () -> "not wanted");
    try (var found = Files.list(directory.resolve("f"))) {
      assertEquals(List.of("00-traced.ir", "01-stabilize.ir", "03-simplify.ir", "06-optimized.ir"),
          found.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertEquals(graph, Texts.graph(Files.readString(directory.resolve("f/00-traced.ir"))));
    dump.of("g").graph("traced", graph);
    assertFalse(Files.exists(directory.resolve("g")));
  }

  @Test
  void theDumpSwitchKnowsItsWords() {
    assertEquals(EnumSet.of(Dump.Stage.GRAPH, Dump.Stage.BYTECODE), Dump.parse("graph, bytecode"));
    assertEquals(EnumSet.allOf(Dump.Stage.class), Dump.parse("all"));
    assertEquals(
        "kotangent.dump: expected a list of graph, passes, plan, bytecode, or all, got 'graph,planes'",
        assertThrows(KotangentException.class, () -> Dump.parse("graph,planes")).getMessage());
    assertTrue(Dump.fits("l*s*", "loss"));
    assertTrue(Dump.fits("*", ""));
    assertFalse(Dump.fits("l*x", "loss"));
    assertFalse(Dump.fits("loss", "loss2"));
  }

  @Test
  void rewritingsAreValuesWithNamedParts() {
    ApplyRewrites rewriting =
        ApplyRewrites.of("mine", RuleSet.of("r", Rule.of("neg", Domain.FLOAT, "-(-a)", "a")),
            new MergeTransposes());
    assertEquals(List.of("neg", "merge-transposes"), rewriting.parts());
    assertEquals(List.of(),
        ((ApplyRewrites) rewriting.without(Set.of("neg", "merge-transposes")).orElseThrow())
            .parts());
    assertTrue(Algebra.EXACT.toString().startsWith("exact:\n  neg-neg: neg(neg(a)) -> a\n"));
  }
}
