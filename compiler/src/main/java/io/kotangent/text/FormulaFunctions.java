package io.kotangent.text;

import static io.kotangent.text.FormulaAlgebra.applied;
import static io.kotangent.text.FormulaAlgebra.number;

import io.kotangent.ir.ScalarFn;
import java.util.List;

/// How scalar functions are written.
final class FormulaFunctions {
  private FormulaFunctions() {
  }

  static FormulaTerm of(ScalarFn fn, List<FormulaTerm> args) {
    FormulaTerm a = args.getFirst();
    FormulaTerm b = args.get(Math.min(1, args.size() - 1));
    return switch (fn) {
      case NEG -> FormulaAlgebra.negate(a);
      case ADD -> FormulaAlgebra.sum(a, b);
      case SUB -> FormulaAlgebra.sum(a, FormulaAlgebra.negate(b));
      case MUL -> FormulaAlgebra.product(a, b);
      case DIV -> FormulaAlgebra.divide(a, b);
      case SQRT -> FormulaAlgebra.power(a, 0.5);
      case POW -> FormulaAlgebra.number(b).map(n -> FormulaAlgebra.power(a, n))
          .orElseGet(() -> applied("^", a, b));
      case EXPM1 -> FormulaAlgebra.sum(applied("exp", a), number(-1));
      case LOG1P -> applied("log", FormulaAlgebra.sum(number(1), a));
      case LOG1MEXP ->
          applied("log", FormulaAlgebra.sum(number(1), FormulaAlgebra.negate(applied("exp", a))));
      case ABS -> FormulaReader.absolute(a);
      case SIGMOID -> applied("σ", a);
      case LOG_SIGMOID -> applied("log", applied("σ", a));
      case STOP_GRADIENT -> a;
      case SELECT -> FormulaReader.choice(a, b, args.get(2));
      case LT -> FormulaReader.related("<", a, b);
      case LE -> FormulaReader.related("≤", a, b);
      case GT -> FormulaReader.related(">", a, b);
      case GE -> FormulaReader.related("≥", a, b);
      case EQ -> FormulaReader.related("=", a, b);
      case NE -> FormulaReader.related("≠", a, b);
      case AND -> FormulaReader.related("∧", a, b);
      case OR -> FormulaReader.related("∨", a, b);
      case NOT -> FormulaReader.negated(a);
      case CBRT, EXP, LOG, SOFTPLUS, TANH, SIN, COS, TAN, ATAN, ERF, FLOOR, CEIL, ROUND, RELU, SIGN,
          MIN, MAX, REM, XOR,
          SHL, SHR, USHR, IS_NAN, IS_FINITE ->
          applied(fn.toString(), args.stream().mapToInt(FormulaTerm::rank).max().orElse(0), args);
    };
  }
}
