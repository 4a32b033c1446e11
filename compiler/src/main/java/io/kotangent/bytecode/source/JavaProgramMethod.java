package io.kotangent.bytecode.source;

import io.kotangent.bytecode.emit.StepPiece;
import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Prints one method of a program's class.
final class JavaProgramMethod {
  static final String SHARED =
      "Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier";
  private static final String PASSED = "arrays, sizes, thread, threads, barrier";

  private final SourceText text;
  private final JavaProgram program;
  private final Plan plan;
  private final ArrayNames names;
  private final Home home;
  private final JavaSizes sizes;
  private final Map<StepPiece.Part, String> owners;
  private final String owner;
  private final Set<Buffer> used = new LinkedHashSet<>();
  private final Set<String> symbols = new LinkedHashSet<>();
  private int shared;

  /// @param owner the class that it is in
  JavaProgramMethod(SourceText text, JavaProgram program, String owner) {
    this.text = text;
    this.program = program;
    this.plan = program.plan();
    this.names = program.names();
    this.home = program.home();
    this.sizes = new JavaSizes(names, home);
    this.owners = program.owners();
    this.owner = owner;
  }

  void printEntry(List<StepPiece> steps) {
    text.open("public static boolean run(" + shared() + ")");
    plan.guard().ifPresent(this::find);
    body(steps);
    text.line("return " + plan.guard().map(this::flag).orElse("true") + ";");
    text.close();
  }

  void print(StepPiece.Part part) {
    String counters = part.counters().stream().map(counter -> ", int " + names.symbol(counter))
        .collect(Collectors.joining());
    text.open("static void " + part.name() + "(" + shared() + counters + ")");
    body(part.body());
    text.close();
  }

  private String shared() {
    return SHARED.replace("Object", home.lang("Object")).replace("Runnable", home.lang("Runnable"));
  }

  private void body(List<StepPiece> steps) {
    find(steps);
    unpack();
    pieces(steps);
  }

  /// Finds what the steps of this method use; parts unpack for themselves.
  private void find(List<StepPiece> pieces) {
    for (StepPiece piece : pieces) {
      switch (piece) {
        case StepPiece.Run(Step.Run run, int _, int _) -> {
          run.arguments().forEach(this::find);
          run.ints().forEach(dim -> dim.collectSymbols(symbols));
          if (run.share() instanceof Step.Share.Parts parts) {
            parts.work(run).collectSymbols(symbols);
          }
        }
        case StepPiece.Repeat repeat -> repeat.step().count().collectSymbols(symbols);
        case StepPiece.When when -> find(when.step().flag());
        case StepPiece.Barrier _, StepPiece.Part _ -> {
          // use nothing here
        }
      }
      find(piece.inner());
    }
  }

  private void find(Step.Argument argument) {
    used.add(argument.buffer());
    argument.offset().collectSymbols(symbols);
  }

  private void unpack() {
    List<String> known = plan.signature().symbols();
    for (int i = 0; i < known.size(); i++) {
      if (symbols.contains(known.get(i))) {
        text.line("int " + names.symbol(known.get(i)) + " = sizes[" + i + "];");
      }
    }
    for (Buffer buffer : plan.buffers()) {
      if (used.contains(buffer)) {
        String type = type(buffer.slot(), home);
        text.line(type + " " + names.array(buffer) + " = (" + type + ") arrays[" + buffer.index()
            + "];");
      }
    }
  }

  private static String type(ArraySlot slot, Home home) {
    return slot.kind() == ArraySlot.Kind.ALIGNED ? home.imported(JavaType.buffer(slot.dtype()))
        : JavaType.of(slot.dtype()) + "[]";
  }

  private void pieces(List<StepPiece> pieces) {
    for (StepPiece piece : pieces) {
      switch (piece) {
        case StepPiece.Run run -> run(run.step());
        case StepPiece.Barrier _ -> text.line("barrier.run();");
        case StepPiece.Repeat repeat -> repeat(repeat);
        case StepPiece.When when -> when(when);
        case StepPiece.Part part -> part(part);
      }
    }
  }

  private void run(Step.Run run) {
    String origins = PlanPrinter.origins(run.nodes());
    text.blank();
    text.comment(run.name() + (origins.isEmpty() ? "" : ": " + origins));
    switch (run.share()) {
      case Step.Share.One(int thread, var _) -> {
        text.open(thread == 0 ? "if (thread == 0)" : "if (thread == " + thread + " % threads)");
        call(run, run.ints().stream().map(sizes::asInt).toList());
        text.close();
      }
      case Step.Share.Each _ -> call(run, run.ints().stream().map(sizes::asInt).toList());
      case Step.Share.Parts parts -> part(run, parts);
    }
  }

