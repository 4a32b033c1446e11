package io.kotangent.eval;

import io.kotangent.ir.Literal;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.util.Arrays;

/// A value of the interpreter: elements in row-major order. Floats of every type are kept as doubles and not
/// rounded; integers and bools as longs, integers wrapped to their type.
public final class TensorValue {
  private final DType dtype;
  private final int[] dims;
  private final double[] reals;
  private final long[] integers;

  private TensorValue(DType dtype, int[] dims, double[] reals, long[] integers) {
    this.dtype = dtype;
    this.dims = dims;
    this.reals = reals;
    this.integers = integers;
  }

  /// All elements zero.
  static TensorValue zeros(DType dtype, int[] dims) {
    int size = Index.size(dims);
    return new TensorValue(dtype, dims.clone(), new double[dtype.isFloat() ? size : 0],
        new long[dtype.isFloat() ? 0 : size]);
  }

  /// A tensor of the elements of a primitive array of that type; they are copied.
  public static TensorValue of(DType dtype, int[] dims, Object array) {
    if (!dtype.isArray(array) || Array.getLength(array) != Index.size(dims)) {
      throw new KotangentException(
          "tensor: expected " + Index.size(dims) + " elements of type " + dtype + " for "
              + Arrays.toString(dims) + ", got " + Array.getLength(array) + " in a "
              + array.getClass().getSimpleName());
    }
    TensorValue tensor = zeros(dtype, dims);
    for (int i = 0; i < tensor.size(); i++) {
      switch (array) {
        case float[] a -> tensor.reals[i] = a[i];
        case double[] a -> tensor.reals[i] = a[i];
        case int[] a -> tensor.integers[i] = a[i];
        case long[] a -> tensor.integers[i] = a[i];
        case boolean[] a -> tensor.integers[i] = a[i] ? 1 : 0;
        default -> throw new KotangentException("not an array of elements: " + array.getClass());
      }
    }
    return tensor;
  }

  public static TensorValue of(Literal literal) {
    TensorType type = literal.type();
    int[] dims =
        type.shape().dims().stream().mapToInt(d -> Math.toIntExact(d.constant())).toArray();
    return of(type.dtype(), dims, literal.toArray());
  }

  public static TensorValue scalar(DType dtype, double value) {
    return of(Literal.scalar(dtype, value));
  }

  /// A matrix, say: `f64(new int[] {2, 2}, 1, 2, 3, 4)`.
  public static TensorValue f64(int[] dims, double... elements) {
    return of(DType.F64, dims, elements);
  }

  public DType dtype() {
    return dtype;
  }

  public int[] dims() {
    return dims.clone();
  }

  public int rank() {
    return dims.length;
  }

  public int dim(int axis) {
    return dims[axis];
  }

  public int size() {
    return dtype.isFloat() ? reals.length : integers.length;
  }

  public TensorType type() {
    return new TensorType(dtype, Shape.of(Arrays.stream(dims).asLongStream().toArray()));
  }

  /// An element as a double.
  public double real(int place) {
    return dtype.isFloat() ? reals[place] : integers[place];
  }

  /// An element of an integer or bool tensor (bools as 0 and 1).
  public long integer(int place) {
    return integers[place];
  }

  public boolean bool(int place) {
    return integers[place] != 0;
  }

  void put(int place, TensorValue from, int fromPlace) {
    if (dtype.isFloat()) {
      reals[place] = from.reals[fromPlace];
    } else {
      integers[place] = from.integers[fromPlace];
    }
  }

  void put(int place, double value) {
    reals[place] = value;
  }

  /// Sets an integer, wrapped to the type.
  void put(int place, long value) {
    integers[place] = wrap(dtype, value);
  }

  static long wrap(DType dtype, long value) {
    return dtype == DType.I32 ? (int) value : value;
  }

  /// The same elements in another shape of the same size.
  TensorValue reshaped(int[] to) {
    if (Index.size(to) != size()) {
      throw new KotangentException(
          "reshape: expected " + size() + " elements, got the shape " + Arrays.toString(to));
    }
    return new TensorValue(dtype, to.clone(), reals, integers);
  }

  /// The elements as a primitive array of the type; floats are rounded to it.
  public Object toArray() {
    Object array = dtype.newArray(size());
    for (int i = 0; i < size(); i++) {
      switch (array) {
        case float[] a -> a[i] = (float) reals[i];
        case double[] a -> a[i] = reals[i];
        case int[] a -> a[i] = (int) integers[i];
        case long[] a -> a[i] = integers[i];
        case boolean[] a -> a[i] = integers[i] != 0;
        default -> throw new KotangentException("not an array of elements: " + array.getClass());
      }
    }
    return array;
  }

  /// The same elements with floats retyped; other types stay.
  public TensorValue withFloats(DType floats) {
    return dtype.isFloat() ? new TensorValue(floats, dims, reals, integers) : this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorValue that && dtype == that.dtype
        && Arrays.equals(dims, that.dims)
        && Arrays.equals(reals, that.reals) && Arrays.equals(integers, that.integers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims) + 31 * (Arrays.hashCode(reals) + 31 * Arrays.hashCode(integers));
  }

  /// The type and at most the first hundred elements.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(type().toString()).append(" {");
    for (int i = 0; i < Math.min(size(), 100); i++) {
      text.append(i == 0 ? "" : ", ");
      switch (dtype) {
        case F32, F64 -> text.append(reals[i]);
        case I32, I64 -> text.append(integers[i]);
        case BOOL -> text.append(integers[i] != 0);
      }
    }
    return text.append(size() > 100 ? ", …}" : "}").toString();
  }
}
