package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.List;

/// Layers as values: `sequential(dense(hidden).relu(), dropout(0.2), dense(digit))`.
public final class Layers {
  private Layers() {
  }

  /// A dense layer x·w + b, w Glorot uniform and b zero: parameters `dense1.w` and `dense1.b`.
  public static <O> Units<O> dense(Axis<O> units) {
    return dense(units, Initializer.glorotUniform());
  }

  /// A dense layer with another start for its weights, such as [Initializer#heUniform()] before a ReLU.
  public static <O> Units<O> dense(Axis<O> units, Initializer weights) {
    return new Units<>(List.of(new Dense(units, weights)));
  }

  /// Dropout; see [Expr#dropout(double)].
  public static Same dropout(double rate) {
    return new Same(x -> Model.of(x.trace()).dropout(x, rate));
  }

  /// Batch normalisation that keeps 0.9 of its running statistics in a step, with ε = 1e-5.
  public static Same batchNorm() {
    return batchNorm(Normalisation.MOMENTUM, Normalisation.EPSILON);
  }

  /// Batch normalisation over all axes but the last: (x − μ) / √(σ² + ε) · scale + shift. Training takes μ and σ² of the
  /// batch (σ² divided by n) and moves the running ones towards them; inference takes the running ones. Parameters
  /// `batchNorm1.scale` (1) and `batchNorm1.shift` (0), states `batchNorm1.mean` (0) and `batchNorm1.variance` (1).
  /// Every use makes its own.
  ///
  /// @param momentum what the running statistics keep of themselves in a step
  /// @param epsilon what is added to a variance before its root is taken
  public static Same batchNorm(double momentum, double epsilon) {
    return new Same(x -> Normalisation.batchNorm(x, momentum, epsilon));
  }

  /// max(x, 0).
  public static Same relu() {
    return new Same(x -> x.trace().map(ScalarFn.RELU, x));
  }

  /// The sigmoid.
  public static Same sigmoid() {
    return new Same(x -> x.trace().map(ScalarFn.SIGMOID, x));
  }

  /// The hyperbolic tangent.
  public static Same tanh() {
    return new Same(x -> x.trace().map(ScalarFn.TANH, x));
  }

  private static <O> Units<O> chain(Units<O> last, Layer... before) {
    List<Step> steps = new ArrayList<>();
    for (Layer layer : before) {
      switch (layer) {
        case Units<?> units -> steps.addAll(units.steps());
        case Same same -> steps.add(same.step());
      }
    }
    steps.addAll(last.steps());
    return new Units<>(steps);
  }

  /// One layer, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Units<O> last) {
    return chain(last, l1);
  }

  /// Two layers, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Layer l2, Units<O> last) {
    return chain(last, l1, l2);
  }

  /// Three layers, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Layer l2, Layer l3, Units<O> last) {
    return chain(last, l1, l2, l3);
  }

  /// Four layers, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Layer l2, Layer l3, Layer l4, Units<O> last) {
    return chain(last, l1, l2, l3, l4);
  }

  /// Five layers, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5,
      Units<O> last) {
    return chain(last, l1, l2, l3, l4, l5);
  }

  /// Six layers, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5, Layer l6,
      Units<O> last) {
    return chain(last, l1, l2, l3, l4, l5, l6);
  }

  /// Seven layers, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5, Layer l6,
      Layer l7, Units<O> last) {
    return chain(last, l1, l2, l3, l4, l5, l6, l7);
  }

  /// Eight layers, then the last, whose outputs are those of the whole.
  public static <O> Units<O> sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5, Layer l6,
      Layer l7, Layer l8, Units<O> last) {
    return chain(last, l1, l2, l3, l4, l5, l6, l7, l8);
  }
}
