package io.kotangent.data;

import io.kotangent.type.DType;
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
    DType dtype = type.dtype();
    if (!dtype.isArray(values)) {
      throw new KotangentException("tensor '" + name + "' is " + type + ": expected "
          + dtype.newArray(0).getClass().getSimpleName() + ", got "
          + values.getClass().getSimpleName());
    }
    if (Array.getLength(values) != type.shape().size().constant()) {
      throw new KotangentException("tensor '" + name + "' is " + type + ": expected "
          + type.shape().size() + " elements, got " + Array.getLength(values));
    }
  }

  @Override
  public String toString() {
    return name + ": " + type;
  }
}
