package io.kotangent.dsl;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.function.Function;

/// The optimizers. Below, w is a parameter, g its gradient, η the learning rate, t the number of the step, from 1. Slots never
/// become denormal ([Adjustment#decayed]).
///
/// Beside an ε of 1e-9 or more, squares of tiny gradients do not count. Where it is less, slots of squares (v of Adam, s of RMSProp)
/// are kept 2²⁴ times as large as below and called `v24` and `s24`, so that these squares are not lost: the roots are then 2¹² times
/// as large, and so are ε and η beside them.
public final class Optimizers {
  /// How much larger slots of squares are kept than squares, if these are tiny.
  static final double SQUARES = 0x1p24;
  private static final double SMALL_EPSILON = 1e-9;

  private Optimizers() {
  }

  private record Formula(String name, List<String> slots, Rate rate,
      Function<Adjustment, Adjusted> formula)
      implements Optimizer {
    @Override
    public Adjusted adjust(Adjustment parameter) {
      return formula.apply(parameter);
    }
  }

  private static double fraction(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new KotangentException(what + ": expected a number from 0 to below 1, got " + value);
    }
    return value;
  }

  private static double atLeastZero(String what, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new KotangentException(what + ": expected a finite number of at least 0, got " + value);
    }
    return value;
  }

  /// A slot of squares beside an ε.
  ///
  /// @param roots how many times as large as the roots of squares its roots are
  private record Squares(String kind, double roots) {
    static Squares beside(double epsilon, String kind) {
      return epsilon < SMALL_EPSILON ? new Squares(kind + "24", Math.sqrt(SQUARES))
          : new Squares(kind, 1);
    }

    Tensor next(Adjustment p, double kept) {
      return roots == 1 ? p.decayed(kind, kept, p.gradient().square().times(1 - kept))
          : p.decayedSquare(kind, kept);
    }

    Scalar rate(Adjustment p) {
      return roots == 1 ? p.preciseRate() : p.preciseRate().times(roots);
    }
  }

  private static double divisor(String what, double epsilon) {
    return Normalization.divisor(what, epsilon, DType.F64);
  }

  /// Gradient descent: w ← w − η·g.
  public static Optimizer sgd(double rate) {
    return sgd(Rate.constant(rate));
  }

  /// Gradient descent: w ← w − η·g.
  public static Optimizer sgd(Rate rate) {
    return new Formula("sgd", List.of(), rate,
        p -> Adjusted.to(p.weight().minus(p.gradient().times(p.rate()))));
  }

  /// Momentum, the rate inside the velocity: v ← γ·v + η·g, w ← w − v.
  public static Optimizer momentum(double rate, double gamma) {
    return momentum(Rate.constant(rate), gamma);
  }

  /// Momentum, the rate inside the velocity: v ← γ·v + η·g, w ← w − v.
  public static Optimizer momentum(Rate rate, double gamma) {
    double kept = fraction("momentum", gamma);
    return new Formula("momentum", List.of("v"), rate, p -> {
      Tensor v = p.decayed("v", kept, p.gradient().times(p.rate()));
      return Adjusted.to(p.weight().minus(v)).and("v", v);
    });
  }

  /// Momentum, the rate outside the velocity: v ← ρ·v + g, w ← w − α·v.
  public static Optimizer heavyBall(double rate, double rho) {
    return heavyBall(Rate.constant(rate), rho);
  }

  /// Momentum, the rate outside the velocity: v ← ρ·v + g, w ← w − α·v.
  public static Optimizer heavyBall(Rate rate, double rho) {
    double kept = fraction("heavyBall", rho);
    return new Formula("heavyBall", List.of("v"), rate, p -> {
      Tensor v = p.decayed("v", kept, p.gradient());
      return Adjusted.to(p.weight().minus(v.times(p.rate()))).and("v", v);
    });
  }

  /// Nesterov's momentum, the gradient taken where the parameters are: v ← γ·v + g, w ← w − η·(g + γ·v).
  public static Optimizer nesterov(double rate, double gamma) {
    return nesterov(Rate.constant(rate), gamma);
  }

  /// Nesterov's momentum, the gradient taken where the parameters are: v ← γ·v + g, w ← w − η·(g + γ·v).
  public static Optimizer nesterov(Rate rate, double gamma) {
    double kept = fraction("nesterov", gamma);
    return new Formula("nesterov", List.of("v"), rate, p -> {
      Tensor v = p.decayed("v", kept, p.gradient());
      Tensor ahead = p.gradient().plus(v.times(kept));
      return Adjusted.to(p.weight().minus(ahead.times(p.rate()))).and("v", v);
    });
  }

  /// Where ε stands in RMSProp.
  public enum Epsilon {
    /// √(s + ε)
    INSIDE,
    /// √s + ε
    OUTSIDE
  }

  /// RMSProp with decay 0.9 and ε = 1e-8 outside the root.
  public static Optimizer rmsProp(double rate) {
    return rmsProp(Rate.constant(rate), 0.9, 1e-8, Epsilon.OUTSIDE);
  }

  /// RMSProp: s ← γ·s + (1 − γ)·g², w ← w − η·g / (√s + ε), or √(s + ε).
  ///
  /// @param epsilon positive and not denormal in the model's float type
  public static Optimizer rmsProp(Rate rate, double gamma, double epsilon, Epsilon where) {
    double kept = fraction("rmsProp", gamma);
    double small = divisor("rmsProp", epsilon);
    Squares squares = Squares.beside(small, "s");
    double roots = squares.roots();
    return new Formula("rmsProp", List.of(squares.kind()), rate, p -> {
      p.divisor("rmsProp", small);
      Tensor s = squares.next(p, kept);
      Tensor root = switch (where) {
        case INSIDE -> s.plus(small * roots * roots).sqrt();
        case OUTSIDE -> s.sqrt().plus(small * roots);
      };
      Tensor move = p.gradient().times(p.inModelType(squares.rate(p))).div(root);
      return Adjusted.to(p.weight().minus(move)).and(squares.kind(), s);
    });
  }

  /// Adam with γ = 0.9, α = 0.999, ε = 1e-8.
  public static Optimizer adam(double rate) {
    return adam(Rate.constant(rate), 0.9, 0.999, 1e-8);
  }

  /// Adam with γ = 0.9, α = 0.999, ε = 1e-8.
  public static Optimizer adam(Rate rate) {
    return adam(rate, 0.9, 0.999, 1e-8);
  }

  /// Adam with bias correction: m ← γ·m + (1 − γ)·g, v ← α·v + (1 − α)·g²,
  /// w ← w − η·(m/(1 − γᵗ)) / (√(v/(1 − αᵗ)) + ε). The factors η/(1 − γᵗ) and 1/(1 − αᵗ) are computed in f64 and rounded
  /// once.
  ///
  /// @param epsilon positive and not denormal in the model's float type
  public static Optimizer adam(Rate rate, double gamma, double alpha, double epsilon) {
    return adam("adam", rate, fraction("adam", gamma), fraction("adam", alpha),
        divisor("adam", epsilon), 0);
  }

  /// AdamW: [#adam(double)], after the parameter was shrunk by η·decay.
  public static Optimizer adamW(double rate, double decay) {
    return adamW(Rate.constant(rate), 0.9, 0.999, 1e-8, decay);
  }

  /// AdamW: w ← w·(1 − η·decay), then as Adam.
  public static Optimizer adamW(Rate rate, double gamma, double alpha, double epsilon,
      double decay) {
    return adam("adamW", rate, fraction("adamW", gamma), fraction("adamW", alpha),
        divisor("adamW", epsilon),
        atLeastZero("adamW", decay));
  }

  private static Optimizer adam(String name, Rate rate, double gamma, double alpha, double epsilon,
      double decay) {
    Squares squares = Squares.beside(epsilon, "v");
    return new Formula(name, List.of("m", squares.kind()), rate, p -> {
      Tensor m = p.decayed("m", gamma, p.gradient().times(1 - gamma));
      p.divisor(name, epsilon);
      Tensor v = squares.next(p, alpha);
      Scalar pace = p.inModelType(squares.rate(p).div(p.power(gamma).subtractedFrom(1)));
      Scalar correction = p.inModelType(p.power(alpha).subtractedFrom(1).dividing(1));
      Tensor move = m.times(pace).div(v.times(correction).sqrt().plus(epsilon * squares.roots()));
      Tensor start = decay == 0 ? p.weight() : p.weight().times(shrink(p, decay));
      return Adjusted.to(start.minus(move)).and("m", m).and(squares.kind(), v);
    });
  }

  private static Scalar shrink(Adjustment p, double decay) {
    return p.inModelType(p.preciseRate().times(decay).subtractedFrom(1));
  }
}
