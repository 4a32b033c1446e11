package io.kotangent.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A size: a polynomial with integer coefficients over symbols ({@code batch}) and functions of two sizes
 * ({@code floor(batch+1,2)}, {@code min(length,128)}). Always in canonical form, so that {@code equals} decides equality
 * of polynomials. Symbols stand for sizes, so they are never negative.
 *
 * <p>What becomes too large to be handled quickly is refused by a {@link ShapeException}: more than 100 000 symbols and
 * numbers in one size, more than 256 different symbols, or products of more than 64 factors.
 */
public final class Dim {
  /** The most elements of a tensor: some less than 2<sup>31</sup>, so that what counts up to it does not overflow. */
  public static final long LARGEST = Integer.MAX_VALUE - 1023L;
  /** The constant 0. */
  public static final Dim ZERO = new Dim(0, List.of());
  /** The constant 1. */
  public static final Dim ONE = new Dim(1, List.of());

  private static final int HEAVIEST = 100_000;
  private static final int SHOWN = 200;

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

  /** A function of two sizes. */
  public record Applied(SizeFunction function, Dim left, Dim right) implements Atom {
    @Override
    public String toString() {
      return function + "(" + left + "," + right + ")";
    }
  }

  /** {@code coefficient · atoms[0] · atoms[1] …}; no atoms for the constant term. */
  public record Product(long coefficient, List<Atom> atoms) {
    /** By which products are ordered; that of a symbol alone is its name. */
    String key() {
      if (atoms.size() == 1) {
        return atoms.get(0).toString();
      }
      StringBuilder key = new StringBuilder();
      for (Atom atom : atoms) {
        key.append(key.length() == 0 ? "" : "*").append(atom);
      }
      return key.toString();
    }
  }

  private final long constant;
  private final List<Product> products;
  /** How many symbols and numbers are in it. */
  private final int weight;

  private Dim(long constant, List<Product> products) {
    this.constant = constant;
    this.products = List.copyOf(products);
    long sum = 1;
    for (Product p : products) {
      sum++;
      for (Atom atom : p.atoms) {
        sum += atom instanceof Applied a ? 1L + a.left.weight + a.right.weight : 1;
      }
    }
    if (sum > HEAVIEST) {
      throw new ShapeException(
          "a size of " + sum + " symbols and numbers: expected at most " + HEAVIEST);
    }
    this.weight = (int) sum;
    Terms.requireFewSymbols(this, weight);
  }

  /** The constant of that value. */
  public static Dim of(long size) {
    return size == 0 ? ZERO : size == 1 ? ONE : new Dim(size, List.of());
  }

  /** The unknown size of that name: a letter or underscore, then letters, digits, underscores. */
  public static Dim symbol(String name) {
    if (name.length() > LONGEST_NAME) {
      throw new ShapeException("a name of " + name.length()
          + " characters cannot name a size: expected at most " + LONGEST_NAME);
    }
    if (!isName(name) || SizeFunction.find(name).isPresent()) {
      throw new ShapeException(
          "'" + name + "' cannot name a size: expected letters, digits and underscores");
    }
    return of(new Symbol(name));
  }

  static Dim of(Atom atom) {
    return new Dim(0, List.of(new Product(1, List.of(atom))));
  }

  /** The size that is this product alone. */
  public static Dim of(Product product) {
    return new Dim(0, List.of(product));
  }

  static Dim of(long constant, List<Product> products) {
    return products.isEmpty() ? of(constant) : new Dim(constant, products);
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
    if (products.isEmpty() || other.products.isEmpty()) {
      return exactly(() -> of(Math.addExact(constant, other.constant),
          products.isEmpty() ? other.products : products), "plus", other);
    }
    return exactly(() -> Terms.sum(this, other, 1), "plus", other);
  }

  /** The sum. */
  public Dim plus(long other) {
    return plus(of(other));
  }

  /** The sum of all; as quick as one pass over them. */
  public static Dim sum(List<Dim> terms) {
    return ZERO.exactly(() -> {
      Terms sum = new Terms();
      terms.forEach(term -> sum.add(term, 1));
      return sum.sum();
    }, "plus " + terms.size() + " others, the first", terms.isEmpty() ? ZERO : terms.get(0));
  }

  /** The difference. */
  public Dim minus(Dim other) {
    return other.products.isEmpty() && other.constant != Long.MIN_VALUE ? plus(-other.constant)
        : exactly(() -> Terms.sum(this, other, -1), "minus", other);
  }

  /** The difference. */
  public Dim minus(long other) {
    return minus(of(other));
  }

  /** The product. */
  public Dim times(Dim other) {
    return is(1) ? other : other.is(1) ? this
        : exactly(() -> isConstant() ? other.scaled(constant) : other.isConstant()
            ? scaled(other.constant) : multiplied(other), "times", other);
  }

  private Dim scaled(long factor) {
    if (factor == 0) {
      return ZERO;
    }
    List<Product> scaled = new ArrayList<>();
    for (Product p : products) {
      scaled.add(new Product(Math.multiplyExact(p.coefficient, factor), p.atoms));
    }
    return of(Math.multiplyExact(constant, factor), scaled);
  }

