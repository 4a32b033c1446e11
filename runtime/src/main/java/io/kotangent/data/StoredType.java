package io.kotangent.data;

import io.kotangent.type.DType;
import java.nio.ByteBuffer;

/**
 * How a safetensors, npy or npz file stores the elements of a tensor, and what they are read as. What is converted
 * keeps every value exactly, subnormal numbers, infinities and the bits of NaNs too, since the wider type has them all.
 */
public enum StoredType {
  /** Double precision. */
  F64(8, DType.F64),
  /** Single precision. */
  F32(4, DType.F32),
  /** Half precision of IEEE 754. */
  F16(2, DType.F32),
  /** The upper half of single precision; no npy file has it. */
  BF16(2, DType.F32),
  /** 64-bit integers. */
  I64(8, DType.I64),
  /** 32-bit integers. */
  I32(4, DType.I32),
  /** 16-bit integers. */
  I16(2, DType.I32),
  /** 8-bit integers. */
  I8(1, DType.I32),
  /** 32-bit integers from 0. */
  U32(4, DType.I64),
  /** 16-bit integers from 0. */
  U16(2, DType.I32),
  /** 8-bit integers from 0. */
  U8(1, DType.I32),
  /** A byte, 0 or 1. */
  BOOL(1, DType.BOOL);

  private final int bytes;
  private final DType dtype;

  StoredType(int bytes, DType dtype) {
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /** How elements of that type are written: as they are. */
  static StoredType of(DType dtype) {
    return switch (dtype) {
      case F32 -> F32;
      case F64 -> F64;
      case I32 -> I32;
      case I64 -> I64;
      case BOOL -> BOOL;
    };
  }

  /** Bytes of one element in the file. */
  public int bytes() {
    return bytes;
  }

  /** What the elements are read as. */
  public DType dtype() {
    return dtype;
  }

  /** Whether elements are read as a wider type. */
  public boolean isConverted() {
    return !dtype.toString().equalsIgnoreCase(name());
  }

  /**
   * Takes {@code count} elements, in the order of bytes of the buffer, from its start into an array of {@link #dtype()}.
   * Of a {@code BOOL} only the lowest bit counts.
   */
  void read(ByteBuffer from, Object into, int at, int count) {
    if (into instanceof float[] floats) {
      for (int i = 0; i < count; i++) {
        floats[at + i] = single(from, i);
      }
    } else if (into instanceof double[] doubles) {
      for (int i = 0; i < count; i++) {
        doubles[at + i] = Double.longBitsToDouble(from.getLong(8 * i));
      }
    } else if (into instanceof int[] ints) {
      for (int i = 0; i < count; i++) {
        ints[at + i] = (int) whole(from, i);
      }
    } else if (into instanceof long[] longs) {
      for (int i = 0; i < count; i++) {
        longs[at + i] = whole(from, i);
      }
    } else if (into instanceof boolean[] booleans) {
      for (int i = 0; i < count; i++) {
        booleans[at + i] = (from.get(i) & 1) == 1;
      }
    }
  }

  private float single(ByteBuffer from, int index) {
    if (this == F32) {
      return Float.intBitsToFloat(from.getInt(4 * index));
    }
    short bits = from.getShort(2 * index);
    return this == F16 ? half(bits) : Float.intBitsToFloat(bits << 16);
  }

  private long whole(ByteBuffer from, int index) {
    return switch (this) {
      case U8 -> from.get(index) & 0xff;
      case I8 -> from.get(index);
      case U16 -> from.getShort(2 * index) & 0xffff;
      case I16 -> from.getShort(2 * index);
      case U32 -> from.getInt(4 * index) & 0xffff_ffffL;
      case I32 -> from.getInt(4 * index);
      case I64, F64, F32, F16, BF16, BOOL -> from.getLong(8 * index);
    };
  }

  /** The value of these bits in half precision: a sign, 5 bits of exponent, 10 of mantissa. */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0) {
      float small = mantissa * 0x1p-24f;
      return sign == 0 ? small : -small;
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | mantissa << 13);
  }
}
