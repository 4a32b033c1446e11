package io.kotangent.dsl;

import java.util.List;
import java.util.Optional;

/// Four axes; for images batch, row, column, channel.
///
/// @param <A> the first axis
/// @param <B> the second axis
/// @param <C> the third axis
/// @param <D> the last axis
public final class Tensor4<A, B, C, D> extends Expr<Tensor4<A, B, C, D>>
    implements EndsInThree<B, C, D>, StartsWithThree<A, B, C> {
  Tensor4(Value value) {
    super(value, 4);
  }

  @Override
  Tensor4<A, B, C, D> like(Value value) {
    return new Tensor4<>(value);
  }

  private int at(String what, Object axis, int place) {
    return trace().position(what, axis, place, value());
  }

  /// Along the first axis.
  public Along<Tensor4<A, B, C, D>, Tensor3<B, C, D>> over(First<A> axis) {
    return new Along<>(value(), List.of(at("over", axis, 0)), Tensor4::new, Tensor3::new);
  }

  /// Along the second axis.
  public Along<Tensor4<A, B, C, D>, Tensor3<A, C, D>> over(Second<B> axis) {
    return new Along<>(value(), List.of(at("over", axis, 1)), Tensor4::new, Tensor3::new);
  }

  /// Along the third axis.
  public Along<Tensor4<A, B, C, D>, Tensor3<A, B, D>> over(Third<C> axis) {
    return new Along<>(value(), List.of(at("over", axis, 2)), Tensor4::new, Tensor3::new);
  }

  /// Along the fourth axis.
  public Along<Tensor4<A, B, C, D>, Tensor3<A, B, C>> over(Fourth<D> axis) {
    return new Along<>(value(), List.of(at("over", axis, 3)), Tensor4::new, Tensor3::new);
  }

  /// Along the first three axes.
  public Along<Tensor4<A, B, C, D>, Vector<D>> overAllBut(Fourth<D> axis) {
    at("overAllBut", axis, 3);
    return new Along<>(value(), List.of(0, 1, 2), Tensor4::new, Vector::new);
  }

  /// eˣ / Σ eˣ along the last axis.
  public Tensor4<A, B, C, D> softmax() {
    return like(Statistics.softmax(value(), List.of(3)));
  }

  /// The second and third axes exchanged.
  public Tensor4<A, C, B, D> swapMiddle() {
    return new Tensor4<>(trace().permute(value(), List.of(0, 2, 1, 3)));
  }

  /// A matrix product for each place along A and B.
  public <E> Tensor4<A, B, C, E> batchMatmul(Tensor4<A, B, D, E> other) {
    return new Tensor4<>(
        trace().contract("batchMatmul", "abcd,abde->abce", value(), other.value()));
  }

  /// The first axis under another name.
  public <N> Tensor4<N, B, C, D> renamed(First<A> from, Axis<N> to) {
    return new Tensor4<>(Layouts.renamed(value(), at("renamed", from, 0), to));
  }

  /// The second axis under another name.
  public <N> Tensor4<A, N, C, D> renamed(Second<B> from, Axis<N> to) {
    return new Tensor4<>(Layouts.renamed(value(), at("renamed", from, 1), to));
  }

  /// The third axis under another name.
  public <N> Tensor4<A, B, N, D> renamed(Third<C> from, Axis<N> to) {
    return new Tensor4<>(Layouts.renamed(value(), at("renamed", from, 2), to));
  }

  /// The fourth axis under another name.
  public <N> Tensor4<A, B, C, N> renamed(Fourth<D> from, Axis<N> to) {
    return new Tensor4<>(Layouts.renamed(value(), at("renamed", from, 3), to));
  }

  /// The last two axes as one, row-major.
  public <N> Tensor3<A, B, N> merged(Third<C> first, Fourth<D> second, Axis<N> into) {
    at("merged", second, 3);
    return new Tensor3<>(Layouts.merged(value(), at("merged", first, 2), into));
  }

  /// A convolution of rows and columns (cross-correlation) with a square kernel, stride 1 and zero padding that keeps the
  /// sizes, plus a bias: parameters `conv1.w` `[size, size, D, E]` (He uniform) and `conv1.b` (zero).
  ///
  /// @param size rows and columns of the kernel; at least 1
  public <E> Tensor4<A, B, C, E> conv(int size, Axis<E> features) {
    return conv(size, features, Sliding.same());
  }

  /// A convolution with a given padding and stride. SAME gives ⌈n/stride⌉ positions, VALID ⌊(n − size)/stride⌋ + 1,
  /// FULL ⌊(n + size − 2)/stride⌋ + 1.
  public <E> Tensor4<A, B, C, E> conv(int size, Axis<E> features, Padding padding, int stride) {
    return conv(size, features, Sliding.of(padding).stride(stride));
  }

  /// A convolution with a given padding, stride and dilation.
  public <E> Tensor4<A, B, C, E> conv(int size, Axis<E> features, Sliding sliding) {
    return conv(size, size, features, sliding, 1, Initializer.heUniform());
  }

  /// A convolution with all that can be chosen.
  ///
  /// @param rows rows of the kernel
  /// @param columns columns of the kernel
  /// @param groups splits the channels D and the features E into that many groups, each feature sees the channels of its
  /// group alone: the kernel is `[rows, columns, D/groups, E]`
  /// @param weights how the kernel starts
  public <E> Tensor4<A, B, C, E> conv(int rows, int columns, Axis<E> features, Sliding sliding,
      int groups, Initializer weights) {
    return new Tensor4<>(
        new Convolution(rows, columns, Optional.of(features), sliding, groups, weights)
            .once(value()));
  }

  /// A convolution of each channel with a kernel of its own, plus a bias: parameters `depthwiseConv1.w`
  /// `[size, size, 1, D]` and `depthwiseConv1.b`.
  public Tensor4<A, B, C, D> depthwiseConv(int size, Sliding sliding) {
    return like(Convolution.depthwise(size, sliding, Initializer.heUniform()).once(value()));
  }

  /// The convolution with a given kernel, without a bias: its axes are rows, columns, channels and features.
  public <E> Tensor4<A, B, C, E> convolve(Tensor4<?, ?, D, E> kernel, Sliding sliding) {
    return convolve(kernel, sliding, 1);
  }

  /// The convolution with a given kernel in groups, without a bias. The kernel's third axis has the channels of one
  /// group.
  public <E> Tensor4<A, B, C, E> convolve(Tensor4<?, ?, D, E> kernel, Sliding sliding,
      int groups) {
    return new Tensor4<>(
        Images.convolve("convolve", value(), kernel.value(), sliding, groups));
  }

  /// The greatest of each `size`×`size` block of rows and columns; what does not fill a block is dropped.
  public Tensor4<A, B, C, D> maxPool(int size) {
    return maxPool(size, size);
  }

  /// The greatest of each `size`×`size` window, at every `stride`-th row and column. The gradient goes to the first of
  /// the greatest, row by row.
  public Tensor4<A, B, C, D> maxPool(int size, int stride) {
    return maxPool(size, Sliding.valid().stride(stride));
  }

  /// The greatest of each `size`×`size` window; padding is never the greatest. A window with a NaN gives NaN.
  public Tensor4<A, B, C, D> maxPool(int size, Sliding sliding) {
    return like(Pooling.square(Pooling.Kind.MAX, size, sliding).apply(value()));
  }

  /// The mean of each `size`×`size` block of rows and columns; what does not fill a block is dropped.
  public Tensor4<A, B, C, D> averagePool(int size) {
    return averagePool(size, size);
  }

  /// The mean of each `size`×`size` window, at every `stride`-th row and column.
  public Tensor4<A, B, C, D> averagePool(int size, int stride) {
    return averagePool(size, Sliding.valid().stride(stride));
  }

  /// The mean of what each `size`×`size` window covers of the image; padding does not count.
  public Tensor4<A, B, C, D> averagePool(int size, Sliding sliding) {
    return like(Pooling.square(Pooling.Kind.AVERAGE, size, sliding).apply(value()));
  }

  /// The greatest of each channel over rows and columns.
  public Matrix<A, D> globalMaxPool() {
    return new Matrix<>(Pooling.global(Pooling.Kind.MAX, value()));
  }

  /// The mean of each channel over rows and columns.
  public Matrix<A, D> globalAveragePool() {
    return new Matrix<>(Pooling.global(Pooling.Kind.AVERAGE, value()));
  }

  /// All axes but the first as one, row-major.
  public Matrix<A, Flat> flatten() {
    return new Matrix<>(Images.flatten(value()));
  }

  /// Batch normalization for each channel (place along D), over all other axes; see
  /// [Layers#batchNorm(double, double)].
  public Tensor4<A, B, C, D> batchNorm() {
    return like(Normalization.batchNorm(value(), Normalization.MOMENTUM, Normalization.EPSILON));
  }
}
