package io.kotangent.bytecode.source;

import io.kotangent.type.Dim;
import io.kotangent.type.SizeFunction;
import java.util.List;

/// Prints sizes: exact in longs, or refused, as generated code computes them.
final class JavaSizes {
  private static final String INT_MULTIPLY = ".multiplyExact(";

  /// An expression, and whether it is a long.
  private record Typed(String text, boolean wide) {
    String widened() {
      return wide ? text : "(long) " + text;
    }
  }

  private final ArrayNames names;
  private final String math;

  JavaSizes(ArrayNames names, Home home) {
    this.names = names;
    this.math = home.lang("Math");
  }

  /// A size as an int.
  String asInt(Dim dim) {
    if (dim.isConstant()) {
      return Integer.toString(Math.toIntExact(dim.constantTerm()));
    }
    List<Dim.Product> products = dim.products();
    Dim.Product only = products.getFirst();
    if (products.size() == 1 && only.atoms().size() == 1
        && only.atoms().getFirst() instanceof Dim.Symbol(String symbol)) {
      boolean plain = dim.constantTerm() == 0;
      boolean alone = only.coefficient() == 1;
      if (plain && alone) {
        return names.symbol(symbol);
      }
      long number = plain ? only.coefficient() : dim.constantTerm();
      if ((plain || alone) && number == (int) number) {
        return math + (plain ? INT_MULTIPLY + number + ", " + names.symbol(symbol)
            : ".addExact(" + names.symbol(symbol) + ", " + number) + ")";
      }
    }
    return math + ".toIntExact(" + typed(dim).widened() + ")";
  }

  /// A size where a long is expected.
  String asLong(Dim dim) {
    return typed(dim).text();
  }

  private Typed typed(Dim dim) {
    if (dim.isConstant()) {
      return new Typed(dim.constantTerm() + "L", true);
    }
    Typed sum = product(dim.products().getFirst());
    for (Dim.Product product : dim.products().subList(1, dim.products().size())) {
      sum = exact("addExact", sum, product(product));
    }
    return dim.constantTerm() == 0 ? sum
        : exact("addExact", sum, new Typed(dim.constantTerm() + "L", true));
  }

  private Typed product(Dim.Product product) {
    Typed result = atom(product.atoms().getFirst());
    for (Dim.Atom atom : product.atoms().subList(1, product.atoms().size())) {
      result = exact("multiplyExact", result, atom(atom));
    }
    return product.coefficient() == 1 ? result
        : exact("multiplyExact", result, new Typed(product.coefficient() + "L", true));
  }

  /// One of two ints is made a long first: the method for ints refuses more.
  private Typed exact(String method, Typed left, Typed right) {
    String first = right.wide() ? left.text() : left.widened();
    return new Typed(math + "." + method + "(" + first + ", " + right.text() + ")", true);
  }

  private Typed atom(Dim.Atom atom) {
    return switch (atom) {
      case Dim.Symbol(String symbol) -> new Typed(names.symbol(symbol), false);
      case Dim.Applied(SizeFunction function, Dim left, Dim right) -> switch (function) {
        case FLOOR -> exact("floorDiv", typed(left), typed(right));
        case MIN, MAX -> exact(function.toString(), typed(left), typed(right));
        case CEIL -> ceiling(typed(left), typed(right));
      };
    };
  }

  private Typed ceiling(Typed left, Typed right) {
    String negative = left.wide() && left.text().startsWith("-") ? "-(" + left.text() + ")"
        : "-" + left.widened();
    return new Typed("-" + math + ".floorDiv(" + negative + ", " + right.text() + ")", true);
  }
}
