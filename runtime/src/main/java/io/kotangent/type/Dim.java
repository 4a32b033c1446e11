package io.kotangent.type;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A size: a polynomial with integer coefficients over symbols ({@code batch}) and rounded quotients
 * ({@code floor(batch+1,2)}). Always in canonical form, so that {@code equals} decides equality of polynomials. Symbols
 * stand for sizes, so they are never negative.
 */
public final class Dim {
  /** The constant 0. */
  public static final Dim ZERO = new Dim(0);
  /** The constant 1. */
  public static final Dim ONE = new Dim(1);

  private static final int LONGEST_NAME = 1000;

  /** What a product is made of. */
  public sealed interface Atom {
  }

  /** An unknown size. */
  public record Symbol(String name) implements Atom {
    @Override
    public String toString() {
      return name;
    }
  }

  /** {@code numerator / denominator}, rounded down or up. */
  public record Quotient(Dim numerator, Dim denominator, boolean up) implements Atom {
    @Override
    public String toString() {
      return (up ? "ceil(" : "floor(") + numerator + "," + denominator + ")";
    }
  }

  /** {@code coefficient · atoms[0] · atoms[1] …}; no atoms for the constant term. */
  public record Product(long coefficient, List<Atom> atoms) {
    String key() {
      StringBuilder key = new StringBuilder();
      for (Atom atom : atoms) {
        key.append(key.length() == 0 ? "" : "*").append(atom);
      }
      return key.toString();
    }
  }

  private final long constant;
  private final List<Product> products;

  private Dim(long constant) {
    this.constant = constant;
    this.products = List.of();
  }

  private Dim(long constant, List<Product> products) {
    this.constant = constant;
    this.products = List.copyOf(products);
  }

  /** The constant of that value. */
  public static Dim of(long size) {
    return size == 0 ? ZERO : size == 1 ? ONE : new Dim(size);
  }

  /** The unknown size of that name: a letter or underscore, then letters, digits, underscores. */
  public static Dim symbol(String name) {
    if (name.length() > LONGEST_NAME) {
      throw new ShapeException("a name of " + name.length()
          + " characters cannot name a size: expected at most " + LONGEST_NAME);
    }
    if (!isName(name) || name.equals("floor") || name.equals("ceil")) {
      throw new ShapeException(
          "'" + name + "' cannot name a size: expected letters, digits and underscores");
    }
    return new Dim(0, List.of(new Product(1, List.of(new Symbol(name)))));
  }

