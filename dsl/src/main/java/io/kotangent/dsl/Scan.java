package io.kotangent.dsl;

/// What a recurrence along an axis gives.
///
/// @param <S> the type of its state: an expression, or [Both]
public final class Scan<S> {
  private final S last;
  private final Tensor all;

  Scan(S last, Value all) {
    this.last = last;
    this.all = new Tensor(all);
  }

  /// The state after the last step; the first state if there are no steps.
  public S last() {
    return last;
  }

  /// The (first) state after every step: the scanned axis, then the state's own. Give it a type by
  /// `all().typed(batch, time, hidden)`, in whatever order is wanted.
  public Tensor all() {
    return all;
  }
}
