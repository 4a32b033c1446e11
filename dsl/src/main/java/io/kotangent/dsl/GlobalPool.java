package io.kotangent.dsl;

/// A layer that takes one number of each channel, over all rows and columns.
public final class GlobalPool implements Layer {
  private final Step step;

  GlobalPool(Step step) {
    this.step = step;
  }

  Step step() {
    return step;
  }

  /// The layer applied to a batch of images.
  public <A, F> Matrix<A, F> apply(Tensor4<A, ?, ?, F> x) {
    return new Matrix<>(step.apply(x.value()));
  }
}
