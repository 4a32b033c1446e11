package io.kotangent.cli;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphDifferences;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Two graphs, compared by structure.
// @formatter:off
@Command(name = "diff", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Compare two graphs, or the methods of two networks.",
    description = {
        "",
        "By what they compute and how: names of graphs, inputs and results, the order in which nodes are written, and "
            + "source lines make no difference."},
    parameterListHeading = "%n", optionListHeading = "%n", exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:equal, up to names", "1:they differ", "2:wrong usage or bad input"},
    footer = {"", "Example:", "  kotangent diff before.txt after.txt"})
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "a graph text, or a network's jar or folder")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "another")
  private Path second = Path.of("");

  @Option(names = "--method", paramLabel = "NAME", description = "compare only this method of a network")
  private Optional<String> method = Optional.empty();

  @Spec
  private CommandSpec spec = CommandSpec.create();
  // @formatter:on

  @Override
  public Integer call() {
    Map<String, Graph> ones = graphs(first);
    Map<String, Graph> others = graphs(second);
    PrintWriter out = spec.commandLine().getOut();
    if (ones.size() == 1 && others.size() == 1) {
      GraphDifferences differences = GraphDifferences
          .between(ones.values().iterator().next(), others.values().iterator().next());
      out.println(differences);
      return differences.isEmpty() ? 0 : Failures.DIFFERS;
    }
    boolean differs = false;
    Set<String> names = new LinkedHashSet<>(ones.keySet());
    names.addAll(others.keySet());
    for (String name : names) {
      Graph one = ones.get(name);
      Graph other = others.get(name);
      if (one == null || other == null) {
        out.println("method " + name + ": only in " + (one == null ? second : first));
        differs = true;
      } else {
        GraphDifferences differences = GraphDifferences.between(one, other);
        out.println("method " + name + ": " + differences);
        differs |= !differences.isEmpty();
      }
    }
    return differs ? Failures.DIFFERS : 0;
  }

  private Map<String, Graph> graphs(Path file) {
    Subject subject = Subject.read(file, Optional.empty());
    return subject.selected(subject instanceof Subject.OfNetwork ? method : Optional.empty());
  }
}
