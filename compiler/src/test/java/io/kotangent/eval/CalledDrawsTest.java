package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.autodiff.Gradient;
import io.kotangent.autodiff.Tangent;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A call site prefixes its scope to the random streams inside, also those in loops there.
class CalledDrawsTest {
  private static final String TEXT = """
      graph inner(x: input f64, seed: input i64) {
        %0 = random[stream="draw"] seed, seed : i32
        %1 = cast[to=f64] %0 : f64
        %2 = mul x, %1 : f64
        return y=%2
      }

      graph layer(seed: input i64, x: input f64[2]) {
        %0 = random[stream="mask"] seed, seed : i32[2]
        %1 = cast[to=f64] %0 : f64[2]
        %2 = mul x, %1 : f64[2]
        %3 = loop[@inner, count=2, sliced=1] x, seed : (f64[2])
        %4 = item[index=0] %3 : f64[2]
        return y=%2, z=%4
      }

      graph draws(seed: input i64, x: input f64[2]) {
        %0 = call[@layer] seed, x : (f64[2], f64[2]) ; a Model.java:1
        %1 = item[index=0] %0 : f64[2]
        %2 = item[index=1] %0 : f64[2]
        %3 = add %1, %2 : f64[2]
        %4 = call[@layer] seed, %3 : (f64[2], f64[2]) ; b Model.java:2
        %5 = item[index=0] %4 : f64[2]
        %6 = reduce.sum[axes=0] %1 : f64
        return first=%1, loop=%2, second=%5, loss=%6
      }
      """;

  private static final Map<String, TensorValue> INPUTS =
      Map.of("seed", TensorValue.scalar(DType.I64, 3), "x", TensorValue.f64(new int[] {2}, 1, 1));

  @Test
  void streamsAreNamedBySite() {
    Graph graph = GraphParser.parseOne(TEXT);
    Evaluation meaning = Interpreter.run(graph, INPUTS);
    int[] mask = Philox.drawKey("a/mask", 3, 3);
    int[] loop = Philox.drawKey("a/draw", 3, 3);
    for (int i = 0; i < 2; i++) {
      assertEquals(Philox.bits(mask, i, 0, 0), meaning.result("first").real(i));
      assertEquals(Philox.bits(loop, 0, i, 0), meaning.result("loop").real(i));
    }
    Outcome outcome = Outcome.of(Compiler.compile(graph), INPUTS, Map.of());
    for (String name : List.of("first", "loop", "second")) {
      assertArrayEquals((double[]) meaning.result(name).toArray(),
          (double[]) outcome.results().get(name), name);
    }
  }

  @Test
  void aGradientSeesTheDrawsOfItsCall() {
    Graph gradients = Gradient.gradients(GraphParser.parseOne(TEXT), "loss", List.of("x"));
    Evaluation meaning = Interpreter.run(gradients, INPUTS);
    assertArrayEquals((double[]) meaning.result("first").toArray(),
        (double[]) meaning.result("dloss_dx").toArray());
    Graph tangents = Tangent.tangents(GraphParser.parseOne(TEXT), List.of("loss"), List.of("x"));
    Map<String, TensorValue> along = new HashMap<>(INPUTS);
    along.put("dx", TensorValue.f64(new int[] {2}, 1, 0));
    assertEquals(meaning.result("dloss_dx").real(0),
        Interpreter.run(tangents, along).result("dloss").real(0));
    Outcome outcome = Outcome.of(Compiler.compile(gradients), INPUTS, Map.of());
    assertArrayEquals((double[]) outcome.results().get("first"),
        (double[]) outcome.results().get("dloss_dx"));
  }
}
