package io.kotangent.type;

import java.util.Arrays;

/** The type of one element. Arrays of it are {@code float[] double[] int[] long[] boolean[]}. */
public enum DType {
  /** IEEE 754 single precision, {@code float}. */
  F32("f32", 4),
  /** IEEE 754 double precision, {@code double}. */
  F64("f64", 8),
  /** 32-bit integers that wrap around, {@code int}. */
  I32("i32", 4),
  /** 64-bit integers that wrap around, {@code long}. */
  I64("i64", 8),
  /** {@code boolean}. */
  BOOL("bool", 1);

  private final String text;
  private final int bytes;

  DType(String text, int bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether it is {@code f32} or {@code f64}. */
  public boolean isFloat() {
    return this == F32 || this == F64;
  }

  /** Whether it is {@code i32} or {@code i64}. */
  public boolean isInteger() {
    return this == I32 || this == I64;
  }

  /** A new zeroed primitive array of this type; a {@link ShapeException} for a length that no array has. */
  public Object newArray(long elements) {
    if (elements < 0 || elements > Dim.LARGEST) {
      throw new ShapeException("an array of " + elements + " elements of type " + this
          + ": expected 0 to " + Dim.LARGEST + "; use smaller sizes or batches");
    }
    int length = (int) elements;
    return switch (this) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case I32 -> new int[length];
      case I64 -> new long[length];
      case BOOL -> new boolean[length];
    };
  }

  /** Whether {@code array} is a primitive array of this type. */
  public boolean isArray(Object array) {
    return switch (this) {
      case F32 -> array instanceof float[];
      case F64 -> array instanceof double[];
      case I32 -> array instanceof int[];
      case I64 -> array instanceof long[];
      case BOOL -> array instanceof boolean[];
    };
  }

  /** What is wrong with an array that is none of this type, and what to give instead, for messages. */
  public String insteadOf(Object given) {
    return "expected " + newArray(0).getClass().getSimpleName() + ", got "
        + (given == null ? "null" : given.getClass().getSimpleName()) + "; " + advice(given);
  }

  private String advice(Object given) {
    if (Arrays.stream(values()).noneMatch(dtype -> dtype.isArray(given))) {
      return "give one flat array of numbers, row-major";
    }
    boolean isFraction = given instanceof float[] || given instanceof double[];
    return switch (this) {
      case F32 -> isFraction
          ? "give floats, such as 1.5f, or make the model of f64: Model.named(name, DType.F64)"
          : "give floats, such as 1f";
      case F64 -> isFraction
          ? "give doubles, such as 1.5, or make the model of f32: Model.named(name)"
          : "give doubles, such as 1.0";
      case I32 -> "give ints: these are positions, such as classes from 0";
      case I64 -> "give longs, such as 1L";
      case BOOL -> "give booleans";
    };
  }

  /** The type that prints as {@code text}; a {@link KotangentException} names the known ones. */
  public static DType parse(String text) {
    for (DType dtype : values()) {
      if (dtype.text.equals(text)) {
        return dtype;
      }
    }
    throw new KotangentException(
        "unknown element type '" + text + "': expected one of " + Arrays.toString(values()));
  }

  @Override
  public String toString() {
    return text;
  }
}
