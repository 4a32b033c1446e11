package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.bytecode.OtherJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same graphs give the same bytes in every process: whatever its language, time zone, vectors, hash codes and folder.
class AotRepeatTest {
  /// What tells processes apart.
  private static final List<String> PROCESSES = List.of(
      "-Duser.language=tr -Duser.country=TR -Duser.timezone=GMT+12 -XX:MaxVectorSize=16",
      "-Duser.language=th -Duser.country=TH -Duser.timezone=Asia/Kathmandu -XX:MaxVectorSize=32 -XX:hashCode=2",
      "-Duser.language=ar -Duser.country=EG -Duser.timezone=GMT-11 -XX:-UseFMA -XX:UseAVX=1",
      "-Duser.language=de -Dfile.encoding=ISO-8859-1 -XX:MaxVectorSize=64 -XX:hashCode=3",
      "-Duser.language=hi -Duser.timezone=America/St_Johns -XX:UseAVX=0 -XX:ActiveProcessorCount=1",
      "-Duser.language=fa -XX:+UseSerialGC -XX:UseSSE=2 -XX:-UseFMA",
      "-Duser.language=ja -Dline.separator=XY -XX:MaxVectorSize=32 -XX:-UseFMA",
      "-Duser.language=lt -Dkotangent.simd=always -XX:hashCode=1 --add-modules=jdk.incubator.vector",
      "-Duser.language=az -Dkotangent.threads=1 -XX:TieredStopAtLevel=1",
      "-Duser.language=en -Dkotangent.simd=never -XX:hashCode=0");

  @TempDir Path folder;

  private void areTheSame(int processes, int times, int graphs) throws Exception {
    Set<String> hashes = new TreeSet<>();
    int lines = 0;
    for (int i = 0; i < processes; i++) {
      List<String> flags = new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockExperimentalVMOptions", "-XX:+UnlockDiagnosticVMOptions"));
      flags.addAll(List.of(PROCESSES.get(i).split(" ")));
      String said = OtherJvm.run(RepeatProbe.class, flags,
          folder.resolve("process" + i).toString(), String.valueOf(times),
          String.valueOf(graphs));
      for (String line : said.lines().filter(line -> line.startsWith("SHA-256 ")).toList()) {
        hashes.add(line);
        lines++;
      }
    }
    assertEquals(processes * times, lines);
    assertEquals(1, hashes.size(), hashes.toString());
  }

  @Test
  void fourProcessesWriteTheSameBytes() throws Exception {
    areTheSame(4, 2, 12);
  }

  /// 100 compilations of each graph.
  @Test @Tag("exhaustive")
  void tenProcessesWriteTheSameBytesTenTimes() throws Exception {
    areTheSame(PROCESSES.size(), 10, 12);
  }
}
