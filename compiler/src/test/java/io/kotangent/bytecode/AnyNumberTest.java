package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.emit.KernelEmitter;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.EveryWay;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Graphs that have any number of something print, parse, compile, and run in every way as the interpreter says, or are
/// refused by name when they are built or compiled.
class AnyNumberTest {
  private static final int[] NUMBERS = {1, 2, 26, 27, 64, 126, 127, 254, 255, 256, 300};
  private static final int[] MANY = {1000, 5000};

  @Test
  void moreThanAMethodTakes() {
    assertEquals(List.of(), faults(ways().subList(2, 3), 130));
  }

  @Test @Tag("faults")
  void everyNumberAroundWhatAMethodTakes() {
    assertEquals(List.of(), faults(ways(), NUMBERS));
  }

  @Test @Tag("faults")
  void thousands() {
    assertEquals(List.of(), faults(ways(), MANY));
  }

  /// Nothing recurs as deep as a graph is.
  @Test @Tag("faults")
  void chainsOfAHundredThousand() {
    List<String> faults = new ArrayList<>();
    for (ManyOf kind : List.of(ManyOf.CHAINED, ManyOf.CHAINED_SCALARS)) {
      fault(kind, 100_000, ways()).ifPresent(faults::add);
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void namesThatAreTooLongAreRefused() {
    for (int length : new int[] {1, 1000, 1001, 70_000}) {
      String name = "n".repeat(length);
      TensorType vector = new TensorType(DType.F64, Shape.of(2));
      for (Supplier<Graph> graph : List.<Supplier<Graph>>of(
          () -> named(name, new Port("x", Role.INPUT, vector), "y"),
          () -> named("g", new Port(name, Role.INPUT, vector), "y"),
          () -> named("g", new Port("x", Role.INPUT, vector), name),
          () -> named("g", new Port("x", Role.INPUT,
              new TensorType(DType.F64, Shape.of(Dim.symbol(name)))), "y"))) {
        if (length <= Graph.LONGEST_NAME) {
          assertEquals(Optional.empty(), fault(graph.get(), ways()));
        } else {
          String message = assertThrows(KotangentException.class, graph::get).getMessage();
          assertTrue(message.contains("at most 1000") && message.length() < 200, message);
        }
      }
    }
  }

  private static Graph named(String graph, Port input, String result) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input(input);
    return b.graph(graph, List.of(x), List.of(new Graph.Result(result, b.map(ScalarFn.EXP, x))));
  }

  private static List<String> faults(List<PlanOptions> ways, int... numbers) {
    List<String> faults = new ArrayList<>();
    for (ManyOf kind : ManyOf.values()) {
      for (int n : numbers) {
        if (n <= kind.measured()) {
          fault(kind, n, ways).ifPresent(fault -> faults.add(kind + " " + n + ": " + fault));
        }
      }
    }
    return faults;
  }

  private static Optional<String> fault(ManyOf kind, int n,
      List<PlanOptions> ways) {
    try {
      Graph graph = kind.of(n);
      return kind.isRefused(n) ? Optional.of("is not refused") : fault(graph, ways);
    } catch (KotangentException e) {
      return kind.isRefused(n) ? Optional.empty()
          : Optional.of(e + " at " + Arrays.stream(e.getStackTrace()).limit(3).toList());
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.of(e + " at " + Arrays.stream(e.getStackTrace()).limit(3).toList());
    }
  }

  private static Optional<String> fault(Graph graph, List<PlanOptions> ways) {
    String text = GraphPrinter.print(graph);
    if (!GraphParser.parse(GraphPrinter.text(List.of(graph))).getLast().equals(graph)) {
      return Optional.of("reads back as another graph: " + text);
    }
    Map<String, Long> symbols = new HashMap<>();
    graph.ports().forEach(port -> port.type().shape().dims().forEach(dim -> symbols(dim)
        .forEach(symbol -> symbols.put(symbol, symbols.size() < 4 ? symbols.size() % 3L + 1 : 1))));
    Map<String, TensorValue> inputs = inputs(graph, symbols);
    Evaluation meaning = Interpreter.run(graph, inputs, symbols);
    Optional<PlanRun> first = Optional.empty();
    KernelCache cache = new KernelCache();
    for (PlanOptions options : ways) {
      Plan plan = Planner.plan(graph, options);
      PlanRun run = PlanRun.run(plan, p -> code(p, cache), graph, inputs, symbols);
      Optional<String> fault = EveryWay.difference(meaning, run.arrays());
      if (fault.isPresent()) {
        return fault;
      }
      if (first.isPresent() && !first.get().equals(run)) {
        return Optional.of("other bits with " + options);
      }
      first = Optional.of(run);
    }
    return Optional.empty();
  }

  private static Set<String> symbols(Dim dim) {
    Set<String> symbols = new LinkedHashSet<>();
    dim.collectSymbols(symbols);
    return symbols;
  }

  private static GeneratedCode code(Plan plan, KernelCache cache) {
    GeneratedCode code = GeneratedCode.of(plan, cache, SimdUse.ALWAYS);
    assertTrue(code.largestMethod() <= KernelEmitter.HARD_LIMIT);
    return code;
  }

  private static List<PlanOptions> ways() {
    PlanOptions everywhere = PlanOptions.STANDARD.everywhere().withLeastPart(1);
    return List.of(PlanOptions.plain(), PlanOptions.STANDARD, everywhere.withVectors(256),
        everywhere.withAligned());
  }

  private static Map<String, TensorValue> inputs(Graph graph, Map<String, Long> symbols) {
    Random random = new Random(7);
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().evaluate(symbols);
      int size = Arrays.stream(dims).reduce(1, Math::multiplyExact);
      Object values = port.type().dtype() == DType.I64 ? random.longs(size).toArray()
          : random.doubles(size, -1, 1).toArray();
      inputs.put(port.name(), TensorValue.of(port.type().dtype(), dims, values));
    }
    return inputs;
  }
}