  private Dim multiplied(Dim other) {
    if ((long) weight * other.weight > 4L * HEAVIEST) {
      throw new ShapeException("the size " + brief() + " times " + other.brief()
          + " has too many terms; use sizes that are simpler");
    }
    return Terms.product(this, other);
  }

  /** The product. */
  public Dim times(long other) {
    return times(of(other));
  }

  /** The quotient, rounded down; a {@link ShapeException} for the divisor 0. */
  public Dim floorDiv(Dim other) {
    return apply(SizeFunction.FLOOR, other);
  }

  /** The quotient, rounded up; a {@link ShapeException} for the divisor 0. */
  public Dim ceilDiv(Dim other) {
    return apply(SizeFunction.CEIL, other);
  }

  /** The smaller one. */
  public Dim min(Dim other) {
    return apply(SizeFunction.MIN, other);
  }

  /** The larger one. */
  public Dim max(Dim other) {
    return apply(SizeFunction.MAX, other);
  }

  /** A function of this and another size; a {@link ShapeException} for the divisor 0. */
  public Dim apply(SizeFunction function, Dim other) {
    return function.picks() ? Extremes.of(function, this, other)
        : exactly(() -> quotient(function, other), "divided by", other);
  }

  private Dim quotient(SizeFunction function, Dim other) {
    if (other.is(0)) {
      throw new ShapeException("division of the size " + brief() + " by zero");
    }
    if (other.is(1)) {
      return this;
    }
    long divisor = other.constant;
    if (!other.isConstant()
        || !products.stream().allMatch(p -> p.coefficient % divisor == 0)) {
      return of(new Applied(function, this, other));
    }
    Terms parts = new Terms().add(function.apply(constant, divisor));
    products.forEach(p -> parts.add(SizeFunction.FLOOR.apply(p.coefficient, divisor), p.atoms));
    return parts.sum();
  }

  private Dim exactly(Supplier<Dim> compute, String does, Dim other) {
    try {
      return compute.get();
    } catch (ArithmeticException e) {
      throw new ShapeException(
          "the size " + brief() + " " + does + " " + other.brief() + " overflows 64 bits");
    }
  }

  /** The text, cut where it is long. */
  String brief() {
    String text = toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** The only atom of what is nothing else; itself no atom otherwise. */
  Object alone() {
    return constant == 0 && products.size() == 1 && products.get(0).coefficient == 1
        && products.get(0).atoms.size() == 1 ? products.get(0).atoms.get(0) : this;
  }

  /** Whether {@code this ≥ bound} for all values of the symbols; {@code false} also when that cannot be shown. */
  public boolean isAtLeast(long bound) {
    return Extremes.isAtLeast(this, bound);
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
      throw new ShapeException("the size " + brief() + " overflows for " + symbols);
    }
  }

  private long evaluate(Atom atom, Map<String, Long> symbols) {
    if (atom instanceof Applied a) {
      long right = a.right.evaluate(symbols);
      if (right == 0 && !a.function.picks()) {
        throw new ShapeException("the size " + brief() + " divides by zero for " + symbols);
      }
      return a.function.apply(a.left.evaluate(symbols), right);
    }
    Long value = symbols.get(((Symbol) atom).name);
    if (value == null) {
      throw new ShapeException(
          "the size " + atom + " is unknown: expected one of " + symbols.keySet()
              + "; feed an input that has it, or set it");
    }
    return value;
  }

  /** The value as an array size: between 0 and {@link #LARGEST}, otherwise a {@link ShapeException}. */
  public int evaluateInt(Map<String, Long> symbols) {
    long value = evaluate(symbols);
    if (value < 0 || value > LARGEST) {
      throw new ShapeException("the size " + brief() + " is " + value + " for " + symbols
          + ": expected 0 to " + LARGEST);
    }
    return (int) value;
  }

  /** Adds the names of all symbols to {@code names}. */
  public void collectSymbols(Set<String> names) {
    for (Product p : products) {
      for (Atom atom : p.atoms) {
        if (atom instanceof Applied a) {
          a.left.collectSymbols(names);
          a.right.collectSymbols(names);
        } else {
          names.add(((Symbol) atom).name);
        }
      }
    }
  }

  /** This size with sizes put for symbols. */
  public Dim substitute(Map<String, Dim> values) {
    List<Dim> terms = new ArrayList<>(List.of(of(constant)));
    for (Product p : products) {
      Dim product = of(p.coefficient);
      for (Atom atom : p.atoms) {
        product = product.times(atom instanceof Applied a
            ? a.left.substitute(values).apply(a.function, a.right.substitute(values))
            : values.getOrDefault(((Symbol) atom).name, of(atom)));
      }
      terms.add(product);
    }
    return sum(terms);
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
        text.append(Long.toString(p.coefficient).substring(p.coefficient < 0 ? 1 : 0)).append('*');
      }
      text.append(p.key());
    }
    if (constant != 0) {
      text.append(constant > 0 ? "+" : "").append(constant);
    }
    return text.toString();
  }
}
