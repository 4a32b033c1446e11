package io.kotangent.browser;

import io.kotangent.browser.NetworkMethod.Kind;
import io.kotangent.browser.NetworkMethod.Value;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/// Arrays as text that JavaScript makes the same arrays of, and back: bit for bit, but all NaNs are one.
public final class Bits {
  /// Functions for the page: `array(kind, text)`, and `text(kind, value)` of an array or number.
  public static final String SCRIPT = """
      const Bits = {
        types: {F32: Float32Array, F64: Float64Array, I32: Int32Array, I64: BigInt64Array, BOOL: Uint8Array},
        array(kind, text) {
          return new Bits.types[kind](Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
        },
        text(kind, value) {
          let text = "";
          const array = ArrayBuffer.isView(value) ? value : Bits.types[kind].of(value);
          if (!(array instanceof Bits.types[kind])) {
            throw new Error("expected " + kind + ", got " + array.constructor.name);
          }
          const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
          for (let i = 0; i < bytes.length; i += 4096) {
            text += String.fromCharCode(...bytes.subarray(i, i + 4096));
          }
          return btoa(text);
        }
      };
      """;

  private Bits() {}

  /// An array of one of the five types; a number as an array of one.
  public static String text(Object value) {
    Object array = value;
    if (!value.getClass().isArray()) {
      array = Array.newInstance(
          value instanceof Float ? float.class : value instanceof Double ? double.class
              : value instanceof Integer ? int.class
                  : value instanceof Long ? long.class : boolean.class,
          1);
      Array.set(array, 0, value);
    }
    int length = Array.getLength(array);
    ByteBuffer bytes = ByteBuffer.allocate(8 * length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      switch (array) {
        case float[] a -> bytes.putInt(Float.floatToIntBits(a[i]));
        case double[] a -> bytes.putLong(Double.doubleToLongBits(a[i]));
        case int[] a -> bytes.putInt(a[i]);
        case long[] a -> bytes.putLong(a[i]);
        case boolean[] a -> bytes.put((byte) (a[i] ? 1 : 0));
        default -> throw new IllegalArgumentException(array.getClass().toString());
      }
    }
    return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(),
        bytes.position()));
  }

  /// The array that a text was made of.
  public static Object array(Kind kind, String text) {
    byte[] content = Base64.getDecoder().decode(text);
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    return switch (kind) {
      case F32 -> {
        float[] array = new float[content.length / 4];
        bytes.asFloatBuffer().get(array);
        yield array;
      }
      case F64 -> {
        double[] array = new double[content.length / 8];
        bytes.asDoubleBuffer().get(array);
        yield array;
      }
      case I32 -> {
        int[] array = new int[content.length / 4];
        bytes.asIntBuffer().get(array);
        yield array;
      }
      case I64 -> {
        long[] array = new long[content.length / 8];
        bytes.asLongBuffer().get(array);
        yield array;
      }
      case BOOL -> {
        boolean[] array = new boolean[content.length];
        for (int i = 0; i < array.length; i++) {
          array[i] = content[i] != 0;
        }
        yield array;
      }
    };
  }

  /// An expression of JavaScript that makes an argument.
  static String expression(Value value, Object given) {
    String array = "Bits.array(\"" + value.kind() + "\", \"" + text(given) + "\")";
    return !value.isNumber() ? array
        : value.kind() == Kind.BOOL ? String.valueOf(given) : array + "[0]";
  }
}
