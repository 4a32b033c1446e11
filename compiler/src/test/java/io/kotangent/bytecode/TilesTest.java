package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SIMD code of sums of products leaves the bits that the interpreter of the plain loops leaves: all transposes, batches, convolutions,
/// sizes that are a multiple of nothing, known and unknown, with epilogues.
class TilesTest {
  private static final int[] SIZES =
      {1, 2, 3, 5, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 40, 47, 64, 100};
  private static final int[] SUMMED = {1, 2, 9, 64, 255, 256, 257, 600};
  private static final double[] SPECIAL = {0.0, -0.0, 1, -1, Double.NaN,
      Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE,
      Float.MIN_VALUE, -Float.MIN_VALUE, 88.7, -87.3, -103.9, 1e-40, 0.5, 1e10, -1e10};
  private static final int CASES = 60;

  private final Random random = new Random(8);
  private int choices;
  private int aligned;

  @Test
  void products() {
    products(CASES);
    assertTrue(Machine.target().vectorBits() == 0 || choices > CASES / 2, choices + " choices");
    assertTrue(aligned > CASES / 4, aligned + " choices of rows in aligned memory");
  }

  /// Matrices of whole blocks, with something left of rows or columns, smaller than a block, and such as threads share.
  @Test
  void transposes() {
    int[] sizes = {0, 1, 2, 5, 7, 8, 15, 16, 17, 40, 100};
    for (int rows : sizes) {
      for (int columns : sizes) {
        transpose("f32", rows, columns);
        transpose("f64", columns, rows);
      }
    }
    check("""
        graph tiles(x: input f32[0,batch]) {
          %0 = transpose[permutation=(1,0)] x : f32[batch,0]
          return y=%0
        }
        """, 3);
    transpose("f32", 512, 515);
    transpose("f64", 515, 512);
    transpose("f32", 1024, 33);
    assertTrue(Machine.target().vectorBits() == 0 || choices > sizes.length * sizes.length / 2,
        choices + " choices");
  }

  private void transpose(String type, int rows, int columns) {
    check("""
        graph tiles(x: input T[R,C], w: param T[R,C]) {
          %0 = transpose[permutation=(1,0)] x : T[C,R]
          %1 = transpose[permutation=(1,0)] w : T[C,R]
          %2 = add %0, %1                     : T[C,R]
          return y=%0, z=%2
        }
        """.replace("T[", type + "[").replace("R", "" + rows).replace("C", "" + columns), 1);
  }

  /// Rows whose number is no size of the caller's go one by one.
  @Test
  void rowsThatAreTwiceABatch() {
    String text = """
        graph tiles(a: input f32[2*batch,9], b: input f32[9,17]) {
          %0 = contract[mk,kn->mn] a, b : f32[2*batch,17]
          return y=%0
        }
        """;
    for (int batch : new int[] {0, 1, 5}) {
      check(text, batch);
    }
    assertTrue(Machine.target().vectorBits() == 0 || choices == 3, choices + " choices");
  }

  /// Operands and results that are larger than caches: panels that are copied (eight together, three, one that overlaps), rows first; and a
  /// few rows alone, whose columns threads share.
  @Test
  void largeProducts() {
    product("mk,kn", Map.of('m', 33, 'k', 257, 'n', 1024), 'm', true);
    product("mk,kn", Map.of('m', 32, 'k', 300, 'n', 900), '-', false);
    product("mk,kn", Map.of('m', 33, 'k', 520, 'n', 1056), '-', true);
    product("km,kn", Map.of('m', 257, 'k', 3, 'n', 1024), 'k', false);
    for (int rows = 1; rows < 4; rows++) {
      product("mk,kn", Map.of('m', rows, 'k', 100 * rows, 'n', 300), 'm', true);
    }
    assertTrue(Machine.target().vectorBits() == 0 || choices == 7, choices + " choices");
  }

