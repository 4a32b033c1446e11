package io.kotangent.browser.wasm;

import java.math.BigInteger;

/// Java's arithmetic where what TeaVM makes of it is another: its division ends the program instead of throwing, `-x` is
/// `0 - x`, a branch that is turned around takes NaN the wrong way, and its `rint` rounds halves up.
public final class Arithmetic {
  private static final double WHOLE = 4503599627370496.0;
  /// Of a double behind its first.
  private static final int DIGITS = 52;
  private static final int EXPONENTS = 0x7ff;
  /// The exponents of the last bit of the smallest and largest doubles.
  private static final int SMALLEST = -1074;
  private static final int LARGEST = 971;

  private Arithmetic() {
  }

  /// `dividend / divisor`
  ///
  /// @throws ArithmeticException if the divisor is 0
  public static int divide(int dividend, int divisor) {
    check(divisor);
    return divisor == -1 ? -dividend : dividend / divisor;
  }

  /// `dividend / divisor`
  ///
  /// @throws ArithmeticException if the divisor is 0
  public static long divide(long dividend, long divisor) {
    check(divisor);
    return divisor == -1 ? -dividend : dividend / divisor;
  }

  /// `dividend % divisor`
  ///
  /// @throws ArithmeticException if the divisor is 0
  public static int remainder(int dividend, int divisor) {
    check(divisor);
    return divisor == -1 ? 0 : dividend % divisor;
  }

  /// `dividend % divisor`
  ///
  /// @throws ArithmeticException if the divisor is 0
  public static long remainder(long dividend, long divisor) {
    check(divisor);
    return divisor == -1 ? 0 : dividend % divisor;
  }

  private static void check(long divisor) {
    if (divisor == 0) {
      throw new ArithmeticException("/ by zero");
    }
  }

  /// `-value`, of zeros, too.
  public static float negate(float value) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ Integer.MIN_VALUE);
  }

  /// `-value`, of zeros, too.
  public static double negate(double value) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(value) ^ Long.MIN_VALUE);
  }

  /// -1, 0 or 1; -1 if one is NaN.
  public static int compareLess(float a, float b) {
    return Float.isNaN(a) || Float.isNaN(b) ? -1 : order(a, b);
  }

  /// -1, 0 or 1; 1 if one is NaN.
  public static int compareGreater(float a, float b) {
    return Float.isNaN(a) || Float.isNaN(b) ? 1 : order(a, b);
  }

  private static int order(float a, float b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /// -1, 0 or 1; -1 if one is NaN.
  public static int compareLess(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? -1 : order(a, b);
  }

  /// -1, 0 or 1; 1 if one is NaN.
  public static int compareGreater(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? 1 : order(a, b);
  }

  private static int order(double a, double b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /// `Math.rint`: adding 2⁵² leaves no digits behind the point, rounded half to even.
  public static double rint(double value) {
    double size = value < 0 ? -value : value;
    if (Double.isNaN(value) || size >= WHOLE) {
      return value;
    }
    double rounded = size + WHOLE - WHOLE;
    boolean negative = value < 0 || 1 / value < 0;
    return negative ? negate(rounded) : rounded;
  }

  /// `Math.fma`, for the few operands that networks made without fma leave to it: those near the ends of the exponent range.
  public static double fma(double a, double b, double c) {
    if (!Double.isFinite(a) || !Double.isFinite(b) || a == 0 || b == 0) {
      return a * b + c;
    }
    if (!Double.isFinite(c)) {
      return c;
    }
    if (c == 0) {
      return a * b;
    }
    int ofProduct = exponent(a) + exponent(b);
    int low = Math.min(ofProduct, exponent(c));
    BigInteger product = mantissa(a).multiply(mantissa(b)).shiftLeft(ofProduct - low);
    return rounded(product.add(mantissa(c).shiftLeft(exponent(c) - low)), low);
  }

  /// Of the last bit of a double.
  private static int exponent(double value) {
    int field = (int) (Double.doubleToRawLongBits(value) >>> DIGITS) & EXPONENTS;
    return field == 0 ? SMALLEST : field - 1 + SMALLEST;
  }

  private static BigInteger mantissa(double value) {
    long bits = Double.doubleToRawLongBits(value);
    long digits = bits & (1L << DIGITS) - 1;
    boolean normal = ((int) (bits >>> DIGITS) & EXPONENTS) != 0;
    BigInteger size = BigInteger.valueOf(normal ? digits | 1L << DIGITS : digits);
    return bits < 0 ? size.negate() : size;
  }

  /// `value·2^exponent`, half to even.
  private static double rounded(BigInteger value, int exponent) {
    if (value.signum() == 0) {
      return 0;
    }
    BigInteger size = value.abs();
    int last = Math.max(size.bitLength() + exponent - DIGITS - 1, SMALLEST);
    int cut = last - exponent;
    BigInteger kept = cut <= 0 ? size.shiftLeft(-cut) : size.shiftRight(cut);
    long digits = kept.longValue();
    if (cut > 0 && size.testBit(cut - 1)
        && (digits % 2 != 0 || size.getLowestSetBit() < cut - 1)) {
      digits++; // may carry into the exponent, as it should
    }
    double rounded = last > LARGEST ? Double.POSITIVE_INFINITY
        : Double.longBitsToDouble(((long) (last - SMALLEST) << DIGITS) + digits);
    return value.signum() < 0 ? negate(rounded) : rounded;
  }

  /// Bytes that are 0 for false.
  public static boolean[] booleans(byte[] bytes) {
    boolean[] booleans = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      booleans[i] = bytes[i] != 0;
    }
    return booleans;
  }

  /// The reverse: 0 or 1.
  public static byte[] bytes(boolean[] booleans) {
    byte[] bytes = new byte[booleans.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (booleans[i] ? 1 : 0);
    }
    return bytes;
  }
}
