package io.kotangent.ir;

import static io.kotangent.ir.Prims.B;
import static io.kotangent.ir.Prims.X;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the bits of each [ScalarFn] are: a formula over [Basic]s for each element type, shared by every kind
/// of code. What a function means is in [Meaning]; f32 formulas are at most 2 ulp from it, f64 formulas at most 4.
public final class Lowering {
  private record Key(ScalarFn fn, DType type) {
  }

  private static final Map<Key, Term> KNOWN = new ConcurrentHashMap<>();

  private Lowering() {
  }

  /// The formula of a function over operands of that type (for SELECT: the type of its last two). It is made of
  /// [Term.Arg], [Term.Lit] and [Term.Prim]; what occurs twice is one object, so walk it by identity.
  public static Term of(ScalarFn fn, DType type) {
    return KNOWN.computeIfAbsent(new Key(fn, type), Lowering::make);
  }

  private static Term make(Key key) {
    ScalarFn fn = key.fn;
    if (!fn.accepts(key.type)) {
      throw new KotangentException(fn + " is not defined on " + key.type);
    }
    if (fn.basic().isPresent()) {
      return new Term.Prim(fn.basic().get(), java.util.stream.IntStream.range(0, fn.arity())
          .<Term>mapToObj(Term.Arg::new).toList());
    }
    return switch (key.type) {
      case F32 -> f32(fn);
      case F64 -> f64(fn);
      case I32 -> integer(fn, Term.i32(0), Term.i32(1), Term.i32(-1));
      case I64 -> integer(fn, Term.i64(0), Term.i64(1), Term.i64(-1));
      case BOOL -> throw unreachable(fn);
    };
  }

  private static Term f32(ScalarFn fn) {
    return switch (fn) {
      case SIGN -> sign(Term.f32(0), Term.f32(1), Term.f32(-1));
      case EXP -> ExpFormulas.exp();
      case EXPM1 -> ExpFormulas.expm1();
      case SIGMOID -> ExpFormulas.sigmoid();
      case LOG_SIGMOID -> ExpFormulas.logSigmoid();
      case SOFTPLUS -> ExpFormulas.softplus();
      case TANH -> ExpFormulas.tanh();
      case LOG -> LogFormulas.log();
      case LOG1P -> LogFormulas.log1p();
      case SIN -> TrigFormulas.sin();
      case COS -> TrigFormulas.cos();
      case TAN -> TrigFormulas.tan();
      case ATAN -> TrigFormulas.atan();
      case CBRT -> WideFormulas.cbrt();
      case LOG1MEXP -> WideFormulas.log1mexp();
      case ERF -> WideFormulas.erf();
      case POW -> WideFormulas.pow();
      case RELU -> Prims.max(X, Term.f32(0));
      case STOP_GRADIENT -> X;
      case GT -> Prims.lt(B, X);
      case GE -> Prims.le(B, X);
      case IS_NAN -> Prims.ne(X, X);
      case IS_FINITE -> Prims.lt(Prims.abs(X), Term.f32(Float.POSITIVE_INFINITY));
      case NEG, ABS, SQRT, FLOOR, CEIL, ROUND, ADD, SUB, MUL, DIV, REM, MIN, MAX, AND, OR, XOR, NOT,
          SHL, SHR, USHR,
          LT, LE, EQ, NE, SELECT -> throw unreachable(fn);
    };
  }

  private static Term f64(ScalarFn fn) {
    return switch (fn) {
      case SIGN -> sign(Term.f64(0), Term.f64(1), Term.f64(-1));
      case CBRT, EXP, EXPM1, LOG, LOG1P, LOG1MEXP, SIGMOID, LOG_SIGMOID, SOFTPLUS, TANH, SIN, COS,
          TAN, ATAN, ERF,
          POW -> F64Formulas.of(fn, X, B);
      case RELU -> Prims.max(X, Term.f64(0));
      case STOP_GRADIENT -> X;
      case GT -> Prims.lt(B, X);
      case GE -> Prims.le(B, X);
      case IS_NAN -> Prims.ne(X, X);
      case IS_FINITE -> Prims.lt(Prims.abs(X), Term.f64(Double.POSITIVE_INFINITY));
      case NEG, ABS, SQRT, FLOOR, CEIL, ROUND, ADD, SUB, MUL, DIV, REM, MIN, MAX, AND, OR, XOR, NOT,
          SHL, SHR, USHR,
          LT, LE, EQ, NE, SELECT -> throw unreachable(fn);
    };
  }

  private static Term integer(ScalarFn fn, Term zero, Term one, Term minusOne) {
    return switch (fn) {
      case SIGN -> sign(zero, one, minusOne);
      case STOP_GRADIENT -> X;
      case GT -> Prims.lt(B, X);
      case GE -> Prims.le(B, X);
      case CBRT, EXP, EXPM1, LOG, LOG1P, LOG1MEXP, SIGMOID, LOG_SIGMOID, SOFTPLUS, TANH, SIN, COS,
          TAN, ATAN, ERF,
          POW, RELU, IS_NAN, IS_FINITE, NEG, ABS, SQRT, FLOOR, CEIL, ROUND, ADD, SUB, MUL, DIV, REM,
          MIN, MAX, AND,
          OR, XOR, NOT, SHL, SHR, USHR, LT, LE, EQ, NE, SELECT -> throw unreachable(fn);
    };
  }

  /// −1, 1, or the operand itself if it is ±0 or NaN.
  private static Term sign(Term zero, Term one, Term minusOne) {
    return Prims.select(Prims.lt(zero, X), one, Prims.select(Prims.lt(X, zero), minusOne, X));
  }

  private static IllegalStateException unreachable(ScalarFn fn) {
    return new IllegalStateException(fn + " is a basic or is not defined on that type");
  }
}
