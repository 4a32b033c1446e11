package io.kotangent.bytecode.source;

import io.kotangent.bytecode.emit.ClassNames;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import java.util.List;

/// A plan and what became of it.
record Printed(Plan plan, List<SourceFile> files, String name) {
  static Printed of(Plan plan, Emission emission) {
    PlanNames names = new PlanNames(plan);
    String home = emission.names().packageName();
    return new Printed(plan, JavaSource.of(plan, names, emission),
        (home.isEmpty() ? "" : home + ".") + JavaSource.programClass(names, emission));
  }

  static Printed of(Graph graph, String packageName, PlanOptions options) {
    return of(Planner.plan(graph, options),
        Emission.of(options.target()).named(new ClassNames(packageName, "")));
  }

  Code load() {
    return CompiledSource.of(files).program(name);
  }

  String text() {
    return text(Long.MAX_VALUE);
  }

  /// The program, and the kernels of at most so many lines.
  String text(long lines) {
    StringBuilder all = new StringBuilder();
    for (SourceFile file : files) {
      if (file == files.getFirst() || file.text().lines().count() <= lines) {
        all.append("// ").append(file.path()).append('\n').append(file.text());
      }
    }
    return all.toString();
  }
}
