package io.kotangent.dsl.program;

import static io.kotangent.dsl.Layers.averagePool;
import static io.kotangent.dsl.Layers.conv;
import static io.kotangent.dsl.Layers.dense;
import static io.kotangent.dsl.Layers.flatten;
import static io.kotangent.dsl.Layers.globalAveragePool;
import static io.kotangent.dsl.Layers.maxPool;
import static io.kotangent.dsl.Layers.relu;
import static io.kotangent.dsl.Layers.sequential;
import static io.kotangent.dsl.program.JavaModels.BATCH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Maps;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Padding;
import io.kotangent.dsl.Sliding;
import io.kotangent.dsl.Tensor4;
import io.kotangent.dsl.Units;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Column;
import io.kotangent.dsl.program.JavaModels.Digit;
import io.kotangent.dsl.program.JavaModels.Edges;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.dsl.program.JavaModels.Row;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Convolution and pooling give the courses' numbers (LECTURES G1 to G6), compiled, in f32 and f64.
class ConvolutionsTest {
  private record Strokes(int size) implements Axis<Strokes> {
  }

  private static final double[] G1 =
      {0, 1, 2, 1, 0, 4, 1, 0, 1, 0, 2, 0, 1, 1, 1, 1, 2, 3, 1, 0, 0, 4, 3, 2, 0};
  private static final double[] G1_KERNEL = {0, 1, 0, 1, 0, 1, 2, 1, 0};
  private static final double[] G5 = {0, 1, 2, 1, 4, 1, 0, 1, 2, 0, 1, 1, 1, 2, 3, 1};