  private void part(Step.Run run, Step.Share.Parts parts) {
    int last = run.ints().size() - 1;
    String share = names.fresh("part" + ++shared);
    String helpers = program.qualifier(owner);
    text.line("long " + share + " = " + helpers + "share(thread, threads, "
        + sizes.asLong(parts.work(run)) + ", " + parts.least() + "L, "
        + sizes.asInt(run.ints().get(last - 1)) + ", " + sizes.asInt(run.ints().get(last)) + ", "
        + parts.grain() + ");");
    String begin = helpers + "begin(" + share + ")";
    String end = helpers + "end(" + share + ")";
    text.open("if (" + begin + " < " + end + ")");
    List<String> ints = new ArrayList<>();
    run.ints().subList(0, last - 1).forEach(dim -> ints.add(sizes.asInt(dim)));
    ints.addAll(List.of(begin, end));
    call(run, ints);
    text.close();
  }

  private void call(Step.Run run, List<String> ints) {
    List<ArrayParam> params = run.kernel().arrays();
    if (params.size() != run.arguments().size()
        || run.kernel().ints().size() != run.ints().size()) {
      throw new KotangentException("step '" + run.name() + "': its kernel takes " + params.size()
          + " arrays and " + run.kernel().ints().size() + " sizes, got " + run.arguments().size()
          + " and " + run.ints().size());
    }
    List<String> args = new ArrayList<>();
    for (int i = 0; i < params.size(); i++) {
      Step.Argument argument = run.arguments().get(i);
      String name = names.array(argument.buffer());
      if (!params.get(i).whole()) {
        args.add(name + ", " + sizes.asInt(argument.offset()) + port(argument));
      } else if (argument.offset().is(0)) {
        args.add(name + port(argument));
      } else {
        throw new KotangentException(
            "step '" + run.name() + "': argument " + i + " is whole, but has an offset");
      }
    }
    args.addAll(ints);
    text.line(program.kernel(run.kernel()) + ".run(" + String.join(", ", args) + ");");
  }

  /// What of the state an argument is.
  private String port(Step.Argument argument) {
    boolean state = argument.buffer().slot().kind() == ArraySlot.Kind.STATE;
    Optional<String> port = state ? names.port(argument) : Optional.empty();
    return port.map(name -> " /* " + SourceText.harmless(name) + " */").orElse("");
  }

  private void repeat(StepPiece.Repeat piece) {
    Step.Repeat repeat = piece.step();
    String counter = names.symbol(repeat.counter());
    String count = sizes.asInt(repeat.count());
    text.blank();
    if (repeat.reverse()) {
      text.open("for (int " + counter + " = " + count + " - 1; " + counter + " >= 0; " + counter
          + "--)");
    } else {
      if (!isName(repeat.count()) && !repeat.count().isConstant()) {
        String times = names.fresh("count");
        text.line("int " + times + " = " + count + ";");
        count = times;
      }
      text.open("for (int " + counter + " = 0; " + counter + " < " + count + "; " + counter
          + "++)");
    }
    pieces(piece.inner());
    text.close();
  }

  private static boolean isName(Dim dim) {
    return dim.products().size() == 1 && dim.equals(Dim.of(dim.products().getFirst()))
        && dim.products().getFirst().atoms().getFirst() instanceof Dim.Symbol(String name)
        && dim.equals(Dim.symbol(name));
  }

  private void when(StepPiece.When piece) {
    text.blank();
    text.open("if (" + flag(piece.step().flag()) + ")");
    pieces(piece.then());
    if (!piece.otherwise().isEmpty()) {
      text.otherwise();
      pieces(piece.otherwise());
    }
    text.close();
  }

  private String flag(Step.Argument flag) {
    return names.array(flag.buffer()) + "[" + sizes.asInt(flag.offset()) + "]";
  }

  private void part(StepPiece.Part part) {
    String counters = part.counters().stream().map(counter -> ", " + names.symbol(counter))
        .collect(Collectors.joining());
    String home = Optional.ofNullable(owners.get(part)).orElseThrow(
        () -> new IllegalStateException("no class for " + part.name()));
    text.line(
        (home.equals(owner) ? "" : home + ".") + part.name() + "(" + PASSED + counters + ");");
  }
}
