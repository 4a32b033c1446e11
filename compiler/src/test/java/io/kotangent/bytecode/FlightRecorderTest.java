package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the flight recorder is told of compilations and runs.
class FlightRecorderTest {
  static final Graph PRODUCT = GraphParser.parseOne("""
      graph recorded(x: input f32[n,64], y: input f32[64,32]) {
        %0 = contract[ab,bc->ac] x, y : f32[n,32]
        return z=%0
      }
      """);
  private static final String RUN = "io.kotangent.Run";
  private static final String COMPILATION = "io.kotangent.Compilation";
  private static final int ROWS = 512;

  @TempDir Path folder;

  private interface Work {
    void act();
  }

  /// The events of a kind that the work causes.
  private List<RecordedEvent> events(String kind, boolean wanted, Work work) throws IOException {
    Path file = Files.createTempFile(folder, "events", ".jfr");
    try (Recording recording = new Recording()) {
      if (wanted) {
        recording.enable(kind);
      }
      recording.start();
      work.act();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(kind)).toList();
  }

  private static Workspace fed(Program program) {
    return program.newWorkspace().feed("x", new float[ROWS * 64]).feed("y", new float[64 * 32]);
  }

  @Test
  void aRunTellsItsProgramWayAndThreads() throws IOException {
    Program program =
        Compiler.compile(PRODUCT, CompileOptions.standard().with(SimdUse.NEVER));
    Workspace workspace = fed(program).threads(1);
    List<RecordedEvent> runs = events(RUN, true, () -> {
      program.run(workspace);
      program.run(workspace);
    });
    assertEquals(2, runs.size());
    for (RecordedEvent run : runs) {
      assertEquals("recorded", run.getString("program"));
      assertEquals("plain loops", run.getString("way"));
      assertEquals(1, run.getInt("threads"));
      assertTrue(run.getBoolean("committed"));
      assertNull(run.getClass("thrown"));
      assertTrue(run.getDuration().toNanos() > 0);
      assertEquals(Thread.currentThread().getName(), run.getThread().getJavaName());
    }
  }

  @Test
  void everyWayHasItsName() throws IOException {
    Compilation simd = Compiler.compilation(PRODUCT,
        CompileOptions.standard().with(SimdUse.ALWAYS));
    Program interpreted =
        Program.of(simd.plan().signature(), new PlanInterpreter(simd.plan()));
    Program checked = Compiler.compile(PRODUCT, CompileOptions.standard().checked(true));
    List<String> ways = events(RUN, true, () -> {
      for (Program program : List.of(simd.program(), interpreted, checked)) {
        program.run(fed(program));
      }
    }).stream().map(run -> run.getString("way")).toList();
    assertTrue(ways.getFirst().matches("SIMD code in [1-9][0-9]* of [1-9][0-9]* choices"),
        ways::toString);
    assertEquals(List.of("interpreted loop code", "checked steps"), ways.subList(1, 3));
  }

  @Test
  void aRunByAllThreadsSaysHowManyTheyAre() throws IOException {
    Program program = Program.of(Compiler.plan(PRODUCT, CompileOptions.standard()).signature(),
        (arrays, sizes, thread, threads, barrier) -> true);
    Workspace workspace =
        program.newWorkspace().feed("x", new float[100_000 * 64]).feed("y", new float[64 * 32])
            .threads(2);
    List<RecordedEvent> runs = events(RUN, true, () -> program.run(workspace));
    assertEquals(2, runs.getFirst().getInt("threads"));
    assertEquals("", runs.getFirst().getString("way"), "code of somebody else's");
  }

  @Test
  void whatEndsARunIsTold() throws IOException {
    Program program = Compiler.compile(PRODUCT);
    List<RecordedEvent> runs = events(RUN, true,
        () -> assertThrows(FeedException.class, () -> program.run(program.newWorkspace())));
    assertEquals(FeedException.class.getName(), runs.getFirst().getClass("thrown").getName());
    assertFalse(runs.getFirst().getBoolean("committed"));
    assertEquals(0, runs.getFirst().getInt("threads"));
  }

  @Test
  void aCompilationTellsItsStages() throws IOException {
    Compilation[] made = new Compilation[1];
    RecordedEvent told = events(COMPILATION, true,
        () -> made[0] = Compiler.compilation(PRODUCT,
            CompileOptions.standard().with(SimdUse.NEVER)))
        .getFirst();
    CompileReport report = made[0].report();
    assertEquals("recorded", told.getString("program"));
    assertEquals("plain loops, SIMD code never", told.getString("way"));
    assertEquals(PRODUCT.schedule().size(), told.getInt("nodes"));
    for (CompileReport.Stage stage : report.stages()) {
      assertEquals(stage.nanos(), told.getDuration(stage.name()).toNanos(), 1000, stage.name());
    }
    assertTrue(told.getDuration().toNanos() >= report.nanos());
    assertEquals(report.steps(), told.getInt("steps"));
    assertEquals(report.kernels(), told.getInt("kernels"));
    assertEquals(report.largestMethod(), told.getInt("largestMethod"));
    assertFalse(told.getStackTrace().getFrames().isEmpty());
  }

  @Test
  void nothingIsToldUnlessItIsAskedFor() throws IOException {
    for (String kind : List.of(RUN, COMPILATION)) {
      assertEquals(List.of(), events(kind, false, () -> {
        Program program = Compiler.compile(PRODUCT);
        program.run(fed(program));
      }), kind);
    }
  }

  /// Compiles and runs where there is no flight recorder.
  public static final class WithoutRecorder {
    public static void main(String[] arguments) {
      Program program = Compiler.compile(PRODUCT);
      program.run(fed(program));
      System.out.println("ran, recorder "
          + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
    }
  }

  @Test
  void aJvmWithoutTheRecorderRunsPrograms() throws Exception {
    String said = OtherJvm.run(WithoutRecorder.class, "--limit-modules",
        "java.base,java.logging,java.management,java.compiler");
    assertTrue(said.contains("ran, recorder false"), said);
  }
}
