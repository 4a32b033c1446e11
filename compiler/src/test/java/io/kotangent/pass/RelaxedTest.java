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
          %1 = is_finite %0 : bool
          %2 = constant[value=0.0] : f32
          %3 = select %1, %0, %2 : f32
          %4 = broadcast[dims=(), to=10] %3 : f32[10]
          %5 = sub x, %4 : f32[10]
          %6 = exp %5 : f32[10]
          %7 = reduce.sum[axes=0] %6 : f32
          %8 = broadcast[dims=(), to=10] %7 : f32[10]
          %9 = div %6, %8 : f32[10]
          %10 = iota[axis=0] : i32[10]
          %11 = broadcast[dims=(), to=10] y : i32[10]
          %12 = eq %10, %11 : bool[10]
          %13 = constant[value=1.0] : f32
          %14 = broadcast[dims=(), to=10] %13 : f32[10]
          %15 = broadcast[dims=(), to=10] %2 : f32[10]
          %16 = select %12, %14, %15 : f32[10]
          %17 = sub %9, %16 : f32[10]
          return d=%17
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
          %6 = is_finite %5 : bool[batch]
          %7 = constant[value=0.0] : f32
          %8 = broadcast[dims=(), to=batch] %7 : f32[batch]
          %9 = select %6, %5, %8 : f32[batch]
          %10 = broadcast[dims=0, to=(batch,10)] %9 : f32[batch,10]
          %11 = sub x, %10 : f32[batch,10]
          %12 = exp %11 : f32[batch,10]
          %13 = reduce.sum[axes=1] %12 : f32[batch]
          %14 = broadcast[dims=0, to=(batch,10)] %13 : f32[batch,10]
          %15 = div %12, %14 : f32[batch,10]
          %16 = iota[axis=1] : i32[batch,10]
          %17 = broadcast[dims=0, to=(batch,10)] y : i32[batch,10]
          %18 = eq %16, %17 : bool[batch,10]
          %19 = broadcast[dims=(), to=(batch,10)] %0 : f32[batch,10]
          %20 = broadcast[dims=(), to=(batch,10)] %7 : f32[batch,10]
          %21 = select %18, %19, %20 : f32[batch,10]
          %22 = sub %15, %21 : f32[batch,10]
          %23 = mul %4, %22 : f32[batch,10]
          return d=%23
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
