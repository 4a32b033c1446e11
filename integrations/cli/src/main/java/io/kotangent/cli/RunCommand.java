package io.kotangent.cli;

import io.kotangent.data.NamedTensor;
import io.kotangent.ir.Graph;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
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

/// Runs a graph or a network on files.
// @formatter:off
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Run a network or a graph on arrays from files.",
    description = {
        "",
        "A network is run by its own classes, a graph by the compiler. What it would learn is dropped.",
        "",
        "A file's name says what it is: .csv (numbers, perhaps after a line of names; a line for each place along the "
            + "first axis), .npy, or IDX (.idx or -ubyte, gzipped or not). Numbers of floating point are rounded to the "
            + "input's type; integers must be exact. An array with other axes than the input is taken if the first agree "
            + "and the rest has as many elements."},
    parameterListHeading = "%n", optionListHeading = "%n", exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "2:wrong usage or bad input; nothing was written"},
    footer = {
        "",
        "Example:",
        "  kotangent run digits.jar --input image=t10k-images-idx3-ubyte \\",
        "    --scale image=1/255 --output scores=scores.npy"})
final class RunCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a network's jar or folder, or a graph text")
  private Path file = Path.of("");

  @Option(names = "--weights", paramLabel = "FILE",
      description = "a safetensors file: a graph's parameters, or others than those in the network")
  private Optional<Path> weights = Optional.empty();

  @Option(names = "--input", paramLabel = "NAME=FILE",
      description = "the values of an input; of one number also the number itself")
  private List<String> inputs = new ArrayList<>();

  @Option(names = "--scale", paramLabel = "NAME=FACTOR",
      description = "multiplies what an input's file has, such as image=1/255")
  private List<String> scales = new ArrayList<>();

  @Option(names = "--output", paramLabel = "NAME[=FILE]",
      description = "where a result goes: a .csv or .npy file, or, without FILE, as csv to the standard "
          + "output. The only result goes there by itself")
  private List<String> outputs = new ArrayList<>();

  @Option(names = "--size", paramLabel = "NAME=NUMBER",
      description = "a symbolic size that no input determines")
  private List<String> sizes = new ArrayList<>();

  @Option(names = "--method", paramLabel = "NAME", description = "which method, if there are several")
  private Optional<String> method = Optional.empty();

  @Option(names = "--class", paramLabel = "NAME",
      description = "which network of the folder or jar, if there are several")
  private Optional<String> className = Optional.empty();

  @Spec
  private CommandSpec spec = CommandSpec.create();
  // @formatter:on

  @Override
  public Integer call() {
    Subject subject = Subject.read(file, className);
    Map.Entry<String, Graph> chosen = subject.one(method);
    Graph graph = chosen.getValue();
    Outputs wanted = Outputs.of(outputs, graph);
    Map<String, Long> known = Assignment.sizes(sizes);
    Symbols.checkKnown(chosen.getKey(), graph, known.keySet());
    Bindings bindings = new Bindings(known);
    Map<String, Object> given = inputs(graph, bindings);
    Map<String, Object> results = switch (subject) {
      case Subject.OfGraph _ -> GraphRun.run(graph, Weights.read(weights, graph.ports()), given,
          bindings);
      case Subject.OfNetwork network ->
          new NetworkRun(network, chosen.getKey(), graph).run(weights, given, bindings);
    };
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    for (Graph.Result result : graph.results()) {
      if (wanted.wants(result.name())) {
        TensorType type = bindings.type("result " + result.name(), result.node().type());
        tensors.put(result.name(),
            new NamedTensor(result.name(), type, results.get(result.name())));
      }
    }
    wanted.write(tensors, spec.commandLine().getOut());
    return 0;
  }

  private Map<String, Object> inputs(Graph graph, Bindings bindings) {
    Map<String, String> files = Assignment.all("--input NAME=FILE", inputs);
    Map<String, String> factors = Assignment.all("--scale NAME=FACTOR", scales);
    List<Port> ports =
        graph.ports().stream().filter(port -> port.role() == Role.INPUT).toList();
    List<String> names = ports.stream().map(Port::name).toList();
    for (List<String> some : List.of(List.copyOf(files.keySet()),
        List.copyOf(factors.keySet()))) {
      for (String name : some) {
        if (!names.contains(name)) {
          throw BadInput.of("there is no input '" + name + "': expected one of " + ports);
        }
      }
    }
    Map<String, InputFile> read = new LinkedHashMap<>();
    for (Port port : ports) {
      String value = files.get(port.name());
      if (value == null) {
        throw BadInput.of("the input " + port + " is missing: give it by --input " + port.name()
            + "=FILE");
      }
      InputFile input = InputFile.read(value, port,
          Optional.ofNullable(factors.get(port.name())).map(InputFile::factor));
      read.put(port.name(), input);
      bindings.bind(port, input);
    }
    Map<String, Object> arrays = new LinkedHashMap<>();
    for (Port port : ports) {
      InputFile input = read.get(port.name());
      bindings.check(port, input);
      arrays.put(port.name(), input.array());
    }
    return arrays;
  }
}
