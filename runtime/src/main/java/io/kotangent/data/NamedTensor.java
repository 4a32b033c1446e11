package io.kotangent.data;

import io.kotangent.type.Argument;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;

/**
 * A tensor with its name.
 *
 * @param type its element type and its sizes, all of them constants
 * @param values its elements, row-major: a primitive array of the element type, kept, not copied
 */
public record NamedTensor(String name, TensorType type, Object values) {
  /** Refuses values of another type or length. */
  public NamedTensor {
    Argument.given(name, "the name of a tensor");
    DType dtype = Argument.given(type, "the type of a tensor").dtype();
    if (!dtype.isArray(values)) {
      throw new KotangentException("tensor '" + name + "' is " + type + ": expected "
          + dtype.newArray(0).getClass().getSimpleName() + ", got "
          + Argument.kind(values));
    }
    if (Array.getLength(values) != elements(name, type)) {
      throw new KotangentException("tensor '" + name + "' is " + type + ": expected "
          + elements(name, type) + " elements, got " + Array.getLength(values));
    }
  }

  private static long elements(String name, TensorType type) {
    for (Dim dim : type.shape().dims()) {
      if (!dim.isConstant() || dim.constant() < 0 || dim.constant() > Integer.MAX_VALUE) {
        throw new KotangentException("tensor '" + name + "' is " + type
            + ": expected sizes from 0 to " + Integer.MAX_VALUE + ", got " + dim);
      }
    }
    return bytes(name, type, 1);
  }

  /** How long a tensor of elements of so many bytes is; sizes that are beyond counting are refused, even times 0. */
  static long bytes(String name, TensorType type, int element) {
    long bytes = element;
    boolean empty = false;
    try {
      for (Dim dim : type.shape().dims()) {
        empty |= dim.is(0);
        bytes = Math.multiplyExact(bytes, Math.max(1, dim.constant()));
      }
    } catch (ArithmeticException e) {
      throw new KotangentException("tensor '" + name + "' is " + type + ": its sizes overflow", e);
    }
    return empty ? 0 : bytes;
  }

  @Override
  public String toString() {
    return name + ": " + type;
  }
}
