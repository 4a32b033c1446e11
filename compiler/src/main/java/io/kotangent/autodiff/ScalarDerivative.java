package io.kotangent.autodiff;

import io.kotangent.ir.Bounds;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.KnownBounds;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Term;
import java.util.List;
import java.util.function.IntPredicate;

/// The derivative of a scalar function as nodes: its row's formula, which is linear in the seed, in which a zero seed wins
/// over a slope that may be infinite or NaN.
///
/// A seed is 0 where a choice took something else (`max`, a gather, a mask), wherever that was. There the derivative is 0,
/// also at a pole, where `0·∞` would be NaN. So products and quotients along the seed's path become [ScalarFn#ZERO_MUL] and
/// [ScalarFn#ZERO_DIV], but for slopes that are known to be finite. In turn an infinite seed is 0 times a factor that is 0
/// because of a choice, or does not change. A seed that vanishes far out (behind `tanh`, `exp(-x)`, `1/x²`) also wins over powers
/// of a value, which overflow there, and an infinite seed loses against a slope that vanishes.
final class ScalarDerivative {
  private final GraphBuilder builder;
  private final KnownBounds bounds = new KnownBounds();

  ScalarDerivative(GraphBuilder builder) {
    this.builder = builder;
  }

  /// What the seed of a node (its cotangent, or an operand's tangent) becomes by the derivative along an operand.
  ///
  /// @param active which operands change
  Node of(Node node, int operand, Node seed, IntPredicate active) {
    ScalarFn fn = ((Op.Map) node.op()).fn();
    Term formula = fn.derivatives().get(operand).orElseThrow();
    return new Instance(node, seed, active).of(formula);
  }

  /// `seed·slope` where the slope is a node.
  Node product(Node seed, Node slope) {
    boolean overflows = bounds.of(seed).vanishing() && bounds.of(slope).large();
    return overflows || needsZero(seed, slope, bounds.of(slope).isFinite())
        ? builder.map(ScalarFn.ZERO_MUL, seed, slope) : builder.map(ScalarFn.MUL, seed, slope);
  }

  private Node quotient(Node seed, Node divisor) {
    ScalarFn fn = needsZero(seed, divisor, bounds.of(divisor).isFiniteDivisor())
        ? ScalarFn.ZERO_DIV : ScalarFn.DIV;
    return builder.map(fn, seed, divisor);
  }

  /// Whether a zero seed may meet an infinity or NaN: of a function that makes such, or fed and under a choice.
  private boolean needsZero(Node seed, Node slope, boolean harmless) {
    Bounds g = bounds.of(seed);
    return g.mayBeZero() && (!harmless || g.zeros() && bounds.of(slope).fed());
  }

  private final class Instance {
    private final Node node;
    private final Node seed;
    private final IntPredicate active;

    Instance(Node node, Node seed, IntPredicate active) {
      this.node = node;
      this.seed = seed;
      this.active = active;
    }

    Node of(Term term) {
      return switch (term) {
        case Term.Arg(var index) -> node.operand(index);
        case Term.Result _ -> node;
        case Term.Seed _ -> seed;
        case Term.Num(var value) -> builder.fill(node.type(), value);
        case Term.Fn(var fn, var terms) -> applied(fn, terms);
        case Term.Lit _, Term.Prim _ -> throw new IllegalArgumentException("no formula: " + term);
      };
    }

    private Node applied(ScalarFn fn, List<Term> terms) {
      List<Node> operands = terms.stream().map(this::of).toList();
      boolean first = hasSeed(terms.getFirst());
      if (fn == ScalarFn.DIV && first) {
        return quotient(operands.get(0), operands.get(1));
      }
      if (fn == ScalarFn.MUL && (first || hasSeed(terms.get(1)))) {
        int at = first ? 0 : 1;
        return product(operands.get(at), operands.get(1 - at), terms.get(1 - at));
      }
      return builder.add(new Op.Map(fn), operands);
    }

    private Node product(Node g, Node slope, Term factor) {
      Bounds s = bounds.of(slope);
      Bounds seeds = bounds.of(g);
      boolean zero = s.zeros() || s.vanishing() || isConstant(factor) && s.mayBeZero();
      boolean infinite = !seeds.isFinite() || seeds.large() || s.zeros() && seeds.fed();
      boolean power = bounds.of(node).large() && seeds.vanishing() && s.fed();
      return zero && infinite || power ? builder.map(ScalarFn.ZERO_MUL, slope, g)
          : ScalarDerivative.this.product(g, slope);
    }

    /// Whether nothing in a factor changes.
    private boolean isConstant(Term term) {
      return switch (term) {
        case Term.Arg(var index) -> !active.test(index);
        case Term.Num _ -> true;
        case Term.Fn(_, var terms) -> terms.stream().allMatch(this::isConstant);
        case Term.Result _, Term.Seed _, Term.Lit _, Term.Prim _ -> false;
      };
    }

    private static boolean hasSeed(Term term) {
      return term instanceof Term.Seed
          || term instanceof Term.Fn(_, var terms) && terms.stream().anyMatch(Instance::hasSeed);
    }
  }
}
