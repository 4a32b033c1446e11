package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;

/// The operators of all expressions. Each has four forms: the same axes, missing leading axes
/// ([BroadcastsTo]), missing trailing axes ([SpreadsTo]), and a number. All fail with a
/// [ShapeException][io.kotangent.type.ShapeException] that names both source lines when sizes differ. Kotlin reads `plus`, `minus`, `times`, `div`
/// and `unaryMinus` as operators.
///
/// @param <Self> the expression's own type
public abstract sealed class Operators<Self extends Expr<Self>> permits Expr {
  abstract Value value();

  /// This type of expression with another value.
  abstract Self like(Value value);

  private Self binary(ScalarFn fn, Value other, Align align) {
    return like(value().trace().binary(fn, value(), other, align));
  }

  private Mask<Self> compare(ScalarFn fn, Value other, Align align) {
    return new Mask<>(value().trace().binary(fn, value(), other, align), this::like);
  }

  private Self number(ScalarFn fn, Number number, boolean numberFirst) {
    return like(value().trace().withNumber(fn, value(), number, numberFirst));
  }

  private static Value of(BroadcastsTo<?> other) {
    return switch (other) {
      case Scalar scalar -> scalar.value();
      case Vector<?> vector -> vector.value();
      case Matrix<?, ?> matrix -> matrix.value();
      case Tensor3<?, ?, ?> tensor -> tensor.value();
      case ByName named -> named.value();
    };
  }

  private static Align align(BroadcastsTo<?> other) {
    return other instanceof ByName ? Align.BY_NAME : Align.TRAILING;
  }

  private static Value of(SpreadsTo<?> other) {
    return switch (other) {
      case Vector<?> vector -> vector.value();
      case Matrix<?, ?> matrix -> matrix.value();
      case Tensor3<?, ?, ?> tensor -> tensor.value();
    };
  }

  /// `this + other`.
  public Self plus(Self other) {
    return binary(ScalarFn.ADD, other.value(), selfAlign());
  }

  /// `this + other`; the other side is repeated along the leading axes that it lacks.
  public Self plus(BroadcastsTo<? super Self> other) {
    return binary(ScalarFn.ADD, of(other), align(other));
  }

  /// `this + other`; the other side is repeated along the trailing axes that it lacks.
  public Self plus(SpreadsTo<? super Self> other) {
    return binary(ScalarFn.ADD, of(other), Align.LEADING);
  }

  /// `this + other`, for a number, which is taken in the model's float type.
  public Self plus(Number other) {
    return number(ScalarFn.ADD, other, false);
  }

  /// `this − other`.
  public Self minus(Self other) {
    return binary(ScalarFn.SUB, other.value(), selfAlign());
  }

  /// `this − other`; the other side is repeated along the leading axes that it lacks.
  public Self minus(BroadcastsTo<? super Self> other) {
    return binary(ScalarFn.SUB, of(other), align(other));
  }

  /// `this − other`; the other side is repeated along the trailing axes that it lacks.
  public Self minus(SpreadsTo<? super Self> other) {
    return binary(ScalarFn.SUB, of(other), Align.LEADING);
  }

  /// `this − other`, for a number, which is taken in the model's float type.
  public Self minus(Number other) {
    return number(ScalarFn.SUB, other, false);
  }

  /// `this · other`, place by place.
  public Self times(Self other) {
    return binary(ScalarFn.MUL, other.value(), selfAlign());
  }

  /// `this · other`, place by place; the other side is repeated along the leading axes that it lacks.
  public Self times(BroadcastsTo<? super Self> other) {
    return binary(ScalarFn.MUL, of(other), align(other));
  }

  /// `this · other`, place by place; the other side is repeated along the trailing axes that it lacks.
  public Self times(SpreadsTo<? super Self> other) {
    return binary(ScalarFn.MUL, of(other), Align.LEADING);
  }

  /// `this · other`, place by place, for a number, which is taken in the model's float type.
  public Self times(Number other) {
    return number(ScalarFn.MUL, other, false);
  }

  /// `this / other`, place by place.
  public Self div(Self other) {
    return binary(ScalarFn.DIV, other.value(), selfAlign());
  }

  /// `this / other`, place by place; the other side is repeated along the leading axes that it lacks.
  public Self div(BroadcastsTo<? super Self> other) {
    return binary(ScalarFn.DIV, of(other), align(other));
  }

  /// `this / other`, place by place; the other side is repeated along the trailing axes that it lacks.
  public Self div(SpreadsTo<? super Self> other) {
    return binary(ScalarFn.DIV, of(other), Align.LEADING);
  }

  /// `this / other`, place by place, for a number, which is taken in the model's float type.
  public Self div(Number other) {
    return number(ScalarFn.DIV, other, false);
  }

  /// The greater of the two, place by place; NaN wins.
  public Self maximum(Self other) {
    return binary(ScalarFn.MAX, other.value(), selfAlign());
  }

