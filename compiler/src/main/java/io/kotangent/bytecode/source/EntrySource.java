package io.kotangent.bytecode.source;

import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.emit.SizeSolution;
import io.kotangent.bytecode.emit.SlotTable;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import java.util.List;
import java.util.Set;

/// Prints what stands around a program that is compiled ahead of time, as
/// [EntryEmitter][io.kotangent.bytecode.emit.EntryEmitter] emits it.
public final class EntrySource {
  private static final int LONGEST_STRING = 20_000;
  private static final int LINE = 80;

  private final Plan plan;
  private final String network;
  private final String program;
  private final Home home;
  private final ArrayNames names;
  private final JavaSizes sizes;
  private final SourceText text;

  private EntrySource(Plan plan, PlanNames listed, String network, Emission emission) {
    this.plan = plan;
    this.network = network;
    this.program = JavaSource.programClass(listed, emission);
    this.home = new Home(emission.names().packageName(), plan.name(), Set.of(program, network));
    this.names = new ArrayNames(plan, listed, home);
    this.sizes = new JavaSizes(names, home);
    this.text = home.begin(Set.of());
  }

  /// The simple name of the class.
  public static String className(PlanNames names, Emission emission) {
    return JavaSource.programClass(names, emission) + "_entry";
  }

  /// @param network the simple name of the class that it belongs to
  public static SourceFile of(Plan plan, PlanNames names, SizeSolution solution, SlotTable table,
      String network, Emission emission) {
    EntrySource source = new EntrySource(plan, names, network, emission);
    source.print(className(names, emission), solution, table);
    return source.home.file(className(names, emission), source.text);
  }

  private void print(String name, SizeSolution solution, SlotTable table) {
    text.line("/** How the sizes and arrays of " + program + " follow from its arguments. */");
    text.open("final class " + name + " extends " + network + ".Entry");
    slots(table);
    text.blank();
    method("boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier)",
        () -> text.line("return " + program + ".run(arrays, sizes, thread, threads, barrier);"));
    method("void solve(long[] elements, int[] sizes)", () -> solve(solution));
    method("void check(int[] sizes)", this::check);
    method("void lengths(int[] sizes, long[] inputs, long[] results, long[] arrays)",
        this::lengths);
    text.close();
  }

  private void method(String head, Runnable body) {
    text.line("@Override");
    text.open(head);
    body.run();
    text.close();
    text.blank();
  }

  private void slots(SlotTable table) {
    text.line("private static final " + network + ".Slots SLOTS = new " + network + ".Slots(");
    StringBuilder lines = new StringBuilder();
    for (String line : table.text().split("(?<=\n)", -1)) {
      if (!line.isEmpty()) {
        lines.append(lines.isEmpty() ? "        " : "\n            + ").append(quoted(line));
      }
    }
    text.block(lines.toString());
    for (int from = 0; from < table.data().length(); from += LONGEST_STRING) {
      text.block(",");
      String piece =
          table.data().substring(from, Math.min(table.data().length(), from + LONGEST_STRING));
      text.block(pieces(piece));
    }
    text.block(");");
    text.blank();
    method(network + ".Slots slots()", () -> text.line("return SLOTS;"));
  }

  private static String pieces(String data) {
    StringBuilder lines = new StringBuilder();
    for (int from = 0; from < data.length(); from += LINE) {
      lines.append(lines.isEmpty() ? "        " : "\n            + ")
          .append(quoted(data.substring(from, Math.min(data.length(), from + LINE))));
    }
    return lines.toString();
  }

  /// A string as Java writes it.
  public static String quoted(String string) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private void solve(SizeSolution solution) {
    symbols();
    List<String> symbols = plan.signature().symbols();
    List<Port> inputs = plan.signature().inputs();
    for (SizeSolution.Solved solved : solution.solved()) {
      text.line(names.symbol(solved.symbol()) + " = whole(elements[" + solved.input() + "], "
          + sizes.asLong(solved.offset()) + ", " + sizes.asLong(solved.slope()) + ", "
          + quoted(what(inputs.get(solved.input()))) + ");");
      text.line("sizes[" + symbols.indexOf(solved.symbol()) + "] = "
          + names.symbol(solved.symbol()) + ";");
    }
    for (int i = 0; i < inputs.size(); i++) {
      text.line("same(elements[" + i + "], " + sizes.asLong(inputs.get(i).type().shape().size())
          + ", " + quoted(what(inputs.get(i))) + ");");
    }
  }

  private void symbols() {
    List<String> symbols = plan.signature().symbols();
    for (int i = 0; i < symbols.size(); i++) {
      text.line("int " + names.symbol(symbols.get(i)) + " = sizes[" + i + "];");
    }
  }

  private String what(Port input) {
    return plan.signature().name() + ", input " + input.name() + ": " + input.type();
  }

  private void check() {
    symbols();
    for (Port input : plan.signature().inputs()) {
      for (Dim dim : input.type().shape().dims()) {
        if (!dim.isAtLeast(0)) {
          require("atLeast", dim, Dim.ZERO, dim + " >= 0 for " + what(input));
        }
      }
    }
    for (Requirement requirement : plan.signature().requirements()) {
      String method = switch (requirement.relation()) {
        case EQUAL -> "equal";
        case AT_LEAST -> "atLeast";
        case MULTIPLE_OF -> "multiple";
      };
      require(method, requirement.left(), requirement.right(),
          requirement + (requirement.origin().isEmpty() ? "" : " (at " + requirement.origin()
              + ")"));
    }
  }

  private void require(String method, Dim left, Dim right, String what) {
    text.line(method + "(" + sizes.asLong(left) + ", " + sizes.asLong(right) + ", " + quoted(what)
        + ");");
  }

  private void lengths() {
    symbols();
    List<Port> inputs = plan.signature().inputs();
    for (int i = 0; i < inputs.size(); i++) {
      length("inputs", i, inputs.get(i).type().shape().size());
    }
    for (int i = 0; i < plan.signature().results().size(); i++) {
      length("results", i, plan.signature().results().get(i).type().shape().size());
    }
    List<ArraySlot> arrays = plan.signature().arrays();
    for (int i = 0; i < arrays.size(); i++) {
      if (SlotTable.isOwn(arrays.get(i).kind())) {
        length("arrays", i, arrays.get(i).length());
      }
    }
  }

  private void length(String array, int index, Dim length) {
    text.line(array + "[" + index + "] = " + sizes.asLong(length) + ";");
  }
}
