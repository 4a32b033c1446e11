package io.kotangent.ir;

import static io.kotangent.ir.Prims.B;
import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.Prims.abs;
import static io.kotangent.ir.Prims.add;
import static io.kotangent.ir.Prims.and;
import static io.kotangent.ir.Prims.div;
import static io.kotangent.ir.Prims.eq;
import static io.kotangent.ir.Prims.f64;
import static io.kotangent.ir.Prims.lt;
import static io.kotangent.ir.Prims.max;
import static io.kotangent.ir.Prims.neg;
import static io.kotangent.ir.Prims.or;
import static io.kotangent.ir.Prims.select;

/// Formulas in f64 of functions that `StrictMath` does not have, over its bit-stable ones: at most 4 ulp.
final class F64Formulas {
  private F64Formulas() {
  }

  /// As IEEE 754 has it, 1 to any power is 1, and so is −1 to a power ±∞; of Java's function both are NaN.
  static Term pow() {
    Term even = and(eq(X, f64(-1)), eq(abs(B), f64(Double.POSITIVE_INFINITY)));
    return select(or(eq(X, f64(1)), even), f64(1), Term.prim(Basic.STRICT_POW, X, B));
  }

  private static Term exp(Term x) {
    return Term.prim(Basic.STRICT_EXP, x);
  }

  private static Term log1p(Term x) {
    return Term.prim(Basic.STRICT_LOG1P, x);
  }

  static Term softplus() {
    return add(max(X, f64(0)), log1p(exp(neg(abs(X)))));
  }

  static Term logSigmoid() {
    return neg(add(max(neg(X), f64(0)), log1p(exp(neg(abs(X))))));
  }

  /// Above −ln 2 the difference 1 − eˣ is taken by expm1, below it is no difference of near numbers.
  static Term log1mexp() {
    return select(lt(f64(-0.6931471805599453), X),
        Term.prim(Basic.STRICT_LOG, neg(Term.prim(Basic.STRICT_EXPM1, X))), log1p(neg(exp(X))));
  }

  /// 1 / (1 + e⁻ˣ), multiplied above and below by eˣ where x is negative: e^(−|x|) never overflows.
  static Term sigmoid() {
    Term e = exp(neg(abs(X)));
    return div(select(lt(X, f64(0)), e, f64(1)), add(f64(1), e));
  }
}
