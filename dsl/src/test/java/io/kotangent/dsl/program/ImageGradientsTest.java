package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Sliding;
import io.kotangent.dsl.Tensor4;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Column;
import io.kotangent.dsl.program.JavaModels.Edges;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.dsl.program.JavaModels.Row;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Convolutions and pools with their gradients, over paddings, strides, dilations, groups, odd and even sizes and
/// batches: compiled code gives the bits of the plan's interpreter, in f64 also the numbers of the graph's interpreter,
/// and gradients are what differences of the results give.
class ImageGradientsTest {
  private record KernelRow(int size) implements Axis<KernelRow> {
  }

  private record KernelColumn(int size) implements Axis<KernelColumn> {
  }

  private record Length() implements Axis.Symbolic<Length> {
  }

  private record Case(String name, Function<DType, Graph> graph, double step) {
  }

  private static final Map<String, Sliding> PADDINGS = new LinkedHashMap<>();

  static {
    PADDINGS.put("valid", Sliding.valid());
    PADDINGS.put("same", Sliding.same());
    PADDINGS.put("full", Sliding.full());
    PADDINGS.put("2,0,1,3", Sliding.padded(2, 0, 1, 3));
  }

  // ---- graphs

  /// Σ u·y and its gradients by x and, where there is one, by the kernel.
  private static Graph graph(Model model, Tensor4<Batch, Row, Column, ?> y, Output... gradients) {
    Output[] all = new Output[gradients.length + 1];
    all[0] = y.named("y");
    System.arraycopy(gradients, 0, all, 1, gradients.length);
    return model.graph("f", all);
  }

  private static <F> Tensor4<Batch, Row, Column, F> weights(Model model,
      Tensor4<Batch, Row, Column, F> y, Axis<F> features) {
    var dims = y.node().shape().dims();
    return model.input("u", BATCH, new Row((int) dims.get(1).constant()),
        new Column((int) dims.get(2).constant()), features);
  }

  private static Graph convolution(DType dtype, int[] size, int[] kernel, int channels,
      int features, int groups, Sliding sliding) {
    Model model = Model.named("conv", dtype);
    var x = model.input("x", BATCH, new Row(size[0]), new Column(size[1]), new Gray(channels));
    var edges = new Edges(features);
    var k = model.input("k", new KernelRow(kernel[0]), new KernelColumn(kernel[1]),
        new Gray(channels / groups), edges);
    var y = x.convolve(k, sliding, groups);
    var f = y.times(weights(model, y, edges)).sum();
    return graph(model, y, Gradients.gradient(f, x).named("dx"),
        Gradients.gradient(f, k).named("dk"));
  }

  private static Graph pool(DType dtype, int[] size,
      Function<Tensor4<Batch, Row, Column, Gray>, Tensor4<Batch, Row, Column, Gray>> pool) {
    Model model = Model.named("pool", dtype);
    var gray = new Gray(size[2]);
    var x = model.input("x", BATCH, new Row(size[0]), new Column(size[1]), gray);
    var y = pool.apply(x);
    var f = y.times(weights(model, y, gray)).sum();
    return graph(model, y, Gradients.gradient(f, x).named("dx"));
  }

  // ---- cases

  /// Every pair of values of two parameters comes together in some case.
  private static List<Case> convolutions() {
    int[][] strides = {{1, 1}, {2, 2}, {2, 3}};
    int[][] dilations = {{1, 1}, {2, 1}, {2, 2}};
    int[][] groups = {{2, 3, 1}, {4, 6, 2}, {3, 3, 3}};
    int[][] sizes = {{6, 7}, {7, 8}, {5, 5}};
    int[][] kernels = {{1, 1}, {2, 3}, {3, 2}};
    List<Case> cases = new ArrayList<>();
    List<String> paddings = List.copyOf(PADDINGS.keySet());
    for (int p = 0; p < paddings.size(); p++) {
      for (int s = 0; s < 3; s++) {
        for (int d = 0; d < 3; d++) {
          String padding = paddings.get(p);
          int[] stride = strides[s];
          int[] dilation = dilations[d];
          int[] group = groups[(p + s + d) % 3];
          int[] size = sizes[(p + s + 2 * d) % 3];
          int[] kernel = kernels[(p + 2 * s + d) % 3];
          Sliding sliding = PADDINGS.get(padding).stride(stride[0], stride[1])
              .dilation(dilation[0], dilation[1]);
          cases.add(new Case("convolution " + List.of(padding, "stride", text(stride), "dilation",
              text(dilation), "channels, features, groups", text(group), "size", text(size),
              "kernel", text(kernel)),
              dtype -> convolution(dtype, size, kernel, group[0], group[1], group[2], sliding),
              0.5));
        }
      }
    }
    return cases;
  }

  private static String text(int... numbers) {
    return java.util.Arrays.toString(numbers);
  }

