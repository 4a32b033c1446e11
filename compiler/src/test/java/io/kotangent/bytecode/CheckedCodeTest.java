package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Checked programs compute the same bits, and stop at the first number that is not finite.
class CheckedCodeTest {
  private static final int PLACES = 50;
  private static final Pattern FLOATS =
      Pattern.compile("  (%\\d+) = [^:]* : (f(?:32|64)(?:\\[[^\\]]*\\])?)(?:  ;.*)?");
  private static final CompileOptions CHECKED = CompileOptions.standard().checked(true);

  private static Map<String, Object> run(Program program, Graph graph,
      Map<String, TensorValue> inputs, Map<String, Long> symbols) {
    Workspace workspace = program.newWorkspace();
    ModelState state = program.newState();
    for (String symbol : program.signature().symbols()) {
      workspace.size(symbol, Math.toIntExact(symbols.get(symbol)));
    }
    for (Port port : graph.ports()) {
      Object array = inputs.get(port.name()).toArray();
      if (port.role() == Role.INPUT) {
        workspace.feedArray(port.name(), array);
      } else {
        state.set(port.name(), array);
      }
    }
    boolean committed = program.run(workspace, state);
    Map<String, Object> found = new LinkedHashMap<>();
    program.signature().results().forEach(
        result -> found.put(result.name(), List.of(workspace.array(result.name()))));
    state.ports().forEach(port -> found.put("state " + port.name(), state.array(port.name())));
    found.put("committed", new boolean[] {committed});
    return found;
  }

  private static boolean same(Map<String, Object> one, Map<String, Object> other) {
    return Arrays.deepToString(flat(one)).equals(Arrays.deepToString(flat(other)));
  }

  private static Object[] flat(Map<String, Object> found) {
    return found.values().stream().map(value -> value instanceof List<?> l ? l.getFirst() : value)
        .toArray();
  }

  private static Graph gradients(RandomGraph sample) {
    return Gradient.gradients(sample.graph(), "loss", sample.parameters());
  }

  /// A graph in which one value is multiplied by the root of what is fed: 1, and at one place −1.
  private record Poisoned(Graph graph, int place, String type) {
  }

  private static Poisoned poison(Graph graph, Random random) {
    List<String> lines = new ArrayList<>(GraphPrinter.whole(graph).lines().toList());
    int begin = 0;
    for (int i = 0; i < lines.size(); i++) {
      begin = lines.get(i).startsWith("graph ") ? i : begin; // the last is the graph itself
    }
    List<Integer> candidates = new ArrayList<>();
    for (int i = begin; i < lines.size(); i++) {
      if (FLOATS.matcher(lines.get(i)).matches()) {
        candidates.add(i);
      }
    }
    int place = candidates.get(random.nextInt(candidates.size()));
    Matcher matcher = FLOATS.matcher(lines.get(place));
    assertTrue(matcher.matches());
    String value = matcher.group(1);
    String type = matcher.group(2);
    for (int i = place + 1; i < lines.size(); i++) {
      lines.set(i, lines.get(i).replaceAll(value + "(?![0-9])", "%mixed"));
    }
    lines.add(place + 1, "  %root = sqrt poison : " + type + "  ; inject Inject.java:7");
    lines.add(place + 2, "  %mixed = mul " + value + ", %root : " + type);
    lines.set(begin, lines.get(begin).replaceFirst("\\(", "(poison: input " + type + ", "));
    return new Poisoned(GraphParser.parse(String.join("\n", lines) + "\n").getLast(), place, type);
  }

