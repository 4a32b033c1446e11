package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.autodiff.GradientException;
import io.kotangent.autodiff.Tangent;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What is declared of a port is trusted only where something checks it, calls draw by their scopes, and results keep their names.
class TrustTest {
  /// What uses an index of which only a body's port says that it is in range: reads, writes, and one-hot sums.
  private static final List<String> USES = List.of("""
        %0 = gather[axis=0] t, i : f64[2]
        return y=%0
      """, """
        %z = constant[value=0.0] : f64
        %r = broadcast[dims=(), to=(2,3)] %z : f64[2,3]
        %v = slice[starts=0, limits=2, strides=1] t : f64[2]
        %0 = scatter[axis=1, batch_dims=1] %r, i, %v : f64[2,3]
        %1 = reduce.sum[axes=1] %0 : f64[2]
        return y=%1
      """, """
        %r = broadcast[dims=0, to=(2,3)] i : i32[2,3]
        %n = iota[axis=1] : i32[2,3]
        %e = eq %n, %r : bool[2,3]
        %v = slice[starts=0, limits=2, strides=1] t : f64[2]
        %w = broadcast[dims=0, to=(2,3)] %v : f64[2,3]
        %z = constant[value=0.0] : f64
        %o = broadcast[dims=(), to=(2,3)] %z : f64[2,3]
        %s = select %e, %w, %o : f64[2,3]
        %1 = reduce.sum[axes=1] %s : f64[2]
        return y=%1
      """, """
        %r = broadcast[dims=1, to=(2,3)] t : f64[2,3]
        %0 = gather[axis=1, batch_dims=1] %r, i : f64[2]
        return y=%0
      """);

  private static List<String> around(String use) {
    String body = "graph body(i: input i32[2] in 0..2, t: input f64[3]) {\n" + use + "}\n";
    String main = "graph f(p: input bool, i: input i32[2], t: input f64[3]) {\n  ";
    return List.of(
        body + main + "%0 = call[@body] i, t : (f64[2])\n  %1 = item[index=0] %0 : f64[2]\n"
            + "  return y=%1\n}\n",
        body + main + "%0 = branch[@body, @body] p, i, t : (f64[2])\n"
            + "  %1 = item[index=0] %0 : f64[2]\n  return y=%1\n}\n",
        body + main + "%0 = loop[@body, count=2] i, t : (f64[2,2])\n"
            + "  %1 = item[index=0] %0 : f64[2,2]\n  return y=%1\n}\n");
  }

  private static String result(Program program, int[] i) {
    try {
      var run = program.newWorkspace().feed("p", true).feed("i", i).feed("t", 1.5, 2.5, 4.5);
      program.run(run);
      return java.util.Arrays.toString(run.doubles("y"));
    } catch (KotangentException e) {
      return "error";
    }
  }

  private static String meaning(Graph graph, int[] i) {
    try {
      TensorValue y = Interpreter.run(graph, Map.of("p", TensorValue.of(DType.BOOL, new int[0],
          new boolean[] {true}), "i", TensorValue.of(DType.I32, new int[] {2}, i), "t",
          TensorValue.f64(new int[] {3}, 1.5, 2.5, 4.5))).result("y");
      return java.util.Arrays.toString((double[]) y.toArray());
    } catch (KotangentException e) {
      return "error";
    }
  }

