package io.kotangent.dsl;

import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.OptionalInt;

/// An axis as one Kotlin object, tag and value in one:
///
/// ```kotlin
/// object Batch : AxisOf<Batch>()
/// object Pixels : AxisOf<Pixels>(784)
/// ```
///
/// @param <A> the object's own type
public abstract class AxisOf<A> implements Axis<A> {
  private final OptionalInt size;

  /// An axis of any size, decided by what is fed.
  protected AxisOf() {
    this.size = OptionalInt.empty();
  }

  /// An axis of that size.
  protected AxisOf(int size) {
    this.size = OptionalInt.of(size);
  }

  @Override
  public int size() {
    return size.orElseThrow(
        () -> new KotangentException(
            "axis '" + name() + "' has no fixed size: use an axis with a size here"));
  }

  @Override
  public Dim extent() {
    return size.isPresent() ? Axis.super.extent() : Dim.symbol(name());
  }
}
