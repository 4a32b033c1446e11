package io.kotangent.data;

import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/** The element types of npy files, by the names that numpy gives them. */
final class NpyType {
  private static final Map<String, StoredType> KNOWN = Map.ofEntries(
      Map.entry("b1", StoredType.BOOL), Map.entry("?", StoredType.BOOL),
      Map.entry("i1", StoredType.I8), Map.entry("u1", StoredType.U8),
      Map.entry("i2", StoredType.I16), Map.entry("u2", StoredType.U16),
      Map.entry("i4", StoredType.I32), Map.entry("u4", StoredType.U32),
      Map.entry("i8", StoredType.I64), Map.entry("f2", StoredType.F16),
      Map.entry("f4", StoredType.F32), Map.entry("f8", StoredType.F64));
  private static final String ORDERS = "<>|=";

  private NpyType() {
  }

  /** What {@code text} says after the mark of its order; nothing if it is not supported. */
  static Optional<StoredType> stored(String text) {
    return Optional.ofNullable(KNOWN.get(unmarked(text)));
  }

  /** The order of the bytes of an element; as numpy has it, this machine's where there is no mark of one. */
  static ByteOrder order(String text) {
    return text.startsWith(">") ? ByteOrder.BIG_ENDIAN
        : text.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.nativeOrder();
  }

  private static String unmarked(String text) {
    return text.isEmpty() || ORDERS.indexOf(text.charAt(0)) < 0 ? text : text.substring(1);
  }

  /** What a type is that is not supported, and what to do about it. */
  static String advice(String text) {
    String type = unmarked(text);
    if (type.equals("u8")) {
      return "uint64 is not supported; save array.astype('int64')";
    }
    return switch (type.isEmpty() ? ' ' : type.charAt(0)) {
      case 'f', 'g' -> "such floats are not supported; save array.astype('float64')";
      case 'c' ->
          "complex numbers are not supported; save array.real and array.imag as two arrays";
      case 'O' -> "Python objects are never unpickled; "
          + "save an array of numbers, array.astype('float32')";
      case 'S', 'U', 'a' ->
          "text is not supported; save the number of each class, or write a CSV file";
      case 'M', 'm' -> "dates and times are not supported; save array.astype('int64')";
      case 'V' -> "raw bytes are not supported; save array.astype('float32') "
          + "(numpy writes bfloat16 so, too), and each field of a record as an array";
      default -> "expected one of b1, i1, u1, i2, u2, i4, u4, i8, f2, f4 and f8; "
          + "save array.astype('float32')";
    };
  }

  /** How elements of a type are written. */
  static String text(StoredType stored) {
    return switch (stored) {
      case F64 -> "<f8";
      case F32 -> "<f4";
      case I64 -> "<i8";
      case I32 -> "<i4";
      case BOOL -> "|b1";
      case F16, BF16, I16, I8, U32, U16, U8 ->
          throw new IllegalArgumentException(stored + " is not written");
    };
  }
}
