package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random graphs leave the same bits with vectors of every width and without, by 1, 2 and 4 threads, before and after each
/// compiler of the JVM. Each width has a JVM of its own.
class RandomBitsTest {
  private static final int GRAPHS = 2000;
  private static final int FEW = 40;
  private static final int INTERPRETED = 12;
  private static final int BY_C2 = 10;
  private static final int BY_C2_EXHAUSTIVE = 100;
  private static final int[] BYTES = {16, 32};
  private static final int WIDE_BYTES = 64;

  @TempDir private Path folder;

  @Test
  void atEveryWidthAndByEveryNumberOfThreads() throws IOException, InterruptedException {
    Printed rows = warmingUp(List.of(), GRAPHS);
    assertEquals(GRAPHS, rows.graphs().size());
    long distinct = rows.graphs().stream().map(line -> line.split(" ")[2]).distinct().count();
    assertTrue(distinct > GRAPHS * 9 / 10, distinct + " fingerprints");
    assertTrue(rows.number("shared") > GRAPHS / 2, rows.summary());
    // sums in aligned memory, of the few graphs with rows that are long enough
    assertTrue(rows.number("in SIMD") > 0, rows.summary());
    for (int bytes : BYTES) {
      Printed simd = warmingUp(vectors(bytes), GRAPHS);
      assertSame(rows, simd);
      assertTrue(Machine.target().vectorBits() == 0 || simd.number("in SIMD") > GRAPHS / 2,
          simd.summary());
      assertEquals(rows.number("shared") > 0, simd.number("shared") > 0, simd.summary());
    }
  }

  @Test
  void inTheInterpreterAndWithTheWidestVectors() throws IOException, InterruptedException {
    Printed rows = warmingUp(List.of(), FEW);
    assertSame(rows, warmingUp(vectors(WIDE_BYTES), FEW));
    for (int bytes : new int[] {16, 32, 64}) {
      List<String> flags = vectors(bytes);
      flags.add("-Xint");
      Printed interpreted = warmingUp(flags, INTERPRETED);
      assertEquals(rows.graphs().subList(0, INTERPRETED), interpreted.graphs());
    }
  }

  @Test
  void whenC2HasCompiledAllKernels() throws IOException, InterruptedException {
    byC2(BY_C2);
  }

  @Test @Tag("exhaustive")
  void whenC2HasCompiledAllKernelsOfMoreGraphs() throws IOException, InterruptedException {
    byC2(BY_C2_EXHAUSTIVE);
  }

  private void byC2(int count) throws IOException, InterruptedException {
    Printed rows = byC2(List.of(), count);
    assertEquals(count, rows.graphs().size());
    assertTrue(50 * rows.number("refused") <= rows.number("kernels"), rows.summary());
    for (int bytes : BYTES) {
      Printed simd = byC2(vectors(bytes), count);
      assertSame(rows, simd);
      assertTrue(Machine.target().vectorBits() == 0 || simd.number("methods of SIMD code") >= count,
          simd.summary());
      assertTrue(50 * simd.number("refused") <= simd.number("kernels"), simd.summary());
    }
  }

  private Printed byC2(List<String> flags, int count) throws IOException, InterruptedException {
    Path log = folder.resolve("compilations" + flags.size() + count + ".log");
    List<String> all = new ArrayList<>(flags);
    all.add(CompilationLog.flag(log));
    all.add("-XX:CompileCommand=quiet");
    // C2 takes up a kernel after a tenth of the usual calls, and after C1; who calls it waits
    all.add("-XX:CompileCommand=CompileThresholdScaling,kernel_*::*,0.1");
    // on a busy machine, too, C1 is to count for C2 at once: what it compiles without counts can stay with it for long
    all.add("-XX:Tier3DelayOn=10000");
    all.add("-XX:CompileCommand=BackgroundCompilation,kernel_*::*,false");
    Printed printed =
        new Printed(OtherJvm.run(C2Probe.class, all, log.toString(), "" + count));
    System.out.println(printed.summary());
    return printed;
  }

  private static Printed warmingUp(List<String> flags, int count)
      throws IOException, InterruptedException {
    Printed printed =
        new Printed(OtherJvm.run(BitsProbe.class, flags, "0", "" + count, "1"));
    System.out.println(printed.summary());
    return printed;
  }

  private static List<String> vectors(int bytes) {
    return new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector",
        "-Dkotangent.simd=always", "-XX:MaxVectorSize=" + bytes));
  }

  private static void assertSame(Printed expected, Printed actual) {
    List<String> differing = new ArrayList<>(actual.graphs());
    differing.removeAll(expected.graphs());
    assertEquals(List.of(), differing, actual.summary());
    assertEquals(expected.graphs(), actual.graphs());
  }

  /// What a probe prints: a line for each graph, and one at the end.
  private record Printed(List<String> graphs, String summary) {
    Printed(String output) {
      this(output.lines().filter(line -> line.startsWith("graph ")).toList(),
          output.lines().filter(line -> line.startsWith("vectors of "))
              .collect(Collectors.joining()));
    }

    /// The number before that text.
    int number(String text) {
      String before = summary.substring(0, summary.indexOf(" " + text));
      return Integer.parseInt(before.substring(before.lastIndexOf(' ') + 1));
    }
  }
}
