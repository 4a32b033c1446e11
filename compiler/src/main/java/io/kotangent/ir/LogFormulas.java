package io.kotangent.ir;

import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.Prims.add;
import static io.kotangent.ir.Prims.and;
import static io.kotangent.ir.Prims.bits;
import static io.kotangent.ir.Prims.eq;
import static io.kotangent.ir.Prims.f32;
import static io.kotangent.ir.Prims.fma;
import static io.kotangent.ir.Prims.fromBits;
import static io.kotangent.ir.Prims.i32;
import static io.kotangent.ir.Prims.lt;
import static io.kotangent.ir.Prims.mul;
import static io.kotangent.ir.Prims.poly32;
import static io.kotangent.ir.Prims.select;
import static io.kotangent.ir.Prims.shl;
import static io.kotangent.ir.Prims.shr;
import static io.kotangent.ir.Prims.sub;
import static io.kotangent.ir.Prims.toF32;

/// Logarithms in f32, by f32 arithmetic alone: x = 2ᵉ·(1 + f) with 1 + f between 2/3 and 4/3, log x = e·ln 2 + log(1 + f).
final class LogFormulas {
  private static final int TWO_THIRDS = Float.floatToRawIntBits(2 / 3f);
  private static final int MANTISSA = 0x7FFFFF;
  private static final double LN2_HIGH = 0x1.62e4p-1;
  private static final double LN2_LOW = 0.6931471805599453 - LN2_HIGH;
  /// (log(1 + f) − f + f²/2) / f³ on |f| ≤ 1/3.
  private static final double[] TAIL = {
      0.11330617219209671, -0.12422200292348862, 0.1091565489768982, -0.12288721650838852,
      0.1429186761379242,
      -0.16673316061496735, 0.19999948143959045, -0.24999944865703583, 0.3333333432674408};

  private LogFormulas() {
  }

  /// A denormal is scaled up first.
  static Term log() {
    Term tiny = lt(X, f32(Float.MIN_NORMAL));
    Term x = select(tiny, mul(X, f32(0x1p23)), X);
    Term i = sub(bits(x), i32(TWO_THIRDS));
    Term e = add(toF32(shr(i, i32(23))), select(tiny, f32(-23), f32(0)));
    Term f = sub(fromBits(add(and(i, i32(MANTISSA)), i32(TWO_THIRDS))), f32(1));
    Term y = join(e, f);
    Term special = select(eq(X, f32(0)), f32(Double.NEGATIVE_INFINITY), f32(Double.NaN));
    return select(lt(f32(0), X), select(lt(X, f32(Double.POSITIVE_INFINITY)), y, X), special);
  }

  /// The exponent is that of 1 + x, rounded; f = 2⁻ᵉ·x + (2⁻ᵉ − 1) has but one rounding (computed four times as
  /// large, so that 2⁻ᵉ is no denormal).
  static Term log1p() {
    Term shifted = shr(sub(bits(add(X, f32(1))), i32(TWO_THIRDS)), i32(23));
    Term scale = fromBits(sub(i32(Float.floatToRawIntBits(4)), shl(shifted, i32(23))));
    Term f = mul(fma(X, scale, sub(scale, f32(4))), f32(0.25));
    Term y = join(toF32(shifted), f);
    // of ±0 and the infinities: the operand itself
    Term whole = select(eq(mul(X, f32(0.5)), X), X, y);
    Term special = select(eq(X, f32(-1)), f32(Double.NEGATIVE_INFINITY), f32(Double.NaN));
    return select(lt(f32(-1), X), whole, special);
  }

  /// e·ln 2 + log(1 + f).
  private static Term join(Term e, Term f) {
    Term tail = fma(f, poly32(f, TAIL), f32(-0.5));
    Term small = fma(mul(f, f), tail, mul(e, f32(LN2_LOW)));
    return fma(e, f32(LN2_HIGH), add(f, small));
  }
}
