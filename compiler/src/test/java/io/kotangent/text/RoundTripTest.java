package io.kotangent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.Graph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Printing and parsing are each other's inverse.
@Tag("fast")
class RoundTripTest {
  static final String STEP = """
      graph step(x: input f32[batch,784], y: input i32[batch] in 0..9, w: state f32[784,10], m: state f32[784,10] as m of w, rate: input f32) {
        %0 = contract[bk,kn->bn] x, w             : f32[batch,10]  ; dense/0 Digits.java:21
        %1 = reduce.max[axes=1] %0                : f32[batch]
        %2 = broadcast[dims=0, to=(batch,10)] %1  : f32[batch,10]
        %3 = sub %0, %2                           : f32[batch,10]  ; Digits.java:22
        %4 = exp %3                               : f32[batch,10]
        %5 = reduce.sum[axes=(0,1), order=sequential:ba] %4 : f32
        %6 = contract[bk,bn->kn] x, %4            : f32[784,10]
        %7 = broadcast[dims=(), to=(784,10)] rate : f32[784,10]
        %8 = mul %6, %7                           : f32[784,10]
        %9 = sub w, %8                            : f32[784,10]    ; sgd
        %10 = is_finite %5                        : bool
        guard %10
        update w = %9
        update m = %8
        return loss=%5
      }
      """;

  @Test
  void aTrainingStepReadsBackAsItPrints() {
    Graph graph = GraphParser.parseOne(STEP);
    String printed = GraphPrinter.print(graph);
    assertEquals(graph, GraphParser.parseOne(printed));
    assertEquals(printed, GraphPrinter.print(GraphParser.parseOne(printed)));
    assertEquals(STEP, printed);
  }
}
