package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// How far an f32 result is from what was meant.
public final class Ulps {
  private Ulps() {
  }

  /// The distance in units of the last place of the f32 nearest to `meant`; infinite where NaN, an infinity or the
  /// sign of a zero is wrong.
  public static double error(double meant, double got) {
    float nearest = (float) meant;
    if (Double.isNaN(meant) || Double.isNaN(got)) {
      return Double.isNaN(meant) && Double.isNaN(got) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (meant == 0 || Double.isInfinite(meant)) {
      return Double.compare(meant, got) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (got == 0 && Math.copySign(1, got) != Math.copySign(1, meant)) {
      return Double.POSITIVE_INFINITY;
    }
    // beyond the largest f32, an infinity stands for the next power of two
    double value = Double.isInfinite(got) ? Math.copySign(0x1p128, got) : got;
    float place = Float.isInfinite(nearest) ? Float.MAX_VALUE : nearest;
    double distance = Float.isInfinite(nearest) && Double.isInfinite(got) && got == nearest ? 0
        : Math.abs(value - meant);
    return distance / Math.ulp(place);
  }

  static void assertClose(String what, double meant, double got, double ulps) {
    double error = error(meant, got);
    assertTrue(error <= ulps,
        () -> what + ": expected " + meant + ", got " + got + ", " + error + " ulp off");
  }
}
