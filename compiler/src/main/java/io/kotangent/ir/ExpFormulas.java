package io.kotangent.ir;

import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.Prims.abs;
import static io.kotangent.ir.Prims.add;
import static io.kotangent.ir.Prims.and;
import static io.kotangent.ir.Prims.div;
import static io.kotangent.ir.Prims.eq;
import static io.kotangent.ir.Prims.f32;
import static io.kotangent.ir.Prims.fma;
import static io.kotangent.ir.Prims.fromBits;
import static io.kotangent.ir.Prims.i32;
import static io.kotangent.ir.Prims.max;
import static io.kotangent.ir.Prims.min;
import static io.kotangent.ir.Prims.mul;
import static io.kotangent.ir.Prims.neg;
import static io.kotangent.ir.Prims.poly32;
import static io.kotangent.ir.Prims.select;
import static io.kotangent.ir.Prims.shl;
import static io.kotangent.ir.Prims.shr;
import static io.kotangent.ir.Prims.sub;
import static io.kotangent.ir.Prims.toF32;
import static io.kotangent.ir.Prims.toI32;

/// The exponential function and its kin in f32, by f32 arithmetic alone.
///
/// eˣ = 2ⁿ · eʳ with n = x / ln 2 to the nearest, so |r| ≤ ln 2 / 2. Adding 1.5·2²³ and taking it away again rounds to n;
/// 2ⁿ is put together in two factors, so that neither overflows and the product rounds once, denormals included.
///
/// Each formula makes a float from bits but once, and chooses by arithmetic: C2 vectorizes all but the one bit move.
final class ExpFormulas {
  private static final float ROUNDER = 0x1.8p23f;
  private static final double INVERSE_LN2 = 1.4426950408889634;
  /// The first 15 bits of ln 2, so that its product with n is exact.
  private static final double LN2_HIGH = 0x1.62e4p-1;
  private static final double LN2_LOW = 0.6931471805599453 - LN2_HIGH;
  /// (eʳ − 1 − r) / r² on |r| ≤ 0.3467.
  private static final double[] TAIL = {
      0.00019891017291229218, 0.001393367419950664, 0.00833331048488617, 0.041666463017463684,
      0.1666666716337204, 0.5};
  /// (log(1 + t) − t) / t² on [0, 1], in powers of t − 1/2.
  private static final double[] LOG1P = {
      0.0028016420546919107, -0.004576878156512976, 0.00578768365085125, -0.00968185905367136,
      0.016801651567220688, -0.028964007273316383, 0.0510830394923687, -0.09322971105575562,
      0.17922493815422058, -0.37813958525657654};
  /// (tanh(x) − x) / x³ as a polynomial in x² on |x| ≤ 0.625.
  private static final double[] TANH = {
      -0.006096299737691879, 0.02099689468741417, -0.053850848227739334, 0.1333276927471161,
      -0.333333283662796};

  /// n, r, and (eʳ − 1 − r) / r².
  private record Parts(Term n, Term r, Term tail) {
    /// eʳ.
    Term exp() {
      return add(expm1(), f32(1));
    }

    /// eʳ − 1.
    Term expm1() {
      return fma(mul(r, r), tail, r);
    }

    /// 2 to the power of half of n, rounded down.
    Term root() {
      return power(shr(n, i32(1)));
    }

    /// 1, or 2 if n is odd: root · (root · odd) is 2ⁿ.
    Term odd() {
      return toF32(add(and(n, i32(1)), i32(1)));
    }
  }

  private ExpFormulas() {
  }

  /// Of an x that may be large: n is at most `most`, and from where it is, r and the polynomial grow with x up to infinity,
  /// never NaN. (The minimum of two ints is one instruction, where C2 makes six of that of two floats, which may be NaN.)
  private static Parts parts(Term x, int most) {
    Term n = min(toI32(nearest(x)), i32(most));
    return parts(x, n, toF32(n));
  }

  /// Of an x that is not large.
  private static Parts parts(Term x) {
    Term n = nearest(x);
    return parts(x, toI32(n), n);
  }

  private static Term nearest(Term x) {
    return sub(fma(x, f32(INVERSE_LN2), f32(ROUNDER)), f32(ROUNDER));
  }

  private static Parts parts(Term x, Term n, Term f32n) {
    Term r = fma(f32n, f32(-LN2_LOW), fma(f32n, f32(-LN2_HIGH), x));
    return new Parts(n, r, poly32(r, TAIL));
  }

  /// 2ⁿ for an exponent that is in range.
  private static Term power(Term n) {
    return fromBits(shl(add(n, i32(127)), i32(23)));
  }

  static Term exp() {
    return exp(parts(max(X, f32(-104)), 128));
  }

  private static Term exp(Parts parts) {
    Term root = parts.root();
    return mul(mul(parts.exp(), root), mul(root, parts.odd()));
  }

  /// 2ⁿ·(eʳ − 1) + (2ⁿ − 1), all halved until the end so that 2¹²⁸ does not overflow.
  static Term expm1() {
    Parts parts = parts(max(X, f32(-18)), 128);
    Term s = power(sub(parts.n, i32(1)));
    Term y = mul(fma(parts.expm1(), s, sub(s, f32(0.5))), f32(2));
    return select(eq(X, f32(0)), X, y);
  }

  /// 1 / (1 + 2ᵃ·2ᵇ·eʳ), where e⁻ˣ = 2ᵃ⁺ᵇ·eʳ, multiplied above and below by 2⁻ᵇ. The denominator
  /// 2⁻ᵇ + 2ᵃ + 2ᵃ·(eʳ − 1) is rounded once: what the sum of the powers loses is put back.
  static Term sigmoid() {
    Parts parts = parts(max(neg(X), f32(-104)), 150);
    Term under = parts.root();
    Term over = div(f32(1), mul(under, parts.odd()));
    Term sum = add(under, over);
    Term lost = sub(over, sub(sum, under));
    return div(over, add(sum, fma(parts.expm1(), under, lost)));
  }

  static Term softplus() {
    return add(max(X, f32(0)), log1pExp());
  }

  static Term logSigmoid() {
    return neg(add(max(neg(X), f32(0)), log1pExp()));
  }

  /// log(1 + e^(−|x|)).
  private static Term log1pExp() {
    Term e = exp(parts(max(neg(abs(X)), f32(-104))));
    return fma(mul(e, e), poly32(sub(e, f32(0.5)), LOG1P), e);
  }

  /// A polynomial where |x| < 0.625, otherwise 1 − 2 / (e^(2|x|) + 1) with the sign of x. Both are finite for every x, and one
  /// is multiplied by zero. `x` is the argument limited to ±0.625, so that all of this is told from it: `outer` is v + |v|
  /// with v = ½ if |x| is 0.625 and v ≤ 0 if it is less, and the sign is x / 0.625 (1.6 times 0.625 rounds to 1).
  static Term tanh() {
    Term x = min(max(X, f32(-0.625)), f32(0.625));
    Term v = fma(abs(x), f32(0x1p23), f32(0.5 - 0.625 * 0x1p23));
    Term outer = add(v, abs(v));
    Term u = mul(x, x);
    Term small = mul(mul(x, fma(poly32(u, TANH), u, f32(1))), sub(f32(1), outer));
    Term sign = mul(mul(x, f32(1.6)), outer);
    Parts parts = parts(mul(abs(X), f32(2)), 26);
    Term s = power(parts.n);
    Term large = sub(f32(1), div(f32(2), fma(parts.expm1(), s, add(s, f32(1)))));
    return add(mul(large, sign), small);
  }
}
