package io.kotangent.bytecode.warm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kotangent.bytecode.OtherJvm;
import io.kotangent.bytecode.load.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Processes that have too little of something when SIMD code is tried: they train on, and get it when there is enough memory.
class WarmFaultsTest {
  private static final String SERIAL = "-XX:+UseSerialGC";
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String NOBODY = "65534";
  private static final int FEWEST_THREADS = 10;
  private static final int MOST_THREADS = 18;

  @BeforeEach
  void thereAreVectors() {
    assumeTrue(Machine.target().vectorBits() > 0, "no SIMD code on this machine");
  }

  private static String run(String flag, String... arguments)
      throws IOException, InterruptedException {
    return OtherJvm.run(WarmProbe.class, List.of(flag, SERIAL, MODULE), arguments);
  }

  private static long number(String output, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    assertTrue(matcher.find(), output);
    return Long.parseLong(matcher.group(1));
  }

  private static void hasSimd(String output) {
    assertTrue(number(output, "last: (\\d+) simd") > 0, output);
  }

  /// Classes cannot be loaded when they are wanted first. One of them may be missing from then on, so that there is no SIMD code in
  /// this process; the training goes on.
  @Test
  void noRoomForClasses() throws IOException, InterruptedException {
    String output = run("-XX:MaxMetaspaceSize=40m", "64", "16", "1", "10", "1", "classes");
    assertTrue(output.contains("used up: Metaspace"), output);
    assertTrue(number(output, "steps: (\\d+)") > 100, output);
  }

  @Test
  void noMemory() throws IOException, InterruptedException {
    String output = run("-Xmx40m", "64", "16", "1", "60", "1", "heap");
    assertTrue(output.contains("used up: Java heap space"), output);
    hasSimd(output);
  }

  /// Of its 16 MB weights parts reach across nearly all.
  @Tag("faults") @Test
  void widthOf2048In160Megabytes() throws IOException, InterruptedException {
    hasSimd(run("-Xmx160m", "2048", "16", "1", "120", "1", "nothing"));
  }

  @Test
  void theMostImportantOfTwentyPrograms() throws IOException, InterruptedException {
    manyPrograms(20, 60);
  }

  @Tag("faults") @Test
  void theMostImportantOfThousandPrograms() throws IOException, InterruptedException {
    manyPrograms(1000, 600);
  }

  private static void manyPrograms(int programs, int seconds)
      throws IOException, InterruptedException {
    String output = run("-Xmx256m", "32", "16", Integer.toString(programs),
        Integer.toString(seconds), "1", "nothing");
    hasSimd(output);
    assertTrue(number(output, "programs: (\\d+)") == programs, output);
    assertTrue(number(output, "threads: (\\d+)") <= 5, output);
    System.out.println(programs + " programs: " + output);
  }

  /// From none at all to as many as there are wanted. The limit holds for a user, and not for root.
  @Tag("faults") @Test
  void noThreads() throws IOException, InterruptedException {
    int started = 0;
    boolean failed = false;
    for (int limit = FEWEST_THREADS; limit <= MOST_THREADS; limit++) {
      String output = limited(limit);
      if (output.contains("started")) {
        assertTrue(output.contains("steps: "), limit + " threads: " + output);
        started++;
        failed |= output.contains("Failed to start the native thread");
      }
    }
    assumeTrue(started > 0,
        "NOT TESTED: no other user with a limit of threads can be had here (setpriv, as root)");
    assertTrue(failed, "there were always enough threads");
  }

  private static String limited(int threads) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY,
        "--clear-groups", "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search", "bash", "-c",
        "ulimit -u " + threads + "; exec \"$@\"", "limit",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), SERIAL, MODULE,
        "-XX:-UsePerfData", "-cp", OtherJvm.classPath(), WarmProbe.class.getName()));
    command.addAll(List.of("64", "16", "2", "4", "4", "nothing"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    } catch (IOException e) {
      return "there is no setpriv: " + e.getMessage();
    }
  }
}
