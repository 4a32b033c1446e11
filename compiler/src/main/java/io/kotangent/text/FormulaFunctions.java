package io.kotangent.text;

import static io.kotangent.text.FormulaAlgebra.applied;

import io.kotangent.ir.Notation;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Term;
import java.util.List;

/// How scalar functions are written: as their rows say.
final class FormulaFunctions {
  private FormulaFunctions() {
  }

  static FormulaTerm of(ScalarFn fn, List<FormulaTerm> args) {
    FormulaTerm a = args.getFirst();
    FormulaTerm b = args.get(Math.min(1, args.size() - 1));
    return switch (fn.notation()) {
      case Notation.Applied(var name, _) ->
          applied(name, args.stream().mapToInt(FormulaTerm::rank).max().orElse(0), args);
      case Notation.Relation(var sign) -> FormulaReader.related(sign, a, b);
      case Notation.Rewritten rewritten -> of(rewritten.term(), args);
      case Notation.Operator operator -> switch (operator) {
        case NEGATION -> FormulaAlgebra.negate(a);
        case SUM -> FormulaAlgebra.sum(a, b);
        case PRODUCT -> FormulaAlgebra.product(a, b);
        case QUOTIENT -> FormulaAlgebra.divide(a, b);
        case POWER -> FormulaAlgebra.number(b).map(n -> FormulaAlgebra.power(a, n))
            .orElseGet(() -> applied("^", a, b));
        case ABSOLUTE -> FormulaReader.absolute(a);
        case CHOICE -> FormulaReader.choice(a, b, args.get(2));
        case NOT -> FormulaReader.negated(a);
      };
    };
  }

  private static FormulaTerm of(Term term, List<FormulaTerm> args) {
    return switch (term) {
      case Term.Arg(var index) -> args.get(index);
      case Term.Num(var value) -> FormulaAlgebra.number(value);
      case Term.Fn(var fn, var operands) ->
          of(fn, operands.stream().map(o -> of(o, args)).toList());
      case Term.Result _, Term.Seed _, Term.Lit _, Term.Prim _ ->
          throw new IllegalStateException(term + " in the notation of a function");
    };
  }
}
