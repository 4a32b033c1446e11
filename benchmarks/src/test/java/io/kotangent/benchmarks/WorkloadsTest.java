package io.kotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadsTest {
  private static Running begin(String name) {
    return Workloads.named(name).getFirst().prepare().begin(1);
  }

  @ParameterizedTest @ValueSource(strings = {"block-train", "mlp-train", "logreg-train"})
  void trainingMakesTheLossSmaller(String name) {
    Running running = begin(name);
    double first = running.again();
    double last = first;
    for (int i = 0; i < 50; i++) {
      last = running.again();
    }
    assertTrue(last < 0.97 * first, "loss from " + first + " to " + last);
  }

  @ParameterizedTest @ValueSource(strings = {"block-infer1", "mlp-infer1", "logreg-infer1",
      "cnn-infer1"})
  void inferenceGivesTheScoresOfOneExample(String name) {
    Running running = begin(name);
    int scores = name.startsWith("block") || name.startsWith("logreg") ? 1 : 10;
    assertEquals(scores, running.workspace().length("scores"));
    assertTrue(running.again() != 0);
  }

  @Test
  void theBlockModelIsTheOneOfTheLectures() {
    long parameters = begin("block-infer1").state().weights().stream()
        .mapToLong(p -> begin("block-infer1").state().floats(p).length).sum();
    assertEquals(41_601, parameters);
  }

  @Test
  void elementwiseIsItsFormula() {
    Running running = begin("elementwise");
    Numbers numbers = new Numbers();
    float[] x = numbers.normal(1 << 20);
    float[] a = numbers.normal(1 << 20);
    float[] y = running.workspace().floats("y");
    for (int i = 0; i < 1000; i++) {
      double expected = Math.tanh(a[i] * x[i] + 0.5) / (1 + Math.exp(a[i] - 1.5 * x[i]));
      assertEquals(expected, y[i], 1e-5);
    }
  }

  @Test
  void gemmMultiplies() {
    float[] c = begin("gemm64").workspace().floats("y");
    float[] a = new Numbers().uniform(64 * 64);
    float[] row = new float[64];
    for (int j = 0; j < 64; j++) {
      for (int k = 0; k < 64; k++) {
        row[j] = Math.fma(a[3 * 64 + k], a[k * 64 + j], row[j]);
      }
    }
    assertArrayEquals(row, Arrays.copyOfRange(c, 3 * 64, 4 * 64), 1e-4f);
  }

  @Test
  void aGroupIsAllWorkloadsOfThatFirstPart() {
    assertEquals(List.of("gemm64", "gemm128", "gemm256", "gemm512", "gemm1024"),
        Workloads.named("gemm").stream().map(Workload::name).toList());
    assertEquals(List.of("block-train", "block-infer1"),
        Workloads.named("block").stream().map(Workload::name).toList());
    assertThrows(IllegalArgumentException.class, () -> Workloads.named("nothing"));
  }

  @Test
  void aFigureIsTakenOfEveryKindOfWorkload() {
    Figure figure = Worker.figure(Workloads.named("gemm64").getFirst(), 1, 0.05);
    assertTrue(figure.minMicros() <= figure.medianMicros());
    assertTrue(figure.firstMillis() > 0);
    assertTrue(figure.gflops().isPresent());
  }
}
