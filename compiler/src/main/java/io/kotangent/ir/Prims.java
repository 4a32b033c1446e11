package io.kotangent.ir;

import static io.kotangent.ir.Basic.*;

import io.kotangent.type.DType;

/// Short names for the primitives, to write lowerings with. Every method makes one term; a term used twice
/// must be a variable, so that it is computed once.
final class Prims {
  /// The first operand.
  static final Term X = new Term.Arg(0);
  /// The second operand.
  static final Term B = new Term.Arg(1);

  private Prims() {
  }

  static Term neg(Term a) {
    return Term.prim(NEG, a);
  }

  static Term abs(Term a) {
    return Term.prim(ABS, a);
  }

  static Term add(Term a, Term b) {
    return Term.prim(ADD, a, b);
  }

  static Term sub(Term a, Term b) {
    return Term.prim(SUB, a, b);
  }

  static Term mul(Term a, Term b) {
    return Term.prim(MUL, a, b);
  }

  static Term div(Term a, Term b) {
    return Term.prim(DIV, a, b);
  }

  static Term fma(Term a, Term b, Term c) {
    return Term.prim(FMA, a, b, c);
  }

  static Term min(Term a, Term b) {
    return Term.prim(MIN, a, b);
  }

  static Term max(Term a, Term b) {
    return Term.prim(MAX, a, b);
  }

  static Term and(Term a, Term b) {
    return Term.prim(AND, a, b);
  }

  static Term or(Term a, Term b) {
    return Term.prim(OR, a, b);
  }

  static Term xor(Term a, Term b) {
    return Term.prim(XOR, a, b);
  }

  static Term shl(Term a, Term b) {
    return Term.prim(SHL, a, b);
  }

  static Term shr(Term a, Term b) {
    return Term.prim(SHR, a, b);
  }

  static Term ushr(Term a, Term b) {
    return Term.prim(USHR, a, b);
  }

  static Term lt(Term a, Term b) {
    return Term.prim(LT, a, b);
  }

  static Term le(Term a, Term b) {
    return Term.prim(LE, a, b);
  }

  static Term eq(Term a, Term b) {
    return Term.prim(EQ, a, b);
  }

  static Term ne(Term a, Term b) {
    return Term.prim(NE, a, b);
  }

  static Term rint(Term a) {
    return Term.prim(RINT, a);
  }

  static Term select(Term condition, Term a, Term b) {
    return Term.prim(SELECT, condition, a, b);
  }

  static Term toF32(Term a) {
    return Term.prim(TO_F32, a);
  }

  static Term toF64(Term a) {
    return Term.prim(TO_F64, a);
  }

  static Term toI32(Term a) {
    return Term.prim(TO_I32, a);
  }

  static Term toI64(Term a) {
    return Term.prim(TO_I64, a);
  }

  static Term bits(Term a) {
    return Term.prim(BITS, a);
  }

  static Term fromBits(Term a) {
    return Term.prim(FROM_BITS, a);
  }

  static Term f32(double a) {
    return Term.f32((float) a);
  }

  static Term f64(double a) {
    return Term.f64(a);
  }

  static Term i32(int a) {
    return Term.i32(a);
  }

  static Term i64(long a) {
    return Term.i64(a);
  }

  /// A number of any number type.
  static Term number(DType type, double value) {
    return new Term.Lit(type, BasicEval.bits(type, value));
  }

  /// −1, 1, or the operand itself if it is ±0 or NaN.
  static Term sign(DType type) {
    Term zero = number(type, 0);
    return select(lt(zero, X), number(type, 1), select(lt(X, zero), number(type, -1), X));
  }

  /// The polynomial in `x` with these f32 coefficients, the highest power first, by Horner's rule with `fma`.
  static Term poly32(Term x, double... coefficients) {
    Term sum = f32(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = fma(sum, x, f32(coefficients[i]));
    }
    return sum;
  }

  /// The same in f64.
  static Term poly64(Term x, double... coefficients) {
    Term sum = f64(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = fma(sum, x, f64(coefficients[i]));
    }
    return sum;
  }
}
