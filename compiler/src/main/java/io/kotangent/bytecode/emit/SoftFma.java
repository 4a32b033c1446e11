package io.kotangent.bytecode.emit;

import static io.kotangent.loop.Value.apply;
import static io.kotangent.loop.Value.ref;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;

/// Rewrites a kernel for machines without a fused multiply-add, where `Math.fma` takes microseconds: the same bits from
/// products and sums in f64.
///
/// f32: the product is exact in f64, the sum is rounded to odd, so that the last rounding is the only one. f64: product and
/// sums are split into a rounded value and its exact error, and the errors' sum is rounded to odd (Boldo and Melquiond);
/// operands near the ends of the exponent range, where an error could be lost, take `Math.fma`.
public final class SoftFma {
  private static final double SPLITTER = 0x1p27 + 1;

  private int temporaries;

  private SoftFma() {
  }

  /// The kernel as machines without a fused multiply-add run it best.
  public static Kernel rewrite(Kernel kernel) {
    return new Kernel(kernel.arrays(), kernel.ints(), kernel.scratch(),
        new SoftFma().block(kernel.body()));
  }

  private List<Stmt> block(List<Stmt> stmts) {
    List<Stmt> out = new ArrayList<>();
    for (Stmt stmt : stmts) {
      statement(stmt, out);
    }
    return out;
  }

