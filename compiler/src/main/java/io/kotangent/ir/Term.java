package io.kotangent.ir;

import io.kotangent.type.DType;
import java.util.List;

/// A formula over the operands of a scalar function: the one notation for partial derivatives, rewrite
/// rules (both over [ScalarFn]s) and lowerings (over [Basic]s). A term that occurs twice should be the
/// same object: instantiation keeps that sharing.
public sealed interface Term {
  /// The operand with this index; in a rule, the pattern variable of that index.
  record Arg(int index) implements Term {
    @Override
    public String toString() {
      return String.valueOf((char) ('a' + index));
    }
  }

  /// In a derivative: the function's own result, written `y`.
  record Result() implements Term {
    @Override
    public String toString() {
      return "y";
    }
  }

  /// In a derivative: what the derivative is multiplied with (the result's cotangent, or in forward mode
  /// the operand's tangent), written `g`. Derivatives are formulas in `g`, not factors, so that
  /// `select(p, g, 0)` drops a lane without ever computing `0·∞`.
  record Seed() implements Term {
    @Override
    public String toString() {
      return "g";
    }
  }

  /// A number in the dtype that its place asks for (partials, rules).
  record Num(double value) implements Term {
    @Override
    public String toString() {
      boolean whole =
          value == Math.rint(value) && Math.abs(value) < 1e15 && (value != 0 || 1 / value > 0);
      return whole ? Long.toString((long) value) : Double.toString(value);
    }
  }

  /// A typed constant (lowerings), as raw bits in the convention of [BasicEval].
  record Lit(DType dtype, long bits) implements Term {
  }

  /// A scalar function applied (partials, rules).
  record Fn(ScalarFn fn, List<Term> args) implements Term {
    public Fn {
      args = List.copyOf(args);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(fn.toString()).append('(');
      for (int i = 0; i < args.size(); i++) {
        text.append(i == 0 ? "" : ", ").append(args.get(i));
      }
      return text.append(')').toString();
    }
  }

  /// A primitive applied (lowerings).
  record Prim(Basic basic, List<Term> args) implements Term {
    public Prim {
      args = List.copyOf(args);
    }
  }

  static Term fn(ScalarFn fn, Term... args) {
    return new Fn(fn, List.of(args));
  }

  static Term prim(Basic basic, Term... args) {
    return new Prim(basic, List.of(args));
  }

  static Term num(double value) {
    return new Num(value);
  }

  static Term f32(float value) {
    return new Lit(DType.F32, BasicEval.bits(value));
  }

  static Term f64(double value) {
    return new Lit(DType.F64, BasicEval.bits(value));
  }

  static Term i32(int value) {
    return new Lit(DType.I32, value);
  }

  static Term i64(long value) {
    return new Lit(DType.I64, value);
  }
}
