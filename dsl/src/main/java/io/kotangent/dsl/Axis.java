package io.kotangent.dsl;

import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;

/// One axis of tensors: a name, a size, and a type that the Java and Kotlin compilers check. Declare it as a record that
/// is its own tag:
///
/// ```java
/// record Batch() implements Axis.Symbolic<Batch> {}          // any size, decided by what is fed
/// record Pixels(int size) implements Axis<Pixels> {}
/// ```
///
/// An axis is known by its name. Pools and strides keep the axis and change the size that a tensor has along it.
///
/// @param <A> the tag, normally the implementing type itself
public non-sealed interface Axis<A> extends First<A>, Second<A>, Third<A>, Fourth<A> {
  /// The number of elements along the axis; at least 0.
  int size();

  /// The name in graphs and messages: the tag's simple name, decapitalized.
  default String name() {
    return decapitalized(tag());
  }

  /// The class that stands for the axis in types.
  default Class<?> tag() {
    return getClass();
  }

  /// The size as graphs know it: a number, or a symbol for an axis of any size.
  default Dim extent() {
    if (size() < 0) {
      throw new ShapeException("axis '" + name() + "' has size " + size() + ": expected 0 or more");
    }
    return Dim.of(size());
  }

  /// An axis of another tag and this size.
  default <B> Axis<B> renamed(Class<B> other) {
    return extent().isConstant() ? of(other, size()) : new Unsized<>(other, extent());
  }

  /// An axis of that tag and size.
  static <A> Axis<A> of(Class<A> tag, int size) {
    return new Sized<>(tag, size);
  }

  /// An axis whose size is known only when arrays are fed, such as a batch. One compiled program serves every size.
  interface Symbolic<A> extends Axis<A> {
    /// Always fails: the size is a symbol.
    @Override
    default int size() {
      throw new KotangentException(
          "axis '" + name() + "' has no fixed size: use an axis with a size here");
    }

    @Override
    default Dim extent() {
      return Dim.symbol(name());
    }
  }

  private static String decapitalized(Class<?> tag) {
    String simple = tag.getSimpleName();
    if (simple.isEmpty()) {
      throw new KotangentException(
          "the axis " + tag.getName() + " has no name: override name(), or use a named class");
    }
    return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
  }

  /// An axis made from a tag and a size.
  record Sized<A>(Class<A> tag, int size) implements Axis<A> {
  }

  /// A renamed axis of symbolic size: its size is that of the axis it was made from.
  record Unsized<A>(Class<A> tag, Dim extent) implements Symbolic<A> {
  }
}
