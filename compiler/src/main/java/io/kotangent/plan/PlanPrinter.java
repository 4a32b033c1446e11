package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Prints a plan, one line for each array and each step: the listing that the program class's line
/// numbers point into.
public final class PlanPrinter {
  private static final int MOST_ORIGINS = 3;

  private final PlanNames names;
  private final Map<Kernel, String> kernelNames;
  private final StringBuilder text = new StringBuilder();
  private int depth = 1;

  private PlanPrinter(PlanNames names, Map<Kernel, String> kernelNames) {
    this.names = names;
    this.kernelNames = kernelNames;
  }

  public static String print(Plan plan) {
    Map<Kernel, String> known = new IdentityHashMap<>();
    collect(plan.steps(), known);
    return print(plan, new PlanNames(plan), known);
  }

  private static void collect(List<Step> steps, Map<Kernel, String> known) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run ->
            known.computeIfAbsent(run.kernel(), k -> KernelListing.of(k).className());
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> collect(repeat.body(), known);
        case Step.When when -> {
          collect(when.then(), known);
          collect(when.otherwise(), known);
        }
      }
    }
  }

  /// @param kernelNames the name of each kernel's class
  public static String print(Plan plan, PlanNames names, Map<Kernel, String> kernelNames) {
    PlanPrinter printer = new PlanPrinter(names, kernelNames);
    printer.head(plan);
    printer.block(plan.steps());
    printer.text.append("  return ")
        .append(plan.guard().map(flag -> printer.argument(flag, "[", "]")).orElse("true"))
        .append(";\n}\n// ").append(PlanMemory.of(plan)).append('\n');
    return printer.text.toString();
  }

  /// The line of the first step.
  public static int firstLine(Plan plan) {
    return 2 + plan.buffers().size();
  }

  /// How many lines a step takes.
  public static int lines(Step step) {
    return switch (step) {
      case Step.Run _, Step.Barrier _ -> 1;
      case Step.Repeat repeat -> 2 + lines(repeat.body());
      case Step.When when ->
          2 + lines(when.then()) + (when.otherwise().isEmpty() ? 0 : 1 + lines(when.otherwise()));
    };
  }

  public static int lines(List<Step> steps) {
    int sum = 0;
    for (Step step : steps) {
      sum += lines(step);
    }
    return sum;
  }

  private void head(Plan plan) {
    text.append("program ").append(names.program()).append('(');
    text.append(String.join(", ", plan.signature().symbols().stream().map(names::symbol).toList()))
        .append(") {\n");
    for (Buffer buffer : plan.buffers()) {
      text.append("  ").append(switch (buffer.slot().kind()) {
        case INPUT -> "input ";
        case STATE -> "state ";
        case RESULT -> "result ";
        case CONSTANT -> "constant ";
        case CHOICES -> "choices ";
        case WORKSPACE -> "workspace ";
        case SCRATCH -> "scratch ";
        case ALIGNED -> "aligned ";
      }).append(buffer.slot().dtype()).append('[').append(size(buffer.slot().length())).append("] ")
          .append(names.array(buffer)).append(";\n");
    }
  }

  private void block(List<Step> steps) {
    for (Step step : steps) {
      text.repeat("  ", depth);
      step(step);
      text.append('\n');
    }
  }

  private void step(Step step) {
    switch (step) {
      case Step.Run run -> run(run);
      case Step.Barrier _ -> text.append("barrier();");
      case Step.Repeat repeat -> {
        String counter = names.symbol(repeat.counter());
        String count = size(repeat.count());
        text.append(repeat.reverse()
            ? "for (int " + counter + " = " + count + " - 1; " + counter + " >= 0; " + counter
                + "--) {\n"
            : "for (int " + counter + " = 0; " + counter + " < " + count + "; " + counter
                + "++) {\n");
        nested(repeat.body());
        text.repeat("  ", depth).append('}');
      }
      case Step.When when -> {
        text.append("if (").append(argument(when.flag(), "[", "]")).append(") {\n");
        nested(when.then());
        if (!when.otherwise().isEmpty()) {
          text.repeat("  ", depth).append("} else {\n");
          nested(when.otherwise());
        }
        text.repeat("  ", depth).append('}');
      }
    }
  }

  private void nested(List<Step> steps) {
    depth++;
    block(steps);
    depth--;
  }

  private void run(Step.Run run) {
    List<String> args = new ArrayList<>();
    run.arguments().forEach(argument -> args.add(argument(argument, " + ", "")));
    run.ints().forEach(dim -> args.add(size(dim)));
    switch (run.share()) {
      case Step.Share.One(int thread, var _) ->
          text.append(thread == 0 ? "" : "thread " + thread + ": ");
      case Step.Share.Each _ -> text.append("each thread: ");
      case Step.Share.Parts(int grain, Dim _, long _, var _) -> {
        String to = args.removeLast();
        args.add("part(" + args.removeLast() + ", " + to + ", " + grain + ")");
      }
    }
    text.append(run.name()).append(": ").append(kernelNames.get(run.kernel())).append('(')
        .append(String.join(", ", args)).append(");");
    String origins = origins(run.nodes());
    if (!origins.isEmpty()) {
      text.append(" // ").append(origins);
    }
  }

  private String argument(Step.Argument argument, String open, String close) {
    String name = names.array(argument.buffer());
    return argument.offset().is(0) && close.isEmpty() ? name
        : name + open + size(argument.offset()) + close;
  }

  private String size(Dim dim) {
    return dim.toString();
  }

  /// Where nodes came from, the first few, without repetition.
  public static String origins(List<Node> nodes) {
    Set<String> distinct = new LinkedHashSet<>();
    for (Node node : nodes) {
      String origin = node.origin().toString();
      if (!origin.isEmpty()) {
        distinct.add(origin.replace('\n', ' '));
      }
    }
    List<String> shown = distinct.stream().limit(MOST_ORIGINS).toList();
    return String.join(", ", shown) + (distinct.size() > MOST_ORIGINS ? ", …" : "");
  }
}
