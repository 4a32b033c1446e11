package io.kotangent.ir;

import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.Prims.abs;
import static io.kotangent.ir.Prims.add;
import static io.kotangent.ir.Prims.and;
import static io.kotangent.ir.Prims.bits;
import static io.kotangent.ir.Prims.div;
import static io.kotangent.ir.Prims.eq;
import static io.kotangent.ir.Prims.f32;
import static io.kotangent.ir.Prims.f64;
import static io.kotangent.ir.Prims.fma;
import static io.kotangent.ir.Prims.fromBits;
import static io.kotangent.ir.Prims.i32;
import static io.kotangent.ir.Prims.lt;
import static io.kotangent.ir.Prims.max;
import static io.kotangent.ir.Prims.min;
import static io.kotangent.ir.Prims.mul;
import static io.kotangent.ir.Prims.neg;
import static io.kotangent.ir.Prims.or;
import static io.kotangent.ir.Prims.poly32;
import static io.kotangent.ir.Prims.poly64;
import static io.kotangent.ir.Prims.rint;
import static io.kotangent.ir.Prims.select;
import static io.kotangent.ir.Prims.shl;
import static io.kotangent.ir.Prims.sub;
import static io.kotangent.ir.Prims.toF32;
import static io.kotangent.ir.Prims.toF64;
import static io.kotangent.ir.Prims.toI32;
import static io.kotangent.ir.Prims.xor;

/// Trigonometric functions of f32, by f64 arithmetic; atan in f32.
///
/// The argument in quarter turns is x · 2/π. 2/π is cut into pieces of 29 bits, so that each product with the 24 bits
/// of x is exact, and of each product all that is a multiple of a whole turn is taken away, which is exact too. So
/// even the largest arguments are reduced to full accuracy, by the same straight line of code as small ones
/// (the idea of Payne and Hanek, without integers, shifts or branches).
final class TrigFormulas {
  /// 2/π is their sum to 203 bits.
  private static final double[] TWO_OVER_PI =
      {0x1.45f306dp-1, 0x1.9391054p-30, 0x1.4fe13abp-59, 0x1.d1f534dp-88,
          0x1.b81b6c5p-117, 0x1.5993c4p-148, 0x1.c820ffp-175};
  /// So many products may be as large as a turn; the others are small.
  private static final int LARGE = 5;
  /// sin(f·π/2) / f as a polynomial in f² on |f| ≤ 1/2.
  private static final double[] SINE =
      {0.0001582054153418526, -0.004681265867999628, 0.07969258267354878,
          -0.6459640961446242, 1.5707963267880862};
  /// cos(f·π/2) likewise.
  private static final double[] COSINE =
      {0.0009036218609260198, -0.02086006678438046, 0.2536692032912251,
          -1.2337005406179924, 0.9999999999523945};
  /// (atan(t) / t − 1) / t² as a polynomial in t² on [0, 1].
  private static final double[] ARCTANGENT =
      {0.001488691894337535, -0.00914462935179472, 0.026305001229047775,
          -0.04896051436662674, 0.07031914591789246, -0.08931826800107956, 0.11088261753320694,
          -0.14284004271030426,
          0.19999949634075165, -0.3333333432674408};
  private static final double HALF_PI_HIGH = (float) (Math.PI / 2);
  private static final int SIGN = Integer.MIN_VALUE;

  /// |x| as quarter turns: a whole number of them (modulo 4), and a rest of at most a half.
  private record Turn(Term quarters, Term rest) {
    static Turn of(Term x) {
      Term a = toF64(abs(x));
      Term rest = f64(0);
      Term quarters = f64(0);
      for (int i = 0; i < LARGE; i++) {
        Term product = mul(a, f64(TWO_OVER_PI[i]));
        Term part = fma(rint(mul(product, f64(0.25))), f64(-4), product);
        Term sum = i == 0 ? part : add(rest, part);
        Term whole = rint(sum);
        quarters = i == 0 ? whole : add(quarters, whole);
        rest = sub(sum, whole);
      }
      for (int i = LARGE; i < TWO_OVER_PI.length; i++) {
        rest = fma(a, f64(TWO_OVER_PI[i]), rest);
      }
      return new Turn(toI32(quarters), rest);
    }

    Term sine() {
      return mul(rest, poly64(mul(rest, rest), SINE));
    }

    Term cosine() {
      return poly64(mul(rest, rest), COSINE);
    }
  }

  private TrigFormulas() {
  }

  static Term sin() {
    Turn turn = Turn.of(X);
    return wave(turn, turn.quarters, and(bits(X), i32(SIGN)));
  }

  static Term cos() {
    Turn turn = Turn.of(X);
    return wave(turn, add(turn.quarters, i32(1)), i32(0));
  }

  /// The sine after that many quarter turns, and more by the rest; its sign changed by the bit in `sign`.
  private static Term wave(Turn turn, Term quarters, Term sign) {
    Term even = eq(and(quarters, i32(1)), i32(0));
    Term y = toF32(select(even, turn.sine(), turn.cosine()));
    return fromBits(xor(bits(y), xor(shl(and(quarters, i32(2)), i32(30)), sign)));
  }

  static Term tan() {
    Turn turn = Turn.of(X);
    Term even = eq(and(turn.quarters, i32(1)), i32(0));
    Term sine = turn.sine();
    Term cosine = turn.cosine();
    Term y = toF32(div(select(even, sine, cosine), select(even, cosine, neg(sine))));
    return fromBits(xor(bits(y), and(bits(X), i32(SIGN))));
  }

  /// atan(t) for t = |x| or 1/|x|, whichever is at most 1.
  static Term atan() {
    Term a = abs(X);
    Term t = div(min(a, f32(1)), max(a, f32(1)));
    Term u = mul(t, t);
    Term y = mul(t, fma(poly32(u, ARCTANGENT), u, f32(1)));
    Term complement = add(sub(f32(HALF_PI_HIGH), y), f32(Math.PI / 2 - HALF_PI_HIGH));
    Term result = select(lt(f32(1), a), complement, y);
    return fromBits(or(bits(result), and(bits(X), i32(SIGN))));
  }
}
