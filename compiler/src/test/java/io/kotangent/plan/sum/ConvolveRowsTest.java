package io.kotangent.plan.sum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.Turns;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanLaw;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A convolution and both its gradients have the same bits in row form as one result after the other, and mean what
/// the interpreter says.
class ConvolveRowsTest {
  /// Sizes along one spatial axis of the image, the other being one more.
  record Case(String labels, int size, int kernel, int inputs, int outputs, int stride, int low,
      int high, int dilation, int holes, int groups) {
    Op.Convolve op(DType dtype) {
      String[] parts = labels.split(",|->");
      Op.Spatial axis =
          new Op.Spatial(stride, Dim.of(low), Dim.of(high), holes, dilation);
      return new Op.Convolve(parts[0], parts[1], parts[2],
          parts[1].replace("i", "").replace("o", "").chars().mapToObj(_ -> axis).toList(), groups,
          1, SumOrder.ofConvolution(parts[1]), dtype);
    }

    List<Dim> data() {
      return op(DType.F32).data().chars().mapToObj(l -> switch (l) {
        case 'n' -> Dim.symbol("batch");
        case 'c' -> Dim.of(inputs);
        case 'w' -> Dim.of(size + 1L);
        default -> Dim.of(size);
      }).toList();
    }

    List<Dim> filter() {
      return op(DType.F32).kernel().chars().mapToObj(l -> switch (l) {
        case 'i' -> Dim.of(inputs / groups);
        case 'o' -> Dim.of(outputs);
        default -> Dim.of(kernel);
      }).toList();
    }
  }

  static Stream<Case> cases() {
    String nhwc = "nhwc,hwio->nhwc";
    List<Case> cases = new ArrayList<>();
    int[][] paddings = {{0, 0}, {1, 1}, {1, 2}, {2, 2}, {-1, 0}, {3, -1}};
    for (int[] padding : paddings) {
      for (int stride = 1; stride <= 3; stride++) {
        cases.add(new Case(nhwc, 6, 3, 9, 10, stride, padding[0], padding[1], 1, 1, 1));
        cases.add(new Case(nhwc, 7, 3, 9, 10, stride, padding[0], padding[1], 1, 1, 1));
      }
      cases.add(new Case(nhwc, 7, 2, 8, 8, 2, padding[0], padding[1], 2, 1, 1));
      cases.add(new Case(nhwc, 5, 3, 8, 9, 1, padding[0], padding[1], 1, 2, 1));
      cases.add(new Case(nhwc, 5, 2, 8, 9, 3, padding[0], padding[1], 2, 3, 1));
      cases.add(new Case(nhwc, 6, 3, 18, 18, 1, padding[0], padding[1], 1, 1, 2));
      cases.add(new Case(nhwc, 6, 3, 10, 10, 1, padding[0], padding[1], 1, 1, 10));
      cases.add(new Case(nhwc, 6, 3, 9, 18, 2, padding[0], padding[1], 1, 1, 9));
      cases.add(new Case("nchw,oihw->nchw", 9, 3, 9, 10, 1, padding[0], padding[1], 1, 1, 1));
      cases.add(new Case("nchw,oihw->nchw", 9, 3, 2, 3, 2, padding[0], padding[1], 1, 1, 1));
      cases.add(new Case("nwc,wio->nwc", 40, 4, 9, 10, 1, padding[0], padding[1], 1, 1, 1));
    }
    cases.add(new Case(nhwc, 6, 5, 1, 32, 1, 2, 2, 1, 1, 1));
    cases.add(new Case(nhwc, 9, 3, 9, 1, 1, 1, 1, 1, 1, 1));
    cases.add(new Case(nhwc, 6, 1, 9, 10, 1, 0, 0, 1, 1, 1));
    cases.add(new Case(nhwc, 4, 4, 60, 9, 1, 3, 3, 1, 1, 1));
    for (int[] padding : new int[][] {{1, 1}, {0, 2}, {-1, 1}}) {
      cases.add(new Case(nhwc, 12, 3, 12, 17, 1, padding[0], padding[1], 1, 1, 1));
    }
    cases.add(new Case(nhwc, 15, 3, 12, 10, 1, 2, 2, 2, 1, 1));
    cases.add(new Case("nwc,wio->nwc", 120, 12, 9, 10, 1, 0, 11, 1, 1, 1));
    cases.add(new Case("ndhwc,dhwio->ndhwc", 9, 2, 14, 8, 1, 1, 0, 1, 1, 1));
    cases.add(new Case("hwnc,whoi->cwhn", 6, 3, 9, 10, 1, 1, 1, 1, 1, 1));
    cases.add(new Case("ndhwc,dhwio->ndhwc", 4, 2, 9, 8, 1, 0, 1, 1, 1, 1));
    return cases.stream();
  }

