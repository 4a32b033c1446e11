package io.kotangent.type;

/** An element type and a shape; prints as {@code f32[batch,10]}. */
public record TensorType(DType dtype, Shape shape) implements Type {
  /** The type of tensors of these sizes. */
  public static TensorType of(DType dtype, Dim... dims) {
    return new TensorType(dtype, Shape.of(dims));
  }

  /** The type of tensors of these constant sizes. */
  public static TensorType of(DType dtype, long... sizes) {
    return new TensorType(dtype, Shape.of(sizes));
  }

  /** The type of a single element. */
  public static TensorType scalar(DType dtype) {
    return new TensorType(dtype, Shape.SCALAR);
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.rank();
  }

  /** The size along an axis, counted from 0. */
  public Dim dim(int axis) {
    return shape.dim(axis);
  }

  /** Whether there are no dimensions. */
  public boolean isScalar() {
    return shape.rank() == 0;
  }

  /** The same shape with another element type. */
  public TensorType as(DType other) {
    return other == dtype ? this : new TensorType(other, shape);
  }

  @Override
  public String toString() {
    return dtype.toString() + shape;
  }
}
