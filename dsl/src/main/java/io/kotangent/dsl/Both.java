package io.kotangent.dsl;

/// Two states of a [Scan], such as the output and the memory of an LSTM. Kotlin destructures it.
///
/// @param <S> the type of the first
/// @param <T> the type of the second
public record Both<S extends Expr<S>, T extends Expr<T>>(S first, T second) {
  /// The first, for `val (h, c) = state` in Kotlin.
  public S component1() {
    return first;
  }

  /// The second, for `val (h, c) = state` in Kotlin.
  public T component2() {
    return second;
  }
}