  private static List<Case> pools() {
    Map<String, Sliding> slidings = new LinkedHashMap<>();
    slidings.put("blocks of 2", Sliding.valid().stride(2));
    slidings.put("every place", Sliding.valid());
    slidings.put("same, stride 2 and 1", Sliding.same().stride(2, 1));
    slidings.put("padded, stride 3", Sliding.padded(1, 0, 1, 1).stride(3));
    slidings.put("dilated", Sliding.same().dilation(2));
    slidings.put("full", Sliding.full().stride(2));
    List<Case> cases = new ArrayList<>();
    slidings.forEach((name, sliding) -> {
      for (int window : new int[] {2, 3}) {
        int[] size = cases.size() % 4 < 2 ? new int[] {6, 7, 3} : new int[] {7, 8, 1};
        cases.add(new Case("max of " + window + ", " + name,
            dtype -> pool(dtype, size, x -> x.maxPool(window, sliding)), 1e-6));
        cases.add(new Case("mean of " + window + ", " + name,
            dtype -> pool(dtype, size, x -> x.averagePool(window, sliding)), 0.5));
      }
    });
    int[] large = {9, 8, 2};
    cases.add(new Case("max of 5", d -> pool(d, large, x -> x.maxPool(5, 2)), 1e-6));
    cases.add(new Case("mean of 5",
        d -> pool(d, large, x -> x.averagePool(5, Sliding.same().stride(3))), 0.5));
    cases.add(new Case("blocks of 2 of a ReLU", d -> pool(d, large, x -> x.relu().maxPool(2)),
        1e-6));
    cases.add(new Case("padded blocks of a ReLU",
        d -> pool(d, large, x -> x.relu().maxPool(3, Sliding.same().stride(2))), 1e-6));
    cases.add(new Case("blocks of 2 by 9 channels", d -> pool(d, new int[] {4, 6, 9},
        x -> x.maxPool(2)), 1e-6));
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> gradientsAreThoseOfDifferencesInTheSameBitsEverywhere() {
    return Stream.concat(convolutions().stream(), pools().stream())
        .map(one -> DynamicTest.dynamicTest(one.name, () -> {
          sameBits(one.graph.apply(DType.F32));
          Graph graph = one.graph.apply(DType.F64);
          sameBits(graph);
          for (int batch = 0; batch <= 2; batch++) {
            sameNumbers(graph, batch);
          }
          differences(graph, one.step);
        }));
  }

  // ---- laws

  private static Workspace run(Program program, Map<String, Object> values) {
    Workspace run = program.newWorkspace();
    values.forEach(run::feedArray);
    program.run(run);
    return run;
  }

  private static Map<String, Object> values(Signature signature, int batch) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Port port : signature.inputs()) {
      values.put(port.name(), Steps.values(port, batch, 11));
    }
    return values;
  }

  private static void sameBits(Graph graph) {
    Program compiled = Compiler.compile(graph);
    Plan plan = Compiler.plan(graph, CompileOptions.standard());
    Program interpreted = Program.of(plan.signature(), new PlanInterpreter(plan));
    for (int batch : new int[] {0, 1, 3}) {
      Map<String, Object> values = values(plan.signature(), batch);
      Workspace one = run(compiled, values);
      Workspace two = run(interpreted, values);
      for (Graph.Result result : graph.results()) {
        int length = java.lang.reflect.Array.getLength(two.array(result.name()));
        assertEquals(Steps.bits(two, result.name(), 0, length),
            Steps.bits(one, result.name(), 0, length), result.name());
      }
    }
  }

  private static void sameNumbers(Graph graph, int batch) {
    Program compiled = Compiler.compile(graph);
    Map<String, Object> values = values(compiled.signature(), batch);
    Workspace run = run(compiled, values);
    Map<String, TensorValue> fed = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().dims().stream()
          .mapToInt(d -> d.evaluateInt(Map.of("batch", (long) batch))).toArray();
      fed.put(port.name(), TensorValue.f64(dims, (double[]) values.get(port.name())));
    }
    var expected = Interpreter.run(graph, fed);
    for (Graph.Result result : graph.results()) {
      assertArrayEquals(Feed.numbers(expected.result(result.name())),
          run.doubles(result.name()), 1e-12, result.name());
    }
  }

  /// In a random direction the change of Σ u·y is what each gradient says. Convolutions and means are linear in each
  /// operand, so a large step is exact; a maximum is linear between ties.
  private static void differences(Graph graph, double step) {
    Program compiled = Compiler.compile(graph);
    Map<String, Object> values = values(compiled.signature(), 2);
    Workspace here = run(compiled, values);
    for (Graph.Result result : graph.results()) {
      if (!result.name().equals("y")) {
        double[] gradient = here.doubles(result.name()).clone();
        double[] direction = new double[gradient.length];
        SplittableRandom random = new SplittableRandom(5);
        double expected = 0;
        for (int i = 0; i < direction.length; i++) {
          direction[i] = random.nextDouble(-1, 1);
          expected += gradient[i] * direction[i];
        }
        double change = sum(compiled, values, result.name().substring(1), direction, step)
            - sum(compiled, values, result.name().substring(1), direction, -step);
        assertEquals(expected, change / (2 * step), step < 0.1 ? 1e-7 : 1e-10, result.name());
      }
    }
  }

  private static double sum(Program program, Map<String, Object> values, String moved,
      double[] direction, double step) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    double[] there = ((double[]) values.get(moved)).clone();
    for (int i = 0; i < there.length; i++) {
      there[i] += step * direction[i];
    }
    changed.put(moved, there);
    double[] y = run(program, changed).doubles("y");
    double[] u = (double[]) values.get("u");
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += u[i] * y[i];
    }
    return sum;
  }

  // ---- ties

  private static double[] gradientOfSum(
      Function<Tensor4<Batch, Row, Column, Gray>, Tensor4<Batch, Row, Column, Gray>> pool,
      double... image) {
    Model model = Model.named("ties", DType.F64);
    int side = (int) Math.sqrt(image.length);
    var x = model.input("x", BATCH, new Row(side), new Column(side), new Gray(1));
    Graph graph = model.graph("f", Gradients.gradient(pool.apply(x).sum(), x).named("dx"));
    Program program = Compiler.compile(graph);
    return run(program, Map.of("x", image)).doubles("dx");
  }

  @Test
  void theFirstOfTheGreatestGetsTheGradient() {
    assertArrayEquals(new double[] {1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0},
        gradientOfSum(x -> x.maxPool(2), new double[16]));
    assertArrayEquals(new double[] {0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1},
        gradientOfSum(x -> x.maxPool(2), 1, 2, 1, 1, 2, 2, 3, 3, 0, 1, 1, 1, 4, 4, 1, 2));
    assertArrayEquals(new double[] {1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0},
        gradientOfSum(x -> x.maxPool(2, 1), new double[16]));
    double[] five = new double[25];
    five[7] = 1;
    five[8] = 1;
    double[] hit = new double[25];
    hit[7] = 1;
    assertArrayEquals(hit, gradientOfSum(x -> x.maxPool(5), five), "windows of more places");
  }

  /// The pool of a ReLU is written as the ReLU of a pool: results and gradients are those of the other order.
  @Test
  void aReluMovesBehindAPoolWithoutChangingABit() {
    for (Sliding sliding : List.of(Sliding.valid().stride(2), Sliding.same().stride(2))) {
      Model model = Model.named("relu", DType.F32);
      var gray = new Gray(3);
      var x = model.input("x", BATCH, new Row(6), new Column(7), gray);
      var moved = x.relu().maxPool(3, sliding);
      var inOrder = x.relu().plus(x.filled(0)).maxPool(3, sliding);
      var u = weights(model, moved, gray);
      Program program = Compiler.compile(model.graph("f", moved.named("moved"),
          inOrder.named("inOrder"), Gradients.gradient(moved.times(u).sum(), x).named("a"),
          Gradients.gradient(inOrder.times(u).sum(), x).named("b")));
      Map<String, Object> values = values(program.signature(), 4);
      float[] image = (float[]) values.get("x");
      image[0] = Float.NEGATIVE_INFINITY;
      image[9] = Float.POSITIVE_INFINITY;
      image[30] = -0.0f;
      Workspace run = run(program, values);
      int length = run.floats("moved").length;
      assertEquals(Steps.bits(run, "inOrder", 0, length), Steps.bits(run, "moved", 0, length));
      assertArrayEquals(run.floats("b"), run.floats("a"));
    }
  }

  @Test
  void rowsOfAnySizeArePooledToo() {
    Model model = Model.named("any", DType.F64);
    var x = model.input("x", new Edges(1), new Length(), new Column(4), new Gray(1));
    var y = x.maxPool(2);
    Graph graph = model.graph("f", y.named("y"),
        Gradients.gradient(y.square().sum(), x).named("dx"));
    Workspace run = run(Compiler.compile(graph),
        Map.of("x", new double[] {0, 1, 2, 1, 4, 1, 0, 1, 2, 0, 1, 1, 1, 2, 3, 1}));
    assertArrayEquals(new double[] {4, 2, 2, 3}, run.doubles("y"));
    assertArrayEquals(new double[] {0, 0, 4, 0, 8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 6, 0},
        run.doubles("dx"));
  }

  @Test
  void aNaNInAWindowIsSeenAndPaddingIsNot() {
    Model model = Model.named("nan", DType.F64);
    var x = model.input("x", BATCH, new Row(2), new Column(2), new Gray(1));
    Graph graph = model.graph("f", x.maxPool(2).named("block"),
        x.maxPool(2, Sliding.padded(1).stride(2)).named("padded"));
    Workspace run = run(Compiler.compile(graph),
        Map.of("x", new double[] {-5, Double.NaN, -3, -0.0}));
    assertTrue(Double.isNaN(run.doubles("block")[0]));
    assertArrayEquals(new double[] {-5, Double.NaN, -3, -0.0}, run.doubles("padded"));
  }
}
