package io.kotangent.type;

import java.util.Map;

/**
 * What a graph assumes of its symbolic sizes and the compiler could not prove: checked when a program is entered.
 * Prints as {@code batch == 2*half}.
 */
public record Requirement(Dim left, Relation relation, Dim right, String origin) {
  /** How the two sides are to stand to each other. */
  public enum Relation {
    /** Both are the same. */
    EQUAL("=="),
    /** The left is not less than the right. */
    AT_LEAST(">="),
    /** The right divides the left. */
    MULTIPLE_OF("%");

    private final String text;

    Relation(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Throws a {@link ShapeException} that names both sides' values and the source line unless it holds. */
  public void check(Map<String, Long> symbols) {
    long l = left.evaluate(symbols);
    long r = right.evaluate(symbols);
    boolean holds = switch (relation) {
      case EQUAL -> l == r;
      case AT_LEAST -> l >= r;
      case MULTIPLE_OF -> r != 0 && l % r == 0;
    };
    if (!holds) {
      throw new ShapeException(
          "size precondition violated: expected " + this + ", but " + left + " is " + l + " and "
              + right + " is " + r + (origin.isEmpty() ? "" : " (required at " + origin + ")")
              + "; feed arrays whose sizes satisfy it");
    }
  }

  @Override
  public String toString() {
    return left + " " + relation + " " + right;
  }
}
