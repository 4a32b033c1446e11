package io.kotangent.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.ModelState;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Times of a program are those of its steps, and are told beside what the machine does at best.
class MeasurementTest {
  private static final Graph LAYERS = GraphParser.parseOne("""
      graph layers(x: input f32[batch,256], w: param f32[256,256], v: param f32[256,64]) {
        %0 = contract[bk,kn->bn] x, w : f32[batch,256]
        %1 = tanh %0 : f32[batch,256]
        %2 = contract[bk,kn->bn] %1, v : f32[batch,64]
        %3 = reduce.sum[axes=1] %2 : f32[batch]
        return y=%3
      }
      """);
  private static final int BATCH = 64;

  private static float[] images() {
    float[] images = new float[BATCH * 256];
    Arrays.fill(images, 0.01f);
    return images;
  }

  private static Explanation measured() {
    return Explanation.of(LAYERS).measured(Map.of("x", images()));
  }

  @Test
  void stepsAddUpToARun() {
    Explanation why = measured();
    Measurement measured = why.measurement().orElseThrow();
    assertEquals(Map.of("batch", (long) BATCH), measured.sizes());
    assertEquals(measured.micros(), measured.stepMicros() + measured.betweenMicros(), 1e-6);
    assertEquals(why.ways().stream().filter(way -> way.isPresent()).count(),
        measured.steps().size());
    for (MeasuredStep step : measured.steps()) {
      assertEquals(1, step.calls());
      assertEquals(why.ways().get(step.step().number()).orElseThrow(), step.way());
    }
    rows(why, measured);
  }

  private static void rows(Explanation why, Measurement measured) {
    double flops = 0;
    Set<ExplainedKernel> seen = new HashSet<>();
    for (MeasuredKernel kernel : measured.kernels()) {
      kernel.kernels().forEach(each -> assertTrue(seen.add(each), kernel::toString));
      assertTrue(kernel.micros() > 0 && kernel.share() > 0,
          kernel::toString);
      flops += kernel.flops();
    }
    double products = 2.0 * BATCH * 256 * (256 + 64);
    assertEquals(products + BATCH * 256 + BATCH * 64, flops);
    String report = why.toString();
    String page = why.html();
    for (String part : List.of("between steps", "flop/byte", "one core: ")) {
      assertTrue(report.contains(part), part);
      assertTrue(page.contains(part), part);
    }
    assertTrue(page.contains("<svg class='roof "));
    for (MeasuredKernel kernel : measured.kernels()) {
      assertTrue(page.contains("<title>" + Html.text(kernel.toString())), kernel::toString);
    }
  }

  @Test
  void whatALoopCallsIsCountedAndSummed() {
    Graph loop = GraphParser.parse("""
        graph turn(a: input f32[n], x: input f32[n]) {
          %0 = mul a, x : f32[n]
          %1 = add %0, x : f32[n]
          return a=%1
        }
        graph turns(x: input f32[n]) {
          %0 = constant[value=0.0] : f32
          %1 = broadcast[dims=(), to=n] %0 : f32[n]
          %2 = loop[@turn, count=7, carried=1] %1, x : (f32[n])
          %3 = item[index=0] %2 : f32[n]
          return y=%3
        }
        """).getLast();
    Measurement measured =
        Explanation.of(loop).measured(Map.of("x", new float[4096])).measurement().orElseThrow();
    assertTrue(measured.steps().stream().anyMatch(step -> step.calls() == 7),
        () -> measured.steps().toString());
    assertTrue(measured.kernels().stream()
        .anyMatch(kernel -> kernel.calls() == 7 && kernel.flops() == 7 * 2 * 4096),
        measured::toString);
  }

  /// How fast a machine is is no matter of tests.
  @Test
  void peaksAreThoseOfTheSizesMeasured() {
    MachinePeaks peaks = PeakLoops.measure(true);
    assertTrue(peaks.f32() > 1e8 && peaks.f64() > 1e8, peaks::toString);
    List<MachinePeaks.Bandwidth> all = peaks.bandwidths();
    assertTrue(all.stream().allMatch(each -> each.bytesPerSecond() > 1e7), peaks::toString);
    assertEquals(all.getFirst().bytesPerSecond(), peaks.bandwidth(1));
    assertEquals(all.getLast().bytesPerSecond(), peaks.bandwidth(1e12));
  }

  @Test
  void theStateThatIsGivenStaysAsItIs() {
    Explanation why = Explanation.of(LAYERS);
    ModelState state = why.compilation().program().newState();
    float[] weights = new float[256 * 256];
    Arrays.fill(weights, 0.5f);
    state.set("w", weights);
    Measurement measured = why.measured(Map.of("x", images()), state).measurement().orElseThrow();
    assertTrue(measured.micros() > 0);
    assertArrayEquals(weights, state.floats("w"));
    assertTrue(why.measurement().isEmpty(), "an explanation is what it was");
    assertFalse(why.html().contains("<svg class='roof "));
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    Explanation why = Explanation.of(LAYERS);
    assertThrows(FeedException.class, () -> why.measured(Map.of()));
    assertThrows(FeedException.class, () -> why.measured(Map.of("y", images())));
    assertThrows(FeedException.class, () -> why.measured(Map.of("x", new double[BATCH * 256])));
    assertThrows(KotangentException.class,
        () -> why.measured(Map.of("x", images()), ModelState.NONE));
    String checked = assertThrows(KotangentException.class,
        () -> Explanation.of(LAYERS, CompileOptions.standard().checked(true))
            .measured(Map.of("x", images())))
        .getMessage();
    assertTrue(checked.contains("checked(false)"), checked);
  }

  @Test
  void aRowSaysWhatItIsUpAgainst() {
    ExplainedKernel kernel = Explanation.of(LAYERS).kernels().getFirst();
    MeasuredKernel row = new MeasuredKernel(List.of(kernel), 1, 10, 1e6, 1000, 2e11, 1e9);
    assertEquals(MeasuredKernel.Bound.COMPUTE, row.bound());
    assertEquals(0.5, row.share(), 1e-12);
    assertEquals(1e11, row.flopsPerSecond(), 1);
    MeasuredKernel other = new MeasuredKernel(List.of(kernel), 1, 10, 1e3, 1e4, 2e11, 2e9);
    assertEquals(MeasuredKernel.Bound.MEMORY, other.bound());
    assertEquals(0.5, other.share(), 1e-12);
  }
}
