package io.kotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FigureTest {
  @Test
  void aLineHasTheFieldsOfEveryFramework() {
    var figure = new Figure("kotangent", 2, "gemm64", 12.345, 8, 7.5, Optional.of(65.54));
    assertEquals("{\"fw\":\"kotangent\",\"threads\":2,\"workload\":\"gemm64\",\"first_ms\":12.35,"
        + "\"median_us\":8.00,\"min_us\":7.50,\"gflops\":65.5}", figure.json());
  }

  @Test
  void aLineReadsBack() {
    var figure = new Figure("kotangent", 1, "mlp-train", 400, 300.25, 270.5, Optional.empty());
    assertEquals(Optional.of(figure), Figure.parse(figure.json()));
  }

  @Test
  void linesOfOtherFrameworksAreRead() {
    String line =
        "{\"fw\": \"jax\", \"threads\": 2, \"workload\": \"gemm64\", \"first_ms\": 29.01, "
            + "\"median_us\": 71.0, \"min_us\": 1e-05, \"gflops\": 7.4}";
    assertEquals(Optional.of(new Figure("jax", 2, "gemm64", 29.01, 71, 1e-5, Optional.of(7.4))),
        Figure.parse(line));
  }

  @Test
  void whatIsNoFigureIsNotTakenForOne() {
    assertEquals(Optional.empty(), Figure.parse("WARNING: Using incubator modules"));
    assertEquals(Optional.empty(), Figure.parse("{\"fw\":\"jax\"}"));
  }
}
