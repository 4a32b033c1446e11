package io.kotangent.formula;

import static io.kotangent.formula.Algebra.applied;

import io.kotangent.ir.Notation;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Term;
import java.util.List;

/// How scalar functions are written: as their rows say.
final class Functions {
  private Functions() {
  }

  static FormulaTerm of(ScalarFn fn, List<FormulaTerm> args) {
    FormulaTerm a = args.getFirst();
    FormulaTerm b = args.get(Math.min(1, args.size() - 1));
    return switch (fn.notation()) {
      case Notation.Applied written -> switch (written.name()) {
        case "log" -> Textbook.log(a);
        case "exp" -> Textbook.exp(a);
        case "σ" -> Textbook.sigmoid(written.name(), a);
        default ->
            applied(written.name(), args.stream().mapToInt(FormulaTerm::rank).max().orElse(0),
                args);
      };
      case Notation.Relation(var sign) -> Reading.related(sign, a, b);
      case Notation.Rewritten rewritten -> of(rewritten.term(), args);
      case Notation.Operator operator -> switch (operator) {
        case NEGATION -> Algebra.negate(a);
        case SUM -> Algebra.sum(a, b);
        case PRODUCT -> Algebra.product(a, b);
        case QUOTIENT -> Algebra.divide(a, b);
        case POWER -> Algebra.number(b).map(n -> Algebra.power(a, n))
            .orElseGet(() -> applied("^", a, b));
        case ABSOLUTE -> Reading.absolute(a);
        case CHOICE -> Reading.choice(a, b, args.get(2));
        case NOT -> Reading.negated(a);
      };
    };
  }

  private static FormulaTerm of(Term term, List<FormulaTerm> args) {
    return switch (term) {
      case Term.Arg(var index) -> args.get(index);
      case Term.Num(var value) -> Algebra.number(value);
      case Term.Fn(var fn, var operands) ->
          of(fn, operands.stream().map(o -> of(o, args)).toList());
      case Term.Result _, Term.Seed _, Term.Lit _, Term.Prim _ ->
          throw new IllegalStateException(term + " in the notation of a function");
    };
  }
}
