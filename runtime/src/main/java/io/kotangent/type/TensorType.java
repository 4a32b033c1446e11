package io.kotangent.type;

/** An element type and a shape; prints as {@code f32[batch,10]}. */
public record TensorType(DType dtype, Shape shape) implements Type {
  public static TensorType of(DType dtype, Dim... dims) {
    return new TensorType(dtype, Shape.of(dims));
  }

  public static TensorType of(DType dtype, long... sizes) {
    return new TensorType(dtype, Shape.of(sizes));
  }

  public static TensorType scalar(DType dtype) {
    return new TensorType(dtype, Shape.SCALAR);
  }

  public int rank() {
    return shape.rank();
  }

  public Dim dim(int axis) {
    return shape.dim(axis);
  }

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
