package io.kotangent.cli;

import io.kotangent.aot.Aot;
import io.kotangent.aot.Provenance;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphPrinter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What a graph or a network is.
// @formatter:off
@Command(name = "inspect", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Show what a graph or a network is and does.",
    description = {
        "",
        "A graph is a text file; a network is what 'kotangent compile' or Aot wrote. Without options: a summary. A "
            + "graph's listing, kernels, sizes and bytecode are those that it would have as a network."},
    parameterListHeading = "%n", optionListHeading = "%n", exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:shown",
        "1:--provenance found a file that is not as it was made",
        "2:wrong usage or bad input"},
    footer = {
        "",
        "Examples:",
        "  kotangent inspect digits.txt --flops --size batch=64",
        "  kotangent inspect digits.jar --provenance"})
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a graph text, or a network's jar or folder of classes")
  private Path file = Path.of("");

  @Option(names = "--text", description = "the graphs, as they were given")
  private boolean text;

  @Option(names = "--listing", description = "the plans: arrays, and the steps that a program does with them")
  private boolean listing;

  @Option(names = "--kernels", description = "the loops of each step")
  private boolean kernels;

  @Option(names = "--sizes", description = "the bytes of each class, and of the code of each method")
  private boolean sizes;

  @Option(names = "--flops",
      description = "multiply-adds, other operations and bytes moved, of each node as it is written")
  private boolean flops;

  @Option(names = "--bytecode", description = "the instructions of all classes")
  private boolean bytecode;

  @Option(names = "--provenance",
      description = "what a network was made of, and whether its files are still as they were made, by SHA-256")
  private boolean provenance;

  @Option(names = "--size", paramLabel = "NAME=NUMBER",
      description = "a symbolic size as a number, for --flops")
  private List<String> known = new ArrayList<>();

  @Option(names = "--method", paramLabel = "NAME", description = "only this method of a network")
  private Optional<String> method = Optional.empty();

  @Option(names = "--class", paramLabel = "NAME",
      description = "which network of the folder or jar, if there are several")
  private Optional<String> className = Optional.empty();

  @Spec
  private CommandSpec spec = CommandSpec.create();
  // @formatter:on

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Subject subject = Subject.read(file, className);
    Map<String, Graph> graphs = subject.selected(method);
    Map<String, Long> given = Assignment.sizes(known);
    if (!(text || listing || kernels || sizes || flops || bytecode || provenance)) {
      Summary.print(out, subject, graphs);
      return 0;
    }
    if (text) {
      graphs.values().forEach(graph -> out.print(GraphPrinter.print(graph)));
    }
    if (listing || kernels) {
      plans(out, subject, graphs);
    }
    if (sizes) {
      CodeSizes.print(out, subject.files());
    }
    if (flops) {
      graphs.forEach((name, graph) -> Workloads.print(out, name, graph, given));
    }
    if (bytecode) {
      Bytecode.print(out, subject.files());
    }
    return provenance ? provenance(out, subject) : 0;
  }

  private void plans(PrintWriter out, Subject subject, Map<String, Graph> graphs) {
    Map<String, Aot.Listing> plans = new LinkedHashMap<>(subject.aot().listings());
    plans.keySet().retainAll(graphs.keySet());
    Map<String, String> all = new LinkedHashMap<>();
    plans.values().forEach(plan -> {
      if (listing) {
        out.print(plan.plan());
      }
      all.putAll(plan.kernels());
    });
    if (kernels) {
      all.forEach((name, code) -> out.print("// " + name + "\n" + code));
    }
  }

  private int provenance(PrintWriter out, Subject subject) {
    return switch (subject) {
      case Subject.OfGraph graph -> throw BadInput.in(graph.file(),
          "a graph has no provenance: expected a network's jar or folder");
      case Subject.OfNetwork(_, Provenance made, Map<String, byte[]> files) -> {
        out.print(made.text());
        List<String> problems = made.problems(files);
        problems.forEach(problem -> spec.commandLine().getErr()
            .println(file + ": error: " + problem));
        if (problems.isEmpty()) {
          out.println("checked: all " + made.digests().size() + " files are as they were made");
        }
        yield problems.isEmpty() ? 0 : Failures.DIFFERS;
      }
    };
  }
}