  /// A few rows times a large matrix, whose chunks threads share: whole ones and what is left, panels that overlap.
  @Test
  void fewRowsOfLargeMatrices() {
    for (int rows : new int[] {0, 1, 3}) {
      product("mk,kn", Map.of('m', rows, 'k', 784, 'n', 128), 'm', true);
      product("mk,kn", Map.of('m', rows, 'k', 513, 'n', 300), 'm', false);
      product("mk,kn", Map.of('m', rows, 'k', 400, 'n', 1040), 'm', true);
      product("mk,kn", "mn", DType.F64, Map.of('m', rows, 'k', 700, 'n', 100), 'm', true);
    }
    product("mk,kn", Map.of('m', 1, 'k', 512, 'n', 256), '-', true);
    check("""
        graph tiles(a: input f32[600], b: input f32[600,130]) {
          %0 = contract[k,kn->n] a, b : f32[130]
          return y=%0
        }
        """, 1);
    assertTrue(Machine.target().vectorBits() == 0 || choices >= 14, choices + " choices");
  }

  /// Sums over so many rows that threads share their chunks, whatever the number of rows is made of.
  @Test
  void longSumsOverAnyNumberOfRows() {
    for (String rows : List.of("batch", "2*batch", "batch + 1", "3000")) {
      for (int batch : new int[] {0, 1, 1300}) {
        check("""
            graph tiles(x: input f32[ROWS,40], g: input f32[ROWS,1], n: input f32[batch]) {
              %0 = contract[ax,ay->xy] x, g : f32[40,1]
              %1 = reduce.sum[axes=0] x : f32[40]
              return y=%0, z=%1
            }
            """.replace("ROWS", rows), batch);
      }
    }
    assertTrue(Machine.target().vectorBits() == 0 || choices > 0, choices + " choices");
  }

  /// The gradient of a kernel: windows are copied, and the places of an image become one loop.
  @Test
  void gradientOfKernel() {
    check("""
        graph tiles(x: input f32[batch,12,12,32], g: input f32[batch,8,8,32]) {
          %0 = convolve[chwn,ihwo->hwnc] x, g : f32[5,5,32,32]
          return y=%0
        }
        """, 2);
    assertTrue(Machine.target().vectorBits() == 0 || choices == 1, choices + " choices");
  }

  /// Rows of many widths with conditions, which take a byte each: SIMD code for those that fill vectors.
  @Test
  void conditionsInMemory() {
    for (int length : new int[] {8, 15, 16, 32, 33, 48, 64, 80}) {
      check("""
          graph tiles(x: input f32[batch,3,2,n], c: input bool[batch,3,n], bias: input f32[n]) {
            %0 = slice[starts=(0,0,0,0), limits=(batch,3,1,n), strides=(1,1,1,1)] x : f32[batch,3,1,n]
            %1 = reshape[to=(batch,3,n)] %0 : f32[batch,3,n]
            %2 = broadcast[dims=2, to=(batch,3,n)] bias : f32[batch,3,n]
            %3 = add %1, %2 : f32[batch,3,n]
            %4 = gt %3, %2 : bool[batch,3,n]
            %5 = and %4, c : bool[batch,3,n]
            %6 = select %5, %3, %2 : f32[batch,3,n]
            return y=%6, above=%4, both=%5
          }
          """.replaceAll("\\bn\\b", Integer.toString(length)), 5);
    }
    assertTrue(Machine.target().vectorBits() == 0 || choices == 5, choices + " choices");
  }

  @Test
  void convolutions() {
    convolutions(CASES / 4);
    assertTrue(Machine.target().vectorBits() == 0 || choices > CASES / 8, choices + " choices");
  }

  @ParameterizedTest @ValueSource(ints = {16, 32, 64})
  void vectorsOfEveryWidth(int bytes) throws IOException, InterruptedException {
    String output = OtherJvm.run(WidthProbe.class, "--add-modules", "jdk.incubator.vector",
        "-XX:MaxVectorSize=" + bytes, "-XX:TieredStopAtLevel=1");
    assertTrue(
        output.contains(
            "vectors of " + Math.min(bytes * 8, Machine.target().vectorBits()) + " bits: "),
        output);
    assertTrue(Machine.target().vectorBits() == 0 || !output.contains(" bits: 0 in SIMD"), output);
  }

  /// All methods that are compiled are compiled by C2 here, before they run on; among them SIMD code.
  @ParameterizedTest @ValueSource(ints = {16, 32, 64})
  void trainingInSimdByC2IsTrainingInRows(int bytes) throws IOException, InterruptedException {
    String rows = TierProbe.steps(OtherJvm.run(TierProbe.class));
    String output = OtherJvm.run(TierProbe.class, "--add-modules", "jdk.incubator.vector",
        "-XX:MaxVectorSize=" + bytes, "-Dkotangent.simd=always", "-XX:-TieredCompilation",
        "-XX:CompileThreshold=100", "-Xbatch", "-XX:+PrintCompilation");
    assertEquals(rows, TierProbe.steps(output));
    boolean compiled = Pattern.compile("kernel_[0-9a-f]+::lanes\\d+ \\(").matcher(output).find();
    assertTrue(Machine.target().vectorBits() == 0 || compiled, "no SIMD code was compiled");
  }

