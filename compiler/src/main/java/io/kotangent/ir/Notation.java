package io.kotangent.ir;

import java.util.Optional;

/// How people write a scalar function in a formula.
public sealed interface Notation {
  /// `name(a, b)`; in LaTeX by a command, if there is one: `\\sin`.
  record Applied(String name, Optional<String> latex) implements Notation {
  }

  /// By other functions, as a formula over `x` or `a`, `b`, `c`: `log(1+x)`.
  record Rewritten(String formula) implements Notation {
    public Term term() {
      return TermParser.parse(formula);
    }
  }

  /// A sign between two operands, which binds less than arithmetic: `a < b`.
  record Relation(String sign) implements Notation {
  }

  /// What the algebra of formulas knows.
  enum Operator implements Notation {
    NEGATION, SUM, PRODUCT, QUOTIENT, POWER, ABSOLUTE, CHOICE, NOT
  }
}
