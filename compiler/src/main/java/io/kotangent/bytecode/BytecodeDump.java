package io.kotangent.bytecode;

import io.kotangent.bytecode.emit.EmittedClass;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.pass.Dump;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.spi.ToolProvider;

/// Writes what was emitted: listings under the names that stack traces show, classes, and their disassembly if this Java
/// has `javap`.
final class BytecodeDump {
  private BytecodeDump() {
  }

  static void write(Dump.Files files, GeneratedCode code) {
    files.file(Dump.Stage.PLAN, code.fileName(), code::listing);
    if (files.wants(Dump.Stage.PLAN) || files.wants(Dump.Stage.BYTECODE)) {
      for (KernelClass kernel : kernels(code)) {
        files.file(Dump.Stage.PLAN, kernel.listing().fileName(), kernel.listing()::text);
      }
    }
    if (files.wants(Dump.Stage.BYTECODE)) {
      List<EmittedClass> classes = new ArrayList<>(code.classes());
      kernels(code).forEach(kernel -> classes.add(kernel.emitted()));
      Optional<ToolProvider> javap = ToolProvider.findFirst("javap");
      for (EmittedClass emitted : classes) {
        files.bytes(Dump.Stage.BYTECODE, emitted.name() + ".class", emitted.bytes());
        javap.ifPresent(tool -> files.file(Dump.Stage.BYTECODE, emitted.name() + ".javap.txt",
            () -> disassemble(tool, files.directory().resolve(emitted.name() + ".class"))));
      }
    }
  }

  /// Also those of row loops, each once.
  private static Set<KernelClass> kernels(GeneratedCode code) {
    Set<KernelClass> kernels = new LinkedHashSet<>(code.kernels());
    code.kernels().forEach(kernel -> kernels.addAll(kernel.rows()));
    return kernels;
  }

  private static String disassemble(ToolProvider javap, Path file) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    javap.run(out, out, "-c", "-l", "-p", file.toString());
    return text.toString();
  }
}
