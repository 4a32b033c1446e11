package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Along;
import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Bracket;
import io.kotangent.formula.FormulaTerm.Choice;
import io.kotangent.formula.FormulaTerm.Fenced;
import io.kotangent.formula.FormulaTerm.Index;
import io.kotangent.formula.FormulaTerm.Matrices;
import io.kotangent.formula.FormulaTerm.Name;
import io.kotangent.formula.FormulaTerm.Picked;
import io.kotangent.formula.FormulaTerm.Power;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.formula.FormulaTerm.Reduced;
import io.kotangent.formula.FormulaTerm.Related;
import io.kotangent.formula.FormulaTerm.Sliced;
import io.kotangent.formula.FormulaTerm.Spread;
import io.kotangent.formula.FormulaTerm.Sum;
import io.kotangent.formula.FormulaTerm.Transposed;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Terms inside terms.
final class Terms {
  private Terms() {
  }

  /// The terms that a term is made of.
  static List<FormulaTerm> parts(FormulaTerm term) {
    return switch (term) {
      case Name _, Index _ -> List.of();
      case Sum sum -> List.copyOf(sum.terms());
      case Product product -> product.factors().stream().map(Power::base).toList();
      case Matrices matrices -> matrices.factors();
      case Transposed transposed -> List.of(transposed.of());
      case Applied applied -> applied.arguments();
      case Spread spread -> List.of(spread.of());
      case Reduced reduced -> List.of(reduced.of());
      case Along along -> List.of(along.of());
      case Picked picked -> List.of(picked.of(), picked.at());
      case Sliced sliced -> List.of(sliced.of());
      case Related related -> List.of(related.left(), related.right());
      case Bracket bracket -> List.of(bracket.condition());
      case Fenced fenced -> List.of(fenced.inside());
      case Choice choice -> List.of(choice.condition(), choice.then(), choice.otherwise());
    };
  }

  /// Every term in it, itself last.
  static void visit(FormulaTerm term, Consumer<FormulaTerm> visitor) {
    parts(term).forEach(part -> visit(part, visitor));
    visitor.accept(term);
  }

  /// With names in the places of terms.
  static FormulaTerm named(FormulaTerm term, Map<FormulaTerm, Name> names) {
    Name name = names.get(term);
    if (name != null) {
      return name;
    }
    return switch (term) {
      case Name _, Index _ -> term;
      case Sum sum -> new Sum(
          sum.terms().stream().map(t -> (Product) product(t, names)).toList(), sum.rank(),
          sum.size());
      case Product product -> product(product, names);
      case Matrices m -> new Matrices(all(m.factors(), names), m.rank(), m.size());
      case Transposed t -> new Transposed(named(t.of(), names), t.rank(), t.size());
      case Applied a ->
          new Applied(a.name(), all(a.arguments(), names), a.rank(), a.size());
      case Spread s -> new Spread(named(s.of(), names), s.axes(), s.rank(), s.size());
      case Reduced r -> new Reduced(r.name(), named(r.of(), names), r.axes(), r.count(), r.rank(),
          r.size());
      case Along a ->
          new Along(a.name(), named(a.of(), names), a.axes(), a.count(), a.rank(), a.size());
      case Picked p ->
          new Picked(named(p.of(), names), named(p.at(), names), p.rank(), p.size());
      case Sliced s -> new Sliced(named(s.of(), names), s.axes(), s.rank(), s.size());
      case Related r -> new Related(r.sign(), named(r.left(), names), named(r.right(), names),
          r.rank(), r.size());
      case Bracket b -> new Bracket(named(b.condition(), names), b.rank(), b.size());
      case Fenced f -> new Fenced(f.isDouble(), named(f.inside(), names), f.rank(), f.size());
      case Choice c -> new Choice(named(c.condition(), names), named(c.then(), names),
          named(c.otherwise(), names), c.rank(), c.size());
    };
  }

  private static FormulaTerm product(Product product, Map<FormulaTerm, Name> names) {
    return new Product(product.coefficient(), product.factors().stream()
        .map(f -> new Power(named(f.base(), names), f.exponent())).toList(), product.rank(),
        product.size());
  }

  private static List<FormulaTerm> all(List<FormulaTerm> terms, Map<FormulaTerm, Name> names) {
    return terms.stream().map(term -> named(term, names)).toList();
  }
}
