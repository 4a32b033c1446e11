package io.kotangent.type;

import java.util.Optional;

/** A function of two sizes that is no polynomial. */
public enum SizeFunction {
  /** The quotient, rounded down. */
  FLOOR("floor"),
  /** The quotient, rounded up. */
  CEIL("ceil"),
  /** The smaller. */
  MIN("min"),
  /** The larger. */
  MAX("max");

  private final String text;

  SizeFunction(String text) {
    this.text = text;
  }

  /** The value; an {@link ArithmeticException} for the divisor 0 and where a quotient overflows. */
  public long apply(long left, long right) {
    return switch (this) {
      case FLOOR -> right == -1 ? Math.negateExact(left) : Math.floorDiv(left, right);
      case CEIL -> right == -1 ? Math.negateExact(left)
          : Math.floorDiv(left, right) + (left % right == 0 ? 0 : 1);
      case MIN -> Math.min(left, right);
      case MAX -> Math.max(left, right);
    };
  }

  /** Whether it picks one of its operands. */
  boolean picks() {
    return this == MIN || this == MAX;
  }

  /** The function that prints so. */
  public static Optional<SizeFunction> find(String text) {
    for (SizeFunction function : values()) {
      if (function.text.equals(text)) {
        return Optional.of(function);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
