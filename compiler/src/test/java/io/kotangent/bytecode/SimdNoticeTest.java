package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimdNoticeTest {
  private static final String ADD = "--add-modules";
  private static final String MODULE = "jdk.incubator.vector";

  @Test
  void saysWhichVectorsAreUsedAndWhen() {
    assertEquals("SIMD code with vectors of 256 bits, each kernel as soon as it is measured to be"
        + " faster than plain loops", SimdNotice.text(SimdUse.WHEN_FASTER, false, true, 256));
    assertEquals("SIMD code with vectors of 128 bits, from the first run (kotangent.simd=always)",
        SimdNotice.text(SimdUse.ALWAYS, false, true, 128));
  }

  @Test
  void saysWhyThereIsNoSimdCode() {
    assertEquals(
        "Only SIMD code that the JIT makes of plain loops: the module jdk.incubator.vector is not there; start Java"
            + " with --add-modules jdk.incubator.vector",
        SimdNotice.text(SimdUse.WHEN_FASTER, false, false, 0));
    assertEquals(
        "Only SIMD code that the JIT makes of plain loops: it is turned off (kotangent.simd=never)",
        SimdNotice.text(SimdUse.NEVER, false, true, 256));
    assertEquals(
        "Only SIMD code that the JIT makes of plain loops: vectors have 64 bits here, at least 128 are needed",
        SimdNotice.text(SimdUse.WHEN_FASTER, false, true, 64));
    assertEquals(
        "Only SIMD code that the JIT makes of plain loops: this machine has no fused multiply-add",
        SimdNotice.text(SimdUse.WHEN_FASTER, true, true, 256));
  }

  @Test
  void isLoggedOnceByAProcess() throws IOException, InterruptedException {
    assertEquals(List.of("vectors of 128 bits, each kernel"),
        logged(ADD, MODULE, "-XX:MaxVectorSize=16"));
    assertEquals(List.of("module jdk.incubator.vector is not there"), logged());
    assertEquals(List.of("turned off (kotangent.simd=never)"),
        logged(ADD, MODULE, "-Dkotangent.simd=never"));
    assertEquals(List.of("vectors have 64 bits here"), logged(ADD, MODULE, "-XX:MaxVectorSize=8"));
  }

  /// What the lines about SIMD code have of these parts.
  private static List<String> logged(String... flags) throws IOException, InterruptedException {
    String output = OtherJvm.run(NoticeProbe.class, flags);
    List<String> parts = List.of("vectors of 128 bits, each kernel",
        "module jdk.incubator.vector is not there", "turned off (kotangent.simd=never)",
        "vectors have 64 bits here");
    List<String> lines = output.lines().filter(line -> line.contains("SIMD code")).toList();
    assertEquals(1, lines.size(), output);
    assertTrue(lines.getFirst().startsWith("INFO: "), output);
    return parts.stream().filter(lines.getFirst()::contains).toList();
  }
}
