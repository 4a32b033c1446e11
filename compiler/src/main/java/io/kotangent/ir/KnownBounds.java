package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The [Bounds] of nodes, each found once.
///
/// What a contraction gives counts as finite: of infinite operands its own derivatives are infinities and NaNs already,
/// which no lane behind it could mend. A size counts as at least 1: what is divided by an empty one, a mean, goes to no
/// element.
public final class KnownBounds {
  private final Map<Node, Bounds> known = new IdentityHashMap<>();
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /// The bounds of a tensor; those of one that is not of floats say what it is cast to.
  public Bounds of(Node node) {
    List<Node> order = new ArrayList<>();
    Graph.visit(node, seen, order);
    order.forEach(n -> known.put(n, find(n)));
    return operand(node);
  }

  private Bounds operand(Node node) {
    return known.getOrDefault(node, Bounds.UNKNOWN);
  }

  private Bounds operand(Node node, int index) {
    return operand(node.operand(index));
  }

  private Bounds find(Node node) {
    if (!(node.valueType() instanceof TensorType type)) {
      return Bounds.UNKNOWN;
    }
    DType dtype = type.dtype();
    return switch (node.op()) {
      case Op.Map(var fn) -> dtype.isFloat() ? far(fn, node, lane(fn, node)) : integers(dtype);
      case Op.Input(var port) ->
          dtype.isFloat() ? Bounds.finite(dtype).with(port.role() == Role.INPUT, false)
              : integers(dtype);
      case Op.Constant(var literal) -> constant(literal);
      case Op.Size _ -> Bounds.of(1, Double.MAX_VALUE);
      case Op.Iota _ -> Bounds.of(0, Double.MAX_VALUE);
      case Op.Random _ -> integers(dtype);
      case Op.Cast _ -> operand(node, 0).in(dtype, operand(node, 0));
      case Op.OverlapAdd _ -> operand(node, 0).summed(dtype, false).withZeros();
      case Op.Layout _ -> oneOf(node, node.operands());
      case Op.Gather _ -> operand(node, 0);
      case Op.Scatter _ -> {
        Bounds added = operand(node, 2).summed(dtype, false);
        yield operand(node, 0).plus(added).in(dtype, operand(node, 0), added);
      }
      case Op.Reduce reduce -> reduced(reduce, node);
      case Op.Contract _, Op.Convolve _ -> contracted(node);
      case Op.Item(var index) -> node.operand(0).op() instanceof Op.Sort && index == 0
          ? operand(node.operand(0), 0) : Bounds.UNKNOWN;
      case Op.Sort _, Op.Control _ -> Bounds.UNKNOWN;
    };
  }

