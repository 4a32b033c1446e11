package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Power;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.formula.FormulaTerm.Reduced;
import io.kotangent.formula.FormulaTerm.Spread;
import io.kotangent.formula.FormulaTerm.Sum;
import io.kotangent.ir.Axes;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Terms that are repeated along axes, and terms that join them again.
final class Reductions {
  private Reductions() {
  }

  // ---- repeating

  /// The term repeated to a higher rank.
  ///
  /// @param axes where its own axes lie
  static FormulaTerm spread(FormulaTerm x, List<Integer> axes, int rank) {
    if (x.rank() == 0 || x.rank() == rank) {
      return x;
    }
    return switch (x) {
      case Product p -> Algebra.product(joined(Algebra.number(p.coefficient()), p.factors().stream()
          .map(f -> Algebra.power(spread(f.base(), axes, rank), f.exponent())).toList()));
      case Sum s -> Algebra.sum(s.terms().stream().map(t -> spread(t, axes, rank)).toList());
      case Spread s -> new Spread(s.of(), Axes.at(axes, s.axes()), rank, s.size());
      case FormulaTerm term ->
          new Spread(term, List.copyOf(axes), rank, Algebra.size(List.of(term)));
    };
  }

  private static FormulaTerm[] joined(FormulaTerm first, List<FormulaTerm> rest) {
    List<FormulaTerm> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return all.toArray(FormulaTerm[]::new);
  }

  /// The axes of a tensor of that rank along which a factor of it varies.
  static List<Integer> axesOf(FormulaTerm factor, int rank) {
    return switch (factor) {
      case FormulaTerm term when term.rank() == 0 -> List.of();
      case Spread spread -> spread.axes();
      case Sum sum -> sum.terms().stream().flatMap(t -> axesOf(t, rank).stream()).distinct()
          .sorted().toList();
      case Product product -> product.factors().stream()
          .flatMap(f -> axesOf(f.base(), rank).stream()).distinct().sorted().toList();
      case FormulaTerm _ -> Axes.all(rank);
    };
  }

  /// A factor of a tensor, without axes along which it does not vary.
  static FormulaTerm without(FormulaTerm factor, List<Integer> axes, int rank) {
    return switch (factor) {
      case Spread spread -> {
        List<Integer> kept = Axes.others(axes, rank);
        List<Integer> places = spread.axes().stream().map(kept::indexOf).toList();
        yield spread(spread.of(), places, kept.size());
      }
      case Sum sum ->
          Algebra.sum(sum.terms().stream().map(t -> without(t, axes, rank)).toList());
      case Product product -> Algebra.product(joined(Algebra.number(product.coefficient()),
          product.factors().stream()
              .map(f -> Algebra.power(without(f.base(), axes, rank), f.exponent())).toList()));
      case FormulaTerm term -> term;
    };
  }

  // ---- joining

  /// A size, as a product of numbers and names.
  static FormulaTerm size(Dim dim) {
    if (dim.isConstant()) {
      return Algebra.number((double) dim.constant());
    }
    List<Dim.Product> products = dim.products();
    if (products.size() != 1 || dim.constantTerm() != 0) {
      return new FormulaTerm.Name(dim.toString(), true, 0);
    }
    FormulaTerm size = Algebra.number((double) products.getFirst().coefficient());
    for (Dim.Atom atom : products.getFirst().atoms()) {
      size = Algebra.product(size, new FormulaTerm.Name(atom.toString(), true, 0));
    }
    return size;
  }

  private static FormulaTerm count(Shape shape, List<Integer> axes) {
    FormulaTerm count = Algebra.number(1);
    for (int axis : axes) {
      count = Algebra.product(count, size(shape.dim(axis)));
    }
    return count;
  }

  /// Σ over axes of a tensor of that shape. What does not vary along them stands before it; a sum of terms is summed term by
  /// term where that makes it simpler.
  static FormulaTerm sum(FormulaTerm x, List<Integer> axes, Shape shape) {
    int rank = shape.rank();
    FormulaTerm count = count(shape, axes);
    Product p = Algebra.asProduct(x);
    List<FormulaTerm> before = new ArrayList<>(List.of(Algebra.number(p.coefficient())));
    List<Power> inside = new ArrayList<>();
    for (Power factor : p.factors()) {
      boolean varies = axesOf(factor.base(), rank).stream().anyMatch(axes::contains);
      if (varies) {
        inside.add(factor);
      } else {
        before.add(Algebra.power(without(factor.base(), axes, rank), factor.exponent()));
      }
    }
    before.add(inside.isEmpty() ? count
        : summed(Algebra.collapse(1, inside), axes, shape, count));
    return Algebra.product(before.toArray(FormulaTerm[]::new));
  }

  private static FormulaTerm summed(FormulaTerm x, List<Integer> axes, Shape shape,
      FormulaTerm count) {
    FormulaTerm whole = reduced("Σ", x, axes, count, shape.rank());
    if (!(x instanceof Sum sum)) {
      return whole;
    }
    FormulaTerm termByTerm =
        Algebra.sum(sum.terms().stream().map(t -> sum(t, axes, shape)).toList());
    return termByTerm.size() < whole.size() ? termByTerm : whole;
  }

  /// Any other reduction.
  static FormulaTerm reduced(String name, FormulaTerm x, List<Integer> axes, Shape shape) {
    return reduced(name, x, axes, count(shape, axes), shape.rank());
  }

  static FormulaTerm reduced(String name, FormulaTerm x, List<Integer> axes, FormulaTerm count,
      int rank) {
    return new Reduced(name, x, List.copyOf(axes), count, rank - axes.size(),
        Algebra.size(List.of(x)));
  }

  /// The reduction that is repeated along just the axes that it removed, so that each element meets its own.
  static java.util.Optional<Reduced> own(FormulaTerm x, String name) {
    return switch (x) {
      case Reduced r when r.name().equals(name) && r.rank() == 0 -> java.util.Optional.of(r);
      case Spread(Reduced r, var axes, var rank, _) when r.name().equals(name)
          && axes.equals(r.kept()) && rank == r.rank() + r.axes().size() ->
          java.util.Optional.of(r);
      default -> java.util.Optional.empty();
    };
  }

  /// The reduction as each element of its operand meets it: [#own] undone.
  static FormulaTerm repeated(Reduced r) {
    return spread(r, r.kept(), r.rank() + r.axes().size());
  }
}
