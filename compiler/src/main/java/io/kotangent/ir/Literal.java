package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.util.Arrays;

/// The elements of a constant: an immutable primitive array with a type. Equal when type and bits are.
public final class Literal {
  private final TensorType type;
  private final Object array;
  private final int hash;

  private Literal(TensorType type, Object array) {
    this.type = type;
    this.array = array;
    this.hash = type.hashCode() * 31 + arrayHash(array);
  }

  /// A literal of that constant shape; the array is copied.
  public static Literal of(TensorType type, Object array) {
    if (!type.dtype().isArray(array)) {
      throw new KotangentException("constant: expected a " + type.dtype() + " array, got "
          + array.getClass().getSimpleName());
    }
    int length = Array.getLength(array);
    if (!type.shape().dims().stream().allMatch(Dim::isConstant)) {
      throw new KotangentException("constant: expected constant sizes, got " + type);
    }
    if (!type.shape().size().is(length)) {
      throw new KotangentException("constant: expected " + type.shape().size() + " elements for "
          + type + ", got " + length);
    }
    return new Literal(type, copy(array));
  }

  /// The scalar of that dtype nearest to `value`; integers and bools must be exact.
  public static Literal scalar(DType dtype, double value) {
    return new Literal(TensorType.scalar(dtype), switch (dtype) {
      case F32 -> new float[] {(float) value};
      case F64 -> new double[] {value};
      case I32 -> new int[] {Math.toIntExact(exact(value))};
      case I64 -> new long[] {exact(value)};
      case BOOL -> new boolean[] {value != 0};
    });
  }

  /// A vector of these elements.
  public static Literal vector(DType dtype, Object array) {
    return of(new TensorType(dtype, Shape.of(Array.getLength(array))), array);
  }

  private static long exact(double value) {
    long result = (long) value;
    if (result != value) {
      throw new KotangentException("constant: " + value + " is not an integer");
    }
    return result;
  }

  public TensorType type() {
    return type;
  }

  public int length() {
    return Array.getLength(array);
  }

  /// The raw bits of an element, in the convention of [BasicEval].
  public long bits(int index) {
    return switch (type.dtype()) {
      case F32 -> BasicEval.bits(((float[]) array)[index]);
      case F64 -> BasicEval.bits(((double[]) array)[index]);
      case I32 -> ((int[]) array)[index];
      case I64 -> ((long[]) array)[index];
      case BOOL -> ((boolean[]) array)[index] ? 1 : 0;
    };
  }

  /// An element as a double (an i64 beyond 2⁵³ is rounded).
  public double real(int index) {
    return switch (type.dtype()) {
      case F32 -> ((float[]) array)[index];
      case F64 -> ((double[]) array)[index];
      case I32 -> ((int[]) array)[index];
      case I64 -> ((long[]) array)[index];
      case BOOL -> ((boolean[]) array)[index] ? 1 : 0;
    };
  }

  /// Whether every element has the bits of this number.
  public boolean isAll(double value) {
    for (int i = 0; i < length(); i++) {
      if (Double.doubleToLongBits(real(i)) != Double.doubleToLongBits(value)) {
        return false;
      }
    }
    return true;
  }

  /// A copy of the elements, as a primitive array.
  public Object toArray() {
    return copy(array);
  }

  private static Object copy(Object array) {
    int length = Array.getLength(array);
    Object copy = Array.newInstance(array.getClass().getComponentType(), length);
    System.arraycopy(array, 0, copy, 0, length);
    return copy;
  }

  private static int arrayHash(Object array) {
    return switch (array) {
      case float[] a -> Arrays.hashCode(a);
      case double[] a -> Arrays.hashCode(a);
      case int[] a -> Arrays.hashCode(a);
      case long[] a -> Arrays.hashCode(a);
      case boolean[] a -> Arrays.hashCode(a);
      default -> throw new KotangentException("not an array of elements: " + array.getClass());
    };
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Literal that) || hash != that.hash || !type.equals(that.type)) {
      return false;
    }
    for (int i = 0; i < length(); i++) {
      if (bits(i) != that.bits(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "literal " + type;
  }
}