  /// the greater of the two, place by place; NaN wins; the other side is repeated along the leading axes that it lacks.
  public Self maximum(BroadcastsTo<? super Self> other) {
    return binary(ScalarFn.MAX, of(other), align(other));
  }

  /// the greater of the two, place by place; NaN wins; the other side is repeated along the trailing axes that it lacks.
  public Self maximum(SpreadsTo<? super Self> other) {
    return binary(ScalarFn.MAX, of(other), Align.LEADING);
  }

  /// the greater of the two, place by place; NaN wins, for a number, which is taken in the model's float type.
  public Self maximum(Number other) {
    return number(ScalarFn.MAX, other, false);
  }

  /// The smaller of the two, place by place; NaN wins.
  public Self minimum(Self other) {
    return binary(ScalarFn.MIN, other.value(), selfAlign());
  }

  /// the smaller of the two, place by place; NaN wins; the other side is repeated along the leading axes that it lacks.
  public Self minimum(BroadcastsTo<? super Self> other) {
    return binary(ScalarFn.MIN, of(other), align(other));
  }

  /// the smaller of the two, place by place; NaN wins; the other side is repeated along the trailing axes that it lacks.
  public Self minimum(SpreadsTo<? super Self> other) {
    return binary(ScalarFn.MIN, of(other), Align.LEADING);
  }

  /// the smaller of the two, place by place; NaN wins, for a number, which is taken in the model's float type.
  public Self minimum(Number other) {
    return number(ScalarFn.MIN, other, false);
  }

  /// `number − this`; `number - x` in Kotlin.
  public Self subtractedFrom(Number number) {
    return number(ScalarFn.SUB, number, true);
  }

  /// `number / this`; `number / x` in Kotlin.
  public Self dividing(Number number) {
    return number(ScalarFn.DIV, number, true);
  }

  /// Where `this > other`; never where either is NaN.
  public Mask<Self> greaterThan(Self other) {
    return compare(ScalarFn.GT, other.value(), selfAlign());
  }

  /// Where `this > other`; the other side is repeated along the leading axes that it lacks.
  public Mask<Self> greaterThan(BroadcastsTo<? super Self> other) {
    return compare(ScalarFn.GT, of(other), align(other));
  }

  /// Where `this > number`.
  public Mask<Self> greaterThan(Number number) {
    return new Mask<>(value().trace().withNumber(ScalarFn.GT, value(), number, false), this::like);
  }

  /// Where `this ≥ other`; never where either is NaN.
  public Mask<Self> atLeast(Self other) {
    return compare(ScalarFn.GE, other.value(), selfAlign());
  }

  /// Where `this ≥ other`; the other side is repeated along the leading axes that it lacks.
  public Mask<Self> atLeast(BroadcastsTo<? super Self> other) {
    return compare(ScalarFn.GE, of(other), align(other));
  }

  /// Where `this ≥ number`.
  public Mask<Self> atLeast(Number number) {
    return new Mask<>(value().trace().withNumber(ScalarFn.GE, value(), number, false), this::like);
  }

  /// Where `this < other`; never where either is NaN.
  public Mask<Self> lessThan(Self other) {
    return compare(ScalarFn.LT, other.value(), selfAlign());
  }

  /// Where `this < other`; the other side is repeated along the leading axes that it lacks.
  public Mask<Self> lessThan(BroadcastsTo<? super Self> other) {
    return compare(ScalarFn.LT, of(other), align(other));
  }

  /// Where `this < number`.
  public Mask<Self> lessThan(Number number) {
    return new Mask<>(value().trace().withNumber(ScalarFn.LT, value(), number, false), this::like);
  }

  /// Where `this ≤ other`; never where either is NaN.
  public Mask<Self> atMost(Self other) {
    return compare(ScalarFn.LE, other.value(), selfAlign());
  }

  /// Where `this ≤ other`; the other side is repeated along the leading axes that it lacks.
  public Mask<Self> atMost(BroadcastsTo<? super Self> other) {
    return compare(ScalarFn.LE, of(other), align(other));
  }

  /// Where `this ≤ number`.
  public Mask<Self> atMost(Number number) {
    return new Mask<>(value().trace().withNumber(ScalarFn.LE, value(), number, false), this::like);
  }

  /// Where `this = other`; never where either is NaN.
  public Mask<Self> equalTo(Self other) {
    return compare(ScalarFn.EQ, other.value(), selfAlign());
  }

  /// Where `this = other`; the other side is repeated along the leading axes that it lacks.
  public Mask<Self> equalTo(BroadcastsTo<? super Self> other) {
    return compare(ScalarFn.EQ, of(other), align(other));
  }

  /// Where `this = number`.
  public Mask<Self> equalTo(Number number) {
    return new Mask<>(value().trace().withNumber(ScalarFn.EQ, value(), number, false), this::like);
  }

  /// How the axes of another expression of this type are matched.
  private Align selfAlign() {
    return this instanceof Tensor ? Align.BY_NAME : Align.SAME;
  }
}