  @Test
  void eachOfFiftyRandomPlacesIsFound() {
    int found = 0;
    Random random = new Random(1);
    for (int seed = 0; found < PLACES && seed < 40 * PLACES; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.LOSS.withNodes(20));
      Graph graph = gradients(sample);
      Program usual;
      Map<String, Object> expected;
      Poisoned poisoned = poison(graph, random);
      try {
        usual = Compiler.compile(graph, CHECKED);
        expected = run(usual, graph, sample.inputs(), sample.symbols());
      } catch (KotangentException e) {
        continue; // is not finite as it is, or throws
      }
      assertTrue(same(run(Compiler.compile(graph), graph, sample.inputs(), sample.symbols()),
          expected), "seed " + seed);
      Program program = Compiler.compile(poisoned.graph, CHECKED);
      boolean fed = program.signature().inputs().stream()
          .anyMatch(input -> input.name().equals("poison"));
      Port port = poisoned.graph.ports().getFirst();
      long size = port.type().shape().size().evaluate(sample.symbols());
      if (!fed || size == 0 || !Compiler.optimize(poisoned.graph, CHECKED).schedule().stream()
          .anyMatch(node -> node.origin().place().equals("Inject.java:7"))) {
        continue; // nothing depends on it
      }
      int[] dims = port.type().shape().dims().stream()
          .mapToInt(dim -> Math.toIntExact(dim.evaluate(sample.symbols()))).toArray();
      int at = random.nextInt((int) size);
      double[] elements = new double[(int) size];
      Arrays.fill(elements, 1);
      elements[at] = -1;
      Map<String, TensorValue> inputs = new LinkedHashMap<>(sample.inputs());
      inputs.put("poison", TensorValue.f64(dims, elements).withFloats(port.type().dtype()));
      NonFiniteValue e = assertThrows(NonFiniteValue.class,
          () -> run(program, poisoned.graph, inputs, sample.symbols()), "seed " + seed);
      assertEquals("inject Inject.java:7", e.origin(), e.getMessage());
      assertTrue(e.operation().contains("sqrt"), e.operation());
      assertEquals(index(dims, at), e.index());
      assertTrue(Double.isNaN(e.value()));
      assertTrue(e.getMessage().contains("from -1.0 there"), e.getMessage());
      found++;
    }
    assertEquals(PLACES, found);
  }

  private static List<Integer> index(int[] dims, int at) {
    List<Integer> index = new ArrayList<>();
    int left = at;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      index.addFirst(left % dims[axis]);
      left /= dims[axis];
    }
    return index;
  }

  @Test
  void nothingIsUpdated() {
    Graph graph = GraphParser.parseOne("""
        graph g(x: input f32[3], w: state f32[3]) {
          %0 = log x      : f32[3]  ; layer Model.java:3
          %1 = add w, %0  : f32[3]
          update w = %1
          return y=%1
        }
        """);
    Program program = Compiler.compile(graph, CHECKED);
    ModelState state = program.newState();
    Workspace workspace = program.newWorkspace().feed("x", 1f, 0f, 3f);
    NonFiniteValue e =
        assertThrows(NonFiniteValue.class, () -> program.run(workspace, state));
    assertEquals("g: -Infinity in %0 = log x : f32[3] at [1], written at layer Model.java:3, from"
        + " 0.0 there (all: 0.0 to 3.0)", e.getMessage().replaceAll("%\\d+", "%0"));
    assertEquals(0, state.floats("w")[0]);
    assertTrue(program.run(workspace.feed("x", 1f, 1f, 1f), state));
    NonFiniteValue fed = assertThrows(NonFiniteValue.class,
        () -> program.run(workspace.feed("x", 1f, Float.NaN, 1f), state));
    assertEquals("g: NaN in x: input f32[3] at [1]: it was given so", fed.getMessage());
  }

  @Test
  void infinitiesThatAreMeantPass() {
    Graph graph = GraphParser.parseOne("""
        graph masked(x: input f32[4], m: input bool[4]) {
          %0 = constant[value=-inf]             : f32
          %1 = broadcast[dims=(), to=4] %0      : f32[4]
          %2 = select m, x, %1                  : f32[4]
          %3 = reduce.max[axes=0] %2            : f32
          %4 = broadcast[dims=(), to=4] %3      : f32[4]
          %5 = sub %2, %4                       : f32[4]
          %6 = exp %5                           : f32[4]
          return y=%6
        }
        """);
    Program program = Compiler.compile(graph, CHECKED);
    Workspace workspace = program.newWorkspace().feed("x", 1f, 2f, 3f, 4f)
        .feed("m", true, false, true, true);
    assertTrue(program.run(workspace));
    workspace.feed("m", false, false, false, false);
    NonFiniteValue e = assertThrows(NonFiniteValue.class, () -> program.run(workspace));
    assertTrue(e.operation().contains("sub"), e.getMessage());
    assertEquals(List.of(0), e.index());
  }

  @Test
  void loopsAreLookedInto() {
    Graph graph = GraphParser.parse("""
        graph step(sum: input f32, x: input f32) {
          %0 = log x       : f32  ; loop Model.java:9
          %1 = add sum, %0 : f32
          return sum=%1
        }

        graph summed(x: input f32[5], zero: input f32) {
          %0 = loop[@step, count=5, carried=1, sliced=1] zero, x : (f32)
          %1 = item[index=0] %0 : f32
          return y=%1
        }
        """).getLast();
    Program program = Compiler.compile(graph, CHECKED);
    Workspace workspace = program.newWorkspace().feed("zero", 0f);
    assertTrue(program.run(workspace.feed("x", 1f, 1f, 1f, 1f, 1f)));
    NonFiniteValue e = assertThrows(NonFiniteValue.class,
        () -> program.run(workspace.feed("x", 1f, 1f, -1f, 1f, 1f)));
    assertEquals("loop Model.java:9", e.origin(), e.getMessage());
    assertTrue(e.getMessage().contains("from -1.0"), e.getMessage());
  }
}
