package io.kotangent.dsl;

import java.util.List;

/// Layers of a convolutional network as a value: takes images and gives images with channels F. Its weights are made at
/// its first use in a model; later uses in that model share them. Immutable.
///
/// ```java
/// var features = conv(5, edges).relu().maxPool(2).then(conv(5, strokes)).relu().maxPool(2);
/// var network = features.flatten().then(dense(hidden)).relu().then(dense(digit));
/// ```
///
/// @param <F> the axis of its channels
public final class Maps<F> extends Chain<Maps<F>> {
  Maps(List<Step> steps) {
    super(steps);
  }

  @Override
  Maps<F> of(List<Step> all) {
    return new Maps<>(all);
  }

  /// The layers applied to a batch of images. Rows and columns keep their names; strides and pools change their sizes.
  public <A, R, C> Tensor4<A, R, C, F> apply(Tensor4<A, R, C, ?> x) {
    return new Tensor4<>(run(x.value()));
  }

  /// These layers, then others.
  public <G> Maps<G> then(Maps<G> next) {
    return new Maps<>(joined(next.steps()));
  }

  /// These layers, then a pool.
  public Maps<F> then(Pool next) {
    return with(next.step());
  }

  /// These layers, then [Layers#flatten()] and others.
  public <O> Units<O> then(Units<O> next) {
    return new Units<>(joined(next.steps()));
  }

  /// Then [Tensor4#maxPool(int)].
  public Maps<F> maxPool(int size) {
    return then(Layers.maxPool(size));
  }

  /// Then [Tensor4#averagePool(int)].
  public Maps<F> averagePool(int size) {
    return then(Layers.averagePool(size));
  }

  /// Then all axes but the first as one, row-major.
  public Units<Flat> flatten() {
    return then(Layers.flatten());
  }

  /// Then the mean of each channel over rows and columns.
  public Units<F> globalAveragePool() {
    return new Units<>(joined(List.of(x -> Pooling.global(Pooling.Kind.AVERAGE, x))));
  }

  /// Then the greatest of each channel over rows and columns.
  public Units<F> globalMaxPool() {
    return new Units<>(joined(List.of(x -> Pooling.global(Pooling.Kind.MAX, x))));
  }
}
