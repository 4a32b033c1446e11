package io.kotangent.type;

import java.util.ArrayList;
import java.util.List;

/**
 * What can be shown of sizes with {@link SizeFunction#MIN} and {@link SizeFunction#MAX}, and their canonical form: of the
 * operands of nested ones, those that no other one makes superfluous, each once, ordered by their text, numbers last.
 */
final class Extremes {
  /** How many of them are looked into, each of both ways. */
  private static final int DEEPEST = 6;
  /** The most operands of one, which are compared in pairs. */
  private static final int MOST = 16;

  private Extremes() {
  }

  static Dim of(SizeFunction function, Dim left, Dim right) {
    List<Dim> operands = new ArrayList<>();
    collect(function, left, operands);
    collect(function, right, operands);
    if (operands.size() > MOST) {
      throw new ShapeException("a size is the " + function + " of " + operands.size()
          + " others: expected at most " + MOST);
    }
    List<Dim> kept = new ArrayList<>();
    for (Dim operand : operands) {
      if (kept.stream().noneMatch(other -> isFirst(function, other, operand))) {
        kept.removeIf(other -> isFirst(function, operand, other));
        kept.add(operand);
      }
    }
    kept.sort((a, b) -> a.isConstant() || b.isConstant()
        ? Boolean.compare(a.isConstant(), b.isConstant())
        : a.toString().compareTo(b.toString()));
    Dim result = kept.get(0);
    for (Dim operand : kept.subList(1, kept.size())) {
      result = Dim.of(new Dim.Applied(function, result, operand));
    }
    return result;
  }

  private static void collect(SizeFunction function, Dim size, List<Dim> operands) {
    if (size.alone() instanceof Dim.Applied applied && applied.function() == function) {
      collect(function, applied.left(), operands);
      collect(function, applied.right(), operands);
    } else {
      operands.add(size);
    }
  }

  /** Whether {@code a} is always the one that is picked, as far as that can be shown. */
  private static boolean isFirst(SizeFunction function, Dim a, Dim b) {
    if (a.isConstant() && b.isConstant()) {
      return function.apply(a.constant(), b.constant()) == a.constant();
    }
    try {
      return (function == SizeFunction.MIN ? b.minus(a) : a.minus(b)).isAtLeast(0);
    } catch (ShapeException e) {
      return false; // beyond 64 bits nothing is shown
    }
  }

  /** Whether {@code size ≥ bound} for all values of the symbols, as far as that can be shown. */
  static boolean isAtLeast(Dim size, long bound) {
    return isAtLeast(size, bound, 0);
  }

  private static boolean isAtLeast(Dim size, long bound, int depth) {
    if (size.constantTerm() >= bound
        && size.products().stream().allMatch(Extremes::isNeverNegative)) {
      return true;
    }
    for (Dim.Product p : size.products()) {
      if (depth < DEEPEST && p.atoms().size() == 1
          && p.atoms().get(0) instanceof Dim.Applied a && a.function().picks()) {
        try {
          Dim rest = size.minus(Dim.of(0, List.of(p)));
          boolean left = isAtLeast(rest.plus(a.left().times(p.coefficient())), bound, depth + 1);
          boolean both = p.coefficient() > 0 == (a.function() == SizeFunction.MIN);
          return left == both
              ? isAtLeast(rest.plus(a.right().times(p.coefficient())), bound, depth + 1) : left;
        } catch (ShapeException e) {
          return false; // beyond 64 bits nothing is shown
        }
      }
    }
    return false;
  }

  private static boolean isNeverNegative(Dim.Product product) {
    return product.coefficient() >= 0
        && product.atoms().stream().allMatch(Extremes::isNeverNegative);
  }

  private static boolean isNeverNegative(Dim.Atom atom) {
    if (!(atom instanceof Dim.Applied a)) {
      return true;
    }
    return switch (a.function()) {
      case FLOOR, CEIL -> a.left().isAtLeast(0) && a.right().isAtLeast(1);
      case MIN -> a.left().isAtLeast(0) && a.right().isAtLeast(0);
      case MAX -> a.left().isAtLeast(0) || a.right().isAtLeast(0);
    };
  }
}
