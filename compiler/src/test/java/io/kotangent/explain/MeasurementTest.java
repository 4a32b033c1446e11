package io.kotangent.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.ModelState;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is measured is told, in data, text and page; how fast it is is no matter of tests.
class MeasurementTest {
  private static final Graph STEP = GraphParser.parseOne("""
      graph step(x: input f32[n,8], w: state f32[8,4], t: input f32[n,4]) {
        %0 = contract[nk,km->nm] x, w : f32[n,4]
        %1 = tanh %0 : f32[n,4]
        %2 = sub %1, t : f32[n,4]
        %3 = mul %2, %2 : f32[n,4]
        %4 = reduce.sum[axes=(0,1)] %3 : f32
        %5 = constant[value=0.01] : f32
        %6 = broadcast[dims=(), to=(8,4)] %5 : f32[8,4]
        %7 = sub w, %6 : f32[8,4]
        update w = %7
        return loss=%4
      }
      """);

  private static Map<String, Object> inputs(int n) {
    float[] x = new float[8 * n];
    float[] t = new float[4 * n];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 7;
    }
    return Map.of("x", x, "t", t);
  }

  @Test
  void everyStepAndKernelHasARow() {
    Explanation why = Explanation.of(STEP).measured(inputs(16));
    Measurement measured = why.measurement().orElseThrow();
    assertEquals(Map.of("n", 16L), measured.sizes());
    assertTrue(measured.micros() > 0 && measured.runs() > 0, measured.toString());
    assertEquals(measured.stepMicros(),
        measured.steps().stream().mapToDouble(MeasuredStep::micros).sum());
    assertEquals(measured.micros(), measured.stepMicros() + measured.betweenMicros(), 1e-9);
    List<ExplainedStep> taken = measured.steps().stream().map(MeasuredStep::step).toList();
    assertTrue(taken.size() > 2 && why.steps().containsAll(taken), taken.toString());
    double parts = measured.kernels().stream().mapToDouble(MeasuredKernel::micros).sum();
    assertEquals(measured.stepMicros(), parts + measured.copyMicros(), 1e-6);
    for (MeasuredKernel kernel : measured.kernels()) {
      assertTrue(kernel.micros() >= 0 && kernel.bytes() > 0 && kernel.peakBytes() > 0
          && kernel.peakFlops() > 0, kernel.toString());
    }
    MeasuredKernel product = measured.kernels().stream()
        .filter(kernel -> kernel.name().contains("contract")).findFirst().orElseThrow();
    assertTrue(product.flops() >= 2 * 16 * 8 * 4, product.toString());
    MachinePeaks peaks = measured.peaks();
    assertTrue(peaks.f32() > 1e8 && peaks.f64() > 1e8 && peaks.bandwidth(1) > 1e8
        && peaks.bandwidth(1e12) > 1e7, peaks.toString());
    String report = why.toString();
    assertTrue(report.contains("# Measured") && report.contains("between steps"), report);
    assertTrue(report.contains("bound by") && report.contains("Gflop/s"), report);
    String page = why.html();
    assertTrue(page.contains("<template id='roofline'>") && page.contains("\"measured\":"));
    assertTrue(Explanation.of(STEP).measurement().isEmpty());
  }

  @Test
  void theStateIsLeftAsItIs() {
    Explanation why = Explanation.of(STEP);
    ModelState state = why.compilation().program().newState();
    state.set("w", new float[32]);
    String before = state.sha256();
    why.measured(inputs(3), state);
    assertEquals(before, state.sha256());
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    assertThrows(FeedException.class,
        () -> Explanation.of(STEP).measured(Map.of("x", new float[16])));
    assertThrows(KotangentException.class,
        () -> Explanation.of(STEP).measured(Map.of("x", new float[16], "t", new int[8])));
    assertThrows(KotangentException.class,
        () -> Explanation.of(STEP).measured(Map.of("q", new float[16])));
    var checked = Explanation.of(STEP, CompileOptions.standard().checked(true));
    assertTrue(assertThrows(KotangentException.class, () -> checked.measured(inputs(2)))
        .getMessage().contains("is a checked one"));
  }
}
