package io.kotangent.cli;

import io.kotangent.aot.Aot;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.ir.Graph;
import io.kotangent.type.Port;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.lang.model.SourceVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Graph texts and weights become classes, or source.
// @formatter:off
@Command(name = "compile", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Make classes or Java source of graphs and weights.",
    description = {
        "",
        "Graphs become the methods of a class that needs nothing but Java 17 or later: in a jar, in a folder, or as "
            + "Java source, with the weights beside it. The same input gives the same bytes."},
    parameterListHeading = "%n", optionListHeading = "%n", exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:written", "2:wrong usage or bad input; nothing was written"},
    footer = {
        "",
        "Example:",
        "  kotangent compile predict=digits.txt --weights digits.safetensors \\",
        "    --class org.example.Digits --to digits.jar",
        "",
        "and then, with digits.jar on the class path:",
        "  float[] scores = org.example.Digits.load().predict(pixels);"})
final class CompileCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "GRAPH",
      description = "graph texts; each becomes a method with the name of its graph, or of another: NAME=FILE")
  private List<String> graphs = new ArrayList<>();

  @Option(names = "--weights", paramLabel = "FILE",
      description = "a safetensors file with the parameters of all graphs")
  private Optional<Path> weights = Optional.empty();

  @Option(names = "--class", paramLabel = "NAME", required = true,
      description = "the class that is made (org.example.Digits)")
  private String className = "";

  @Option(names = "--to", paramLabel = "PATH",
      description = "a jar, if it ends with .jar; else a folder of classes")
  private Optional<Path> classes = Optional.empty();

  @Option(names = "--source", paramLabel = "FOLDER",
      description = "instead, a folder of Java source, to read and to check in")
  private Optional<Path> source = Optional.empty();

  @Option(names = "--no-fma",
      description = "without Math.fma: the same bits, for machines that have no such instruction")
  private boolean noFma;

  @Option(names = "--simd", paramLabel = "BITS",
      description = "with SIMD code beside the plain loops, for Java that runs with --add-modules jdk.incubator.vector; 128, 256 or 512")
  private Optional<Integer> simd = Optional.empty();

  @Option(names = "--relaxed", description = "with rules that change roundings")
  private boolean relaxed;

  @Option(names = "--no-stabilize", description = "with formulas as they are, even where they overflow")
  private boolean noStabilize;

  @Option(names = "--without", paramLabel = "NAME", split = ",",
      description = "passes and rules that are not to act")
  private List<String> without = new ArrayList<>();

  @Option(names = "--note", paramLabel = "KEY=TEXT",
      description = "what its provenance is to say, such as data=MNIST")
  private List<String> notes = new ArrayList<>();

  @Spec
  private CommandSpec spec = CommandSpec.create();
  // @formatter:on

  @Override
  public Integer call() {
    if (classes.isPresent() == source.isPresent()) {
      throw new ParameterException(spec.commandLine(),
          "expected one of --to PATH and --source FOLDER");
    }
    Aot aot = Aot.of(className).with(CompileOptions.standard().relaxed(relaxed)
        .stabilize(!noStabilize).without(without.toArray(String[]::new)));
    Map<String, Graph> methods = new LinkedHashMap<>();
    for (String argument : graphs) {
      add(argument, methods);
    }
    methods.forEach(aot::method);
    List<Port> ports =
        methods.values().stream().flatMap(graph -> graph.ports().stream()).toList();
    aot.weights(Weights.read(weights, ports));
    Assignment.all("--note KEY=TEXT", notes).forEach(aot::note);
    simd.ifPresent(aot::simd);
    if (noFma) {
      aot.withoutFma();
    }
    classes.ifPresent(aot::to);
    source.ifPresent(aot::sourceTo);
    return 0;
  }

  /// `FILE` or `name=FILE`.
  private static void add(String argument, Map<String, Graph> methods) {
    int at = argument.indexOf('=');
    boolean isNamed = at > 0 && SourceVersion.isIdentifier(argument.substring(0, at))
        && !Files.exists(Path.of(argument));
    Graph graph = GraphFile.read(Path.of(isNamed ? argument.substring(at + 1) : argument));
    String name = isNamed ? argument.substring(0, at) : graph.name();
    if (methods.putIfAbsent(name, graph) != null) {
      throw BadInput.of("two graphs would be the method '" + name
          + "': name one of them, NAME=FILE");
    }
  }
}
