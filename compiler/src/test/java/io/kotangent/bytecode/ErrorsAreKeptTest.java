package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.eval.EvaluationException;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.EveryWay;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An error is part of what a graph means: whether there is one is the same for the interpreter of graphs, for that of plans, and
/// for compiled code; with all passes, with none, and without any one.
class ErrorsAreKeptTest {
  private static final int GRAPHS = 20;
  private static final int MANY = 3000;

  private int runs;
  private int errors;

  @Test
  void ofRandomGraphs() {
    graphs(0, GRAPHS);
  }

  @Test @Tag("faults")
  void ofManyRandomGraphs() {
    graphs(GRAPHS, MANY);
  }

  private void graphs(int from, int to) {
    List<String> faults = new ArrayList<>();
    for (int seed = from; seed < to; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.ERRORS);
      faults.addAll(faults(sample));
    }
    System.out.println((to - from) + " graphs, " + runs + " runs, " + errors + " errors, "
        + faults.size() + " faults");
    assertTrue(errors > runs / 20 && errors < runs * 19 / 20);
    assertTrue(faults.isEmpty(), () -> faults.size() + " faults, of which the first:\n"
        + faults.getFirst());
  }

  private List<String> faults(RandomGraph sample) {
    List<Map<String, TensorValue>> inputs = new ArrayList<>();
    List<Map<String, Long>> sizes = new ArrayList<>();
    List<Boolean> fail = new ArrayList<>();
    List<Long> batches = List.of(sample.symbols().get("batch"), 0L, 1L, 3L);
    for (int i = 0; i < batches.size(); i++) {
      Map<String, Long> symbols = Map.of("batch", batches.get(i));
      sizes.add(symbols);
      inputs.add(small(sample.inputs(symbols, 31 * sample.seed() + i)));
      fail.add(fails(sample.graph(), inputs.getLast(), symbols));
    }
    List<String> faults = new ArrayList<>();
    plans(sample.graph(), (int) sample.seed()).forEach((way, plan) -> {
      GeneratedCode code = GeneratedCode.of(plan, KernelCache.shared(), SimdUse.NEVER);
      for (int i = 0; i < inputs.size(); i++) {
        compare(fail.get(i), way, plan, code, inputs.get(i), sizes.get(i))
            .forEach(f -> faults.add(f + "\n" + sample.describe()));
      }
    });
    return faults;
  }

  /// With integers near 0.
  private static Map<String, TensorValue> small(Map<String, TensorValue> inputs) {
    Map<String, TensorValue> small = new LinkedHashMap<>();
    inputs.forEach((name, value) -> {
      Object array = value.toArray();
      if (array instanceof int[] elements) {
        Arrays.setAll(elements, i -> elements[i] % 4);
      }
      small.put(name, TensorValue.of(value.dtype(), value.dims(), array));
    });
    return small;
  }

  /// The plans of a graph: with passes and without, each in some way.
  private static Map<String, Plan> plans(Graph graph, int seed) {
    List<String> names = new ArrayList<>(Compiler.passNames());
    CompileOptions standard = CompileOptions.standard();
    String skipped = names.get(seed % names.size());
    Map<String, Graph> graphs = new LinkedHashMap<>();
    graphs.put("no passes", graph);
    graphs.put("all passes", Compiler.optimize(graph, standard));
    graphs.put("relaxed", Compiler.optimize(graph, standard.relaxed(true)));
    graphs.put("without " + skipped, Compiler.optimize(graph, standard.without(skipped)));
    Map<String, Plan> plans = new LinkedHashMap<>();
    Set<List<Step>> seen = new HashSet<>();
    graphs.forEach((passes, optimized) -> {
      EveryWay.Way[] all = EveryWay.Way.values();
      for (EveryWay.Way way : Set.of(all[0], all[1 + (seed + graphs.size()) % (all.length - 1)])) {
        Plan plan = Planner.plan(optimized, way.options());
        if (seen.add(plan.steps())) {
          plans.put(passes + ", " + way + "\n" + GraphPrinter.print(optimized), plan);
        }
      }
    });
    return plans;
  }

  private List<String> compare(boolean expected, String way, Plan plan, GeneratedCode code,
      Map<String, TensorValue> inputs, Map<String, Long> symbols) {
    List<String> faults = new ArrayList<>();
    String interpreted =
        PlanRuns.run(plan, new PlanInterpreter(plan), inputs, symbols, 3).committed();
    String compiled = PlanRuns.run(plan, code, inputs, symbols, 3).committed();
    runs++;
    errors += expected ? 1 : 0;
    if (isError(interpreted) != expected) {
      faults.add("interpreted: " + interpreted + ", expected error: " + expected + ", " + way
          + symbols + inputs);
    }
    if (!interpreted.equals(compiled)) {
      faults.add("compiled: " + compiled + ", interpreted: " + interpreted + ", " + way);
    }
    return faults;
  }

  private static boolean fails(Graph graph, Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    try {
      Interpreter.run(graph, inputs, symbols);
      return false;
    } catch (EvaluationException e) {
      return true;
    }
  }

  private static boolean isError(String outcome) {
    return !outcome.equals("true") && !outcome.equals("false");
  }

  // ---- by hand

  /// Each divides by z or picks at i, both 0 and 7 here, and needs the value for nothing.
  private static final List<String> STATEMENTS = List.of(
      "%1 = mul %0, zero : i32[2]", "%1 = sub %0, %0 : i32[2]", "%1 = and %0, zero : i32[2]",
      "%1 = rem %0, one : i32[2]", "%1 = or %0, ones : i32[2]", "%1 = xor %0, %0 : i32[2]",
      "%1 = lt %0, %0 : bool[2]", "%1 = ge %0, %0 : bool[2]", "%1 = eq %0, %0 : bool[2]",
      "%1 = select never, %0, x : i32[2]", "%1 = select always, x, %0 : i32[2]",
      "%9 = concat[axis=0] %0, x : i32[4]\n  %1 = slice[starts=2, limits=4] %9 : i32[2]",
      "%1 = slice[starts=1, limits=2] %0 : i32[1]", "%1 = slice[starts=0, limits=0] %0 : i32[0]",
      "%1 = broadcast[dims=0, to=(2,0)] %0 : i32[2,0]",
      "%9 = broadcast[dims=0, to=(2,0)] %0 : i32[2,0]\n  %1 = reduce.sum[axes=1] %9 : i32[2]",
      "%9 = broadcast[dims=0, to=(2,0)] %0 : i32[2,0]\n"
          + "  %8 = broadcast[dims=0, to=(2,3)] x : i32[2,3]\n"
          + "  %1 = contract[ab,ac->bc] %9, %8 : i32[0,3]",
      "%9 = cast[to=f32] %0 : f32[2]\n  %1 = pow %9, %7 : f32[2]",
      "%9 = cast[to=f32] %0 : f32[2]\n  %8 = broadcast[dims=0, to=(2,0)] %9 : f32[2,0]\n"
          + "  %1 = reduce.max[axes=1] %8 : f32[2]",
      "%9 = call[@first] x, %0 : (i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = branch[@first, @first] yes, x, %0 : (i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = branch[@first, @first] true, x, %0 : (i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = loop[@first, count=0, carried=1] x, %0 : (i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = loop[@first, count=3, carried=1] x, %0 : (i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = reduce.max[axes=0] %0 : i32\n  %1 = pad[low=0, high=0] x, %9 : i32[2]");

  /// A call, a branch and loops of which what fails is not taken.
  private static final List<String> BODIES = List.of(
      "%9 = call[@both] x, z : (i32[2], i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = branch[@both, @both] yes, x, z : (i32[2], i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = branch[@both, @both] true, x, z : (i32[2], i32[2])\n  %1 = item[index=0] %9 : i32[2]",
      "%9 = loop[@both, count=3, carried=2] x, z : (i32[2], i32[2])\n"
          + "  %1 = item[index=0] %9 : i32[2]",
      "%9 = loop[@both, count=3, carried=1] x, z : (i32[2], i32[3,2])\n"
          + "  %1 = item[index=0] %9 : i32[2]",
      "%9 = loop[@both, count=0, carried=2] x, z : (i32[2], i32[2])\n"
          + "  %1 = item[index=0] %9 : i32[2]");

  private static final String GRAPHS_INSIDE = """
      graph first(a: input i32[2], b: input i32[2]) {
        return a=a
      }

      graph both(a: input i32[2], b: input i32[2]) {
        %0 = div a, b : i32[2]
        return a=a, q=%0
      }

      """;

  private static final List<String> FAILING = List.of("%0 = div x, z : i32[2]",
      "%0 = rem x, z : i32[2]", "%0 = gather[axis=0] x, i : i32[2]",
      "%0 = scatter[axis=0] x, i, x : i32[2]");

  private static String text(String failing, String statement) {
    String[] lines = statement.split("\n");
    List<String> body = new ArrayList<>(List.of("%2 = constant[value=0] : i32",
        "%3 = constant[value=1] : i32", "%4 = constant[value=-1] : i32",
        "%5 = constant[value=false] : bool", "%50 = constant[value=true] : bool",
        "%51 = constant[value=0.0] : f32", "%10 = broadcast[dims=(), to=(2)] %2 : i32[2]",
        "%11 = broadcast[dims=(), to=(2)] %3 : i32[2]",
        "%12 = broadcast[dims=(), to=(2)] %4 : i32[2]",
        "%13 = broadcast[dims=(), to=(2)] %5 : bool[2]",
        "%14 = broadcast[dims=(), to=(2)] %50 : bool[2]",
        "%7 = broadcast[dims=(), to=(2)] %51 : f32[2]"));
    body.add(failing);
    for (String line : lines) {
      body.add(line.strip().replace("zero", "%10").replace("ones", "%12").replace("one", "%11")
          .replace("never", "%13").replace("always", "%14").replace("true,", "%50,"));
    }
    return GRAPHS_INSIDE + "graph g(x: input i32[2], z: input i32[2], i: input i32[2], yes: input"
        + " bool) {\n  " + String.join("\n  ", body) + "\n  return y=x, r=%1\n}\n";
  }

  @Test
  void ofEveryWayToNeedNoValue() {
    texts(FAILING.subList(0, 1));
  }

  @Test @Tag("faults")
  void ofEveryWayToNeedNoValueOfAnyKind() {
    texts(FAILING.subList(1, FAILING.size()));
  }

  private void texts(List<String> failingStatements) {
    List<String> faults = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    failingStatements.forEach(failing -> STATEMENTS.forEach(s -> texts.add(text(failing, s))));
    BODIES.forEach(body -> texts.add(text("%0 = neg x : i32[2]", body)));
    for (String text : texts) {
      Graph graph = GraphParser.parse(text).getLast();
      for (boolean bad : new boolean[] {true, false}) {
        Map<String, TensorValue> inputs = inputs(bad);
        boolean fails = fails(graph, inputs, Map.of());
        plans(graph, text.length()).forEach((way, plan) -> faults
            .addAll(compare(fails, way, plan,
                GeneratedCode.of(plan, KernelCache.shared(), SimdUse.NEVER), inputs,
                Map.of())));
      }
    }
    System.out.println(texts.size() + " texts, " + runs + " runs, " + errors + " errors, "
        + faults.size() + " faults");
    assertTrue(errors > runs / 3);
    assertEquals(List.of(), faults.stream().limit(1).toList(), () -> faults.size() + " faults");
  }

  private static Map<String, TensorValue> inputs(boolean bad) {
    return Map.of("x", TensorValue.of(DType.I32, new int[] {2}, new int[] {5, -3}),
        "z", TensorValue.of(DType.I32, new int[] {2}, bad ? new int[] {1, 0} : new int[] {1, 2}),
        "i", TensorValue.of(DType.I32, new int[] {2}, bad ? new int[] {7, 0} : new int[] {1, 0}),
        "yes", TensorValue.of(DType.BOOL, new int[0], new boolean[] {true}));
  }
}