  /** Without a regular expression: the first in a process takes longer than all else that a name needs. */
  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
      if (!letter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Whether there is no symbol in it. */
  public boolean isConstant() {
    return products.isEmpty();
  }

  /** The value of a constant. */
  public long constant() {
    if (!isConstant()) {
      throw new ShapeException("the size " + this + " is not a constant");
    }
    return constant;
  }

  /** Whether this is the constant {@code value}. */
  public boolean is(long value) {
    return isConstant() && constant == value;
  }

  /** The terms with symbols, in canonical order. */
  public List<Product> products() {
    return products;
  }

  /** The term without symbols. */
  public long constantTerm() {
    return constant;
  }

  /** The sum. */
  public Dim plus(Dim other) {
    try {
      return exactPlus(other);
    } catch (ArithmeticException e) {
      throw new ShapeException("the size " + this + " plus " + other + " overflows 64 bits");
    }
  }

  private Dim exactPlus(Dim other) {
    if (isConstant() && other.isConstant()) {
      return of(Math.addExact(constant, other.constant));
    }
    if (isConstant() || other.isConstant()) {
      return new Dim(Math.addExact(constant, other.constant),
          isConstant() ? other.products : products);
    }
    SortedMap<String, Product> sum = new TreeMap<>();
    add(sum, products, 1);
    add(sum, other.products, 1);
    return canonical(Math.addExact(constant, other.constant), sum);
  }

  /** The sum. */
  public Dim plus(long other) {
    return plus(of(other));
  }

  /** The difference. */
  public Dim minus(Dim other) {
    return plus(other.times(of(-1)));
  }

  /** The difference. */
  public Dim minus(long other) {
    return plus(of(-other));
  }

  /** The product. */
  public Dim times(Dim other) {
    try {
      return exactTimes(other);
    } catch (ArithmeticException e) {
      throw new ShapeException("the size " + this + " times " + other + " overflows 64 bits");
    }
  }

  private Dim exactTimes(Dim other) {
    if (isConstant() && other.isConstant()) {
      return of(Math.multiplyExact(constant, other.constant));
    }
    if (is(1)) {
      return other;
    }
    if (other.is(1)) {
      return this;
    }
    if (isConstant() || other.isConstant()) {
      return isConstant() ? other.scaled(constant) : scaled(other.constant);
    }
    SortedMap<String, Product> sum = new TreeMap<>();
    for (Product p : products) {
      for (Product q : other.products) {
        List<Atom> atoms = new ArrayList<>(p.atoms);
        atoms.addAll(q.atoms);
        atoms.sort((a, b) -> a.toString().compareTo(b.toString()));
        add(sum, List.of(new Product(Math.multiplyExact(p.coefficient, q.coefficient), atoms)), 1);
      }
    }
    add(sum, products, other.constant);
    add(sum, other.products, constant);
    return canonical(Math.multiplyExact(constant, other.constant), sum);
  }

  private Dim scaled(long factor) {
    if (factor == 0) {
      return ZERO;
    }
    List<Product> scaled = new ArrayList<>();
    for (Product p : products) {
      scaled.add(new Product(Math.multiplyExact(p.coefficient, factor), p.atoms));
    }
    return new Dim(Math.multiplyExact(constant, factor), scaled);
  }

  /** The product. */
  public Dim times(long other) {
    return times(of(other));
  }

  /** The quotient, rounded down; a {@link ShapeException} for the divisor 0. */
  public Dim floorDiv(Dim other) {
    return quotient(other, false);
  }

  /** The quotient, rounded up; a {@link ShapeException} for the divisor 0. */
  public Dim ceilDiv(Dim other) {
    return quotient(other, true);
  }

  private Dim quotient(Dim other, boolean up) {
    if (other.is(0)) {
      throw new ShapeException("division of the size " + this + " by zero");
    }
    if (other.is(1)) {
      return this;
    }
    if (other.isConstant()
        && products.stream().allMatch(p -> p.coefficient % other.constant == 0)) {
      return of(
          up ? -Math.floorDiv(-constant, other.constant) : Math.floorDiv(constant, other.constant))
          .plus(
              new Dim(0, products.stream()
                  .map(p -> new Product(p.coefficient / other.constant, p.atoms)).toList()));
    }
    return new Dim(0, List.of(new Product(1, List.of(new Quotient(this, other, up)))));
  }

  private static void add(SortedMap<String, Product> sum, List<Product> products, long factor) {
    for (Product p : products) {
      sum.merge(p.key(), new Product(Math.multiplyExact(p.coefficient, factor), p.atoms),
          (a, b) -> new Product(Math.addExact(a.coefficient, b.coefficient), a.atoms));
    }
  }

  private static Dim canonical(long constant, SortedMap<String, Product> sum) {
    List<Product> products = new ArrayList<>();
    for (Product p : sum.values()) {
      if (p.coefficient != 0) {
        products.add(p);
      }
    }
    return products.isEmpty() ? of(constant) : new Dim(constant, products);
  }

  /** Whether {@code this ≥ bound} for all values of the symbols; {@code false} also when that cannot be shown. */
  public boolean isAtLeast(long bound) {
    return constant >= bound && products.stream().allMatch(
        p -> p.coefficient >= 0 && p.atoms.stream().allMatch(Dim::isNeverNegative));
  }

  private static boolean isNeverNegative(Atom atom) {
    return !(atom instanceof Quotient q) || q.numerator.isAtLeast(0) && q.denominator.isAtLeast(1);
  }

  /** The value for given symbols; a {@link ShapeException} for an unknown symbol or an overflow. */
  public long evaluate(Map<String, Long> symbols) {
    try {
      long value = constant;
      for (Product p : products) {
        long product = p.coefficient;
        for (Atom atom : p.atoms) {
          product = Math.multiplyExact(product, evaluate(atom, symbols));
        }
        value = Math.addExact(value, product);
      }
      return value;
    } catch (ArithmeticException e) {
      throw new ShapeException("the size " + this + " overflows for " + symbols);
    }
  }

  private long evaluate(Atom atom, Map<String, Long> symbols) {
    if (atom instanceof Quotient q) {
      long denominator = q.denominator.evaluate(symbols);
      if (denominator == 0) {
        throw new ShapeException("the size " + this + " divides by zero for " + symbols);
      }
      long numerator = q.numerator.evaluate(symbols);
      return q.up ? -Math.floorDiv(-numerator, denominator) : Math.floorDiv(numerator, denominator);
    }
    Long value = symbols.get(((Symbol) atom).name);
    if (value == null) {
      throw new ShapeException(
          "the size " + atom + " is unknown: expected one of " + symbols.keySet()
              + "; feed an input that has it, or set it");
    }
    return value;
  }

  /** The value as an array size: between 0 and {@code Integer.MAX_VALUE}, otherwise a {@link ShapeException}. */
  public int evaluateInt(Map<String, Long> symbols) {
    long value = evaluate(symbols);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new ShapeException("the size " + this + " is " + value + " for " + symbols
          + ": expected 0 to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  /** Adds the names of all symbols to {@code names}. */
  public void collectSymbols(Set<String> names) {
    for (Product p : products) {
      for (Atom atom : p.atoms) {
        if (atom instanceof Quotient q) {
          q.numerator.collectSymbols(names);
          q.denominator.collectSymbols(names);
        } else {
          names.add(((Symbol) atom).name);
        }
      }
    }
  }

  /** This size with sizes put for symbols. */
  public Dim substitute(Map<String, Dim> values) {
    Dim result = of(constant);
    for (Product p : products) {
      Dim product = of(p.coefficient);
      for (Atom atom : p.atoms) {
        product = product.times(atom instanceof Quotient q
            ? q.numerator.substitute(values).quotient(q.denominator.substitute(values), q.up)
            : values.getOrDefault(((Symbol) atom).name,
                new Dim(0, Collections.singletonList(new Product(1, List.of(atom))))));
      }
      result = result.plus(product);
    }
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dim dim && constant == dim.constant && products.equals(dim.products);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(constant) * 31 + products.hashCode();
  }

  /** {@code 2*batch+1}, without spaces. */
  @Override
  public String toString() {
    if (isConstant()) {
      return Long.toString(constant);
    }
    StringBuilder text = new StringBuilder();
    for (Product p : products) {
      if (p.coefficient < 0) {
        text.append('-');
      } else if (text.length() > 0) {
        text.append('+');
      }
      if (Math.abs(p.coefficient) != 1) {
        text.append(Math.abs(p.coefficient)).append('*');
      }
      text.append(p.key());
    }
    if (constant != 0) {
      text.append(constant > 0 ? "+" : "").append(constant);
    }
    return text.toString();
  }
}
