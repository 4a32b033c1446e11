package io.kotangent.dsl;

import io.kotangent.type.ShapeException;
import java.util.List;

/// A layer, or several, as a value, whose outputs are features O of each example. Its weights are made at its first use
/// in a model; later uses in that model share them. Immutable.
///
/// @param <O> the axis of its outputs
public final class Units<O> extends Chain<Units<O>> {
  Units(List<Step> steps) {
    super(steps);
  }

  @Override
  Units<O> of(List<Step> all) {
    return new Units<>(all);
  }

  /// The layers applied to a batch.
  public <A> Matrix<A, O> apply(Matrix<A, ?> x) {
    return new Matrix<>(features(run(x.value())));
  }

  /// The layers applied to a batch of images; one of them must make features of rows and columns:
  /// [Layers#flatten()] or a global pool.
  public <A> Matrix<A, O> apply(Tensor4<A, ?, ?, ?> x) {
    return new Matrix<>(features(run(x.value())));
  }

  private static Value features(Value y) {
    if (y.rank() != 2) {
      throw new ShapeException("apply: expected two axes in the end, got " + Extent.text(y.axes())
          + y.trace().usedAt() + ": put flatten() or a global pool before the first dense layer");
    }
    return y;
  }

  /// These layers, then others.
  public <P> Units<P> then(Units<P> next) {
    return new Units<>(joined(next.steps()));
  }
}
