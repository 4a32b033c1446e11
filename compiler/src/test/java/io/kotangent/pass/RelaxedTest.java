package io.kotangent.pass;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Gradients as people know them.
@Tag("fast")
class RelaxedTest {
  private static Graph gradient(String text) {
    Graph stable = Pipeline.beforeGradient().apply(Texts.graph(text));
    Graph gradient = Gradient.gradients(stable, "loss", List.of("x"));
    Graph alone = new Graph("g", gradient.inputs(),
        List.of(new Graph.Result("d", gradient.result("dloss_dx"))), List.of(),
        java.util.Optional.empty(), List.of());
    return Pipeline.relaxed(new LaneEvaluator()).apply(alone);
  }

  @Test
  void theGradientOfASoftmaxCrossEntropyIsTheProbabilitiesLessTheLabel() {
    Texts.assertPrints("""
        graph g(x: input f32[10], y: input i32 in 0..9) {
          %0 = reduce.max[axes=0] x : f32
          %1 = broadcast[dims=(), to=10] %0 : f32[10]
          %2 = sub x, %1 : f32[10]
          %3 = exp %2 : f32[10]
          %4 = reduce.sum[axes=0] %3 : f32
          %5 = broadcast[dims=(), to=10] %4 : f32[10]
          %6 = div %3, %5 : f32[10]
          %7 = iota[axis=0] : i32[10]
          %8 = broadcast[dims=(), to=10] y : i32[10]
          %9 = eq %7, %8 : bool[10]
          %10 = constant[value=1.0] : f32
          %11 = broadcast[dims=(), to=10] %10 : f32[10]
          %12 = constant[value=0.0] : f32
          %13 = broadcast[dims=(), to=10] %12 : f32[10]
          %14 = select %9, %11, %13 : f32[10]
          %15 = sub %6, %14 : f32[10]
          return d=%15
        }
        """, gradient("""
        graph f(x: input f32[10], y: input i32 in 0..9) {
          %0 = exp x : f32[10]
          %1 = reduce.sum[axes=0] %0 : f32
          %2 = broadcast[dims=(), to=10] %1 : f32[10]
          %3 = div %0, %2 : f32[10]
          %4 = gather[axis=0] %3, y : f32
          %5 = log %4 : f32
          %6 = neg %5 : f32
          return loss=%6
        }
        """));
  }

  @Test
  void forABatchItIsTheirMean() {
    Texts.assertPrints("""
        graph g(x: input f32[batch,10], y: input i32[batch] in 0..9) {
          %0 = constant[value=1.0] : f32
          %1 = size[dim=batch] : i64
          %2 = cast[to=f32] %1 : f32
          %3 = div %0, %2 : f32
          %4 = broadcast[dims=(), to=(batch,10)] %3 : f32[batch,10]
          %5 = reduce.max[axes=1] x : f32[batch]
          %6 = broadcast[dims=0, to=(batch,10)] %5 : f32[batch,10]
          %7 = sub x, %6 : f32[batch,10]
          %8 = exp %7 : f32[batch,10]
          %9 = reduce.sum[axes=1] %8 : f32[batch]
          %10 = broadcast[dims=0, to=(batch,10)] %9 : f32[batch,10]
          %11 = div %8, %10 : f32[batch,10]
          %12 = iota[axis=1] : i32[batch,10]
          %13 = broadcast[dims=0, to=(batch,10)] y : i32[batch,10]
          %14 = eq %12, %13 : bool[batch,10]
          %15 = broadcast[dims=(), to=(batch,10)] %0 : f32[batch,10]
          %16 = constant[value=0.0] : f32
          %17 = broadcast[dims=(), to=(batch,10)] %16 : f32[batch,10]
          %18 = select %14, %15, %17 : f32[batch,10]
          %19 = sub %11, %18 : f32[batch,10]
          %20 = mul %4, %19 : f32[batch,10]
          return d=%20
        }
        """, gradient("""
        graph f(x: input f32[batch,10], y: input i32[batch] in 0..9) {
          %0 = exp x : f32[batch,10]
          %1 = reduce.sum[axes=1] %0 : f32[batch]
          %2 = broadcast[dims=0, to=(batch,10)] %1 : f32[batch,10]
          %3 = div %0, %2 : f32[batch,10]
          %4 = gather[axis=1, batch_dims=1] %3, y : f32[batch]
          %5 = log %4 : f32[batch]
          %6 = reduce.sum[axes=0] %5 : f32
          %7 = neg %6 : f32
          %8 = size[dim=batch] : i64
          %9 = cast[to=f32] %8 : f32
          %10 = div %7, %9 : f32
          return loss=%10
        }
        """));
  }

  @Test
  void theGradientOfABinaryCrossEntropyIsTheProbabilityLessTheLabel() {
    Texts.assertPrints("""
        graph g(x: input f32, y: input f32) {
          %0 = sigmoid x : f32
          %1 = sub %0, y : f32
          return d=%1
        }
        """, gradient("""
        graph f(x: input f32, y: input f32) {
          %0 = softplus x : f32
          %1 = mul x, y : f32
          %2 = sub %0, %1 : f32
          return loss=%2
        }
        """));
  }
}