  /// `y`, and the cotangents of `x` and `k` from that of `y`.
  static Graph graph(Case c, DType dtype) {
    GraphBuilder builder = new GraphBuilder();
    Node x = input(builder, "x", dtype, c.data());
    Node k = input(builder, "k", dtype, c.filter());
    Node y = builder.add(c.op(dtype), x, k);
    Node g = input(builder, "g", dtype, y.shape().dims());
    List<Optional<Node>> gradients =
        Gradient.vjp(builder, List.of(y), List.of(Optional.of(g)), List.of(x, k));
    return builder.graph("convolution", List.of(x, k, g),
        List.of(new Graph.Result("y", y), new Graph.Result("dx", gradients.get(0).orElseThrow()),
            new Graph.Result("dk", gradients.get(1).orElseThrow())));
  }

  private static Node input(GraphBuilder builder, String name, DType dtype, List<Dim> dims) {
    return builder.input(new Port(name, Role.INPUT, new TensorType(dtype, new Shape(dims))));
  }

  static Map<String, TensorValue> values(Graph graph, Map<String, Long> symbols,
      DoubleSupplier random) {
    Map<String, TensorValue> values = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().evaluate(symbols);
      int size = 1;
      for (int dim : dims) {
        size *= dim;
      }
      Object array = port.type().dtype().newArray(size);
      for (int i = 0; i < size; i++) {
        if (port.type().dtype() == DType.F32) {
          java.lang.reflect.Array.setFloat(array, i, (float) random.getAsDouble());
        } else {
          java.lang.reflect.Array.setDouble(array, i, random.getAsDouble());
        }
      }
      values.put(port.name(), TensorValue.of(port.type().dtype(), dims, array));
    }
    return values;
  }

  static Plan scalar(Graph graph) {
    return Planner.plan(graph, new PlanOptions(Optional.empty(), EnumSet
        .of(PlanPass.ROW_CONTRACTIONS, PlanPass.PAD_ONCE, PlanPass.TRANSPOSE_ONCE)));
  }

  @ParameterizedTest @MethodSource("cases")
  void hasTheBitsOfScalarLoops(Case c) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Graph graph = graph(c, dtype);
      Plan rows = Planner.plan(graph, PlanOptions.STANDARD);
      Plan scalar = scalar(graph);
      GeneratedCode code = GeneratedCode.of(rows, new KernelCache());
      GeneratedCode scalarCode = GeneratedCode.of(scalar, new KernelCache());
      for (long batch : new long[] {0, 1, 3}) {
        Map<String, Long> symbols = Map.of("batch", batch);
        SplittableRandom random = new SplittableRandom(5);
        Map<String, TensorValue> inputs = values(graph, symbols, () -> random.nextDouble(-2, 2));
        PlanRun expected = PlanRun.run(scalar, _ -> scalarCode, graph, inputs, symbols);
        assertEquals(expected, PlanRun.run(rows, _ -> code, graph, inputs, symbols));
        if (dtype == DType.F64 && batch == 1) {
          assertEquals(expected, PlanRun.interpreted(rows, graph, inputs, symbols));
          assertClose(Interpreter.run(graph, inputs, symbols).results(), expected.arrays());
        }
      }
    }
  }

  /// Zeros of both signs, products that underflow to −0.0, infinities and NaN: padding multiplies, holes do not.
  @ParameterizedTest @MethodSource("cases")
  void hasTheBitsOfScalarLoopsForSpecialValues(Case c) {
    double[] special = {0.0, -0.0, 1e-30, -1e-30, 1, -1, 1e30};
    Graph graph = graph(c, DType.F32);
    Plan rows = Planner.plan(graph, PlanOptions.STANDARD);
    GeneratedCode code = GeneratedCode.of(rows, new KernelCache());
    for (double rare : new double[] {0.0, Double.POSITIVE_INFINITY, Double.NaN}) {
      Map<String, Long> symbols = Map.of("batch", 1L);
      SplittableRandom random = new SplittableRandom(7);
      Map<String, TensorValue> inputs = values(graph, symbols,
          () -> random.nextInt(40) == 0 ? rare : special[random.nextInt(special.length)]);
      PlanRun expected = PlanRun.interpreted(scalar(graph), graph, inputs, symbols);
      assertEquals(expected, PlanRun.run(rows, _ -> code, graph, inputs, symbols));
    }
  }

  /// However threads share the images, lines and features.
  @ParameterizedTest @MethodSource("cases")
  void hasTheSameBitsByAnyNumberOfThreads(Case c) {
    Graph graph = graph(c, DType.F32);
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD.withLeastPart(1));
    GeneratedCode code = GeneratedCode.of(plan, new KernelCache());
    for (long batch : new long[] {1, 5}) {
      Map<String, Long> symbols = Map.of("batch", batch);
      SplittableRandom random = new SplittableRandom(9);
      Map<String, TensorValue> inputs = values(graph, symbols, () -> random.nextDouble(-2, 2));
      PlanRun expected = PlanRun.run(plan, _ -> code, graph, inputs, symbols);
      Turns turns = new Turns(code, plan.signature(), 3, batch);
      assertEquals(expected, PlanRun.run(plan, _ -> turns, graph, inputs, symbols));
    }
  }

  private static void assertClose(Map<String, TensorValue> expected, Map<String, TensorValue> got) {
    expected.forEach((name, tensor) -> {
      for (int i = 0; i < tensor.size(); i++) {
        assertEquals(tensor.real(i), got.get(name).real(i), 1e-11, name + "[" + i + "]");
      }
    });
  }

  @Test @Tag("fast")
  void everyPassOfALongConvolutionIsInRows() {
    for (int stride = 1; stride <= 3; stride++) {
      assertEquals(3, rowKernels(new Case("nhwc,hwio->nhwc", 9, 3, 16, 16, stride, 1, 1, 1, 1, 1)),
          "stride " + stride);
    }
    assertEquals(3, rowKernels(new Case("nchw,oihw->nchw", 9, 3, 16, 16, 1, 1, 1, 1, 1, 1)));
    assertEquals(3, rowKernels(new Case("nhwc,hwio->nhwc", 9, 3, 16, 16, 1, 1, 1, 1, 1, 2)));
    assertTrue(rowKernels(new Case("nhwc,hwio->nhwc", 9, 3, 16, 1, 1, 1, 1, 1, 1, 1)) >= 2);
  }

  /// Rows go on over all axes that everything which the epilogue reads has, or has not: by column, by line, by image, by feature.
  @Test @Tag("fast")
  void rowsAreNoLongerThanTheEpilogueCanBeRead() {
    for (String axes : List.of("3", "2", "2,3", "1", "0,2", "0,1,2,3", "1,3")) {
      StringBuilder dims = new StringBuilder();
      for (String axis : axes.split(",")) {
        dims.append(dims.isEmpty() ? "" : ",").append(List.of("b", "6", "4", "5")
            .get(Integer.parseInt(axis)));
      }
      PlanLaw.holds(GraphParser.parse("""
          graph f(x: input f64[b,3,4,5], k: input f64[1,1,3,6], a: input f64[%s]) {
            %%0 = convolve[nchw,hwio->nchw] x, k            : f64[b,6,4,5]
            %%1 = broadcast[dims=(%s), to=(b,6,4,5)] a      : f64[b,6,4,5]
            %%2 = mul %%1, %%0                              : f64[b,6,4,5]
            return y=%%2
          }
          """.formatted(dims, axes)).getLast(), 0, 1, 3);
    }
  }

  /// How many convolutions are kernels with rows in scratch.
  private static long rowKernels(Case c) {
    return Planner.plan(graph(c, DType.F32), PlanOptions.STANDARD).steps().stream()
        .filter(Step.Run.class::isInstance).map(Step.Run.class::cast)
        .filter(run -> run.nodes().getFirst().op() instanceof Op.Convolve && run.kernel().arrays()
            .stream().anyMatch(array -> array.access() == ArrayParam.Access.SCRATCH))
        .count();
  }
}