  private static Bounds integers(DType dtype) {
    return dtype == DType.BOOL ? Bounds.of(0, 1).withZeros()
        : Bounds.of(-Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private static Bounds constant(Literal literal) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    boolean zero = false;
    for (int i = 0; i < literal.length(); i++) {
      double element = literal.real(i);
      low = Math.min(low, element);
      high = Math.max(high, element);
      zero |= element == 0;
    }
    return literal.length() == 0 ? Bounds.of(0, 0)
        : Bounds.of(0, 0).limited(low, high).with(false, zero);
  }

  private Bounds oneOf(Node node, List<Node> parts) {
    Bounds bounds = operand(parts.getFirst());
    for (Node part : parts) {
      bounds = bounds.or(operand(part));
    }
    return node.op() instanceof Op.Pad ? bounds.withZeros() : bounds;
  }

  private Bounds contracted(Node node) {
    Bounds a = operand(node, 0);
    Bounds b = operand(node, 1);
    Bounds finite = Bounds.finite(node.dtype()).with(false, a.zeros() || b.zeros());
    boolean positive = node.operand(0) == node.operand(1) && isDot(node)
        || a.isNeverNegative() && b.isNeverNegative();
    return positive ? finite.limited(0, finite.high()) : finite;
  }

  /// Whether each product is of elements at one place: the sum of squares, if both operands are the same.
  private static boolean isDot(Node node) {
    return node.op() instanceof Op.Contract contract && contract.left().equals(contract.right());
  }

  private Bounds reduced(Op.Reduce reduce, Node node) {
    Node x = node.operand(0);
    Bounds bounds = operand(x);
    boolean some = reduce.axes().stream().allMatch(axis -> x.type().dim(axis).isAtLeast(1));
    return switch (reduce.kind()) {
      case SUM -> {
        Bounds sum = bounds.summed(node.dtype(), some);
        yield isOfLargestExponential(reduce, x) ? sum.limited(1, sum.high()) : sum;
      }
      case MAX -> some ? bounds : bounds.limited(Double.NEGATIVE_INFINITY, bounds.high());
      case MIN -> some ? bounds : bounds.limited(bounds.low(), Double.POSITIVE_INFINITY);
      case PRODUCT -> bounds.isFinite() ? Bounds.finite(node.dtype()).with(bounds.fed(),
          bounds.zeros()) : Bounds.UNKNOWN;
      case ALL, ANY, ARGMAX, ARGMIN -> integers(node.dtype());
    };
  }

  /// Whether it is `exp(x − max x)`, of which one is 1 (or there is none).
  private static boolean isOfLargestExponential(Op.Reduce sum, Node node) {
    return node.applies(ScalarFn.EXP) && isDifference(node.operand(0))
        && maximum(node.operand(0)) instanceof Op.Reduce max && max.axes().equals(sum.axes());
  }

  private static boolean isDifference(Node node) {
    return node.applies(ScalarFn.SUB) || node.applies(ScalarFn.ZERO_SUB);
  }

  /// The op that takes the maximum of x in `x − max x`; any other if it is not such a difference.
  private static Op maximum(Node difference) {
    Node shift = difference.operand(1);
    while (shift.op() instanceof Op.Broadcast || shift.op() instanceof Op.Reshape
        || shift.applies(ScalarFn.STOP_GRADIENT)) {
      shift = shift.operand(0);
    }
    boolean found = shift.op() instanceof Op.Reduce reduce && reduce.kind() == Op.Reduction.MAX
        && shift.operand(0) == difference.operand(0);
    return found ? shift.op() : difference.op();
  }

  private Bounds lane(ScalarFn fn, Node node) {
    Bounds a = operand(node, 0);
    if (fn.isIncreasing()) {
      Bounds bounds = increasing(fn, node.dtype(), a);
      return fn == ScalarFn.SIGN ? bounds.withZeros() : bounds;
    }
    return switch (fn) {
      case NEG -> a.negated();
      case ABS -> a.absolute();
      case STOP_GRADIENT -> a;
      case SIN, COS -> a.isFinite() ? a.limited(-1, 1) : Bounds.UNKNOWN;
      case SELECT -> operand(node, 1).or(operand(node, 2));
      case ADD, SUB, MUL, DIV, MIN, MAX, POW, ZERO_SUB, ZERO_MUL, ZERO_DIV ->
          pair(fn, node, a, operand(node, 1));
      default -> Bounds.UNKNOWN; // nothing is said of it
    };
  }

  /// With what is known of a lane far out: what goes to 0 there, and what overflows, a power of a value that has no bounds.
  private Bounds far(ScalarFn fn, Node node, Bounds bounds) {
    Bounds found = switch (fn) {
      case EXP, SIGMOID -> bounds.vanishing(bounds.low() == 0);
      case SUB -> bounds.vanishing(bounds.low() == 0 && bounds.high() <= 1);
      case DIV, ZERO_DIV ->
          bounds.quotient(operand(node, 0).large()).vanishing(operand(node, 1).large());
      case MUL, ZERO_MUL -> bounds.grown(node.operand(0) == node.operand(1));
      case POW -> bounds.grown(operand(node, 1).low() > 1);
      default -> bounds; // as its operands
    };
    return found.grown(false);
  }

  private Bounds pair(ScalarFn fn, Node node, Bounds a, Bounds b) {
    DType dtype = node.dtype();
    boolean square = node.operand(0) == node.operand(1);
    return switch (fn) {
      case ADD -> a.plus(b).in(dtype, a, b);
      case SUB, ZERO_SUB -> {
        Bounds difference = a.plus(b.negated()).in(dtype, a, b);
        boolean isNumber = fn == ScalarFn.ZERO_SUB || a.isFinite();
        yield maximum(node) == node.op() || !isNumber ? difference
            : difference.limited(difference.low(), 0);
      }
      case MUL, ZERO_MUL -> (square ? a.squared() : a.times(b)).in(dtype, a, b);
      case DIV, ZERO_DIV ->
          a.dividedBy(b).in(dtype, a, b.isFiniteDivisor() ? a : Bounds.UNKNOWN);
      case MIN -> a.min(b);
      case MAX -> a.max(b);
      default -> power(dtype, a, b);
    };
  }

  /// From which exponent on a power is no product of a few, which stays finite.
  private static final double MANY = 64;

  /// A power whose exponent is known not to be negative: whole, or of a number that is not.
  private static Bounds power(DType dtype, Bounds a, Bounds b) {
    double k = b.low();
    boolean whole = k == b.high() && Math.rint(k) == k;
    if (!a.isFinite() || b.nan() || b.high() > MANY || k < 0 || !whole && !a.isNeverNegative()) {
      return Bounds.UNKNOWN;
    }
    Bounds finite = Bounds.finite(dtype).with(a.fed() || b.fed(), a.zeros() || b.zeros());
    boolean positive = a.isNeverNegative() || whole && k % 2 == 0;
    return positive ? finite.limited(0, finite.high()) : finite;
  }

  private static Bounds increasing(ScalarFn fn, DType dtype, Bounds a) {
    Bounds bounds =
        a.limited(fn.ofReals(a.low(), 0, 0), fn.ofReals(a.high(), 0, 0));
    return bounds.in(dtype, bounds, Bounds.of(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
  }
}
