package io.kotangent.runtime;

import io.kotangent.type.Argument;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.ShapeException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a program's symbolic sizes, found from the lengths of its inputs: whenever the size of a port is
 * linear in one unknown symbol, that symbol is solved for. Then everything is checked. Allocates nothing unless
 * something is wrong.
 */
final class Sizes {
  private static final int UNKNOWN = -2;
  private static final int SET = -1;

  private final Signature signature;
  private final long[] values;
  /** Where each value is from: an input's index, or one of the constants above. */
  private final int[] from;
  private final long[] set;
  private final int[] forCode;
  private final SizeFormula[] lengths;
  private final SizeFormula[][] dims;
  private final SizeFormula[] left;
  private final SizeFormula[] right;

  Sizes(Signature signature) {
    this.signature = signature;
    int n = signature.symbols().size();
    values = new long[n];
    from = new int[n];
    set = new long[n];
    Arrays.fill(set, -1);
    forCode = new int[n];
    lengths = signature.inputs().stream().map(p -> formula(p.type().shape().size()))
        .toArray(SizeFormula[]::new);
    dims = signature.inputs().stream().map(p -> formulas(p.type().shape().dims()))
        .toArray(SizeFormula[][]::new);
    left = formulas(signature.requirements().stream().map(Requirement::left).toList());
    right = formulas(signature.requirements().stream().map(Requirement::right).toList());
  }

  SizeFormula formula(Dim dim) {
    return new SizeFormula(dim, signature.symbols());
  }

  private SizeFormula[] formulas(List<Dim> list) {
    return list.stream().map(this::formula).toArray(SizeFormula[]::new);
  }

  /** Fixes a symbol; returns whether that is news. */
  boolean set(String symbol, int value) {
    int index = index(symbol);
    if (value < 0 || value > Dim.LARGEST) {
      throw new FeedException("the size '" + symbol + "' was set to " + value
          + ": expected 0 to " + Dim.LARGEST);
    }
    boolean news = set[index] != value;
    set[index] = value;
    return news;
  }

  private int index(String symbol) {
    int index = signature.symbols().indexOf(Argument.given(symbol, "the name of a size"));
    if (index < 0) {
      throw new FeedException(
          "program " + signature.name() + " has no size '" + symbol + "': expected one of "
              + signature.symbols());
    }
    return index;
  }

  /** The value that a symbol had in the last run. */
  int value(String symbol) {
    return forCode[index(symbol)];
  }

  /** The values for {@link Code#run}, after {@link #solve}. */
  int[] forCode() {
    return forCode;
  }

  /** Finds all symbols for inputs with so many elements, and checks them. */
  void solve(int[] elements) {
    for (int s = 0; s < from.length; s++) {
      from[s] = set[s] >= 0 ? SET : UNKNOWN;
      values[s] = Math.max(set[s], 0);
    }
    boolean found = true;
    while (found) {
      found = false;
      for (int port = 0; port < lengths.length; port++) {
        found |= solve(port, elements[port]);
      }
    }
    for (int s = 0; s < from.length; s++) {
      if (from[s] == UNKNOWN) {
        throw unknown(s);
      }
      forCode[s] = (int) values[s];
    }
    for (int port = 0; port < lengths.length; port++) {
      check(port, elements[port]);
    }
    for (int i = 0; i < left.length; i++) {
      require(i);
    }
  }

  private boolean solve(int port, int elements) {
    int unknown = UNKNOWN;
    for (int s = 0; s < from.length; s++) {
      if (from[s] == UNKNOWN && lengths[port].mentions(s)) {
        if (unknown != UNKNOWN) {
          return false;
        }
        unknown = s;
      }
    }
    if (unknown == UNKNOWN || !lengths[port].isLinearIn(unknown)) {
      return false;
    }
    values[unknown] = 0;
    long offset = evaluate(lengths[port]);
    values[unknown] = 1;
    long slope = evaluate(lengths[port]) - offset;
    values[unknown] = 0;
    if (slope == 0) {
      return false;
    }
    long value = (elements - offset) / slope;
    if (slope * value != elements - offset || value < 0 || value > Dim.LARGEST) {
      throw notWhole(port, elements, unknown, offset, slope);
    }
    values[unknown] = value;
    from[unknown] = port;
    return true;
  }

