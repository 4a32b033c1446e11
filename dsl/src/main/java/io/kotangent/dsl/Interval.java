package io.kotangent.dsl;

import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finite numbers from `low` to `high`: what the elements of a node surely are, rounding included.
record Interval(double low, double high) {
  /// How far off exponentials may be.
  private static final double FEW_ULP = 1e-6;

  static Interval upTo(double most) {
    return new Interval(-most, most);
  }

  Interval hull(Interval other) {
    return new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  /// What is known of a node; nothing if it may be infinite or not a number.
  ///
  /// @param known what is known of its operands
  static Optional<Interval> of(Node node, Map<Node, Interval> known) {
    List<Interval> operands = new ArrayList<>();
    for (Node operand : node.operands()) {
      Interval interval = known.get(operand);
      if (interval == null && operand.dtype() != DType.BOOL) {
        return Optional.empty();
      }
      operands.add(interval == null ? new Interval(0, 1) : interval);
    }
    Optional<Interval> exact = switch (node.op()) {
      case Op.Constant(var literal) -> of(literal);
      case Op.Broadcast _, Op.Reshape _, Op.Transpose _, Op.Reverse _, Op.Slice _ ->
          Optional.of(operands.getFirst());
      case Op.Cast(var to) -> to.isFloat() ? Optional.of(operands.getFirst()) : Optional.empty();
      case Op.Map(var fn) -> fn == ScalarFn.MUL && node.operand(0) == node.operand(1)
          ? Optional.of(operands.getFirst().square())
          : map(fn, operands);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          Optional.empty();
    };
    return exact.map(interval -> interval.roundedTo(node.dtype()))
        .filter(i -> Double.isFinite(i.low) && Double.isFinite(i.high));
  }

  private static Optional<Interval> of(Literal literal) {
    if (literal.length() == 0 || literal.type().dtype() == DType.BOOL) {
      return Optional.empty();
    }
    Interval all = new Interval(literal.real(0), literal.real(0));
    for (int i = 1; i < literal.length(); i++) {
      all = all.hull(new Interval(literal.real(i), literal.real(i)));
    }
    return Optional.of(all);
  }

  private static Optional<Interval> map(ScalarFn fn, List<Interval> x) {
    Interval a = x.getFirst();
    Interval b = x.getLast();
    return Optional.ofNullable(switch (fn) {
      case NEG -> new Interval(-a.high, -a.low);
      case ABS -> new Interval(Math.max(0, Math.max(a.low, -a.high)), Math.max(-a.low, a.high));
      case SIGN, TANH -> new Interval(-1, 1);
      case RELU -> new Interval(Math.max(a.low, 0), Math.max(a.high, 0));
      case STOP_GRADIENT -> a;
      case SQRT -> a.low >= 0 ? new Interval(Math.sqrt(a.low), Math.sqrt(a.high)) : null;
      case EXP -> new Interval(StrictMath.exp(a.low) * (1 - FEW_ULP),
          StrictMath.exp(a.high) * (1 + FEW_ULP));
      case ADD -> new Interval(a.low + b.low, a.high + b.high);
      case SUB, ZERO_SUB -> new Interval(a.low - b.high, a.high - b.low);
      case MUL, ZERO_MUL -> corners(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high);
      case DIV, ZERO_DIV -> b.low > 0 || b.high < 0
          ? corners(a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high)
          : null;
      case MIN -> new Interval(Math.min(a.low, b.low), Math.min(a.high, b.high));
      case MAX -> new Interval(Math.max(a.low, b.low), Math.max(a.high, b.high));
      case SELECT -> x.get(1).hull(b);
      default -> null;
    });
  }

  private Interval square() {
    double most = Math.max(-low, high);
    double least = Math.max(0, Math.max(low, -high));
    return new Interval(least * least, most * most);
  }

  private static Interval corners(double a, double b, double c, double d) {
    return new Interval(Math.min(Math.min(a, b), Math.min(c, d)),
        Math.max(Math.max(a, b), Math.max(c, d)));
  }

  /// Rounding keeps order: what lies between two numbers lies, rounded, between these rounded. In f32 they are taken a bit further
  /// apart first, since f64 has rounded them already.
  private Interval roundedTo(DType dtype) {
    return dtype == DType.F32
        ? new Interval((float) Math.nextDown(low), (float) Math.nextUp(high)) : this;
  }
}
