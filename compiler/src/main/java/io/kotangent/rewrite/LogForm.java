package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/// The logarithms for which there are stable formulas if they are of the right thing: `log x`, `log −x`, `log(1+x)`, `log(1−x)`.
public enum LogForm {
  LOG(ScalarFn.LOG, false), LOG_OF_NEG(ScalarFn.LOG, true), LOG1P(ScalarFn.LOG1P, false),
  LOG1P_OF_NEG(ScalarFn.LOG1P, true);

  private final ScalarFn fn;
  private final boolean negated;

  LogForm(ScalarFn fn, boolean negated) {
    this.fn = fn;
    this.negated = negated;
  }

  /// A logarithm of a node.
  record Goal(LogForm form, Node of) {
  }

  /// The form that a node is.
  static Optional<LogForm> of(Node node) {
    for (LogForm form : values()) {
      if (node.applies(form.fn) && node.operand(0).applies(ScalarFn.NEG) == form.negated) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }

  private static LogForm of(ScalarFn fn, boolean negated) {
    return fn == ScalarFn.LOG ? negated ? LOG_OF_NEG : LOG : negated ? LOG1P_OF_NEG : LOG1P;
  }

  /// What a node of this form takes the logarithm of.
  Node argument(Node node) {
    return negated ? node.operand(0).operand(0) : node.operand(0);
  }

  Node apply(Node x, GraphBuilder builder) {
    return builder.map(fn, negated ? builder.map(ScalarFn.NEG, x) : x);
  }

  /// Whether it has a stable formula if it is of that node, seen through what only moves values, negates them, takes them from
  /// 1, or is a [LogStep].
  boolean reachesStable(Node root) {
    return reaches(root, LogForm::isStableOf);
  }

  /// Whether a goal is seen through all that: this form of the root is made of the other form of that node.
  boolean reaches(Node root, BiPredicate<LogForm, Node> isGoal) {
    return reaches(root, isGoal, KnownRange.ANY) && reaches(root, isGoal, KnownRange.found());
  }

  private boolean reaches(Node root, BiPredicate<LogForm, Node> isGoal, KnownRange range) {
    Set<Goal> seen = new HashSet<>();
    Deque<Goal> goals = new ArrayDeque<>(List.of(new Goal(this, root)));
    while (!goals.isEmpty()) {
      Goal goal = goals.pop();
      if (seen.add(goal)) {
        if (isGoal.test(goal.form, goal.of)) {
          return true;
        }
        goal.form.pushBelow(goal.of, range, goals);
      }
    }
    return false;
  }

  private void pushBelow(Node node, KnownRange range, Deque<Goal> goals) {
    Optional<LogStep> step = LogStep.of(this, node, range);
    if (step.isPresent()) {
      step.get().parts().forEach(goals::push);
    } else if (node.applies(ScalarFn.NEG)) {
      goals.push(new Goal(of(fn, !negated), node.operand(0)));
    } else if (node.applies(ScalarFn.SUB) && Uniform.is(node.operand(0), 1)) {
      if (this == LOG || this == LOG1P_OF_NEG) {
        goals.push(new Goal(this == LOG ? LOG1P_OF_NEG : LOG, node.operand(1)));
      }
    } else if (this == LOG && node.applies(ScalarFn.ADD)) {
      for (int i = 0; i < 2; i++) {
        if (Uniform.is(node.operand(i), 1)) {
          goals.push(new Goal(LOG1P, node.operand(1 - i)));
        }
      }
    }
  }

  /// Whether it grows with what it is of.
  boolean isIncreasing() {
    return !negated;
  }

  /// Whether the logarithm of each element is a number, or −∞.
  boolean isDefined(Node node, KnownRange range) {
    double end = fn == ScalarFn.LOG ? 0 : 1;
    return negated ? range.isAtMost(node, end) : range.isAtLeast(node, 0 - end);
  }

  /// Whether some rule has a stable formula for this logarithm of the node, or would have inside of the body that makes it.
  boolean isStableOf(Node x) {
    if (x.op() instanceof Op.Item(var index)
        && x.operand(0).op() instanceof Op.Control control && !hasOwnDerivative(control)) {
      return control.bodies().stream()
          .anyMatch(body -> reachesStable(body.results().get(index).node()));
    }
    return switch (this) {
      case LOG -> x.applies(ScalarFn.SIGMOID) || x.applies(ScalarFn.EXP)
          || Softmax.of(x).filter(Softmax::isShifted).isPresent()
          || Softmax.ofSum(x).filter(sum -> !sum.isShifted()).isPresent();
      case LOG_OF_NEG -> x.applies(ScalarFn.EXPM1);
      case LOG1P -> x.applies(ScalarFn.EXP) || x.applies(ScalarFn.TANH);
      case LOG1P_OF_NEG -> x.applies(ScalarFn.EXP) || x.applies(ScalarFn.SIGMOID)
          || x.applies(ScalarFn.TANH) || isSquareOfTanh(x);
    };
  }

  private static boolean isSquareOfTanh(Node x) {
    return x.applies(ScalarFn.MUL) && x.operand(0) == x.operand(1)
        && x.operand(0).applies(ScalarFn.TANH);
  }

  static boolean hasOwnDerivative(Op.Control control) {
    return control instanceof Op.Call call && call.derivative().isPresent();
  }

  /// What only moves values, repeats them, leaves some out or chooses among them: a function of each element may as well be
  /// applied before.
  static final class Moved {
    private Moved() {
    }

    /// The operands that are moved; none if the node does something else.
    static List<Node> values(Node node) {
      return switch (node.op()) {
        case Op.Layout _ -> node.op() instanceof Op.OverlapAdd ? List.of() : node.operands();
        case Op.Gather _ -> node.operands().subList(0, 1);
        case Op.Map(var fn) when fn == ScalarFn.SELECT -> node.operands().subList(1, 3);
        case Op.Map(var fn) when fn == ScalarFn.STOP_GRADIENT -> node.operands();
        case Op.Source _, Op.Lane _, Op.Scatter _, Op.Sort _, Op.Sum _, Op.Control _, Op.Item _ ->
            List.of();
      };
    }

    /// The node with others in their places.
    static Node with(Node node, List<Node> values, GraphBuilder builder) {
      List<Node> operands = new ArrayList<>(node.operands());
      List<Node> moved = values(node);
      int first = node.op() instanceof Op.Map && node.operands().size() == 3 ? 1 : 0;
      for (int i = 0; i < moved.size(); i++) {
        operands.set(first + i, values.get(i));
      }
      return builder.add(node.op(), operands);
    }
  }
}