  /** The value of a formula; a {@link ShapeException} where it overflows or divides by zero. */
  long evaluate(SizeFormula formula) {
    try {
      return formula.evaluate(values);
    } catch (ArithmeticException e) {
      throw new ShapeException("program " + signature.name() + ": the size " + formula.dim()
          + " overflows or divides by zero for " + known());
    }
  }

  private void check(int port, int elements) {
    Port input = signature.inputs().get(port);
    for (SizeFormula dim : dims[port]) {
      if (evaluate(dim) < 0) {
        throw new FeedException(
            "input '" + input.name() + "' of program " + signature.name() + ": " + input.type()
                + " would have the negative size " + dim.dim() + " = " + evaluate(dim) + " for "
                + known());
      }
    }
    long expected = evaluate(lengths[port]);
    if (expected != elements) {
      throw new FeedException("input '" + input.name() + "' of program " + signature.name()
          + ": expected "
          + input.type() + ", which is " + expected + " elements"
          + (known().isEmpty() ? "" : " with " + sources())
          + ", but " + elements + " were fed; feed arrays of equal batch, " + lengths[port].dim()
          + " elements for this one");
    }
  }

  private void require(int index) {
    Requirement requirement = signature.requirements().get(index);
    long l;
    long r;
    try {
      l = left[index].evaluate(values);
      r = right[index].evaluate(values);
    } catch (ArithmeticException e) {
      throw new ShapeException("program " + signature.name() + ": a size overflows or divides by "
          + "zero for " + known() + " where " + requirement + " is required"
          + (requirement.origin().isEmpty() ? "" : " (at " + requirement.origin() + ")"));
    }
    boolean holds = switch (requirement.relation()) {
      case EQUAL -> l == r;
      case AT_LEAST -> l >= r;
      case MULTIPLE_OF -> r != 0 && l % r == 0;
    };
    if (!holds) {
      requirement.check(known());
    }
  }

  private FeedException notWhole(int port, int elements, int symbol, long offset, long slope) {
    Port input = signature.inputs().get(port);
    String name = signature.symbols().get(symbol);
    return new FeedException(
        "input '" + input.name() + "' of program " + signature.name() + ": " + elements
            + " elements do not make a whole " + input.type() + "; feed " + slope + "*" + name
            + (offset == 0 ? "" : (offset > 0 ? "+" : "") + offset) + " elements, for a '" + name
            + "' of 0 or more");
  }

  private FeedException unknown(int symbol) {
    String name = signature.symbols().get(symbol);
    List<Port> mentioning = signature.inputs().stream()
        .filter(p -> formula(p.type().shape().size()).mentions(symbol)).toList();
    return new FeedException(
        "the size '" + name + "' of program " + signature.name() + " is unknown: "
            + (mentioning.isEmpty()
                ? "no input has it"
                : "the lengths of the inputs " + mentioning + " do not determine it")
            + "; set it by size(\"" + name + "\", n)");
  }

  /** The values found so far, by name. */
  Map<String, Long> known() {
    Map<String, Long> known = new LinkedHashMap<>();
    for (int s = 0; s < from.length; s++) {
      if (from[s] != UNKNOWN) {
        known.put(signature.symbols().get(s), values[s]);
      }
    }
    return known;
  }

  private String sources() {
    StringBuilder text = new StringBuilder();
    for (int s = 0; s < from.length; s++) {
      text.append(s == 0 ? "" : ", ").append(signature.symbols().get(s)).append(" = ")
          .append(values[s]).append(" (")
          .append(from[s] == SET ? "set" : "from '" + signature.inputs().get(from[s]).name() + "'")
          .append(')');
    }
    return text.toString();
  }
}
