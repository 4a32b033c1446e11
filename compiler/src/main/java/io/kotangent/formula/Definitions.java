package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Along;
import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Name;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Names that stand for parts of formulas: `where p = softmax(z)`.
final class Definitions {
  /// What a name stands for.
  record Definition(String name, FormulaTerm term) {
  }

  /// Formulas of fewer parts are read at a glance.
  private static final int LONG = 24;
  private static final int WORTH_A_NAME = 4;

  private final Set<String> taken;
  private final Map<Literal, String> constants = new HashMap<>();
  private final Map<Graph, String> bodies = new HashMap<>();
  private final List<Definition> all = new ArrayList<>();

  Definitions(Collection<String> taken) {
    this.taken = new HashSet<>(taken);
  }

  List<Definition> all() {
    return all;
  }

  /// All of them, if with the formula that they are for they are not too long to be read.
  List<Definition> readable(FormulaTerm formula) {
    List<FormulaTerm> parts = new ArrayList<>(List.of(formula));
    all.forEach(definition -> parts.add(definition.term()));
    Algebra.size(parts);
    return all;
  }

  /// A new name for a term.
  Name define(String wanted, FormulaTerm term) {
    Name name = new Name(fresh(wanted), false, term.rank());
    all.add(new Definition(name.name(), term));
    return name;
  }

  /// The name of a tensor of given numbers.
  String constant(Literal literal) {
    return constants.computeIfAbsent(literal, _ -> fresh("constant"));
  }

  /// The name of a loop's body, whose results are told once.
  String body(Graph body, Supplier<List<FormulaTerm>> results) {
    String known = bodies.get(body);
    if (known != null) {
      return known;
    }
    String name = fresh(body.name());
    bodies.put(body, name);
    List<FormulaTerm> terms = results.get();
    for (int i = 0; i < terms.size(); i++) {
      all.add(new Definition(name + "." + body.results().get(i).name(), terms.get(i)));
    }
    return name;
  }

  private String fresh(String wanted) {
    String name = wanted;
    for (int i = 1; !taken.add(name); i++) {
      name = wanted + i;
    }
    return name;
  }

  /// Names the probabilities and the one-hot rows that the formula is about: p and y.
  FormulaTerm withTextbookNames(FormulaTerm term) {
    FormulaTerm named = named(term, "p",
        part -> part instanceof Along a && a.name().equals("softmax"));
    return named(named, "y", part -> part instanceof Applied a && a.name().equals("onehot"));
  }

  private FormulaTerm named(FormulaTerm term, String wanted, Predicate<FormulaTerm> which) {
    Map<FormulaTerm, Name> names = new LinkedHashMap<>();
    Terms.visit(term, part -> {
      if (which.test(part) && !part.equals(term) && !names.containsKey(part)) {
        names.put(part, define(wanted, Terms.named(part, names)));
      }
    });
    return Terms.named(term, names);
  }

  /// Names what occurs more than once in a long formula, the largest first.
  FormulaTerm withShared(FormulaTerm term) {
    FormulaTerm named = term;
    while (named.size() > LONG) {
      Map<FormulaTerm, Integer> counts = new LinkedHashMap<>();
      Terms.visit(named, part -> counts.merge(part, 1, Integer::sum));
      FormulaTerm largest = null;
      for (Map.Entry<FormulaTerm, Integer> part : counts.entrySet()) {
        boolean worth = part.getValue() > 1 && part.getKey().size() >= WORTH_A_NAME
            && !(part.getKey() instanceof Product)
            && !(part.getKey() instanceof FormulaTerm.Spread);
        if (worth && (largest == null || part.getKey().size() > largest.size())) {
          largest = part.getKey();
        }
      }
      if (largest == null) {
        return named;
      }
      named = Terms.named(named, Map.of(largest, define(letter(), largest)));
    }
    return named;
  }

  private String letter() {
    for (String letter : List.of("a", "b", "c", "d", "e", "g", "h", "q", "r", "s")) {
      if (!taken.contains(letter)) {
        return letter;
      }
    }
    return "a";
  }
}
