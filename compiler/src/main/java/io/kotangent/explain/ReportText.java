package io.kotangent.explain;

import io.kotangent.bytecode.StepWay;
import io.kotangent.ir.Node;
import io.kotangent.ir.Workload;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/// An explanation as text.
final class ReportText {
  private final Explanation explanation;
  private final GraphLines lines;
  private final List<Optional<StepWay.Way>> ways;
  private final StringBuilder text = new StringBuilder();

  ReportText(Explanation explanation) {
    this.explanation = explanation;
    this.lines = new GraphLines(explanation.prepared());
    this.ways = explanation.ways();
  }

  String print() {
    text.append(summary(explanation)).append("\n\n# Passes\n\n");
    explanation.passes().forEach(this::pass);
    text.append("\n# The graph that is planned\n\n");
    lines.lines().forEach(line -> text.append(line).append('\n'));
    text.append("\n# Kernels: what was fused, and why not more\n");
    explanation.kernels().forEach(this::kernel);
    explanation.measurement()
        .ifPresent(measured -> text.append("\n# Measured\n\n").append(measured));
    text.append("\n# Arrays, and what lies in them\n\n");
    explanation.arrays().forEach(array -> text.append(array).append('\n'));
    text.append("\n# Listing\n\n").append(explanation.compilation().code().listing());
    return text.toString();
  }

  /// `program mlp_step: 61 nodes, 23 kernels, 25 steps, largest method 811 bytes of bytecode`.
  static String summary(Explanation explanation) {
    return "program " + explanation.graph().name() + ": "
        + explanation.graph().schedule().size() + " nodes as written, "
        + explanation.prepared().schedule().size() + " planned; "
        + explanation.kernels().size() + " kernels, " + explanation.steps().size()
        + " steps, largest method " + explanation.compilation().report().largestMethod()
        + " bytes of bytecode";
  }

  private void pass(ExplainedPass pass) {
    text.append(pass).append('\n');
    if (pass.changed()) {
      pass.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  private void kernel(ExplainedKernel kernel) {
    text.append('\n').append(kernel).append('\n');
    for (Node node : kernel.nodes()) {
      text.append("  ").append(lines.has(node) ? lines.line(node) : node.toString()).append('\n');
    }
    kernel.apart().ifPresent(why -> text.append("  ").append(why).append('\n'));
    text.append("  ").append(work(explanation, kernel)).append('\n');
    for (ExplainedStep step : kernel.steps()) {
      text.append("  ").append(step).append(", ").append(way(ways.get(step.number())));
      step.within().forEach(around -> text.append(", ").append(around));
      text.append(", ").append(step.threads()).append("; ").append(methods(step)).append('\n');
    }
  }

  /// `64 multiply-adds, 20 operations, reads and writes 80 bytes`.
  static String work(Explanation explanation, ExplainedKernel kernel) {
    Workload work = explanation.work(kernel);
    return work.multiplyAdds() + " multiply-adds, " + work.operations() + " operations; moves "
        + explanation.moved(kernel) + " bytes (" + work.bytes() + " if each node did alone)";
  }

  /// Which way a step takes.
  static String way(Optional<StepWay.Way> way) {
    return way.map(is -> switch (is) {
      case ONLY -> "the only way";
      case PLAIN, SIMD -> "taken now: " + is.name().toLowerCase(Locale.ROOT);
    }).orElse("not taken now");
  }

  /// `run 120, row1 80 bytes`.
  static String methods(ExplainedStep step) {
    if (step.methods().isEmpty()) {
      return "not emitted yet";
    }
    StringJoiner sizes = new StringJoiner(", ", "", " bytes");
    step.methods().orElseThrow().forEach(m -> sizes.add(m.name() + " " + m.bytes()));
    return sizes.toString();
  }
}
