package io.kotangent.ir;

import static io.kotangent.ir.Prims.B;
import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.Prims.abs;
import static io.kotangent.ir.Prims.add;
import static io.kotangent.ir.Prims.and;
import static io.kotangent.ir.Prims.bits;
import static io.kotangent.ir.Prims.div;
import static io.kotangent.ir.Prims.eq;
import static io.kotangent.ir.Prims.f64;
import static io.kotangent.ir.Prims.fma;
import static io.kotangent.ir.Prims.fromBits;
import static io.kotangent.ir.Prims.i32;
import static io.kotangent.ir.Prims.i64;
import static io.kotangent.ir.Prims.lt;
import static io.kotangent.ir.Prims.max;
import static io.kotangent.ir.Prims.min;
import static io.kotangent.ir.Prims.mul;
import static io.kotangent.ir.Prims.ne;
import static io.kotangent.ir.Prims.neg;
import static io.kotangent.ir.Prims.or;
import static io.kotangent.ir.Prims.poly64;
import static io.kotangent.ir.Prims.rint;
import static io.kotangent.ir.Prims.select;
import static io.kotangent.ir.Prims.shl;
import static io.kotangent.ir.Prims.shr;
import static io.kotangent.ir.Prims.sub;
import static io.kotangent.ir.Prims.toF32;
import static io.kotangent.ir.Prims.toF64;
import static io.kotangent.ir.Prims.toI64;

/// Functions of f32 that are computed in f64 and rounded at the end, so that short formulas suffice: cbrt, pow,
/// erf, log(1 − eˣ).
final class WideFormulas {
  private static final double LN2 = 0.6931471805599453;
  private static final double INVERSE_LN2 = 1.4426950408889634;
  private static final long TWO_THIRDS = Double.doubleToRawLongBits(2 / 3.0);
  private static final long MANTISSA = (1L << 52) - 1;
  private static final long ONE = Double.doubleToRawLongBits(1);
  /// log₂((1 + s) / (1 − s)) / s as a polynomial in s² on |s| ≤ 1/5.
  private static final double[] LOG2 = {0.2511094888109028, 0.2606605871444278, 0.32064447715431554,
      0.41219793923794806, 0.577078020674733, 0.9617966939151307, 2.885390081777931};
  /// 2ʳ on |r| ≤ 1/2.
  private static final double[] EXP2 =
      {1.3255240797206966e-06, 1.531010238038351e-05, 0.00015403455792749644,
          0.0013333450481819327, 0.009618129159464759, 0.05550410941295717, 0.24022650695812833,
          0.693147180545911, 1};
  /// (eˣ − 1) / x on [−ln 2, 0].
  private static final double[] EXPM1 =
      {2.023208794374316e-06, 2.3900845287816815e-05, 0.00019779836127402126,
          0.0013886418528999528, 0.008333274634165446, 0.041666658804041405, 0.16666666613783188,
          0.49999999998628064,
          0.9999999999999413};
  /// erf(x) = x·P(x²)/Q(x²) on |x| ≤ 4.
  private static final double[] ERF_P =
      {-1.319552228196096e-08, 4.683357313108746e-06, 0.0003795646124445884,
          0.0038498527366614345, 0.05431700678469766, 0.1852128221340733, 1.128379169417953};
  private static final double[] ERF_Q =
      {6.30972142043829e-05, 0.0013075597704069453, 0.015462418860331685,
          0.11396134040434762, 0.49747400327264873, 1.0};

  private WideFormulas() {
  }

  static Term erf() {
    Term x = max(min(toF64(X), f64(4)), f64(-4));
    Term u = mul(x, x);
    return toF32(div(mul(x, poly64(u, ERF_P)), poly64(u, ERF_Q)));
  }

  /// A first guess by a third of the bits, then Halley's method twice. Of ±0, ±∞ the operand itself.
  static Term cbrt() {
    Term x = toF64(X);
    Term a = abs(x);
    Term y = fromBits(add(div(bits(a), i64(3)), i64(682L << 52)));
    for (int i = 0; i < 2; i++) {
      Term cube = mul(mul(y, y), y);
      y = mul(y, div(fma(a, f64(2), cube), fma(cube, f64(2), a)));
    }
    Term signed = toF32(select(lt(x, f64(0)), neg(y), y));
    return select(eq(mul(x, f64(0.5)), x), X, signed);
  }

  /// 1 − eˣ is −x·P(x) above −ln 2, and below it 1 + f with f = −eˣ, whose logarithm must not see the rounded sum.
  static Term log1mexp() {
    Term x = toF64(X);
    Term near = lt(f64(-LN2), x);
    Term difference = mul(neg(x), poly64(max(x, f64(-LN2)), EXPM1));
    Term exp = exp2(mul(max(x, f64(-120)), f64(INVERSE_LN2)));
    Term v = select(near, difference, sub(f64(1), exp));
    Term i = sub(bits(v), i64(TWO_THIRDS));
    Term e = shr(i, i64(52));
    Term scale = fromBits(sub(i64(ONE), shl(e, i64(52))));
    Term f = fma(select(near, v, neg(exp)), scale, select(near, f64(-1), sub(scale, f64(1))));
    Term y = toF32(mul(add(toF64(e), log2(f)), f64(LN2)));
    Term special =
        select(eq(x, f64(0)), Prims.f32(Double.NEGATIVE_INFINITY), Prims.f32(Double.NaN));
    return select(lt(x, f64(0)), y, special);
  }

  /// log₂(1 + f) for 2/3 ≤ 1 + f ≤ 4/3.
  private static Term log2(Term f) {
    Term s = div(f, add(f, f64(2)));
    return mul(s, poly64(mul(s, s), LOG2));
  }

  /// 2ᶻ for |z| ≤ 1000.
  private static Term exp2(Term z) {
    Term n = rint(z);
    Term power = fromBits(shl(add(toI64(n), i64(1023)), i64(52)));
    return mul(poly64(sub(z, n), EXP2), power);
  }

  /// 2^(b·log₂|a|), with the sign of a where b is odd. Special cases are those of IEEE 754: ±1 to any power is ±1, where
  /// the product would be `∞·0` (and −1 to the power NaN is undefined).
  static Term pow() {
    Term a = toF64(X);
    Term b = toF64(B);
    Term magnitude = abs(a);
    Term i = sub(bits(magnitude), i64(TWO_THIRDS));
    Term f = sub(fromBits(add(and(i, i64(MANTISSA)), i64(TWO_THIRDS))), f64(1));
    Term log = add(toF64(shr(i, i64(52))), log2(f));
    Term infinity = f64(Double.POSITIVE_INFINITY);
    Term finite = lt(magnitude, infinity);
    Term logOrEnd = select(finite, select(eq(a, f64(0)), neg(infinity), log), magnitude);
    Term power = toF32(exp2(min(max(mul(b, logOrEnd), f64(-200)), f64(200))));
    Term y = select(or(eq(b, f64(0)), eq(magnitude, f64(1))), Prims.f32(1), power);
    Term half = mul(b, f64(0.5));
    Term odd = and(eq(rint(b), b), ne(rint(half), half));
    Term sign = select(odd, and(bits(X), i32(Integer.MIN_VALUE)), i32(0));
    Term signed = fromBits(or(bits(y), sign));
    Term undefined = and(and(lt(a, f64(0)), finite), ne(rint(b), b));
    return select(undefined, Prims.f32(Double.NaN), signed);
  }
}
