package io.kotangent.plan.sum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.bytecode.Turns;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.Step;
import io.kotangent.plan.form.PlaneForm;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sums in aligned memory have the bits of scalar loops, one result after the other: compiled, interpreted, and by several threads.
class AlignedSumsTest {
  private static final PlanOptions ALIGNED =
      PlanOptions.STANDARD.withAligned().everywhere().withLeastPart(1);

  /// Takes the first way of all choices.
  private record First(Code code) implements Code {
    @Override
    public void choose(boolean[] choices, int[] sizes) {
      Arrays.fill(choices, true);
    }

    @Override
    public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
      return code.run(arrays, sizes, thread, threads, barrier);
    }
  }

  /// What sums in aligned memory there are: the nodes that they make.
  private static List<Node> nodes(Plan plan) {
    List<Node> found = new ArrayList<>();
    for (Step step : plan.steps()) {
      if (step instanceof Step.When when) {
        for (Step way : when.then()) {
          if (way instanceof Step.Run run && run.kernel().arrays().stream()
              .anyMatch(array -> array.access() == ArrayParam.Access.ALIGNED)) {
            found.add(run.nodes().getFirst());
          }
        }
      }
    }
    return found;
  }

  /// Their mnemonics.
  private static List<String> aligned(Plan plan) {
    return nodes(plan).stream().map(node -> node.op().mnemonic()).toList();
  }

  private static void check(Graph graph, Plan scalar, Plan plan, Map<String, Long> symbols,
      boolean interpreted) {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, TensorValue> inputs = ConvolveRowsTest.values(graph, symbols,
        () -> random.nextInt(30) == 0 ? -0.0 : random.nextDouble(-2, 2));
    GeneratedCode code = GeneratedCode.of(plan, KernelCache.shared(), SimdUse.ALWAYS);
    GeneratedCode plain = GeneratedCode.of(scalar, KernelCache.shared(), SimdUse.NEVER);
    PlanRun expected = PlanRun.run(scalar, _ -> plain, graph, inputs, symbols);
    Turns turns = new Turns(code, plan.signature(), 3, 1);
    assertEquals(expected, PlanRun.run(plan, _ -> new First(turns), graph, inputs, symbols));
    assertEquals(expected, PlanRun.run(plan, _ -> new First(code), graph, inputs, symbols));
    if (interpreted) {
      assertEquals(expected, PlanRun.run(plan, p -> new First(new PlanInterpreter(p)), graph,
          inputs, symbols));
    }
  }

  // ---- products

  /// @param rows of the result; 0 if they are a size that is not known
  record Product(String labels, int rows, int columns, int summed) {
  }

  static Stream<Product> products() {
    List<Product> products = new ArrayList<>();
    int[] columns = {16, 17, 31, 33, 100, 129, 400, 511, 512, 513, 798, 1024};
    int[] summed = {1, 3, 4, 6, 100, 255, 256, 257, 515};
    int[] rows = {1, 2, 3, 4, 5, 31, 63, 64, 65, 130, 0};
    for (int i = 0; i < columns.length; i++) {
      for (int j = 0; j < summed.length; j++) {
        products.add(new Product("mk,kn", rows[(i + 4 * j) % rows.length], columns[i], summed[j]));
      }
    }
    for (String labels : List.of("mk,nk", "km,kn", "km,nk", "bmk,bkn", "bmk,kn", "mbk,bnk")) {
      for (int row : rows) {
        products.add(new Product(labels, row, row % 2 == 0 ? 48 : 70, row % 3 == 0 ? 300 : 65));
      }
    }
    return products.stream();
  }

  private static Graph graph(Product p, DType dtype) {
    Map<Character, String> sizes = Map.of('m', p.rows == 0 ? "batch" : "" + p.rows, 'k',
        "" + p.summed, 'n', "" + p.columns, 'b', "2");
    String result = (p.labels.contains("b") ? "b" : "") + "mn";
    return GraphParser.parse("""
        graph product(a: input T[A], b: input T[B], c: input T[C]) {
          %0 = contract[L->R] a, b : T[D]
          %1 = add %0, c           : T[D]
          %2 = relu %1             : T[D]
          return y=%2
        }
        """.replace("[A]", shape(p.labels.split(",")[0], sizes))
        .replace("[B]", shape(p.labels.split(",")[1], sizes)).replace("[C]", shape(result, sizes))
        .replace("[D]", shape(result, sizes)).replace("L->R", p.labels + "->" + result)
        .replace("T[", dtype + "[")).getFirst();
  }

  private static String shape(String labels, Map<Character, String> sizes) {
    return "[" + String.join(",", labels.chars().mapToObj(l -> sizes.get((char) l)).toList()) + "]";
  }

  @ParameterizedTest @MethodSource("products")
  void products(Product product) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Graph graph = graph(product, dtype);
      Plan plan = Planner.plan(graph, ALIGNED);
      boolean few = product.rows > 0 && product.rows < AlignedRows.TILE + 2;
      if (!few || product.labels.endsWith("kn")) {
        assertEquals(List.of("contract"), aligned(plan), plan::toString);
      }
      Plan scalar = ConvolveRowsTest.scalar(graph);
      boolean small = (long) product.rows * product.columns * product.summed < 1 << 17;
      for (long batch : product.rows == 0 ? new long[] {0, 1, 5, 67} : new long[] {1}) {
        check(graph, scalar, plan, Map.of("batch", batch), small);
      }
    }
  }

  /// Results are arrays of the kernel, whose names must not be those of its loops.
  @ParameterizedTest @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void manyResults(int count) {
    StringBuilder text = new StringBuilder("""
        graph many(x: input f32[b,40], w: input f32[40,65]) {
          %0 = contract[bk,kn->bn] x, w : f32[b,65]
        """);
    List<String> results = new ArrayList<>(List.of("y0=%0"));
    for (int i = 1; i <= count; i++) {
      text.append("  %" + i + " = neg %" + (i - 1) + " : f32[b,65]\n");
      results.add("y" + i + "=%" + i);
    }
    Graph graph =
        GraphParser.parse(text + "  return " + String.join(", ", results) + "\n}\n").getFirst();
    for (int batch : new int[] {1, 2, 9}) {
      Graph sized = GraphParser.parse((text + "  return " + String.join(", ", results) + "\n}\n")
          .replace("[b,", "[" + batch + ",")).getFirst();
      for (Graph each : List.of(graph, sized)) {
        check(each, ConvolveRowsTest.scalar(each), Planner.plan(each, ALIGNED),
            Map.of("b", (long) batch), true);
      }
    }
  }

  /// Long sums with few results, whose chunks threads share.
  @ParameterizedTest @ValueSource(ints = {16, 17, 30, 33, 64})
  void chunks(int columns) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      for (String labels : List.of("bk,bo->ko", "bo,bk->ok", "cbk,cb->k")) {
        String[] parts = labels.split(",|->");
        Map<Character, String> sizes = Map.of('b', labels.startsWith("c") ? "70" : "batch", 'c',
            "batch", 'k', "" + columns, 'o', "1");
        Graph graph = GraphParser.parse("""
            graph chunks(a: input T[A], b: input T[B]) {
              %0 = contract[L] a, b : T[C]
              return y=%0
            }
            """.replace("[A]", shape(parts[0], sizes)).replace("[B]", shape(parts[1], sizes))
            .replace("[C]", shape(parts[2], sizes)).replace("[L]", "[" + labels + "]")
            .replace("T[", dtype + "[")).getFirst();
        Plan plan = Planner.plan(graph, ALIGNED);
        assertEquals(List.of("contract"), aligned(plan), plan::toString);
        for (long batch : new long[] {0, 1, 6, 256, 257, 1500}) {
          check(graph, ConvolveRowsTest.scalar(graph), plan, Map.of("batch", batch), batch < 10);
        }
      }
    }
  }

  // ---- convolutions

  static Stream<ConvolveRowsTest.Case> convolutions() {
    String nhwc = "nhwc,hwio->nhwc";
    List<ConvolveRowsTest.Case> cases =
        new ArrayList<>(ConvolveRowsTest.cases().toList());
    // planes: inputs that are a multiple of four or not, blocks of features with and without something left
    int[][] features = {{1, 30}, {3, 64}, {12, 17}, {12, 64}, {13, 70}, {30, 16}, {5, 150}};
    for (int[] each : features) {
      cases.add(
          new ConvolveRowsTest.Case(nhwc, 13, 5, each[0], each[1], 1, 2, 2, 1, 1, 1));
    }
    // planes with bands of lines, and longer than the distance that row loops want
    cases.add(new ConvolveRowsTest.Case(nhwc, 28, 3, 12, 20, 1, 1, 1, 1, 1, 1));
    cases.add(new ConvolveRowsTest.Case(nhwc, 24, 3, 13, 20, 1, 1, 2, 2, 1, 1));
    cases.add(new ConvolveRowsTest.Case("nwc,wio->nwc", 400, 12, 9, 18, 1, 0, 11, 1, 1, 1));
    // rows of features that are long enough, in groups
    cases.add(new ConvolveRowsTest.Case(nhwc, 6, 3, 18, 66, 2, 1, 1, 1, 1, 3));
    cases.add(new ConvolveRowsTest.Case(nhwc, 6, 2, 6, 40, 1, 0, 1, 1, 1, 2));
    cases.add(new ConvolveRowsTest.Case(nhwc, 8, 3, 5, 200, 2, 1, 0, 1, 1, 1));
    return cases.stream();
  }

  @ParameterizedTest @MethodSource("convolutions")
  void convolutions(ConvolveRowsTest.Case c) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Graph graph = ConvolveRowsTest.graph(c, dtype);
      Plan plan = Planner.plan(graph, ALIGNED);
      if (aligned(plan).isEmpty()) {
        return;
      }
      Plan scalar = ConvolveRowsTest.scalar(graph);
      for (long batch : dtype == DType.F32 ? new long[] {1, 3} : new long[] {0, 2}) {
        check(graph, scalar, plan, Map.of("batch", batch), batch == 1 && c.size() < 10);
      }
    }
  }

  /// That many of the table's kernels are of this form, each of the three passes among them, by planes and by rows.
  @Test
  void manyConvolutionsAreAligned() {
    Map<String, Integer> found = new LinkedHashMap<>();
    Set<Boolean> direct = new LinkedHashSet<>();
    convolutions().forEach(c -> {
      Plan plan = Planner.plan(ConvolveRowsTest.graph(c, DType.F32), ALIGNED);
      found.merge("convolutions", 3, Integer::sum);
      found.merge("aligned", (int) aligned(plan).stream().filter("convolve"::equals).count(),
          Integer::sum);
      for (Node node : nodes(plan)) {
        RowForm.of(node).flatMap(PlaneForm::of).ifPresent(planes -> {
          found.merge("planes", 1, Integer::sum);
          direct.add(planes.pixels() <= AlignedRows.PITCH);
        });
      }
    });
    assertTrue(found.get("aligned") > found.get("convolutions") / 4, found::toString);
    assertTrue(found.getOrDefault("planes", 0) > 20, found::toString);
    assertEquals(Set.of(true, false), direct);
  }
}
