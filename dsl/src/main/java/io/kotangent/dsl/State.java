package io.kotangent.dsl;

/// A value that stays from step to step and is not trained, such as a running mean.
///
/// @param <T> the type of its value
public final class State<T extends Expr<T>> {
  private final Model model;
  private final T now;

  State(Model model, T now) {
    this.model = model;
    this.now = now;
  }

  /// The value before the step.
  public T now() {
    return now;
  }

  /// Declares the value after the step. Only training graphs have it; it is committed together with the weights, or not at
  /// all. No gradient passes through it from step to step.
  public void next(T value) {
    model.declared().next(now.value(), value.value());
  }
}
