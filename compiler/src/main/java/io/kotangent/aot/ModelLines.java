package io.kotangent.aot;

import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.StepLines;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// Which line of the user's model each step of a program computes, for stack traces. A class has lines of one file: that of most steps.
///
/// @param file empty if no line is known
/// @param lines by the lines of the plan's listing; 0 for steps of other files
record ModelLines(String file, Map<Integer, Integer> lines) {
  /// Without a folder: a class says nothing of the machine that it was made on.
  private static final Pattern PLACE = Pattern.compile("([^\\s,/\\\\]+):(\\d+)");
  /// The largest in a class file.
  private static final int LAST_LINE = 65_535;

  static ModelLines of(Plan plan, PlanNames names) {
    StepLines steps = StepLines.of(plan, names, Map.of());
    Map<String, Integer> files = new TreeMap<>();
    for (StepLines.Line step : steps.lines()) {
      PLACE.matcher(step.origins()).results()
          .forEach(place -> files.merge(place.group(1), 1, Integer::sum));
    }
    String file = "";
    for (String each : files.keySet()) {
      file = files.get(each) > files.getOrDefault(file, 0) ? each : file;
    }
    Map<Integer, Integer> lines = new HashMap<>();
    for (StepLines.Line step : steps.lines()) {
      lines.put(step.line(), line(step, file));
    }
    return new ModelLines(file, lines);
  }

  /// Of several, the last: what was computed from the others.
  private static int line(StepLines.Line step, String file) {
    int line = 0;
    for (MatchResult place : PLACE.matcher(step.origins()).results().toList()) {
      int found = place.group(2).length() > 5 ? 0 : Integer.parseInt(place.group(2));
      line = found > 0 && place.group(1).equals(file) && found <= LAST_LINE ? found : line;
    }
    return line;
  }

  /// Replaces the lines of the listing in a program's class, and leaves out the names of local variables.
  ClassVisitor around(ClassVisitor next) {
    return new ClassVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitSource(String source, String debug) {
        if (!file.isEmpty()) {
          super.visitSource(file, null);
        }
      }

      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor,
          String signature, String[] exceptions) {
        return new Lines(super.visitMethod(access, name, descriptor, signature, exceptions));
      }
    };
  }

  private final class Lines extends MethodVisitor {
    private int last;

    Lines(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitLineNumber(int line, Label start) {
      int found = lines.getOrDefault(line, last);
      if (found != last) {
        last = found;
        super.visitLineNumber(found, start);
      }
    }

    @Override
    public void visitLocalVariable(String name, String descriptor, String signature, Label start,
        Label end, int index) {
      // is for debuggers
    }
  }
}
