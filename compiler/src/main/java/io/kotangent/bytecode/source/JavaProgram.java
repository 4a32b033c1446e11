package io.kotangent.bytecode.source;

import io.kotangent.bytecode.emit.ProgramParts;
import io.kotangent.bytecode.emit.StepOutliner;
import io.kotangent.bytecode.emit.StepPiece;
import io.kotangent.loop.Kernel;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanMemory;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Prints a plan as a class with `public static boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier)`,
/// which calls the kernels in order. Large programs are several methods, very large ones several classes.
final class JavaProgram {
  private final Plan plan;
  private final ArrayNames names;
  private final Map<Kernel, String> kernels;
  private final Home home;
  private final String simple;
  private final Map<StepPiece.Part, String> owners = new IdentityHashMap<>();

  /// @param kernels the simple names of their classes
  /// @param simple the name of the first class
  JavaProgram(Plan plan, ArrayNames names, Map<Kernel, String> kernels, Home home,
      String simple) {
    this.plan = plan;
    this.names = names;
    this.kernels = kernels;
    this.home = home;
    this.simple = simple;
  }

  Plan plan() {
    return plan;
  }

  ArrayNames names() {
    return names;
  }

  Home home() {
    return home;
  }

  /// The class that each part is in.
  Map<StepPiece.Part, String> owners() {
    return owners;
  }

  String kernel(Kernel kernel) {
    return Optional.ofNullable(kernels.get(kernel))
        .orElseThrow(() -> new IllegalStateException("a kernel that has no name"));
  }

  /// What stands before the methods of the first class in another one.
  String qualifier(String owner) {
    return owner.equals(simple) ? "" : simple + ".";
  }

  /// @param budget how many bytes of bytecode a method should have at most, about
  List<SourceFile> print(int budget) {
    List<StepPiece> entry = new StepOutliner(budget).entry(plan);
    List<List<StepPiece.Part>> groups = ProgramParts.assign(entry, kernels);
    for (int i = 0; i < groups.size(); i++) {
      for (StepPiece.Part part : groups.get(i)) {
        owners.put(part, className(i));
      }
    }
    List<SourceFile> files = new ArrayList<>();
    files.add(first(entry, groups.getFirst()));
    for (int i = 1; i < groups.size(); i++) {
      files.add(further(className(i), groups.get(i)));
    }
    return files;
  }

  private String className(int index) {
    return index == 0 ? simple : simple + "_" + (index + 1);
  }

  private SourceFile first(List<StepPiece> entry, List<StepPiece.Part> parts) {
    SourceText text = home.begin(imports());
    describe(text);
    open(text, "public final class ", simple);
    text.blank();
    text.line("/** Runs one of several threads' part; says whether the state was updated. */");
    new JavaProgramMethod(text, this, simple).printEntry(entry);
    methods(text, simple, parts);
    if (isShared(plan.steps())) {
      new SharedRange(home).print(text);
    }
    text.close();
    return home.file(simple, text);
  }

  private SourceFile further(String name, List<StepPiece.Part> parts) {
    SourceText text = home.begin(imports());
    text.line("/** More of {@link " + simple + "}. */");
    open(text, "final class ", name);
    methods(text, name, parts);
    text.close();
    return home.file(name, text);
  }

  private static void open(SourceText text, String head, String name) {
    text.open(head + name);
    text.open("private " + name + "()");
    text.close();
  }

  private void methods(SourceText text, String owner, List<StepPiece.Part> parts) {
    for (StepPiece.Part part : parts) {
      text.blank();
      new JavaProgramMethod(text, this, owner).print(part);
    }
  }

  /// The arrays that it is to be called with.
  private void describe(SourceText text) {
    text.line("/**");
    text.doc(SourceText.html(plan.name()) + ". What it works on:");
    text.verbatim("<pre>");
    List<String> symbols = plan.signature().symbols();
    for (int i = 0; i < symbols.size(); i++) {
      text.verbatim("sizes[" + i + "]  " + names.symbol(symbols.get(i)));
    }
    for (Buffer buffer : plan.buffers()) {
      ArraySlot slot = buffer.slot();
      text.verbatim(
          "arrays[" + buffer.index() + "]  " + kind(slot.kind()) + " " + slot.dtype() + "["
              + slot.length() + "] " + names.array(buffer));
    }
    text.verbatim("</pre>");
    text.doc(
        SourceText.html("Bytes: " + PlanMemory.of(plan).toString().replace("bytes: ", "")) + ".");
    text.line(" */");
  }

  private static String kind(ArraySlot.Kind kind) {
    return switch (kind) {
      case INPUT -> "input";
      case STATE -> "state";
      case RESULT -> "result";
      case CONSTANT -> "constant";
      case CHOICES -> "choices";
      case WORKSPACE -> "workspace";
      case SCRATCH -> "scratch of the thread";
      case ALIGNED -> "aligned scratch of the thread";
    };
  }

  private Set<String> imports() {
    Set<String> imports = new TreeSet<>();
    for (Buffer buffer : plan.buffers()) {
      if (buffer.slot().kind() == ArraySlot.Kind.ALIGNED) {
        imports.add(JavaType.buffer(buffer.slot().dtype()));
      }
    }
    return imports;
  }

  private static boolean isShared(List<Step> steps) {
    return steps.stream().anyMatch(step -> switch (step) {
      case Step.Run run -> run.share() instanceof Step.Share.Parts;
      case Step.Barrier _ -> false;
      case Step.Repeat repeat -> isShared(repeat.body());
      case Step.When when -> isShared(when.then()) || isShared(when.otherwise());
    });
  }
}
