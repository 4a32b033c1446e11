package io.kotangent.type;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A sum of products while it grows: like products are one. Arithmetic is exact. */
final class Terms {
  private static final int MOST_SYMBOLS = 256;
  /** The most factors of a product. */
  private static final int LONGEST = 64;

  private final SortedMap<String, Dim.Product> products = new TreeMap<>();
  private long constant;

  Terms add(long number) {
    constant = Math.addExact(constant, number);
    return this;
  }

  Terms add(Dim dim, long factor) {
    add(Math.multiplyExact(dim.constantTerm(), factor));
    for (Dim.Product p : dim.products()) {
      add(Math.multiplyExact(p.coefficient(), factor), p.atoms());
    }
    return this;
  }

  void add(long coefficient, List<Dim.Atom> atoms) {
    Dim.Product product = new Dim.Product(coefficient, atoms);
    products.merge(product.key(), product, (a, b) -> new Dim.Product(
        Math.addExact(a.coefficient(), b.coefficient()), a.atoms()));
  }

  /** {@code left + factor · right} in one pass, as the products of both are in order. */
  static Dim sum(Dim left, Dim right, long factor) {
    List<Dim.Product> sum = new ArrayList<>();
    List<Dim.Product> p = left.products();
    List<Dim.Product> q = right.products();
    for (int i = 0, j = 0; i < p.size() || j < q.size();) {
      int order = i == p.size() ? 1 : j == q.size() ? -1 : p.get(i).key().compareTo(q.get(j).key());
      List<Dim.Atom> atoms = (order <= 0 ? p.get(i) : q.get(j)).atoms();
      long coefficient = order <= 0 ? p.get(i++).coefficient() : 0;
      if (order >= 0) {
        coefficient =
            Math.addExact(coefficient, Math.multiplyExact(q.get(j++).coefficient(), factor));
      }
      if (coefficient != 0) {
        sum.add(new Dim.Product(coefficient, atoms));
      }
    }
    return Dim.of(Math.addExact(left.constantTerm(),
        Math.multiplyExact(right.constantTerm(), factor)), sum);
  }

  static Dim product(Dim left, Dim right) {
    Terms sum = new Terms().add(Math.multiplyExact(left.constantTerm(), right.constantTerm()));
    for (Dim.Product p : left.products()) {
      for (Dim.Product q : right.products()) {
        List<Dim.Atom> atoms = new ArrayList<>(p.atoms());
        atoms.addAll(q.atoms());
        if (atoms.size() > LONGEST) {
          throw new ShapeException("the size " + left.brief() + " times " + right.brief()
              + " has more than " + LONGEST + " factors");
        }
        atoms.sort(Comparator.comparing(Dim.Atom::toString));
        sum.add(Math.multiplyExact(p.coefficient(), q.coefficient()), atoms);
      }
      sum.add(Math.multiplyExact(p.coefficient(), right.constantTerm()), p.atoms());
    }
    for (Dim.Product q : right.products()) {
      sum.add(Math.multiplyExact(q.coefficient(), left.constantTerm()), q.atoms());
    }
    return sum.sum();
  }

  Dim sum() {
    List<Dim.Product> kept = new ArrayList<>();
    for (Dim.Product product : products.values()) {
      if (product.coefficient() != 0) {
        kept.add(product);
      }
    }
    return Dim.of(constant, kept);
  }

  /** Refuses a size of more different symbols than are planned and emitted within two seconds. */
  static void requireFewSymbols(Dim dim, int weight) {
    if (weight > MOST_SYMBOLS) {
      Set<String> names = new HashSet<>();
      dim.collectSymbols(names);
      if (names.size() > MOST_SYMBOLS) {
        throw new ShapeException("a size of " + names.size()
            + " different symbols: expected at most " + MOST_SYMBOLS
            + "; name axes of one size by one symbol");
      }
    }
  }
}