  private void statement(Stmt stmt, List<Stmt> out) {
    switch (stmt) {
      case Stmt.For loop -> {
        List<Stmt> body = block(loop.body());
        boolean straight = body.stream().noneMatch(Stmt.If.class::isInstance);
        out.add(new Stmt.For(loop.variable(), loop.from(), loop.to(), loop.step(), body,
            loop.row() && straight));
      }
      case Stmt.Lanes loop -> out.add(new Stmt.For(loop.variable(), loop.from(), loop.to(), 1,
          block(loop.body()), false));
      case Stmt.If(Value condition, List<Stmt> then, List<Stmt> otherwise) -> {
        Value test = value(condition, out);
        out.add(new Stmt.If(test, block(then), block(otherwise)));
      }
      case Stmt.Let(Local local, Value value) -> out.add(new Stmt.Let(local, value(value, out)));
      case Stmt.Assign(Local local, Value value) ->
          out.add(new Stmt.Assign(local, value(value, out)));
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        Value stored = value(value, out);
        out.add(new Stmt.Store(array, index, stored));
      }
      case Stmt.Fill(ArrayParam array, Value from, Value length, Value value) -> {
        Value filled = value(value, out);
        out.add(new Stmt.Fill(array, from, length, filled));
      }
      case Stmt.Check(Value condition, String message) ->
          out.add(new Stmt.Check(value(condition, out), message));
      case Stmt.Copy _, Stmt.Transpose _ -> out.add(stmt);
    }
  }

  private Value value(Value value, List<Stmt> out) {
    if (!(value instanceof Value.Apply(Basic basic, List<Value> args, DType dtype))) {
      return value;
    }
    List<Value> parts = new ArrayList<>();
    boolean changed = false;
    for (Value arg : args) {
      Value part = value(arg, out);
      changed |= part != arg;
      parts.add(part);
    }
    if (basic == Basic.FMA) {
      return dtype == DType.F32 ? single(parts, out) : full(parts, out);
    }
    return changed ? new Value.Apply(basic, parts, dtype) : value;
  }

  private Value let(Value value, List<Stmt> out) {
    Local local = new Local("fma" + temporaries++, value.dtype());
    out.add(new Stmt.Let(local, value));
    return ref(local);
  }

  private static Value add(Value a, Value b) {
    return apply(Basic.ADD, a, b);
  }

  private static Value sub(Value a, Value b) {
    return apply(Basic.SUB, a, b);
  }

  private static Value mul(Value a, Value b) {
    return apply(Basic.MUL, a, b);
  }

  private static Value and(Value a, Value b) {
    return apply(Basic.AND, a, b);
  }

  private static Value f64(double value) {
    return new Value.Const(DType.F64, BasicEval.bits(value));
  }

  private static Value i64(long value) {
    return new Value.Const(DType.I64, value);
  }

  private Value single(List<Value> args, List<Stmt> out) {
    Value product =
        let(mul(apply(Basic.TO_F64, args.get(0)), apply(Basic.TO_F64, args.get(1))), out);
    Value addend = let(apply(Basic.TO_F64, args.get(2)), out);
    return apply(Basic.TO_F32, oddSum(product, addend, out));
  }

  /// a + b without rounding, but for the last bit of the result, which is 1 when anything is lost.
  private Value oddSum(Value a, Value b, List<Stmt> out) {
    Value sum = let(add(a, b), out);
    Value error = error(a, b, sum, out);
    Value bits = let(apply(Basic.BITS, sum), out);
    Value even = apply(Basic.EQ, and(bits, i64(1)), i64(0));
    Value up = apply(Basic.EQ, apply(Basic.LT, f64(0), error), apply(Basic.LT, f64(0), sum));
    Value inexact = apply(Basic.OR, apply(Basic.LT, f64(0), error), apply(Basic.LT, error, f64(0)));
    Value step = apply(Basic.SELECT, up, i64(1), i64(-1));
    Value odd = apply(Basic.FROM_BITS, add(bits, step));
    return let(apply(Basic.SELECT, and(inexact, even), odd, sum), out);
  }

  /// The exact error of a rounded sum.
  private Value error(Value a, Value b, Value sum, List<Stmt> out) {
    Value rest = let(sub(sum, a), out);
    return let(add(sub(a, sub(sum, rest)), sub(b, rest)), out);
  }

  private Value full(List<Value> args, List<Stmt> out) {
    Value a = let(args.get(0), out);
    Value b = let(args.get(1), out);
    Value c = let(args.get(2), out);
    Value product = let(mul(a, b), out);
    Local result = new Local("fma" + temporaries++, DType.F64);
    out.add(new Stmt.Let(result, add(product, c)));
    Value zero = f64(0);
    Value exact =
        let(apply(Basic.OR, apply(Basic.OR, apply(Basic.EQ, a, zero), apply(Basic.EQ, b, zero)),
            and(apply(Basic.EQ, c, zero), within(product, 0x1p-900, 0x1p900))), out);
    Value safe = let(
        and(and(within(a, 0x1p-400, 0x1p400), within(b, 0x1p-400, 0x1p400)),
            within(c, 0x1p-800, 0x1p800)),
        out);
    List<Stmt> split = new ArrayList<>();
    split(a, b, c, product, result, split);
    List<Stmt> otherwise =
        List.of(
            new Stmt.If(safe, split, List.of(new Stmt.Assign(result, apply(Basic.FMA, a, b, c)))));
    out.add(new Stmt.If(apply(Basic.NOT, exact), otherwise, List.of()));
    return ref(result);
  }

  private static Value within(Value value, double low, double high) {
    Value size = apply(Basic.ABS, value);
    return and(apply(Basic.LE, f64(low), size), apply(Basic.LE, size, f64(high)));
  }

  private void split(Value a, Value b, Value c, Value product, Local result, List<Stmt> out) {
    Value aHigh = high(a, out);
    Value aLow = let(sub(a, aHigh), out);
    Value bHigh = high(b, out);
    Value bLow = let(sub(b, bHigh), out);
    Value lost = let(sub(mul(aLow, bLow),
        sub(sub(sub(product, mul(aHigh, bHigh)), mul(aLow, bHigh)), mul(aHigh, bLow))), out);
    Value low = let(add(c, lost), out);
    Value lowError = error(c, lost, low, out);
    Value high = let(add(product, low), out);
    Value highError = error(product, low, high, out);
    out.add(new Stmt.Assign(result, add(high, oddSum(lowError, highError, out))));
  }

  /// The upper half of the digits.
  private Value high(Value x, List<Stmt> out) {
    Value scaled = let(mul(x, f64(SPLITTER)), out);
    return let(sub(scaled, sub(scaled, x)), out);
  }
}
