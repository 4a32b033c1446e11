package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What the logarithm of a node is in terms of logarithms below it: `log(c·a)` is `log c + log a`, `log(max(a, b))` the greater of
/// two, that of a clip that clips nothing is that of what it leaves as it is.
///
/// @param parts the logarithms below
/// @param join what makes the logarithm of them
record LogStep(List<LogForm.Goal> parts, Join join) {
  /// Puts logarithms together.
  interface Join {
    Node of(List<Node> logs, GraphBuilder builder);
  }

  private static LogStep same(LogForm form, Node x) {
    return new LogStep(List.of(new LogForm.Goal(form, x)), (logs, _) -> logs.getFirst());
  }

  private static LogStep scaled(LogForm form, Node x, double factor) {
    return new LogStep(List.of(new LogForm.Goal(form, x)),
        (logs, builder) -> times(factor, logs.getFirst(), builder));
  }

  private static LogStep pair(ScalarFn fn, LogForm form, Node node) {
    return new LogStep(List.of(new LogForm.Goal(form, node.operand(0)),
        new LogForm.Goal(form, node.operand(1))),
        (logs, builder) -> builder.map(fn, logs.get(0), logs.get(1)));
  }

  /// The step below a node; none if it does something else, or its elements are not known to be in the domain.
  static Optional<LogStep> of(LogForm form, Node x, KnownRange range) {
    Optional<Node> same = Clip.of(x, range);
    if (same.isPresent()) {
      return same.map(a -> same(form, a));
    }
    List<Node> moved = LogForm.Moved.values(x);
    if (!moved.isEmpty()) {
      return Optional.of(new LogStep(moved.stream().map(a -> new LogForm.Goal(form, a)).toList(),
          (logs, builder) -> LogForm.Moved.with(x, logs, builder)));
    }
    if (x.applies(ScalarFn.MAX) || x.applies(ScalarFn.MIN)) {
      boolean known = form.isDefined(x.operand(0), range) && form.isDefined(x.operand(1), range);
      boolean max = x.applies(ScalarFn.MAX) == form.isIncreasing();
      return known ? Optional.of(pair(max ? ScalarFn.MAX : ScalarFn.MIN, form, x))
          : Optional.empty();
    }
    boolean log = form == LogForm.LOG || form == LogForm.LOG_OF_NEG;
    Optional<LogStep> step = log ? ofMultiple(form, x) : Optional.empty();
    return step.isEmpty() && form == LogForm.LOG ? ofProduct(x, range) : step;
  }

  /// Through all constant factors and divisors.
  private static Optional<LogStep> ofMultiple(LogForm form, Node x) {
    Multiple multiple = Multiple.of(x);
    if (multiple.of() == x) {
      return Optional.empty();
    }
    double factor = form == LogForm.LOG ? multiple.factor() : -multiple.factor();
    LogForm below = factor > 0 ? LogForm.LOG : LogForm.LOG_OF_NEG;
    return Optional.of(new LogStep(List.of(new LogForm.Goal(below, multiple.of())),
        (logs, b) -> plusLog(Math.abs(factor), multiple.inverted(), logs.getFirst(), b)));
  }

  private static Node plusLog(double size, boolean minus, Node log, GraphBuilder builder) {
    if (size == 1) {
      return minus ? builder.map(ScalarFn.NEG, log) : log;
    }
    Node constant = builder.fill(log.type(), StrictMath.log(size));
    return minus ? builder.map(ScalarFn.SUB, constant, log)
        : builder.map(ScalarFn.ADD, log, constant);
  }

  /// Of powers, products and quotients of what is never negative.
  private static Optional<LogStep> ofProduct(Node x, KnownRange range) {
    if (!(x.op() instanceof Op.Map(var fn))) {
      return Optional.empty();
    }
    Node a = x.operand(0);
    return switch (fn) {
      case SQRT -> Optional.of(scaled(LogForm.LOG, a, 0.5));
      case CBRT -> Optional.of(scaled(LogForm.LOG, a, 1.0 / 3));
      case POW -> {
        OptionalDouble power = Uniform.number(x.operand(1));
        boolean known = power.isPresent() && Double.isFinite(power.getAsDouble())
            && power.getAsDouble() != 0 && range.isAtLeast(a, 0);
        yield known ? Optional.of(scaled(LogForm.LOG, a, power.getAsDouble())) : Optional.empty();
      }
      case MUL -> a == x.operand(1) ? ofSquare(a, range)
          : areNeverNegative(x, range) ? Optional.of(pair(ScalarFn.ADD, LogForm.LOG, x))
              : Optional.empty();
      case DIV -> areNeverNegative(x, range)
          ? Optional.of(pair(ScalarFn.SUB, LogForm.LOG, x)) : Optional.empty();
      default -> Optional.empty(); // no law of logarithms
    };
  }

  private static Optional<LogStep> ofSquare(Node a, KnownRange range) {
    return range.isAtLeast(a, 0) ? Optional.of(scaled(LogForm.LOG, a, 2))
        : range.isAtMost(a, 0) ? Optional.of(scaled(LogForm.LOG_OF_NEG, a, 2)) : Optional.empty();
  }

  private static boolean areNeverNegative(Node node, KnownRange range) {
    return range.isAtLeast(node.operand(0), 0) && range.isAtLeast(node.operand(1), 0);
  }

  private static Node times(double factor, Node log, GraphBuilder builder) {
    return builder.map(ScalarFn.MUL, log, builder.fill(log.type(), factor));
  }
}
