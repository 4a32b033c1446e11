package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The weights that a training ends with do not depend on the width of vectors, the number of threads, or the compiler of the
/// JVM.
class WeightBitsTest {
  private static final int STEPS = 200;
  private static final int FEW = 5;
  private static final int ROWS = 0;
  private static final List<Integer> WIDTHS = List.of(ROWS, 128, 256);
  private static final List<Integer> ALL_WIDTHS = List.of(ROWS, 128, 256, 512);
  private static final Pattern SIMD_BY_C2 =
      Pattern.compile(" 4  +kernel_[0-9a-f]+::lanes\\d+ \\(");

  @TempDir private Path folder;

  @Test
  void mnistAtEveryWidthByOneAndTwoThreads() throws Exception {
    everywhere("mnist", WIDTHS);
  }

  @Test
  void mnistByC1Alone() throws Exception {
    assertEquals(weights("mnist", FEW, 1, ROWS, true), weights("mnist", FEW, 1, ROWS, false));
  }

  @Test
  void digitCnnByC1AloneAndByC2() throws Exception {
    String rows = weights("digit-cnn", FEW, 1, ROWS, false);
    assertEquals(rows, weights("digit-cnn", FEW, 2, ROWS, true));
    assertEquals(rows, weights("digit-cnn", FEW, 2, 128, true));
    assertEquals(rows, weights("digit-cnn", FEW, 1, 256, true));
  }

  @Test @Tag("exhaustive")
  void bothAtAllWidthsByOneAndTwoThreads() throws Exception {
    everywhere("mnist", ALL_WIDTHS);
    everywhere("digit-cnn", ALL_WIDTHS);
  }

  /// All combinations end with the same weights.
  private void everywhere(String example, List<Integer> widths) throws Exception {
    String rows = weights(example, STEPS, 1, ROWS, true);
    for (int width : widths) {
      for (int threads = 1; threads <= 2; threads++) {
        if (width != ROWS || threads > 1) {
          assertEquals(rows, weights(example, STEPS, threads, width, true), example
              + ", vectors of " + width + " bits, " + threads + " threads");
        }
      }
    }
  }

  /// @param byC2 whether all kernels go from the interpreter to C1 and to C2 after a few calls, and who calls them waits; else
  /// there is C1 alone
  private String weights(String example, int steps, int threads, int width, boolean byC2)
      throws Exception {
    Path log = folder.resolve("compilations.log");
    List<String> flags = new ArrayList<>(List.of("-Dkotangent.threads=" + threads,
        "-Xlog:jit+compilation=debug:file=" + log + ":none:filecount=0"));
    flags.addAll(byC2 ? List.of("-XX:CompileCommand=quiet",
        "-XX:CompileCommand=CompileThresholdScaling,kernel_*::*,0.01",
        "-XX:CompileCommand=BackgroundCompilation,kernel_*::*,false")
        : List.of("-XX:TieredStopAtLevel=1"));
    if (width != ROWS) {
      flags.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Dkotangent.simd=always",
          "-XX:MaxVectorSize=" + width / Byte.SIZE));
    }
    String printed = Child.run(flags, WeightBits.class, example, String.valueOf(steps));
    String sha = Printed.after(printed, "SHA-256 of the weights");
    System.out.printf("%s, %d steps, %s by %s, %d threads: %s%n", example, steps,
        width == ROWS ? "rows" : width + " bits", byC2 ? "C2" : "C1", threads, sha);
    long second = Long.parseLong(Printed.after(printed, "Milliseconds of the second thread"));
    assertEquals(threads > 1, second > 0, second + " ms of the second thread");
    assertEquals(byC2 && width != ROWS, SIMD_BY_C2.matcher(Files.readString(log)).find(),
        "whether SIMD code was compiled by C2: vectors of " + width + " bits");
    return sha;
  }
}
