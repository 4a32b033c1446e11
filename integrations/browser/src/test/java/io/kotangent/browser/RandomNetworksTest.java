package io.kotangent.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Aot;
import io.kotangent.autodiff.Gradient;
import io.kotangent.browser.NetworkMethod.Value;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.data.SafeTensors;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random graphs give the bits of the programs in process when WebAssembly computes them: floats, integers and booleans, loops,
/// functions, gradients, updates. Each is a method of one network, whose state is that of all.
class RandomNetworksTest {
  private static final int GRAPHS = 24;
  private static final int ENOUGH = 20;
  private static final CompileOptions OPTIONS = CompileOptions.standard().with(SimdUse.NEVER);

  @TempDir Path folder;

  /// A network, how it is called in JavaScript, and what the program in process gave.
  ///
  /// @param fails whether it threw, or updated nothing
  /// @param after the state, if the network can be saved
  private record Sample(BrowserNetwork network, String call, List<String> expected, boolean fails,
      Optional<ModelState> after) {
  }

  @Test
  void randomGraphsGiveTheBitsOfThePrograms() throws Exception {
    List<Sample> samples = new ArrayList<>();
    try (Chromium browser = Chromium.start()) {
      for (int seed = 0; seed < GRAPHS; seed++) {
        compiled(seed).ifPresent(samples::add);
      }
      assertTrue(samples.size() >= ENOUGH, samples.size() + " of " + GRAPHS + " are compiled");
      Path page = folder.resolve("random.html");
      Files.writeString(page, "<!doctype html><meta charset=utf-8><script>" + Bits.SCRIPT
          + "</script>" + samples.stream().map(sample -> "<script>" + sample.network.script()
              + "</script>").collect(Collectors.joining()));
      browser.open(page);
      for (Sample sample : samples) {
        check(browser, sample);
      }
      assertEquals(List.of(), browser.errors());
    }
    System.out.println(samples.size() + " random networks in Chromium have the bits of the JVM; "
        + samples.stream().filter(sample -> sample.fails).count()
        + " of them throw what it throws, " + (GRAPHS - samples.size())
        + " were refused since they use StrictMath");
  }

  /// Compiles a graph and runs it in process. Empty if it is refused, since it uses what browsers compute otherwise.
  private static Optional<Sample> compiled(int seed) {
    RandomGraphs.Options kind =
        seed % 2 == 0 ? RandomGraphs.Options.WILD : RandomGraphs.Options.LOSS;
    kind = seed % 4 < 2 ? kind.inWide().withNodes(20) : kind;
    RandomGraph random =
        RandomGraphs.generate(seed, seed % 8 == 6 ? kind.withFloats(DType.F64) : kind);
    Graph graph = seed % 2 == 0 ? random.graph()
        : withoutDots(Gradient.gradients(random.graph(), "loss", random.parameters()));
    Program program = Compiler.compile(graph, OPTIONS);
    ModelState state = program.newState();
    state.ports().forEach(
        port -> state.set(port.name(), random.inputs().get(port.name()).toArray()));
    BrowserNetwork network;
    try {
      network = Browser.compile(Aot.of("graphs.G" + seed).method("run", graph).weights(state)
          .with(OPTIONS).withoutFma());
    } catch (BrowserException e) {
      assertTrue(e.getMessage().contains("StrictMath"), e::getMessage);
      return Optional.empty();
    }
    return Optional.of(sample(network, program, state, random));
  }

  private static Graph withoutDots(Graph graph) {
    return new Graph(graph.name(), graph.inputs(), graph.results().stream()
        .map(result -> new Graph.Result(result.name().replace('.', '_'), result.node())).toList(),
        graph.updates(), graph.guard(), graph.requirements());
  }

  private static Sample sample(BrowserNetwork network, Program program, ModelState state,
      RandomGraph random) {
    Workspace workspace = program.newWorkspace();
    Signature signature = program.signature();
    List<Object> given = new ArrayList<>();
    for (String symbol : signature.symbols()) {
      workspace.size(symbol, Math.toIntExact(random.symbols().get(symbol)));
      given.add(Math.toIntExact(random.symbols().get(symbol)));
    }
    for (Port port : signature.inputs()) {
      Object array = random.inputs().get(port.name()).toArray();
      workspace.feedArray(port.name(), array);
      given.add(port.type().rank() == 0 ? Array.get(array, 0) : array);
    }
    List<Value> takes = network.methods().getFirst().takes();
    List<Object> own = given.subList(given.size() - takes.size(), given.size());
    String call = IntStream.range(0, takes.size())
        .mapToObj(i -> Bits.expression(takes.get(i), own.get(i))).collect(Collectors.joining(", "));
    try {
      boolean committed = program.run(workspace, state);
      List<String> expected = new ArrayList<>();
      signature.results().forEach(r -> expected.add(Bits.text(workspace.array(r.name()))));
      return new Sample(network, call, expected, !committed,
          signature.updates() ? Optional.of(state) : Optional.empty());
    } catch (KotangentException e) {
      return new Sample(network, call, List.of(), true, Optional.empty());
    }
  }

