package io.kotangent.ir;

import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A value and its derivative in one direction; evaluates formulas over [ScalarFn]s in f64 by [ScalarFn#ofReals], and
/// differentiates them by the rows' own derivatives.
record Dual(double value, double tangent) {
  static Dual constant(double value) {
    return new Dual(value, 0);
  }

  /// The value of a formula, and its derivative, where arguments, `y` and `g` are given.
  static Dual evaluate(Term term, List<Dual> args, Dual result, Dual seed) {
    return switch (term) {
      case Term.Arg(var index) -> args.get(index);
      case Term.Result _ -> result;
      case Term.Seed _ -> seed;
      case Term.Num(var value) -> constant(value);
      case Term.Fn(var fn, var terms) -> {
        List<Dual> operands = new ArrayList<>();
        for (Term t : terms) {
          operands.add(evaluate(t, args, result, seed));
        }
        yield apply(fn, operands);
      }
      case Term.Lit _, Term.Prim _ ->
          throw new AssertionError("no formula of scalar functions: " + term);
    };
  }

  /// A function applied, and its derivative by the row's formulas.
  static Dual apply(ScalarFn fn, List<Dual> operands) {
    double value = meaning(fn, operands.stream().mapToDouble(Dual::value).toArray());
    List<Dual> args = operands.stream().map(d -> constant(d.value)).toList();
    double tangent = 0;
    for (int i = 0; i < fn.arity(); i++) {
      Optional<Term> derivative = fn.derivatives().get(i);
      double direction = operands.get(i).tangent;
      if (derivative.isPresent() && direction != 0) {
        tangent += evaluate(derivative.get(), args, constant(value), constant(direction)).value;
      }
    }
    return new Dual(value, tangent);
  }

  static double meaning(ScalarFn fn, double[] x) {
    if (!fn.accepts(DType.F64)) {
      return fn.ofIntegers((long) x[0], (long) x[x.length - 1], DType.BOOL);
    }
    return fn.ofReals(x[0], x.length > 1 ? x[1] : 0, x.length > 2 ? x[2] : 0);
  }
}
