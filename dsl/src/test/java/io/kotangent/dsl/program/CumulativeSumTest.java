package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Vector;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.dsl.program.JavaModels.Time;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Cumulative sums in f32, and their gradients, are within 4 ulp (in fact little more than ½) of the largest of the exact
/// sums, however many they are, whatever the numbers, and whatever runs them.
class CumulativeSumTest {
  private static final double ALLOWED = 0.5001;

  private record Numbers(String name, IntToDoubleFunction at) {
    float[] take(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) at.applyAsDouble(i);
      }
      return numbers;
    }
  }

  private static Stream<Numbers> numbers() {
    Random random = new Random(5);
    return Stream.of(
        new Numbers("uniform", _ -> random.nextDouble()),
        new Numbers("normal", _ -> random.nextGaussian()),
        new Numbers("0.1", _ -> 0.1),
        new Numbers("1/3", _ -> 1 / 3.0),
        new Numbers("of both signs, canceling",
            i -> i % 2 == 0 ? 1e4 + random.nextDouble() : -1e4),
        new Numbers("large, then small", i -> i == 0 ? 1e6 : random.nextDouble() / 64),
        new Numbers("of all sizes", _ -> Math.exp(8 * random.nextGaussian())));
  }

  /// The sums of a vector, and the gradient of Σ u·sums, which are the sums of u the other way.
  private static Graph graph(DType dtype) {
    Model model = Model.named("sums", dtype);
    Vector<Batch> x = model.input("x", new Batch());
    Vector<Batch> u = model.input("u", new Batch());
    Vector<Batch> sums = x.over(new Batch()).cumulativeSum();
    return model.graph("f", sums.named("sums"),
        Gradients.gradient(sums.times(u).sum(), x).named("back"));
  }

  @TestFactory
  Stream<DynamicTest> areNearTheExactOnes() {
    Program program = Compiler.compile(graph(DType.F32));
    return numbers().flatMap(numbers -> IntStream.of(1000, 1001, 10_000, 100_000, 1_000_000)
        .mapToObj(count -> DynamicTest.dynamicTest(numbers.name + ", " + count, () -> {
          float[] x = numbers.take(count);
          float[] u = numbers.take(count);
          Workspace workspace = fed(program, x, u);
          program.run(workspace, program.newState());
          assertNear("sums", exact(x), workspace.floats("sums"));
          assertNear("back", reversed(exact(reversed(u))), workspace.floats("back"));
        })));
  }

  private static Workspace fed(Program program, float[] x, float[] u) {
    Workspace workspace = program.newWorkspace();
    program.signature().symbols().forEach(symbol -> workspace.size(symbol, x.length));
    workspace.feedArray("x", x);
    workspace.feedArray("u", u);
    return workspace;
  }

  /// The sums in twice f64's precision.
  private static double[] exact(float[] x) {
    double[] sums = new double[x.length];
    double sum = 0;
    double lost = 0;
    for (int i = 0; i < x.length; i++) {
      double next = sum + x[i];
      lost += Math.abs(sum) >= Math.abs(x[i]) ? sum - next + x[i] : x[i] - next + sum;
      sum = next;
      sums[i] = sum + lost;
    }
    return sums;
  }

  private static float[] reversed(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[x.length - 1 - i];
    }
    return y;
  }

  private static double[] reversed(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[x.length - 1 - i];
    }
    return y;
  }

  private static void assertNear(String what, double[] exact, float[] got) {
    double largest = 0;
    for (double sum : exact) {
      largest = Math.max(largest, Math.abs(sum));
    }
    double worst = 0;
    for (int i = 0; i < exact.length; i++) {
      worst = Math.max(worst, Math.abs(got[i] - exact[i]) / Math.ulp((float) largest));
    }
    double found = worst;
    assertTrue(worst <= ALLOWED, () -> what + " are " + found + " ulp off");
  }

  @Test
  void haveTheBitsOfOneOrderWhateverRunsThem() {
    Random random = new Random(7);
    float[] x = new float[3 * 700 * 5];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.3f;
    }
    float[][] expected = {};
    for (SimdUse simd : List.of(SimdUse.NEVER, SimdUse.ALWAYS)) {
      for (int threads : new int[] {1, 3}) {
        for (boolean relaxed : new boolean[] {false, true}) {
          Program program = Compiler.compile(matrix(),
              CompileOptions.standard().with(simd).relaxed(relaxed));
          Workspace workspace = program.newWorkspace().threads(threads);
          workspace.feedArray("x", x);
          program.run(workspace, program.newState());
          float[][] got = {workspace.floats("sums"), workspace.floats("back")};
          expected = expected.length == 0 ? got : expected;
          assertArrayEquals(expected[0], got[0]);
          assertArrayEquals(expected[1], got[1]);
        }
      }
    }
    float[] series = new float[700];
    for (int i = 0; i < series.length; i++) {
      series[i] = x[700 * 5 + i * 5 + 2];
    }
    double[] exact = exact(series);
    float[] sums = expected[0];
    for (int i = 0; i < series.length; i++) {
      assertEquals((float) exact[i], sums[700 * 5 + i * 5 + 2], Math.ulp((float) exact[i]));
    }
  }

  /// Along the middle of three axes, with its gradient by a curved function.
  private static Graph matrix() {
    Model model = Model.named("sums", DType.F32);
    var time = new Time(700);
    var x = model.input("x", new Batch(), time, new Feature(5));
    var sums = x.over(time).cumulativeSum();
    return model.graph("f", sums.named("sums"),
        Gradients.gradient(sums.times(sums).sum(), x).named("back"));
  }

  @Test
  void onlyWhatIsTooLargeIsInfinite() {
    Program program = Compiler.compile(graph(DType.F32));
    float infinity = Float.POSITIVE_INFINITY;
    float[] x = {1, 3e38f, 3e38f, -3e38f, infinity, 1, -infinity, 1};
    Workspace workspace = fed(program, x, new float[x.length]);
    program.run(workspace, program.newState());
    assertArrayEquals(new float[] {1, 3e38f, infinity, 3e38f, infinity, infinity, Float.NaN,
        Float.NaN}, workspace.floats("sums"));
  }

  @Test
  void derivativesOfDerivativesAreTheSumsAgain() {
    Model model = Model.named("sums", DType.F64);
    Vector<Feature> x = model.input("x", new Feature(6));
    Vector<Feature> d = model.input("d", new Feature(6));
    var sums = x.over(new Feature(6)).cumulativeSum();
    var f = sums.times(sums).times(sums).sum();
    var twice = Gradients.hessianTimes(f, x, d);
    Graph graph = model.graph("f", twice.named("twice"),
        Gradients.gradient(twice.times(d).sum(), x).named("thrice"));
    double[] at = {0.5, -1, 2, 0.25, 1, -3};
    double[] direction = {1, 2, -1, 0.5, 0, 1};
    var result = new Feed().set(graph, "x", at).set(graph, "d", direction).run(graph);
    double[] s = new double[6];
    double[] v = new double[6];
    for (int i = 0; i < 6; i++) {
      s[i] = at[i] + (i == 0 ? 0 : s[i - 1]);
      v[i] = direction[i] + (i == 0 ? 0 : v[i - 1]);
    }
    double second = 0;
    double third = 0;
    for (int i = 5; i >= 0; i--) {
      second += 6 * s[i] * v[i];
      third += 6 * v[i] * v[i];
      assertEquals(second, result.result("twice").real(i), 1e-12);
      assertEquals(third, result.result("thrice").real(i), 1e-12);
    }
  }

  @Test
  void anEmptyAxisHasNone() {
    Program program = Compiler.compile(graph(DType.F32));
    Workspace workspace = fed(program, new float[0], new float[0]);
    program.run(workspace, program.newState());
    assertEquals(0, workspace.floats("sums").length);
    assertEquals(0, workspace.floats("back").length);
  }
}
