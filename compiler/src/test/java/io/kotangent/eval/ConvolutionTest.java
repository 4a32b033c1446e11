package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Convolution and pooling on the worked examples of the lectures (G1, G2, G3, G5), and the attributes beyond.
@Tag("fast")
class ConvolutionTest {
  private static final double[] G1 =
      {0, 1, 2, 1, 0, 4, 1, 0, 1, 0, 2, 0, 1, 1, 1, 1, 2, 3, 1, 0, 0, 4, 3, 2, 0};
  private static final double[] G1_KERNEL = {0, 1, 0, 1, 0, 1, 2, 1, 0};

  /// A square image under a square kernel, one channel.
  private static double[] convolve(double[] image, double[] kernel, String attributes, int size) {
    int n = (int) Math.sqrt(image.length);
    int k = (int) Math.sqrt(kernel.length);
    return OpTest.reals(Evaluated.run("""
        graph f(x: input f64[1,%1$d,%1$d,1], k: input f64[%2$d,%2$d,1,1]) {
          %%0 = convolve[nhwc,hwio->nhwc%3$s] x, k : f64[1,%4$d,%4$d,1]
          return y=%%0
        }
        """.formatted(n, k, attributes, size), TensorValue.f64(new int[] {1, n, n, 1}, image),
        TensorValue.f64(new int[] {k, k, 1, 1}, kernel)).result("y"));
  }

  private static void is(double[] got, double... expected) {
    assertArrayEquals(expected, got);
  }

  @Test
  void lectureG1() {
    is(convolve(G1, G1_KERNEL, "", 3), 9, 5, 4, 8, 8, 10, 8, 15, 12);
    is(convolve(G1, G1_KERNEL, ", low=(1,1), high=(1,1)", 5),
        5, 11, 4, 3, 3, 3, 9, 5, 4, 4, 5, 8, 8, 10, 3, 4, 8, 15, 12, 6, 5, 5, 9, 4, 2);
    is(convolve(G1, G1_KERNEL, ", strides=(2,2)", 2), 9, 4, 8, 12);
    is(convolve(G1, G1_KERNEL, ", strides=(2,2), low=(1,1), high=(1,1)", 3), 5, 4, 3, 5, 8, 3, 5, 9,
        2);
    double[] full = convolve(G1, G1_KERNEL, ", low=(2,2), high=(2,2)", 7);
    is(java.util.Arrays.copyOf(full, 7), 0, 0, 1, 4, 5, 2, 0);
  }

  @Test
  void lectureG2() {
    is(convolve(
        new double[] {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1},
        new double[] {0, 1, 2, 2, 2, 0, 0, 1, 2}, "", 3), 12, 12, 17, 10, 17, 19, 9, 6, 14);
  }

  @Test
  void lectureG3LengthsOfPadding() {
    double[] row = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    TensorValue x = TensorValue.f64(new int[] {1, 13, 1}, row);
    TensorValue ones = TensorValue.f64(new int[] {6, 1, 1}, 1, 1, 1, 1, 1, 1);
    String valid = """
        graph f(x: input f64[1,13,1], k: input f64[6,1,1]) {
          %0 = convolve[nwc,wio->nwc, strides=5] x, k : f64[1,2,1]
          return y=%0
        }
        """;
    is(OpTest.reals(Evaluated.run(valid, x, ones).result("y")), 21, 51);
    String same =
        valid.replace("strides=5", "strides=5, low=1, high=2").replace("f64[1,2,1]", "f64[1,3,1]");
    is(OpTest.reals(Evaluated.run(same, x, ones).result("y")), 15, 45, 46);
  }

  @Test
  void negativePaddingCrops() {
    is(convolve(G1, G1_KERNEL, ", low=(-1,-1)", 2), 8, 10, 15, 12);
  }

  @Test
  void dilationOfTheDataAndOfTheKernel() {
    is(convolve(new double[] {1, 2, 3, 4}, new double[] {1, 1, 1, 1}, ", data_dilation=(2,2)", 2),
        1, 2, 3, 4);
    is(convolve(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, new double[] {1, 10, 100, 1000},
        ", kernel_dilation=(2,2)", 1),
        9731);
  }

  @Test
  void groupsSeeTheirOwnChannels() {
    double[] y = OpTest.reals(Evaluated.run("""
        graph f(x: input f64[1,1,4], k: input f64[1,2,4]) {
          %0 = convolve[nwc,wio->nwc, groups=2] x, k : f64[1,1,4]
          return y=%0
        }
        """, TensorValue.f64(new int[] {1, 1, 4}, 1, 2, 3, 4),
        TensorValue.f64(new int[] {1, 2, 4}, 1, 1, 1, 1, 10, 0, 10, 0)).result("y"));
    is(y, 21, 1, 43, 3);
  }

  @Test
  void batchGroupsGiveEachItsOutputs() {
    double[] y = OpTest.reals(Evaluated
        .run("""
        graph f(x: input f64[2,1,1], k: input f64[1,1,2]) {
          %0 = convolve[nwc,wio->nwc, batch_groups=2] x, k : f64[1,1,2]
          return y=%0
        }
        """, TensorValue.f64(new int[] {2, 1, 1}, 3, 5),
            TensorValue.f64(new int[] {1, 1, 2}, 10, 100))
        .result("y"));
    is(y, 30, 500);
  }

  @Test
  void paddingIsAZeroThatIsMultiplied() {
    double[] y =
        convolve(new double[] {1, 2, 3, 4}, new double[] {Double.POSITIVE_INFINITY, 0, 0, 0},
            ", low=(1,1)", 2);
    is(y, Double.NaN, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY);
  }

  @Test
  void lectureG5MaxPooling() {
    String pool = """
        graph f(x: input f64[4,4]) {
          %%0 = windows[axes=(0,1), sizes=(2,2), strides=(%1$d,%1$d)] x : f64[%2$d,%2$d,2,2]
          %%1 = reduce.max[axes=(2,3)] %%0 : f64[%2$d,%2$d]
          return y=%%1
        }
        """;
    TensorValue x =
        TensorValue.f64(new int[] {4, 4}, 0, 1, 2, 1, 4, 1, 0, 1, 2, 0, 1, 1, 1, 2, 3, 1);
    is(OpTest.reals(Evaluated.run(pool.formatted(1, 3), x).result("y")), 4, 2, 2, 4, 1, 1, 2, 3, 3);
    is(OpTest.reals(Evaluated.run(pool.formatted(2, 2), x).result("y")), 4, 2, 2, 3);
  }
}
