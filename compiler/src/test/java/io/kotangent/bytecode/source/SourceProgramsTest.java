package io.kotangent.bytecode.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.assertions.Assertions;
import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.emit.ClassNames;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.SharedRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Programs as Java source: names, functions, sizes, errors, parts.
class SourceProgramsTest {
  private static final int SPECIALS = 24;
  private static final int SHORT = 80;

  private static void sameBits(Printed printed, Code code, Graph graph,
      Map<String, TensorValue> inputs, Map<String, Long> sizes) {
    assertEquals(PlanRun.interpreted(printed.plan(), graph, inputs, sizes),
        PlanRun.run(printed.plan(), _ -> code, graph, inputs, sizes),
        () -> PlanPrinter.print(printed.plan()));
  }

  // ---- functions

  @Test
  void everyScalarFunctionAtSpecialNumbers() {
    List<Graph> graphs = new ArrayList<>();
    List<Printed> printed = new ArrayList<>();
    List<SourceFile> files = new ArrayList<>();
    for (ScalarFn fn : ScalarFn.values()) {
      for (DType dtype : DType.values()) {
        if (fn.accepts(dtype)) {
          Graph graph = function(fn, dtype);
          graphs.add(graph);
          printed.add(Printed.of(graph, "f" + graphs.size(), PlanOptions.STANDARD));
          files.addAll(printed.getLast().files());
        }
      }
    }
    CompiledSource compiled = CompiledSource.of(files);
    for (int i = 0; i < graphs.size(); i++) {
      Graph graph = graphs.get(i);
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      for (Port port : graph.ports()) {
        inputs.put(port.name(), specials(port.type().dtype(), inputs.size()));
      }
      sameBits(printed.get(i), compiled.program(printed.get(i).name()), graph, inputs,
          Map.of("n", (long) SPECIALS * SPECIALS));
    }
    assertTrue(graphs.size() > 140, graphs.size() + " functions on types");
  }

