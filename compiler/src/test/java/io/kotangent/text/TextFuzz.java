package io.kotangent.text;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Verifier;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Reads texts that may be anything, verifies, differentiates, plans, emits and runs them: whatever comes, an error is typed and
/// comes soon. Mutants of many texts are the same graph: each graph is compiled and run once.
final class TextFuzz {
  /// Seconds of the thread's own time.
  private static final double SLOW = 2;
  private static final long SIZE = 3;
  private static final long LARGEST_RUN = 20_000;
  /// How often a text gets the type that is expected, so that it comes further.
  private static final int MENDED = 8;

  private final TextMutants mutants;
  private final Set<UUID> tried = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> reached = new TreeMap<>();
  private double slowest;
  private String stage = "";

  TextFuzz() throws IOException {
    mutants = new TextMutants();
  }

  /// Prints what came of the mutants of these seeds, and ends with 1 after a fault.
  public static void main(String[] arguments) throws IOException {
    TextFuzz fuzz = new TextFuzz();
    fuzz.run(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
    System.out.println(fuzz.summary());
    fuzz.faults.forEach(System.out::println);
    System.exit(fuzz.faults.isEmpty() ? 0 : 1);
  }

  void run(long from, long to) {
    for (long seed = from; seed < to; seed++) {
      one(seed);
    }
  }

  List<String> faults() {
    return faults;
  }

  int reached(String name) {
    return reached.getOrDefault(name, 0);
  }

  String summary() {
    return String.format("refused or done at %s, slowest %.2f s, %d faults", reached, slowest,
        faults.size());
  }

  private void one(long seed) {
    String text = mutants.mutant(seed);
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      all(text);
    } catch (KotangentException e) {
      // what is meant to come
    } catch (Throwable e) {
      fault(seed, text, e + " at " + List.of(e.getStackTrace())
          .subList(0, Math.min(6, e.getStackTrace().length)));
    }
    double seconds =
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
    reached.merge(stage, 1, Integer::sum);
    slowest = Math.max(slowest, seconds);
    if (seconds > SLOW) {
      fault(seed, text, String.format("took %.1f s", seconds));
    }
  }

  private void fault(long seed, String text, String what) {
    faults.add("seed " + seed + " (" + stage + "): " + what + "\n" + text);
  }

  private void all(String text) {
    stage = "parse";
    Graph graph = parse(text);
    stage = "verify";
    Verifier.verify(graph);
    if (!isNew(graph)) {
      stage = "again";
      return;
    }
    stage = "compile";
    Compilation compiled = Compiler.compilation(graph, CompileOptions.standard());
    stage = "run";
    run(graph, compiled);
    stage = "differentiate";
    List<String> floats = graph.ports().stream().filter(p -> p.type().dtype().isFloat())
        .map(Port::name).toList();
    if (!floats.isEmpty() && !graph.results().isEmpty()) {
      Graph gradient =
          Gradient.gradients(graph, graph.results().getFirst().name(), floats.subList(0, 1));
      stage = "compile the gradient";
      Compiler.compilation(gradient, CompileOptions.standard());
    }
    stage = "done";
  }

  /// Whether it is the first that prints so; only digests are kept, as memory is short.
  private boolean isNew(Graph graph) {
    byte[] text = GraphPrinter.print(graph).getBytes(StandardCharsets.UTF_8);
    return tried.add(UUID.nameUUIDFromBytes(text));
  }

  /// Where another type is expected than the one that stands there, that is put there: what is changed may change all types after
  /// it.
  private static Graph parse(String text) {
    String mended = text;
    for (int i = 0;; i++) {
      try {
        return GraphParser.parse(mended).getLast();
      } catch (ParseException e) {
        List<String> lines = new ArrayList<>(mended.lines().toList());
        String line = e.line() > lines.size() ? "" : lines.get(e.line() - 1);
        int at = e.column() - 1;
        boolean isType = e.expected().matches("\\(?(f32|f64|i32|i64|bool)\\b.*");
        if (i == MENDED || !isType || !line.startsWith(e.got(), at)) {
          throw e;
        }
        lines.set(e.line() - 1,
            line.substring(0, at) + e.expected() + line.substring(at + e.got().length()));
        mended = String.join("\n", lines) + "\n";
      }
    }
  }

  /// Feeds zeros, if that takes little.
  private static void run(Graph graph, Compilation compiled) {
    for (Graph body : graph.withBodies()) {
      for (Node node : body.schedule()) {
        boolean large = node.valueType() instanceof TensorType type
            && extent(type.shape().dims()) > LARGEST_RUN;
        if (large || node.op() instanceof Op.Loop loop && extent(List.of(loop.count())) > 9) {
          return;
        }
      }
    }
    if (graph.withBodies().size() > 5) {
      return; // loops of loops
    }
    Workspace workspace = compiled.program().newWorkspace();
    for (String symbol : compiled.program().signature().symbols()) {
      workspace.size(symbol, (int) SIZE);
    }
    for (Port port : compiled.program().signature().inputs()) {
      workspace.feedArray(port.name(),
          port.type().dtype().newArray(extent(port.type().shape().dims())));
    }
    compiled.program().run(workspace, compiled.program().newState());
  }

  private static long extent(List<Dim> dims) {
    Set<String> symbols = new HashSet<>();
    dims.forEach(dim -> dim.collectSymbols(symbols));
    Map<String, Long> sizes = new TreeMap<>();
    symbols.forEach(symbol -> sizes.put(symbol, SIZE));
    long extent = 1;
    for (Dim dim : dims) {
      extent = Math.min(Integer.MAX_VALUE, extent * Math.max(0, dim.evaluateInt(sizes)));
    }
    return extent;
  }
}
