package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.pass.Dump;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerTest {
  @Test
  void aReportSaysWhatWasDone() {
    KernelCache cache = new KernelCache();
    CompileOptions options = CompileOptions.standard().with(cache);
    Compilation first = Compiler.compilation(TierProbe.step(), options);
    Compilation second = Compiler.compilation(TierProbe.step(), options);
    CompileReport report = first.report();
    assertEquals(List.of("passes", "plan", "code"),
        report.stages().stream().map(CompileReport.Stage::name).toList());
    assertTrue(report.kernels() > 1 && report.newKernels() == report.kernels(), report.toString());
    assertEquals(0, second.report().newKernels(), second.report().toString());
    Set<KernelClass> classes = new HashSet<>(first.code().kernels());
    first.code().kernels().forEach(kernel -> classes.addAll(kernel.rows()));
    assertEquals(classes.size(), cache.size());
    assertEquals(PlanPrinter.print(first.plan()), first.code().listing());
    assertEquals("probe", first.program().name());
    assertEquals(first.code().listing(), second.code().listing());
  }

  @Test
  void passesAreSkippedByName() {
    Compilation all = Compiler.compilation(TierProbe.step(), CompileOptions.standard());
    Compilation plain = Compiler.compilation(TierProbe.step(),
        CompileOptions.standard().without("FuseElementwise", "FuseEpilogue", "simplify"));
    assertTrue(plain.report().steps() > all.report().steps());
    assertTrue(
        Compiler.passNames().containsAll(List.of("stabilize", "simplify", "FuseElementwise")));
    KotangentException e = assertThrows(KotangentException.class,
        () -> Compiler.compile(TierProbe.step(), CompileOptions.standard().without("FuseNothing")));
    assertTrue(
        e.getMessage()
            .startsWith("cannot skip [FuseNothing]: expected names of passes or rules among ["),
        e.getMessage());
  }

  @Test
  void dumpsHaveTheNamesThatStackTracesShow(@TempDir Path directory) throws IOException {
    Dump dump = new Dump(Dump.parse("all"), directory, "pro*");
    Compilation compiled =
        Compiler.compilation(TierProbe.step(), CompileOptions.standard().with(dump));
    List<String> names;
    try (Stream<Path> files = Files.list(directory.resolve("probe"))) {
      names = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    assertTrue(
        names.containsAll(List.of("00-traced.ir", "probe.ir", "Probe.class", "Probe.javap.txt")),
        names.toString());
    assertEquals(compiled.code().listing(), Files.readString(directory.resolve("probe/probe.ir")));
    for (KernelClass kernel : compiled.code().kernels()) {
      assertEquals(kernel.listing().text(),
          Files.readString(directory.resolve("probe").resolve(kernel.listing().fileName())));
      assertTrue(names.contains(kernel.listing().className() + ".class"), names.toString());
    }
    String disassembly = Files.readString(directory.resolve("probe/Probe.javap.txt"));
    assertTrue(disassembly.contains("LineNumberTable") && disassembly.contains("kernel_"),
        disassembly);
    Compiler.compile(TierProbe.step(), CompileOptions.standard()
        .with(new Dump(Dump.parse("all"), directory.resolve("none"), "x*")));
    assertFalse(Files.exists(directory.resolve("none")));
  }
}
