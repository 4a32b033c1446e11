package io.kotangent.dsl;

/// A layer that keeps all axes, such as dropout or an activation.
public final class Same implements Layer {
  private final Step step;

  Same(Step step) {
    this.step = step;
  }

  Step step() {
    return step;
  }

  /// The layer applied to any expression.
  public <T extends Expr<T>> T apply(T x) {
    return x.like(step.apply(x.value()));
  }
}
