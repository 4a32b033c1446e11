package io.kotangent.rewrite;

import io.kotangent.ir.BasicEval;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Term;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Both sides of a rule as computations on inputs a, b, c, d of one element type; the right side is what the rule makes of
/// the left.
final class RuleCase {
  private static final long[] F32 =
      floats(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1f, -1f,
          2f, -3f, 0.5f, 0.1f, -0.7f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL,
          Float.MAX_VALUE, -Float.MAX_VALUE,
          1.0000001f, 1e-10f, 16777217f, -2.5f);
  private static final long[] F64 =
      doubles(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, 1, -1,
          2, -3, 0.5, 0.1, -0.7, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL,
          Double.MAX_VALUE, -Double.MAX_VALUE,
          1.0000000000000002, 1e-20, 9007199254740993.0, -2.5);
  private static final long[] I32 =
      {0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 1 << 30, Integer.MIN_VALUE, Integer.MAX_VALUE,
          Integer.MIN_VALUE + 1, 12345};
  private static final long[] I64 =
      {0, 1, -1, 2, -2, 7, -7, 63, 64, 65, 1L << 32, 1L << 62, Long.MIN_VALUE, Long.MAX_VALUE,
          Long.MIN_VALUE + 1};
  private static final long[] BOOL = {0, 1};

  final Rule rule;
  final DType dtype;
  final GraphBuilder builder = new GraphBuilder();
  final List<Node> inputs = new ArrayList<>();
  final List<DType> used = new ArrayList<>();
  final Node left;
  final Node right;

  RuleCase(Rule rule, DType dtype, TensorType... shape) {
    this.rule = rule;
    this.dtype = dtype;
    TensorType lane = shape.length > 0 ? shape[0].as(dtype) : TensorType.scalar(dtype);
    left = build(rule.from(), isCondition(rule.from()) ? lane.as(DType.BOOL) : lane, lane);
    right = rule.apply(left, builder)
        .orElseThrow(() -> new AssertionError(rule + " does not fit its own left side"));
  }

  private static boolean isComparison(ScalarFn fn) {
    return switch (fn) {
      case LT, LE, GT, GE, EQ, NE, IS_NAN, IS_FINITE -> true;
      default -> false;
    };
  }

  /// Whether a pattern is bool whatever its letters are.
  private static boolean isCondition(Term term) {
    return term instanceof Term.Fn(var fn, var args)
        && (isComparison(fn) || fn == ScalarFn.NOT && isCondition(args.get(0)));
  }

  private Node build(Term term, TensorType wanted, TensorType lane) {
    return switch (term) {
      case Term.Arg(var index) -> {
        Node input = builder.input(new Port("" + (char) ('a' + index), Role.INPUT, wanted));
        if (!inputs.contains(input)) {
          inputs.add(input);
        }
        yield input;
      }
      case Term.Num(var value) -> builder.fill(wanted, value);
      case Term.Fn(var fn, var args) -> {
        List<Node> operands = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
          TensorType operand = fn == ScalarFn.SELECT && i == 0 ? lane.as(DType.BOOL)
              : isComparison(fn) ? lane : wanted;
          operands.add(build(args.get(i), operand, lane));
        }
        yield builder.map(fn, operands.toArray(Node[]::new));
      }
      default -> throw new AssertionError(term);
    };
  }

  /// All combinations of special values of the inputs.
  void forSpecialValues(Consumer<long[]> check) {
    forAll(0, new long[inputs.size()], check);
  }

  private void forAll(int input, long[] values, Consumer<long[]> check) {
    if (input == values.length) {
      check.accept(values.clone());
      return;
    }
    for (long value : special(inputs.get(input).dtype())) {
      values[input] = value;
      forAll(input + 1, values, check);
    }
  }

  private static long[] special(DType dtype) {
    return switch (dtype) {
      case F32 -> F32;
      case F64 -> F64;
      case I32 -> I32;
      case I64 -> I64;
      case BOOL -> BOOL;
    };
  }

  /// Whether two results are one value: equal bits, or both NaN.
  boolean isSame(long a, long b) {
    return a == b || isNaN(a) && isNaN(b);
  }

  private boolean isNaN(long bits) {
    return switch (left.dtype()) {
      case F32 -> Float.isNaN(BasicEval.f32(bits));
      case F64 -> Double.isNaN(BasicEval.f64(bits));
      case I32, I64, BOOL -> false;
    };
  }

  static String show(DType dtype, long bits) {
    return switch (dtype) {
      case F32 -> "" + BasicEval.f32(bits);
      case F64 -> "" + BasicEval.f64(bits);
      case I32, I64, BOOL -> "" + bits;
    };
  }

  String describe(long[] values, long before, long after) {
    StringBuilder text =
        new StringBuilder(rule.toString()).append(" differs in ").append(dtype).append(',');
    for (int i = 0; i < values.length; i++) {
      text.append(' ').append(io.kotangent.ir.Graph.port(inputs.get(i)).name()).append('=')
          .append(show(inputs.get(i).dtype(), values[i]));
    }
    return text.append(": ").append(show(left.dtype(), before)).append(" and ")
        .append(show(left.dtype(), after)).toString();
  }

  private static long[] floats(float... values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = BasicEval.bits(values[i]);
    }
    return bits;
  }

  private static long[] doubles(double... values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = BasicEval.bits(values[i]);
    }
    return bits;
  }
}