  @Test
  void randomNumbersAndNumbersOfEachKindAreThoseOfThePrograms() throws Exception {
    Graph graph = GraphParser.parseOne("""
        graph draws(seed: input i64, step: input i64, x: input f32, y: input f64, i: input i32, b: input bool) {
          %0 = random[stream="a/mask"] seed, step : i32[1000]
          %1 = neg seed : i64
          %2 = neg x : f32
          %3 = neg y : f64
          %4 = neg i : i32
          %5 = not b : bool
          return bits=%0, l=%1, f=%2, d=%3, n=%4, z=%5
        }
        """);
    Program program = Compiler.compile(graph, OPTIONS);
    Workspace workspace = program.newWorkspace();
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("seed", new long[] {0x123456789abcdefL});
    given.put("step", new long[] {-77});
    given.put("x", new float[] {0.1f});
    given.put("y", new double[] {Math.E});
    given.put("i", new int[] {Integer.MIN_VALUE});
    given.put("b", new boolean[] {true});
    given.forEach(workspace::feedArray);
    program.run(workspace, program.newState());
    BrowserNetwork network =
        Browser.compile(Aot.of("Draws").method("run", graph).with(OPTIONS).withoutFma());
    List<Value> takes = network.methods().getFirst().takes();
    List<Object> values = given.values().stream().map(array -> Array.get(array, 0)).toList();
    String call = IntStream.range(0, takes.size())
        .mapToObj(i -> Bits.expression(takes.get(i), values.get(i)))
        .collect(Collectors.joining(", "));
    List<String> expected = Stream.of("bits", "l", "f", "d", "n", "z")
        .map(name -> Bits.text(workspace.array(name))).toList();
    Path page = folder.resolve("draws.html");
    network.to(page, "<!doctype html><meta charset=utf-8><script>" + Bits.SCRIPT + "</script>"
        + BrowserNetwork.MARK);
    try (Chromium browser = Chromium.start()) {
      browser.open(page);
      check(browser, new Sample(network, call, expected, false, Optional.empty()));
      assertEquals("TypeError: Draws.run: argument 5 should be a whole number of 32 bits, got 0.5",
          browser.evaluate("Draws.load().then(draws => draws.run(1n, 1n, 0, 0, 0.5, true))"
              + ".catch(e => e.toString())"));
    }
  }

  private static void check(Chromium browser, Sample sample) throws Exception {
    String name = sample.network.name();
    List<Value> gives = sample.network.methods().getFirst().gives();
    String texts = gives.stream().map(value -> "Bits.text(\"" + value.kind() + "\", gave"
        + (gives.size() == 1 ? "" : "." + value.name()) + ")").collect(Collectors.joining(", "));
    String got = (String) browser.evaluate("""
        (async () => {
          const network = await %s.load();
          try {
            const gave = network.run(%s);
            return [%s].concat(network.save ? Bits.text("BOOL", network.save()) : []).join(" ");
          } catch (e) {
            return "threw " + e.message;
          }
        })()
        """.formatted(name, sample.call, texts));
    if (sample.fails) {
      assertTrue(got.startsWith("threw " + name + ": "), name + " gave " + got);
      return;
    }
    List<String> parts = List.of(got.split(" "));
    for (int i = 0; i < gives.size(); i++) {
      assertEquals(sample.expected.get(i),
          Bits.text(Bits.array(gives.get(i).kind(), parts.get(i))), name + ", result " + i);
    }
    if (sample.after.isPresent()) {
      SafeTensors saved = SafeTensors.read(
          Base64.getDecoder().decode(parts.get(gives.size())), name);
      for (Port port : sample.after.orElseThrow().ports()) {
        assertEquals(Bits.text(sample.after.orElseThrow().array(port.name())),
            Bits.text(saved.tensor(port.name()).values()), name + ", state " + port.name());
      }
    }
  }
}
