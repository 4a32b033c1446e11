package io.kotangent.ir;

import io.kotangent.type.DType;

/// What is known of every element of a float tensor, if what is fed is finite and sums and products of finite numbers are:
/// so an infinity or a NaN comes of a function that has a pole or overflows.
///
/// @param low no element is less; −∞ if one may be −∞, the least finite number if nothing is known of finite ones
/// @param high no element is greater
/// @param nan whether an element may be NaN
/// @param fed whether what is fed comes here by lanes and moves alone: were it infinite, so might an element be
/// @param zeros whether a choice, or a mask, may have made elements that are exactly 0
/// @param vanishing whether a function that goes to 0 far out may have: an exponential, the slope of a sigmoid
/// @param large whether a power of a value may have overflowed after all
public record Bounds(double low, double high, boolean nan, boolean fed, boolean zeros,
    boolean vanishing, boolean large) {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  /// What has a finite square in every type.
  private static final double MODERATE = 1e19;
  static final Bounds UNKNOWN = new Bounds(-INFINITY, INFINITY, true, true, true,
      false, false);

  /// Any finite number of a type.
  static Bounds finite(DType dtype) {
    return of(-most(dtype), most(dtype));
  }

  static Bounds of(double low, double high) {
    return new Bounds(low, high, false, false, false, false, false);
  }

  private static double most(DType dtype) {
    return dtype == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
  }

  /// Whether all elements are finite.
  public boolean isFinite() {
    return !nan && low > -INFINITY && high < INFINITY;
  }

  /// Whether an element may be 0.
  public boolean mayBeZero() {
    return nan || low <= 0 && high >= 0;
  }

  /// Whether what is divided by an element keeps its size, or loses some.
  public boolean isFiniteDivisor() {
    return !nan && (low >= Float.MIN_NORMAL || high <= -Float.MIN_NORMAL);
  }

  /// Whether none is negative.
  public boolean isNeverNegative() {
    return low >= 0;
  }

  private boolean mayBeInfinite() {
    return low == -INFINITY || high == INFINITY;
  }

  /// These bounds of numbers, with what else is known of operands.
  private static Bounds joined(double low, double high, boolean nan, Bounds a, Bounds b) {
    return new Bounds(Double.isNaN(low) ? -INFINITY : low, Double.isNaN(high) ? INFINITY : high,
        nan || a.nan || b.nan, a.fed || b.fed, a.zeros || b.zeros, a.vanishing || b.vanishing,
        a.large || b.large);
  }

  /// The same elsewhere: with other limits of numbers.
  Bounds limited(double newLow, double newHigh) {
    boolean undefined = Double.isNaN(newLow) || Double.isNaN(newHigh);
    return joined(newLow, newHigh, undefined, this, this);
  }

  /// As elements of that type: sums and products of finite numbers stay finite.
  Bounds in(DType dtype, Bounds... operands) {
    double most = most(dtype);
    boolean finite = true;
    for (Bounds operand : operands) {
      finite &= !operand.mayBeInfinite();
    }
    return finite ? limited(Math.clamp(low, -most, most), Math.clamp(high, -most, most))
        : limited(low < -most ? -INFINITY : low, high > most ? INFINITY : high);
  }

  Bounds with(boolean newFed, boolean newZeros) {
    return new Bounds(low, high, nan, newFed, newZeros, vanishing, large);
  }

  Bounds withZeros() {
    return with(fed, true);
  }

  /// The same, far out also 0.
  Bounds vanishing(boolean also) {
    return also ? new Bounds(low, high, nan, fed, zeros, true, large) : this;
  }

  /// The same, of a quotient: it overflows if what is divided does.
  Bounds quotient(boolean dividend) {
    return new Bounds(low, high, nan, fed, zeros, vanishing, dividend);
  }

  /// The same, but perhaps overflowed, unless no element is greater than some square root.
  Bounds grown(boolean also) {
    boolean may = (also || large) && (high > MODERATE || low < -MODERATE);
    return may == large ? this : new Bounds(low, high, nan, fed, zeros, vanishing, may);
  }

  Bounds negated() {
    return limited(-high, -low);
  }

  Bounds absolute() {
    return limited(low >= 0 ? low : high <= 0 ? -high : 0, Math.max(-low, high));
  }

  /// The bounds of what is one or the other.
  Bounds or(Bounds other) {
    return joined(Math.min(low, other.low), Math.max(high, other.high), false, this, other);
  }

  Bounds min(Bounds other) {
    return joined(Math.min(low, other.low), Math.min(high, other.high), false, this, other);
  }

  Bounds max(Bounds other) {
    return joined(Math.max(low, other.low), Math.max(high, other.high), false, this, other);
  }

  Bounds plus(Bounds other) {
    boolean undefined = low == -INFINITY && other.high == INFINITY
        || high == INFINITY && other.low == -INFINITY;
    return joined(low + other.low, high + other.high, undefined, this, other);
  }

  Bounds times(Bounds other) {
    boolean undefined = mayBeZero() && other.mayBeInfinite() || other.mayBeZero()
        && mayBeInfinite();
    return joined(Math.min(Math.min(product(low, other.low), product(low, other.high)),
        Math.min(product(high, other.low), product(high, other.high))),
        Math.max(Math.max(product(low, other.low), product(low, other.high)),
            Math.max(product(high, other.low), product(high, other.high))),
        undefined, this, other);
  }

  /// Where 0 meets an infinity, a bound is 0: other elements are near to it.
  private static double product(double a, double b) {
    return a == 0 || b == 0 ? 0 : a * b;
  }

  Bounds squared() {
    Bounds size = absolute();
    return limited(size.low * size.low, size.high * size.high);
  }

  Bounds dividedBy(Bounds other) {
    if (other.isFiniteDivisor()) {
      Bounds inverse = other.limited(1 / other.high, 1 / other.low);
      Bounds product = times(inverse);
      return joined(product.low, product.high, mayBeInfinite() && other.mayBeInfinite(), this,
          other);
    }
    boolean positive = low >= 0 && other.low >= 0;
    boolean undefined = mayBeZero() || mayBeInfinite() && other.mayBeInfinite();
    return joined(positive ? 0 : -INFINITY, INFINITY, undefined, this, other);
  }

  /// Of sums of some of these numbers, at least one if `some`.
  Bounds summed(DType dtype, boolean some) {
    double most = most(dtype);
    double least = low == -INFINITY ? -INFINITY : low < 0 ? -most : some ? low : 0;
    double greatest = high == INFINITY ? INFINITY : high > 0 ? most : some ? high : 0;
    return joined(least, greatest, low == -INFINITY && high == INFINITY, this, this);
  }
}
