package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /// A convolution that keeps rows and columns; see [Tensor4#conv(int, Axis)]. Parameters `conv1.w` and `conv1.b`.
  public static <F> Maps<F> conv(int size, Axis<F> features) {
    return conv(size, features, Sliding.same());
  }

  /// A convolution with a given padding, stride and dilation.
  public static <F> Maps<F> conv(int size, Axis<F> features, Sliding sliding) {
    return conv(size, size, features, sliding, 1, Initializer.heUniform());
  }

  /// A convolution; see [Tensor4#conv(int, int, Axis, Sliding, int, Initializer)].
  public static <F> Maps<F> conv(int rows, int columns, Axis<F> features, Sliding sliding,
      int groups, Initializer weights) {
    return new Maps<>(List.of(
        new Convolution(rows, columns, Optional.of(features), sliding, groups, weights)));
  }

  /// The greatest of each `size`×`size` block; see [Tensor4#maxPool(int)].
  public static Pool maxPool(int size) {
    return maxPool(size, Sliding.valid().stride(size));
  }

  /// The greatest of each window; see [Tensor4#maxPool(int, Sliding)].
  public static Pool maxPool(int size, Sliding sliding) {
    return new Pool(Pooling.square(Pooling.Kind.MAX, size, sliding));
  }

  /// The mean of each `size`×`size` block; see [Tensor4#averagePool(int)].
  public static Pool averagePool(int size) {
    return averagePool(size, Sliding.valid().stride(size));
  }

  /// The mean of each window; see [Tensor4#averagePool(int, Sliding)].
  public static Pool averagePool(int size, Sliding sliding) {
    return new Pool(Pooling.square(Pooling.Kind.AVERAGE, size, sliding));
  }

  /// The greatest of each channel over rows and columns.
  public static GlobalPool globalMaxPool() {
    return new GlobalPool(x -> Pooling.global(Pooling.Kind.MAX, x));
  }

  /// The mean of each channel over rows and columns.
  public static GlobalPool globalAveragePool() {
    return new GlobalPool(x -> Pooling.global(Pooling.Kind.AVERAGE, x));
  }

  /// All axes but the first as one, row-major.
  public static Units<Flat> flatten() {
    return new Units<>(List.of(Images::flatten));
  }

  /// Dropout; see [Expr#dropout(double)].
  public static Same dropout(double rate) {
    return new Same(x -> Model.of(x.trace()).dropout(x, rate));
  }

  /// Batch normalization that keeps 0.9 of its running statistics in a step, with ε = 1e-5.
  public static Same batchNorm() {
    return batchNorm(Normalization.MOMENTUM, Normalization.EPSILON);
  }

  /// Batch normalization over all axes but the last: (x − μ) / √(σ² + ε) · scale + shift. Training takes μ and σ² of the
  /// batch (σ² divided by n) and moves the running ones towards them; inference takes the running ones. Parameters
  /// `batchNorm1.scale` (1) and `batchNorm1.shift` (0), states `batchNorm1.mean` (0) and `batchNorm1.variance` (1).
  /// Every use makes its own.
  ///
  /// @param momentum what the running statistics keep of themselves in a step
  /// @param epsilon what is added to a variance before its root is taken
  public static Same batchNorm(double momentum, double epsilon) {
    return new Same(x -> Normalization.batchNorm(x, momentum, epsilon));
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

  private static <L extends Chain<L>> L chain(L last, Layer... before) {
    List<Step> steps = new ArrayList<>();
    for (Layer layer : before) {
      switch (layer) {
        case Chain<?> chain -> steps.addAll(chain.steps());
        case Same same -> steps.add(same.step());
        case Pool pool -> steps.add(pool.step());
        case GlobalPool pool -> steps.add(pool.step());
      }
    }
    steps.addAll(last.steps());
    return last.of(steps);
  }

  /// One layer, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, L last) {
    return chain(last, l1);
  }

  /// Two layers, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, Layer l2, L last) {
    return chain(last, l1, l2);
  }

  /// Three layers, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, Layer l2, Layer l3, L last) {
    return chain(last, l1, l2, l3);
  }

  /// Four layers, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, Layer l2, Layer l3, Layer l4, L last) {
    return chain(last, l1, l2, l3, l4);
  }

  /// Five layers, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5,
      L last) {
    return chain(last, l1, l2, l3, l4, l5);
  }

  /// Six layers, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5,
      Layer l6,
      L last) {
    return chain(last, l1, l2, l3, l4, l5, l6);
  }

  /// Seven layers, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5,
      Layer l6,
      Layer l7, L last) {
    return chain(last, l1, l2, l3, l4, l5, l6, l7);
  }

  /// Eight layers, then the last, whose outputs are those of the whole.
  public static <L extends Chain<L>> L sequential(Layer l1, Layer l2, Layer l3, Layer l4, Layer l5,
      Layer l6,
      Layer l7, Layer l8, L last) {
    return chain(last, l1, l2, l3, l4, l5, l6, l7, l8);
  }
}