  private static Object array(DType dtype, double... numbers) {
    if (dtype == DType.F64) {
      return numbers;
    }
    float[] narrow = new float[numbers.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) numbers[i];
    }
    return narrow;
  }

  private static Workspace feed(Workspace run, DType dtype, String port, double... numbers) {
    return run.feedArray(port, array(dtype, numbers));
  }

  private static double[] result(Workspace run, String result) {
    if (run.array(result) instanceof float[] narrow) {
      double[] numbers = new double[narrow.length];
      for (int i = 0; i < narrow.length; i++) {
        numbers[i] = narrow[i];
      }
      return numbers;
    }
    return run.doubles(result);
  }

  /// One image of one channel through a compiled function of it and a kernel.
  private static double[] convolved(DType dtype, double[] image, int width, double[] kernel,
      int side, Sliding sliding) {
    Model model = Model.named("conv", dtype);
    var x = model.input("x", BATCH, new Row(image.length / width), new Column(width), new Gray(1));
    var k = model.input("k", new Hidden(side), new Digit(kernel.length / side), new Gray(1),
        new Edges(1));
    Program program = Compiler.compile(model.graph("f", x.convolve(k, sliding).named("y")));
    Workspace run = program.newWorkspace();
    feed(run, dtype, "x", image);
    feed(run, dtype, "k", kernel);
    program.run(run);
    return result(run, "y");
  }

  private static double[] g1(DType dtype, Padding padding, int stride) {
    return convolved(dtype, G1, 5, G1_KERNEL, 3, Sliding.of(padding).stride(stride));
  }

  private static void is(double[] got, double... expected) {
    assertArrayEquals(expected, got, () -> Arrays.toString(got));
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void lectureG1(DType dtype) {
    is(g1(dtype, Padding.VALID, 1), 9, 5, 4, 8, 8, 10, 8, 15, 12);
    is(g1(dtype, Padding.SAME, 1), 5, 11, 4, 3, 3, 3, 9, 5, 4, 4, 5, 8, 8, 10, 3, 4, 8, 15, 12, 6,
        5, 5, 9, 4, 2);
    is(g1(dtype, Padding.VALID, 2), 9, 4, 8, 12);
    is(g1(dtype, Padding.SAME, 2), 5, 4, 3, 5, 8, 3, 5, 9, 2);
    double[] full = g1(dtype, Padding.FULL, 1);
    assertEquals(49, full.length);
    is(Arrays.copyOf(full, 7), 0, 0, 1, 4, 5, 2, 0);
    is(convolved(dtype, G1, 5, G1_KERNEL, 3, Sliding.padded(1)), g1(dtype, Padding.SAME, 1));
    is(convolved(dtype, G1, 5, G1_KERNEL, 3, Sliding.padded(2, 2, 2, 2)), full);
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void lectureG2(DType dtype) {
    double[] image =
        {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1};
    double[] kernel = {0, 1, 2, 2, 2, 0, 0, 1, 2};
    is(convolved(dtype, image, 5, kernel, 3, Sliding.valid()), 12, 12, 17, 10, 17, 19, 9, 6, 14);
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void lectureG3LengthsOfPadding(DType dtype) {
    double[] row = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    double[] ones = {1, 1, 1, 1, 1, 1};
    Sliding valid = Sliding.valid().stride(5);
    Sliding same = Sliding.same().stride(5);
    is(convolved(dtype, row, 13, ones, 1, valid), 21, 51);
    is(convolved(dtype, row, 13, ones, 1, same), 15, 45, 46);
    is(convolved(dtype, row, 13, ones, 1, Sliding.padded(0, 0, 1, 2).stride(1, 5)), 15, 45, 46);
    assertEquals(18, convolved(dtype, row, 13, ones, 1, Sliding.full()).length);
    assertEquals(8, convolved(dtype, row, 13, ones, 1, Sliding.valid()).length);
    assertEquals(13, convolved(dtype, row, 13, ones, 1, Sliding.same()).length);
  }

  /// Each feature is the sum over the channels of its group, plus its bias.
  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void lectureG4ChannelsGroupsAndDilation(DType dtype) {
    Model model = Model.named("g4", dtype);
    var x = model.input("x", BATCH, new Row(1), new Column(3), new Gray(2));
    var edges = new Edges(2);
    Program program = Compiler.compile(model.graph("f",
        x.conv(1, 2, edges, Sliding.valid(), 1, Initializer.ones()).named("all"),
        x.conv(1, 2, edges, Sliding.valid(), 2, Initializer.ones()).named("groups"),
        x.conv(1, 2, edges, Sliding.valid().dilation(2), 1, Initializer.ones()).named("holes"),
        x.depthwiseConv(1, Sliding.same()).named("each")));
    Workspace run = feed(program.newWorkspace(), dtype, "x", 1, 2, 3, 4, 5, 6);
    ModelState state = ModelState.zeros(program.signature().state());
    state.set("conv1.w", array(dtype, 1, 10, 1, 20, 1, 30, 1, 40));
    state.set("conv1.b", array(dtype, 100, 0));
    state.set("conv2.w", array(dtype, 1, 10, 2, 20));
    state.set("conv2.b", array(dtype, 0, 0));
    state.set("conv3.w", array(dtype, 1, 10, 1, 20, 1, 30, 1, 40));
    state.set("conv3.b", array(dtype, 0, 1000));
    state.set("depthwiseConv1.w", array(dtype, 7, 9));
    state.set("depthwiseConv1.b", array(dtype, 0, 1));
    program.run(run, state);
    is(result(run, "all"), 1 + 2 + 3 + 4 + 100, 10 + 40 + 90 + 160, 118, 30 + 80 + 150 + 240);
    is(result(run, "groups"), 1 + 2 * 3, 10 * 2 + 20 * 4, 3 + 2 * 5, 10 * 4 + 20 * 6);
    is(result(run, "holes"), 1 + 2 + 5 + 6, 10 + 40 + 150 + 240 + 1000);
    is(result(run, "each"), 7, 19, 21, 37, 35, 55);
  }

  private static double[] pooled(DType dtype,
      Function<Tensor4<Batch, Row, Column, Gray>, Tensor4<Batch, Row, Column, Gray>> pool) {
    Model model = Model.named("pool", dtype);
    var x = model.input("x", BATCH, new Row(4), new Column(4), new Gray(1));
    Program program = Compiler.compile(model.graph("f", pool.apply(x).named("y")));
    Workspace run = feed(program.newWorkspace(), dtype, "x", G5);
    program.run(run);
    return result(run, "y");
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void lectureG5Pools(DType dtype) {
    is(pooled(dtype, x -> x.maxPool(2, 1)), 4, 2, 2, 4, 1, 1, 2, 3, 3);
    is(pooled(dtype, x -> x.maxPool(2)), 4, 2, 2, 3);
    is(pooled(dtype, x -> maxPool(2).apply(x)), 4, 2, 2, 3);
    is(pooled(dtype, x -> x.averagePool(2)), 1.5, 1, 1.25, 1.5);
    is(pooled(dtype, x -> x.averagePool(2, 1)), 1.5, 1, 1, 1.75, 0.5, 0.75, 1.25, 1.5, 1.5);
    is(pooled(dtype, x -> x.maxPool(3, Sliding.same().stride(2))), 4, 2, 3, 3);
    is(pooled(dtype, x -> x.averagePool(3, Sliding.padded(1).stride(3))), 6 / 4.0, 4 / 4.0,
        5 / 4.0, 6 / 4.0);
    is(pooled(dtype, x -> x.maxPool(2, Sliding.valid().dilation(2))), 2, 1, 4, 2);
    is(pooled(dtype, x -> x.maxPool(4)), 4);
    is(pooled(dtype, x -> x.averagePool(4)), 21 / 16.0);
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void lectureG5GlobalPools(DType dtype) {
    Model model = Model.named("pool", dtype);
    var x = model.input("x", BATCH, new Row(2), new Column(2), new Gray(4));
    Program program = Compiler.compile(model.graph("f", x.globalMaxPool().named("max"),
        x.globalAveragePool().named("mean"), x.flatten().named("flat")));
    Workspace run = feed(program.newWorkspace(), dtype, "x", G5);
    program.run(run);
    is(result(run, "max"), 4, 2, 3, 1);
    is(result(run, "mean"), 7 / 4.0, 4 / 4.0, 6 / 4.0, 4 / 4.0);
    is(result(run, "flat"), G5);
  }

  /// LeNet-5: three convolutions with pools between them, and dense layers on top (G6).
  @Test
  void lectureG6LeNet5() {
    Model model = Model.named("lenet5");
    var x = model.input("x", BATCH, new Row(32), new Column(32), new Gray(1));
    Units<Digit> network = sequential(
        conv(5, new Edges(6), Sliding.valid()).tanh(), averagePool(2),
        conv(5, new Strokes(16), Sliding.valid()).tanh(), averagePool(2),
        conv(5, new Hidden(120), Sliding.valid()).tanh(), flatten(),
        dense(new JavaModels.Feature(84)).tanh(), dense(new Digit(10)));
    network.apply(x);
    assertEquals("""
        Model: lenet5
        ────────────────────────────────────────────
        Layer         Output shape        Parameters
        ────────────────────────────────────────────
        conv1         [batch,28,28,6]            156
        averagePool1  [batch,14,14,6]              0
        conv2         [batch,10,10,16]         2,416
        averagePool2  [batch,5,5,16]               0
        conv3         [batch,1,1,120]         48,120
        flatten1      [batch,120]                  0
        dense1        [batch,84]              10,164
        dense2        [batch,10]                 850
        ────────────────────────────────────────────
        Total                                 61,706
        """, model.summary());
  }

  @Test
  void layersAreTheirFunctions() {
    Model model = Model.named("layers");
    var x = model.input("x", BATCH, new Row(8), new Column(8), new Gray(2));
    Maps<Edges> features = sequential(conv(3, new Edges(4)), relu(), maxPool(2),
        conv(3, new Edges(4)).relu().averagePool(2));
    var y = features.apply(x);
    Model twin = Model.named("layers");
    var z = twin.input("x", BATCH, new Row(8), new Column(8), new Gray(2)).conv(3, new Edges(4))
        .relu().maxPool(2).conv(3, new Edges(4)).relu().averagePool(2);
    assertEquals(GraphPrinter.printWithoutOrigins(twin.graph("f", z.named("y"))),
        GraphPrinter.printWithoutOrigins(model.graph("f", y.named("y"))));
    assertEquals(List.of("conv1.w", "conv1.b", "conv2.w", "conv2.b"), model.parameterNames());
    Maps<Edges> shared = conv(3, new Edges(2)).tanh();
    var twice = shared.apply(shared.apply(twin.input("y", BATCH, new Row(8), new Column(8),
        new Edges(2))));
    assertEquals(6, twin.parameterNames().size(), "two uses share one kernel and bias");
    sequential(shared, globalAveragePool(), dense(new Digit(10))).apply(twice);
    shared.then(maxPool(2)).flatten().then(dense(new Digit(10))).apply(twice);
    shared.globalMaxPool().apply(twice);
    assertEquals(10, twin.parameterNames().size());
  }
}
