package io.kotangent.dsl;

/// A layer that pools over rows and columns and keeps the channels.
public final class Pool implements Layer {
  private final Step step;

  Pool(Step step) {
    this.step = step;
  }

  Step step() {
    return step;
  }

  /// The layer applied to a batch of images.
  public <A, R, C, F> Tensor4<A, R, C, F> apply(Tensor4<A, R, C, F> x) {
    return new Tensor4<>(step.apply(x.value()));
  }
}
