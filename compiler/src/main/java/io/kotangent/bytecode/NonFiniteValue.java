package io.kotangent.bytecode;

import io.kotangent.type.KotangentException;
import java.util.List;

/// A run of a checked program came to a number that is not finite, computed from numbers that were, or was fed one.
public final class NonFiniteValue extends KotangentException {
  private static final long serialVersionUID = 1;

  private final String operation;
  private final String origin;
  private final List<Integer> index;
  private final double value;

  NonFiniteValue(String program, String operation, String origin, List<Integer> index,
      double value, String detail) {
    super(program + ": " + value + " in " + operation + " at " + index
        + (origin.isEmpty() ? "" : ", written at " + origin) + detail);
    this.operation = operation;
    this.origin = origin;
    this.index = List.copyOf(index);
    this.value = value;
  }

  /// The line of the graph, `%7 = log %6 : f32[batch,10]`, or the port that was fed.
  public String operation() {
    return operation;
  }

  /// The name scope and source line, `block1 Model.java:42`; empty if they are not known.
  public String origin() {
    return origin;
  }

  /// Which element, by axes.
  public List<Integer> index() {
    return index;
  }

  /// NaN or an infinity.
  public double value() {
    return value;
  }
}