  /// Special values, and a length that is a multiple of nothing.
  void functions() {
    for (ScalarFn fn : ScalarFn.values()) {
      if (!fn.accepts(DType.F32)) {
        continue;
      }
      GraphBuilder builder = new GraphBuilder();
      List<Node> inputs = new ArrayList<>();
      for (int i = 0; i < fn.arity(); i++) {
        DType dtype = fn == ScalarFn.SELECT && i == 0 ? DType.BOOL : DType.F32;
        inputs.add(builder.input(
            new Port("x" + i, Role.INPUT, TensorType.of(dtype, Dim.symbol("batch")))));
      }
      Node y = builder.map(fn, inputs.toArray(Node[]::new));
      check(builder.graph("fn", inputs, List.of(new Graph.Result("y", y))), 1003);
    }
  }

  /// The larger or smaller of special values and a constant.
  void limits() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (double limit : new double[] {0.0, -0.0, 1.5, -104, Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY, Double.NaN}) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(
            new Port("x", Role.INPUT, TensorType.of(dtype, Dim.symbol("batch"))));
        Node constant = builder.fill(x.type(), limit);
        List<Graph.Result> results = new ArrayList<>();
        for (ScalarFn fn : List.of(ScalarFn.MAX, ScalarFn.MIN)) {
          results.add(new Graph.Result(fn.name() + "1", builder.map(fn, x, constant)));
          results.add(new Graph.Result(fn.name() + "2", builder.map(fn, constant, x)));
        }
        check(builder.graph("limits", List.of(x), results), 1003);
      }
    }
  }

  @Test
  void scalarFunctions() {
    functions();
    assertTrue(Machine.target().vectorBits() == 0 || choices >= 20, choices + " choices");
    int before = choices;
    limits();
    assertTrue(Machine.target().vectorBits() == 0 || choices >= before + 14,
        choices - before + " choices");
  }

  int choices() {
    return choices;
  }

  void products(int count) {
    String[] operands = {"mk,kn", "km,kn", "mk,nk", "km,nk", "mkb,bkn", "bmk,bkn", "bkm,bkn",
        "mkl,kln", "klm,kln", "abk,kn", "kab,kn"};
    for (int i = 0; i < count; i++) {
      String labels = operands[i % operands.length];
      String outer = labels.contains("ab") ? "ab" : labels.contains("b") ? "bm" : "m";
      product(labels, outer + "n", random.nextInt(4) == 0 ? DType.F64 : DType.F32);
    }
  }

  void convolutions(int count) {
    for (int i = 0; i < count; i++) {
      convolution();
    }
  }

  private void product(String operands, String result, DType dtype) {
    Map<Character, Integer> sizes = new LinkedHashMap<>();
    for (char label : (operands + result).replace(",", "").toCharArray()) {
      sizes.computeIfAbsent(label, l -> pick(l == 'k' ? SUMMED : l == 'l' || l == 'a'
          ? new int[] {1, 2, 5} : SIZES));
    }
    product(operands, result, dtype, sizes, random.nextBoolean() ? result.charAt(0) : '-',
        random.nextBoolean());
  }

  private void product(String operands, Map<Character, Integer> sizes, char symbolic,
      boolean epilogue) {
    product(operands, "mn", DType.F32, sizes, symbolic, epilogue);
  }

  private void product(String operands, String result, DType dtype, Map<Character, Integer> sizes,
      char symbolic, boolean epilogue) {
    String left = shape(operands.split(",")[0], sizes, symbolic);
    String right = shape(operands.split(",")[1], sizes, symbolic);
    String out = shape(result, sizes, symbolic);
    String type = dtype.toString();
    String columns = Integer.toString(sizes.get('n'));
    String text = """
        graph tiles(a: input %1$s[%2$s], b: input %1$s[%3$s], c: input %1$s[%5$s]) {
          %%0 = contract[%4$s->%6$s] a, b : %1$s[%7$s]
          %%1 = broadcast[dims=%8$d, to=(%7$s)] c : %1$s[%7$s]
          %%2 = add %%0, %%1 : %1$s[%7$s]
          %%3 = relu %%2 : %1$s[%7$s]
          return y=%%3
        }
        """.formatted(type, left, right, operands, columns, result, out, result.length() - 1);
    String plain =
        text.replaceAll("(?s)  %1.*return y=%3", "  return y=%0").replaceAll(", c: [^)]*", "");
    check(epilogue ? text : plain, symbolic == '-' ? 1 : sizes.get(symbolic));
  }

  private void convolution() {
    int in = pick(new int[] {1, 3, 8});
    int out = pick(new int[] {8, 10, 16, 32, 33});
    int side = pick(new int[] {5, 8, 11});
    int kernel = pick(new int[] {1, 2, 3, 5});
    int stride = pick(new int[] {1, 2});
    int to = (side - kernel) / stride + 1;
    String text = """
        graph tiles(x: input f32[batch,%1$d,%1$d,%2$d], k: input f32[%3$d,%3$d,%2$d,%4$d]) {
          %%0 = convolve[nhwc,hwio->nhwc, strides=(%5$d,%5$d)] x, k : f32[batch,%6$d,%6$d,%4$d]
          return y=%%0
        }
        """.formatted(side, in, kernel, out, stride, to);
    check(stride == 1 ? text.replace(", strides=(1,1)", "") : text, pick(new int[] {0, 1, 3}));
  }

  private int pick(int[] of) {
    return of[random.nextInt(of.length)];
  }

  private static String shape(String labels, Map<Character, Integer> sizes, char symbolic) {
    List<String> dims = new ArrayList<>();
    for (char label : labels.toCharArray()) {
      dims.add(label == symbolic ? "batch" : Integer.toString(sizes.get(label)));
    }
    return String.join(",", dims);
  }

  private void check(String text, int batch) {
    check(GraphParser.parse(text).getFirst(), batch);
  }

  private void check(Graph graph, int batch) {
    Compilation compiled =
        Compiler.compilation(graph, CompileOptions.standard().with(SimdUse.ALWAYS));
    choices += (int) compiled.plan().steps().stream().filter(TilesTest::isChoice).count();
    check(graph, batch, compiled.plan(), compiled.code());
    Plan rows = Planner.plan(Compiler.optimize(graph, CompileOptions.standard()),
        PlanOptions.STANDARD.withAligned().everywhere());
    aligned += (int) rows.steps().stream().filter(TilesTest::isChoice).count();
    check(graph, batch, rows, GeneratedCode.of(rows, KernelCache.shared(), SimdUse.ALWAYS));
  }

  private void check(Graph graph, int batch, Plan plan, GeneratedCode code) {
    Map<String, Long> symbols = Map.of("batch", (long) batch);
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    graph.ports().forEach(port -> inputs.put(port.name(),
        random(port.type().dtype(), port.type().shape().evaluate(symbols))));
    PlanRuns.Outcome expected =
        PlanRuns.run(plan, new PlanInterpreter(plan), inputs, symbols, 1);
    PlanRuns.Outcome actual = PlanRuns.run(plan, code, inputs, symbols, 2);
    assertEquals("", PlanRuns.difference(plan, expected, actual, symbols),
        () -> "batch " + batch + "\n" + GraphPrinter.print(graph) + PlanPrinter.print(plan));
  }

  private static boolean isChoice(Step step) {
    return step instanceof Step.When when
        && when.flag().buffer().slot().kind() == ArraySlot.Kind.CHOICES;
  }

  private TensorValue random(DType dtype, int[] dims) {
    int length = 1;
    for (int dim : dims) {
      length *= dim;
    }
    Object values = dtype.newArray(length);
    for (int i = 0; i < length; i++) {
      double value = i < SPECIAL.length && dims.length == 1 ? SPECIAL[i]
          : random.nextInt(50) == 0 ? -0.0 : random.nextGaussian() * (i % 3 == 0 ? 30 : 1);
      switch (values) {
        case float[] floats -> floats[i] = (float) value;
        case double[] doubles -> doubles[i] = value;
        default -> ((boolean[]) values)[i] = value > 0;
      }
    }
    return TensorValue.of(dtype, dims, values);
  }
}
