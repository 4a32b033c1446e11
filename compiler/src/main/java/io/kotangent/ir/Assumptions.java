package io.kotangent.ir;

import io.kotangent.type.Dim;
import io.kotangent.type.Requirement;
import io.kotangent.type.SizeFunction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a graph assumes of its sizes, and what follows from it.
///
/// A rewrite may make a node that assumes other relations than the nodes that it replaces, but none that does not follow:
/// of `n >= m` and `m >= k`, two slices' limits, one slice has `n >= k`. A relation follows if it is a sum of assumed ones,
/// each times a number that is not negative, and of what is never negative: symbols, rounded quotients, what rounding
/// leaves. (By Farkas' lemma that is all that follows by linear arithmetic; a product of symbols counts as one unknown.)
final class Assumptions {
  /// The most numbers of a system that is solved.
  private static final int MOST = 100_000;

  private final Set<String> texts = new HashSet<>();
  /// Sizes that are assumed not to be negative.
  private final List<Dim> assumed = new ArrayList<>();

  Assumptions(List<Requirement> requirements) {
    for (Requirement r : requirements) {
      texts.add(r.toString());
      switch (r.relation()) {
        case AT_LEAST -> assumed.add(r.left().minus(r.right()));
        case EQUAL -> {
          assumed.add(r.left().minus(r.right()));
          assumed.add(r.right().minus(r.left()));
        }
        case MULTIPLE_OF -> {
          // says nothing of which is larger
        }
      }
    }
  }

  /// What a graph requires, and that no size of its ports is negative.
  static Assumptions of(Graph graph) {
    Assumptions assumptions = new Assumptions(graph.requirements());
    graph.ports().forEach(port -> assumptions.assumed.addAll(port.type().shape().dims().stream()
        .filter(dim -> !dim.isAtLeast(0)).toList()));
    return assumptions;
  }

  boolean imply(Requirement needed) {
    if (texts.contains(needed.toString())) {
      return true;
    }
    return switch (needed.relation()) {
      case AT_LEAST -> isNeverNegative(needed.left().minus(needed.right()));
      case EQUAL -> isNeverNegative(needed.left().minus(needed.right()))
          && isNeverNegative(needed.right().minus(needed.left()));
      case MULTIPLE_OF -> false;
    };
  }

  private boolean isNeverNegative(Dim size) {
    List<Dim> facts = new ArrayList<>(assumed);
    Map<List<Dim.Atom>, Integer> unknowns = new LinkedHashMap<>();
    Set<Dim> open = new LinkedHashSet<>(assumed);
    open.add(size);
    while (!open.isEmpty()) {
      Dim next = open.iterator().next();
      open.remove(next);
      for (Dim.Product product : next.products()) {
        if (unknowns.putIfAbsent(product.atoms(), unknowns.size()) == null) {
          List<Dim> more = factsOf(product.atoms());
          facts.addAll(more);
          open.addAll(more);
        }
      }
    }
    facts.add(Dim.ONE);
    if ((long) facts.size() * unknowns.size() > MOST) {
      return false;
    }
    BigInteger[][] columns = new BigInteger[facts.size()][];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = coefficients(facts.get(i), unknowns);
    }
    return NonNegative.canSum(columns, coefficients(size, unknowns));
  }

  private static BigInteger[] coefficients(Dim size, Map<List<Dim.Atom>, Integer> unknowns) {
    BigInteger[] row = new BigInteger[unknowns.size() + 1];
    java.util.Arrays.fill(row, BigInteger.ZERO);
    unknowns.forEach((atoms, place) -> {
      for (Dim.Product product : size.products()) {
        if (product.atoms().equals(atoms)) {
          row[place] = BigInteger.valueOf(product.coefficient());
        }
      }
    });
    row[unknowns.size()] = BigInteger.valueOf(size.constantTerm());
    return row;
  }

  /// What is never negative about a product of symbols and quotients: itself, and what rounding added or took.
  private static List<Dim> factsOf(List<Dim.Atom> atoms) {
    List<Dim> facts = new ArrayList<>();
    Dim product = Dim.ONE;
    for (Dim.Atom atom : atoms) {
      product = product.times(switch (atom) {
        case Dim.Symbol(var name) -> Dim.symbol(name);
        case Dim.Applied a -> value(a);
      });
    }
    if (product.isAtLeast(0)) {
      facts.add(product);
    }
    if (atoms.size() == 1
        && atoms.getFirst() instanceof Dim.Applied(var function, Dim left, Dim right)) {
      switch (function) {
        case FLOOR, CEIL -> {
          if (right.isConstant() && right.isAtLeast(1)) {
            Dim rounded = product.times(right);
            Dim change = function == SizeFunction.CEIL ? rounded.minus(left) : left.minus(rounded);
            facts.add(change);
            facts.add(right.minus(1).minus(change));
          }
        }
        case MIN -> facts.addAll(List.of(left.minus(product), right.minus(product)));
        case MAX -> facts.addAll(List.of(product.minus(left), product.minus(right)));
      }
    }
    return facts;
  }

  private static Dim value(Dim.Applied a) {
    return a.left().apply(a.function(), a.right());
  }
}