  @TestFactory
  Stream<DynamicTest> bodiesTakeIndicesOfAllKinds() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String use : USES) {
      for (String text : around(use)) {
        tests.add(DynamicTest.dynamicTest(text, () -> {
          Graph graph = GraphParser.parse(text).getLast();
          Program compiled = Compiler.compile(graph);
          var plan = Planner.plan(graph, PlanOptions.STANDARD);
          for (int[] i : new int[][] {{0, 2}, {1, 1}, {3, 0}, {-1, 2}, {2, 79}}) {
            String expected = meaning(graph, i);
            assertEquals(expected, result(compiled, i));
            assertEquals(expected,
                result(Program.of(plan.signature(), new PlanInterpreter(plan)), i));
          }
        }));
      }
    }
    return tests.stream();
  }

  @Test
  void rangesOfStatesAreCheckedAtEntry() {
    Graph graph = GraphParser.parseOne("""
        graph f(t: input f64[3], k: state i32[2] in 0..2) {
          %0 = gather[axis=0] t, k : f64[2]
          %1 = constant[value=1] : i32
          %2 = broadcast[dims=(), to=(2)] %1 : i32[2]
          %3 = add k, %2 : i32[2]
          update k = %3
          return y=%0
        }
        """);
    Program program = Compiler.compile(graph);
    ModelState state = program.newState().set("k", new int[] {0, 1});
    var run = program.newWorkspace().feed("t", 1.5, 2.5, 4.5);
    assertTrue(program.run(run, state));
    assertTrue(program.run(run, state));
    assertTrue(assertThrows(FeedException.class, () -> program.run(run, state)).getMessage()
        .contains("state 'k' of program f: element 1 is 3, expected a value from 0 to 2"));
    state.set("k", new int[] {-1, 0});
    assertThrows(FeedException.class, () -> program.run(run, state));
  }

  // ---- draws

  private static String draws(String first, String second) {
    return """
        graph body(seed: input i64) {
          %0 = random[stream="draw"] seed, seed : i32[4]
          return y=%0
        }
        graph f(seed: input i64) {
          %0 = call[@body] seed : (i32[4]) FIRST
          %1 = item[index=0] %0 : i32[4]
          %2 = call[@body] seed : (i32[4]) SECOND
          %3 = item[index=0] %2 : i32[4]
          return a=%1, b=%3
        }
        """.replace("FIRST", first).replace("SECOND", second);
  }

  @Test
  void callsAtTwoScopesDrawDifferently() {
    for (boolean apart : new boolean[] {true, false}) {
      Graph graph = GraphParser
          .parse(draws("; a Model.java:1", apart ? "; b Model.java:2" : "; a Model.java:9"))
          .getLast();
      assertEquals(List.of(), Verifier.violations(graph));
      Evaluation meaning =
          Interpreter.run(graph, Map.of("seed", TensorValue.scalar(DType.I64, 3)));
      assertEquals(!apart, meaning.result("a").equals(meaning.result("b")));
      Program program = Compiler.compile(graph);
      var run = program.newWorkspace().feed("seed", 3L);
      program.run(run);
      for (String name : List.of("a", "b")) {
        for (int i = 0; i < 4; i++) {
          assertEquals(meaning.result(name).integer(i), run.ints(name)[i]);
        }
      }
      Graph again = GraphParser.parse(GraphPrinter.print(graph)).getLast();
      assertEquals(graph, again);
    }
    assertNotEquals(
        GraphParser.parse(draws("; a Model.java:1", "; b Model.java:2")).getLast(),
        GraphParser.parse(draws("; a Model.java:1", "; c Model.java:2")).getLast());
  }

  // ---- names

  private static final String LOOP = """
      graph body(h: input f64, dh: input f64, x: input f64) {
        %0 = mul h, x : f64
        %1 = add dh, %0 : f64
        %2 = mul %1, x : f64
        %3 = sin %2 : f64
        return NAMES
      }
      graph f(h: input f64, g: input f64, x: input f64[3]) {
        %0 = loop[@body, count=3, carried=2, sliced=1] h, g, x : (f64, f64, f64[3], f64[3])
        %1 = item[index=0] %0 : f64
        %2 = item[index=1] %0 : f64
        %3 = item[index=2] %0 : f64[3]
        %4 = item[index=3] %0 : f64[3]
        %5 = add %3, %4 : f64[3]
        %6 = reduce.sum[axes=0] %5 : f64
        %7 = mul %1, %2 : f64
        %8 = add %6, %7 : f64
        return loss=%8
      }
      """;

  @Test
  void namesOfResultsDoNotMatterToDerivatives() {
    List<Double> seen = new ArrayList<>();
    for (String names : List.of("a=%0, b=%1, c=%2, d=%3", "h=%0, dh=%1, ddh=%2, dddh=%3",
        "dh=%0, h=%1, dh_2=%2, ddh=%3", "dddh=%0, ddh=%1, dh=%2, h=%3",
        "x=%0, dx=%1, h=%2, dh=%3")) {
      Graph graph = GraphParser.parse(LOOP.replace("NAMES", names)).getLast();
      Graph tangents = Tangent.tangents(graph, List.of("loss"), List.of("h"));
      assertEquals(List.of(), Verifier.violations(tangents), names);
      Graph again = Tangent.tangents(tangents, List.of("dloss"), List.of("g"));
      assertEquals(List.of(), Verifier.violations(again), names);
      Graph gradients = Gradient.gradients(graph, "loss", List.of("h"));
      assertEquals(List.of(), Verifier.violations(gradients), names);
      Graph mixed = Tangent.tangents(gradients, List.of("dloss_dh"), List.of("g"));
      assertEquals(List.of(), Verifier.violations(mixed), names);
      Map<String, TensorValue> at = new java.util.HashMap<>(Map.of("h",
          TensorValue.scalar(DType.F64, 0.3), "g", TensorValue.scalar(DType.F64, 0.7), "x",
          TensorValue.f64(new int[] {3}, 0.5, -0.2, 0.9)));
      double gradient = Interpreter.run(gradients, at).result("dloss_dh").real(0);
      at.put("dh", TensorValue.scalar(DType.F64, 1));
      assertEquals(gradient, Interpreter.run(tangents, at).result("dloss").real(0), 1e-12, names);
      at.put("dg", TensorValue.scalar(DType.F64, 1));
      double second = Interpreter.run(again, at).result("ddloss").real(0);
      at.remove("dh");
      assertEquals(second, Interpreter.run(mixed, at).result("ddloss_dh").real(0), 1e-12, names);
      GraphParser.parse(GraphPrinter.print(again));
      seen.add(second);
    }
    assertEquals(1, seen.stream().distinct().count(), seen::toString);
  }

  // ---- completeness

  @Test
  void functionsOfStepsBreakAPath() {
    for (String fn : List.of("sign", "round", "floor", "ceil")) {
      Graph graph = GraphParser.parseOne("graph f(x: input f64[3]) {\n  %0 = " + fn
          + " x : f64[3]\n  %1 = reduce.sum[axes=0] %0 : f64\n  return loss=%1\n}\n");
      assertEquals("input `x` does not reach `loss`: broken at `" + fn + "`",
          assertThrows(GradientException.class,
              () -> Gradient.gradients(graph, "loss", List.of("x"))).getMessage());
      assertThrows(GradientException.class,
          () -> Tangent.tangents(graph, List.of("loss"), List.of("x")));
    }
  }

  /// A guard says whether updates were committed, also where there are none.
  @Test
  void aGuardWithoutUpdatesIsTold() {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f64[3]) {
          %0 = reduce.sum[axes=0] x : f64
          %1 = is_finite %0 : bool
          guard %1
          return y=%0
        }
        """);
    Program compiled = Compiler.compile(graph);
    var plan = Planner.plan(graph, PlanOptions.STANDARD);
    Program interpreted = Program.of(plan.signature(), new PlanInterpreter(plan));
    for (double last : new double[] {3, Double.POSITIVE_INFINITY, Double.NaN}) {
      boolean committed = Interpreter
          .run(graph, Map.of("x", TensorValue.f64(new int[] {3}, 1, 2, last))).committed();
      assertEquals(last == 3, committed);
      for (Program program : List.of(compiled, interpreted)) {
        assertEquals(committed, program.run(program.newWorkspace().feed("x", 1.0, 2.0, last)));
      }
    }
    assertFalse(graph.guard().isEmpty());
  }
}
