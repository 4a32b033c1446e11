package io.kotangent.ir;

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

/// Formulas in f64, over the bit-stable functions of `StrictMath`: at most 4 ulp.
final class F64Formulas {
  private F64Formulas() {
  }

  /// The function of f64 terms.
  static Term of(ScalarFn fn, Term x, Term b) {
    return switch (fn) {
      case CBRT -> Term.prim(Basic.STRICT_CBRT, x);
      case EXP -> exp(x);
      case EXPM1 -> Term.prim(Basic.STRICT_EXPM1, x);
      case LOG -> Term.prim(Basic.STRICT_LOG, x);
      case LOG1P -> log1p(x);
      case LOG1MEXP -> log1mexp(x);
      case SIGMOID -> sigmoid(x);
      case LOG_SIGMOID -> neg(add(max(neg(x), f64(0)), log1p(exp(neg(abs(x))))));
      case SOFTPLUS -> add(max(x, f64(0)), log1p(exp(neg(abs(x)))));
      case TANH -> Term.prim(Basic.STRICT_TANH, x);
      case SIN -> Term.prim(Basic.STRICT_SIN, x);
      case COS -> Term.prim(Basic.STRICT_COS, x);
      case TAN -> Term.prim(Basic.STRICT_TAN, x);
      case ATAN -> Term.prim(Basic.STRICT_ATAN, x);
      case ERF -> ErfFormulas.erf64(x);
      case POW -> pow(x, b);
      case NEG, ABS, SIGN, SQRT, FLOOR, CEIL, ROUND, RELU, STOP_GRADIENT, ADD, SUB, MUL, DIV, REM,
          MIN, MAX, AND, OR,
          XOR, NOT, SHL, SHR, USHR, LT, LE, GT, GE, EQ, NE, IS_NAN, IS_FINITE, SELECT ->
          throw new IllegalStateException(fn + " needs no formula in f64");
    };
  }

  /// As IEEE 754 has it, 1 to any power is 1, and so is −1 to a power ±∞; of Java's function both are NaN.
  private static Term pow(Term a, Term b) {
    Term even = and(eq(a, f64(-1)), eq(abs(b), f64(Double.POSITIVE_INFINITY)));
    return select(or(eq(a, f64(1)), even), f64(1), Term.prim(Basic.STRICT_POW, a, b));
  }

  private static Term exp(Term x) {
    return Term.prim(Basic.STRICT_EXP, x);
  }

  private static Term log1p(Term x) {
    return Term.prim(Basic.STRICT_LOG1P, x);
  }

  /// Above −ln 2 the difference 1 − eˣ is taken by expm1, below it is no difference of near numbers.
  private static Term log1mexp(Term x) {
    return select(lt(f64(-0.6931471805599453), x),
        Term.prim(Basic.STRICT_LOG, neg(Term.prim(Basic.STRICT_EXPM1, x))), log1p(neg(exp(x))));
  }

  /// 1 / (1 + e⁻ˣ), multiplied above and below by eˣ where x is negative: e^(−|x|) never overflows.
  private static Term sigmoid(Term x) {
    Term e = exp(neg(abs(x)));
    return div(select(lt(x, f64(0)), e, f64(1)), add(f64(1), e));
  }
}