  private static Graph function(ScalarFn fn, DType dtype) {
    GraphBuilder builder = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < fn.arity(); i++) {
      DType type = fn == ScalarFn.SELECT && i == 0 ? DType.BOOL : dtype;
      inputs.add(builder.input(
          new Port("x" + i, Role.INPUT, TensorType.of(type, Dim.symbol("n")))));
    }
    Node y = builder.map(fn, inputs.toArray(Node[]::new));
    return builder.graph(fn.toString(), inputs, List.of(new Graph.Result("y", y)));
  }

  /// All pairs of special numbers as first and second operand; no integer divides by zero.
  private static TensorValue specials(DType dtype, int which) {
    Object special = JavaKernelTest.special(dtype);
    Object array = dtype.newArray(SPECIALS * SPECIALS);
    for (int i = 0; i < SPECIALS * SPECIALS; i++) {
      int at = which == 0 ? i / SPECIALS : which == 1 ? i % SPECIALS : i * 7 % SPECIALS;
      boolean zero = which == 1 && dtype.isInteger() && at == 0;
      System.arraycopy(special, zero ? 1 : at, array, i, 1);
    }
    return TensorValue.of(dtype, new int[] {SPECIALS * SPECIALS}, array);
  }

  // ---- both ways to the same bits

  private static final Graph ALIGNED = GraphParser.parseOne("""
      graph aligned(a: input f32[b,128], w: input f32[128,96]) {
        %0 = contract[ax,xy->ay] a, w : f32[b,96]
        %1 = relu %0 : f32[b,96]
        return y=%1
      }
      """);

  /// Where a plan has SIMD code, its loops are printed as plain loops.
  @Test
  void theLoopsOfSimdCode() {
    PlanOptions options = PlanOptions.STANDARD.withVectors(128).everywhere();
    List<RandomGraph> samples = new ArrayList<>();
    List<Printed> printed = new ArrayList<>();
    List<SourceFile> files = new ArrayList<>();
    for (long seed = 0; seed < 20; seed++) {
      samples.add(RandomGraphs.generate(seed,
          RandomGraphs.Options.CAREFUL.withNodes(12).withoutControl().inWide()));
      printed.add(Printed.of(samples.getLast().graph(), "w" + seed, options));
      files.addAll(printed.getLast().files());
    }
    CompiledSource compiled = CompiledSource.of(files);
    int other = 0;
    for (int i = 0; i < samples.size(); i++) {
      Choosing choosing =
          new Choosing(printed.get(i).plan(), compiled.program(printed.get(i).name()));
      sameBits(printed.get(i), choosing, samples.get(i).graph(), samples.get(i).inputs(),
          samples.get(i).symbols());
      other += choosing.chose ? 1 : 0;
    }
    assertTrue(other > 5, other + " plans with a choice");
  }

  @Test
  void memoryOutsideOfTheHeap() {
    Printed printed =
        Printed.of(ALIGNED, "org.example", PlanOptions.STANDARD.withAligned().everywhere());
    float[] a = new float[20 * 128];
    float[] w = new float[128 * 96];
    for (int i = 0; i < w.length; i++) {
      a[i % a.length] = i % 13 / 7f;
      w[i] = 1f / (i % 11 + 1) - 0.25f;
    }
    Choosing choosing = new Choosing(printed.plan(), printed.load());
    sameBits(printed, choosing, ALIGNED,
        Map.of("a", TensorValue.of(DType.F32, new int[] {20, 128}, a),
            "w", TensorValue.of(DType.F32, new int[] {128, 96}, w)),
        Map.of("b", 20L));
    assertTrue(choosing.chose && printed.text().contains("import java.nio.FloatBuffer;"));
  }

  /// Takes the first way wherever it can.
  private static final class Choosing implements Code {
    private final Plan plan;
    private final Code code;
    private boolean chose;

    Choosing(Plan plan, Code code) {
      this.plan = plan;
      this.code = code;
    }

    @Override
    public void choose(boolean[] choices, int[] sizes) {
      new SharedRun(plan, 1, false).choose(choices, sizes);
      for (boolean choice : choices) {
        chose |= choice;
      }
    }

    @Override
    public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
      return code.run(arrays, sizes, thread, threads, barrier);
    }
  }

  // ---- names

  private static final String NAMES = """
      graph %s(int: input f32[for,3], class: input f32[for,3], Math: state f32[3], arrays: param f32[3], \
      "a b": input f32[for,3], "a_b": input f32[for,3], begin: input f32[for,3], java: input f32[for,3]) {
        %%0 = exp int : f32[for,3] ; "new" Model.java:1
        %%1 = add %%0, class : f32[for,3]
        %%2 = reduce.sum[axes=0] %%1 : f32[3]
        %%3 = add Math, %%2 : f32[3]
        %%4 = mul %%3, arrays : f32[3]
        %%5 = add "a b", "a_b" : f32[for,3]
        %%6 = max begin, java : f32[for,3]
        %%7 = add %%5, %%6 : f32[for,3]
        update Math = %%4
        return spilled=%%7, select=%%2, this=%%4
      }
      """;

  private static final List<String> GRAPH_NAMES = List.of("math", "system", "float", "object",
      "\"\\u00e9\\u00e9\"", "strictMath", "class", "dense_exp_add", "\"\\u000a */ \\u2028\"",
      "arrays", "new");

  @Test
  void namesThatJavaKeepsOrHasTwice() {
    List<Graph> graphs = new ArrayList<>();
    List<Printed> printed = new ArrayList<>();
    List<SourceFile> files = new ArrayList<>();
    for (String name : GRAPH_NAMES) {
      graphs.add(GraphParser.parseOne(NAMES.formatted(name)));
      String home = name.equals("math") ? "" : "org.example" + graphs.size();
      printed.add(Printed.of(graphs.getLast(), home, PlanOptions.STANDARD));
      assertTrue(printed.getLast().text().chars()
          .allMatch(c -> c == '\n' || c >= ' ' && c <= '~'));
      files.addAll(printed.getLast().files());
    }
    CompiledSource compiled = CompiledSource.of(files);
    for (int i = 0; i < graphs.size(); i++) {
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      for (Port port : graphs.get(i).ports()) {
        inputs.put(port.name(), numbers(port, inputs.size()));
      }
      sameBits(printed.get(i), compiled.program(printed.get(i).name()), graphs.get(i), inputs,
          Map.of("for", 2L));
    }
  }

  private static TensorValue numbers(Port port, int first) {
    int[] dims = port.type().shape().evaluate(Map.of("for", 2L));
    float[] values = new float[dims.length == 1 ? dims[0] : dims[0] * dims[1]];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i + first) / 8f;
    }
    return TensorValue.of(DType.F32, dims, values);
  }

  @Test
  void aPackageOfAWordOfTheLanguageIsRefused() {
    Graph graph = GraphParser.parseOne(NAMES.formatted("g"));
    String message = assertThrows(KotangentException.class,
        () -> Printed.of(graph, "org.new.net", PlanOptions.STANDARD)).getMessage();
    assertTrue(message.contains("'org.new.net'") && message.contains("'new'"), message);
  }

  @Test
  void theSameTwice() {
    for (long seed = 0; seed < 10; seed++) {
      String first = text(seed);
      assertEquals(first, text(seed));
      assertTrue(first.lines().noneMatch(line -> line.endsWith(" ")));
    }
  }

  private static String text(long seed) {
    RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL);
    return Printed.of(sample.graph(), "org.example", PlanOptions.STANDARD).text();
  }

  // ---- style

  /// What reviewers see: a layer, its loss and gradients.
  @Test
  void aSmallTrainingStepReadsWell() throws IOException {
    Graph graph = Gradient.gradients(GraphParser.parseOne("""
        graph digits(x: input f32[batch,6], label: input i32[batch] in 0..2, hidden.w: param f32[6,5], \
        hidden.b: param f32[5], out.w: param f32[5,3]) {
          %0 = contract[ax,xy->ay] x, hidden.w : f32[batch,5] ; hidden Digits.java:21
          %1 = broadcast[dims=1, to=(batch,5)] hidden.b : f32[batch,5] ; hidden Digits.java:21
          %2 = add %0, %1 : f32[batch,5] ; hidden Digits.java:21
          %3 = relu %2 : f32[batch,5] ; hidden Digits.java:22
          %4 = contract[ax,xy->ay] %3, out.w : f32[batch,3] ; out Digits.java:23
          %5 = reduce.max[axes=1] %4 : f32[batch] ; loss Digits.java:25
          %6 = stop_gradient %5 : f32[batch] ; loss Digits.java:25
          %7 = broadcast[dims=0, to=(batch,3)] %6 : f32[batch,3] ; loss Digits.java:25
          %8 = zero_sub %4, %7 : f32[batch,3] ; loss Digits.java:25
          %9 = exp %8 : f32[batch,3] ; loss Digits.java:25
          %10 = reduce.sum[axes=1] %9 : f32[batch] ; loss Digits.java:25
          %11 = log %10 : f32[batch] ; loss Digits.java:25
          %12 = gather[axis=1, batch_dims=1] %8, label : f32[batch] ; loss Digits.java:25
          %13 = sub %11, %12 : f32[batch] ; loss Digits.java:25
          %14 = reduce.sum[axes=0] %13 : f32 ; loss Digits.java:25
          return loss=%14
        }
        """), "loss", List.of("hidden.w", "hidden.b", "out.w"));
    Printed printed = Printed.of(Compiler.optimize(graph, CompileOptions.standard()),
        "org.example.digits", PlanOptions.STANDARD);
    CompiledSource.of(printed.files());
    Path module = Path.of("src/test/resources");
    Path golden = (Files.exists(module) ? module : Path.of("compiler").resolve(module))
        .resolve("golden/digits.java.txt");
    Assertions.assertThatText(printed.text(SHORT)).matchesGolden(golden);
  }

  // ---- parts

  /// Every node is a step of its own, in several methods; loops around parts pass their counters.
  @Test
  void longProgramsAreSplit() {
    StringBuilder text = new StringBuilder("graph long(x: input f32[n]) {\n");
    String last = "x";
    for (int i = 0; i < 400; i++) {
      text.append("  %%%d = %s %s : f32[n]\n".formatted(i,
          List.of("tanh", "exp", "neg", "abs").get(i % 4), last));
      last = "%" + i;
    }
    Graph graph = GraphParser.parseOne(text.append("  return y=").append(last).append("\n}\n")
        .toString());
    Plan plan = Planner.plan(graph, PlanOptions.plain());
    assertTrue(plan.steps().size() > 300, plan.steps().size() + " steps");
    Printed printed = Printed.of(plan, Emission.of(PlanOptions.STANDARD.target())
        .named(new ClassNames("org.example", "")).withBudget(1000));
    String program = printed.files().getFirst().text();
    assertTrue(program.contains("static void part20("), program);
    CompiledSource compiled = CompiledSource.of(printed.files());
    assertTrue(JavaSourceTest.largest(compiled.classes()) < 1500);
    sameBits(printed, compiled.program(printed.name()), graph, Map.of("x",
        TensorValue.of(DType.F32, new int[] {3}, new float[] {-2, 0.5f, 3})), Map.of("n", 3L));
  }

  @Test
  void loopsInSmallMethods() {
    List<RandomGraph> samples = new ArrayList<>();
    List<Printed> printed = new ArrayList<>();
    List<SourceFile> files = new ArrayList<>();
    for (long seed = 0; samples.size() < 20; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL);
      Plan plan = Planner.plan(Compiler.optimize(sample.graph(), CompileOptions.standard()),
          PlanOptions.STANDARD);
      if (PlanPrinter.print(plan).contains("  for (int ")) {
        samples.add(sample);
        printed.add(Printed.of(plan, Emission.of(PlanOptions.STANDARD.target())
            .named(new ClassNames("l" + seed, "")).withBudget(400)));
        files.addAll(printed.getLast().files());
      }
    }
    CompiledSource compiled = CompiledSource.of(files);
    for (int i = 0; i < samples.size(); i++) {
      sameBits(printed.get(i), compiled.program(printed.get(i).name()), samples.get(i).graph(),
          samples.get(i).inputs(), samples.get(i).symbols());
    }
  }

  // ---- errors

  private static final Graph DIVIDING = GraphParser.parseOne("""
      graph dividing(n: state i32[2], d: input i32[2], x: input f32[3], i: input i32[2]) {
        %0 = div n, d : i32[2] ; layer Model.java:42
        %1 = gather[axis=0] x, i : f32[2] ; Model.java:43
        %2 = reduce.sum[axes=0] %0 : i32
        update n = %0
        return total=%2, picked=%1
      }
      """);

  private static PlanRun dividing(int divisor, int index) {
    Printed printed = Printed.of(DIVIDING, "org.example", PlanOptions.STANDARD);
    Map<String, TensorValue> inputs =
        Map.of("n", TensorValue.of(DType.I32, new int[] {2}, new int[] {8, 9}),
            "d", TensorValue.of(DType.I32, new int[] {2}, new int[] {2, divisor}),
            "x", TensorValue.of(DType.F32, new int[] {3}, new float[] {1, 2, 3}),
            "i", TensorValue.of(DType.I32, new int[] {2}, new int[] {0, index}));
    return PlanRun.run(printed.plan(), _ -> printed.load(), DIVIDING, inputs, Map.of());
  }

  @Test
  void divisionsByZeroAndIndicesOutOfRangeAreErrors() {
    assertEquals(7, dividing(3, 2).arrays().get("total").real(0));
    assertThrows(ArithmeticException.class, () -> dividing(0, 2));
    String message =
        assertThrows(IllegalArgumentException.class, () -> dividing(3, 3)).getMessage();
    assertTrue(message.contains("index out of range"), message);
  }
}
