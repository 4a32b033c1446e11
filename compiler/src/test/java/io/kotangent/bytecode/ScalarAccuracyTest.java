package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompiledScalar.Worst;
import io.kotangent.ir.QuickMeaning;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every f32 function, through its compiled kernel, is at most 2 ulp from what it means: over inputs that are spread evenly over
/// all floats, and, on demand, over all floats.
class ScalarAccuracyTest {
  private static final double ALLOWED = 2;
  private static final int CHUNK = 1 << 16;

  static Stream<ScalarFn> unary() {
    return Stream.of(ScalarFn.values()).filter(f -> f.arity() == 1 && f.accepts(DType.F32));
  }

  /// Those that are formulas: the others are Java's own operations.
  static Stream<ScalarFn> unaryFormulas() {
    return unary().filter(f -> f.basic().isEmpty());
  }

  static Stream<ScalarFn> binary() {
    return Stream.of(ScalarFn.values()).filter(f -> f.arity() == 2 && f.accepts(DType.F32));
  }

  @ParameterizedTest @MethodSource("unary")
  void overStratifiedInputs(ScalarFn fn) {
    report(fn, stratified(fn, 20));
  }

  @ParameterizedTest @MethodSource("binary")
  void overStratifiedPairs(ScalarFn fn) {
    CompiledScalar compiled = new CompiledScalar(fn);
    SplittableRandom random = new SplittableRandom(2);
    Worst worst = Worst.NONE;
    for (int chunk = 0; chunk < 1 << 20; chunk += CHUNK) {
      float[] a = new float[CHUNK];
      float[] b = new float[CHUNK];
      for (int i = 0; i < CHUNK; i++) {
        int k = chunk + i;
        // a over all floats or over ordinary ones, b likewise
        a[i] = k % 2 == 0 ? stratum(k & 0x3FF, 10, random)
            : (float) Math.exp(random.nextDouble(-8, 8));
        b[i] = k % 3 == 0 ? stratum(k >>> 10, 10, random)
            : k % 3 == 1 ? random.nextInt(-40, 41) : (float) random.nextDouble(-30, 30);
        b[i] = k % 64 == 5 ? a[i] : b[i];
      }
      worst = worst.or(compiled.measure(a, b));
    }
    report(fn, worst);
  }

  @ParameterizedTest @MethodSource("unaryFormulas") @Tag("exhaustive")
  void overMoreInputs(ScalarFn fn) {
    report(fn, stratified(fn, 24));
  }

  @ParameterizedTest @MethodSource("unary") @Tag("exhaustive")
  void overAllFloats(ScalarFn fn) {
    report(fn, AllFloats.worst(fn, IntStream.range(0, 1 << 16).parallel()));
  }

  /// Chunks near 0, 1/2, 88, 2³⁰ and infinity, of both signs.
  @ParameterizedTest @MethodSource("unary")
  void lookingForTheWorstAloneFindsIt(ScalarFn fn) {
    CompiledScalar compiled = new CompiledScalar(fn);
    for (int chunk : new int[] {0, 0x3F01, 0x42B0, 0x4E80, 0x7F7F, 0x8000, 0xBEFF, 0xC2B1,
        0xFF80}) {
      float[] x = AllFloats.neighbors(chunk);
      Worst all = compiled.measure(x, x);
      Worst found = compiled.screen(x, Worst.NONE);
      assertEquals(all.ulps(), found.ulps(), QuickMeaning.DOUBT, fn::toString);
      double floor = all.ulps() + 0.25;
      assertEquals(floor, compiled.screen(x, new Worst(floor, 0, 0)).ulps(), fn::toString);
    }
  }

  private static Worst stratified(ScalarFn fn, int bits) {
    CompiledScalar compiled = new CompiledScalar(fn);
    SplittableRandom random = new SplittableRandom(1);
    Worst worst = Worst.NONE;
    for (int chunk = 0; chunk < 1 << bits; chunk += CHUNK) {
      float[] x = new float[CHUNK];
      for (int i = 0; i < CHUNK; i++) {
        x[i] = stratum(chunk + i, bits, random);
      }
      worst = worst.or(compiled.measure(x, x));
    }
    return worst;
  }

  /// A float of the k-th of 2ᵇ equal parts of all floats.
  private static float stratum(int k, int bits, SplittableRandom random) {
    return Float.intBitsToFloat((k << 32 - bits) + random.nextInt(1 << 32 - bits));
  }

  /// Prints the worst error and holds it against the bound.
  private static void report(ScalarFn fn, Worst worst) {
    System.out.printf("%-12s %.3f ulp%n", fn, worst.ulps());
    double allowed = fn.basic().isPresent() ? 0.5 : ALLOWED;
    assertTrue(worst.ulps() <= allowed,
        () -> fn + " is " + worst.ulps() + " ulp off at " + worst.a() + ", " + worst.b());
  }
}
