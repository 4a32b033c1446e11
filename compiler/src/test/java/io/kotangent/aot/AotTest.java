package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random graphs compiled ahead of time give the bits of the programs in process, in JVMs of their own with nothing else on the
/// class path.
class AotTest {
  private static final int GRAPHS = 200;

  @TempDir Path folder;

  @Test
  void randomGraphsGiveTheBitsOfThePrograms() throws Exception {
    Path calls = folder.resolve("calls");
    Path classes = folder.resolve("classes");
    Path sources = folder.resolve("sources");
    Path simd = folder.resolve("simd");
    int failing = 0;
    try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(calls))) {
      for (int seed = 0; seed < GRAPHS; seed++) {
        failing += one(seed, classes, sources, simd, out) ? 0 : 1;
      }
    }
    compile(List.of(probe(folder)), classes);
    compile(javaFiles(sources), sources);
    compile(List.of(probe(folder)), simd);
    for (Path java : Jvms.all()) {
      for (Path form : List.of(classes, sources, simd)) {
        same(java, form, calls);
      }
      same(java, simd, calls, "--add-modules", "jdk.incubator.vector", "-Dkotangent.simd=always");
    }
    System.out.println(failing + " of the graphs throw");
    assertTrue(simdClasses(simd) > GRAPHS / 4, "classes of SIMD code: " + simdClasses(simd));
  }

  private static void same(Path java, Path form, Path calls, String... options) throws Exception {
    String said = run(java, form, calls, options);
    System.out.println(java.getParent().getParent().getFileName() + ", " + form.getFileName()
        + " " + List.of(options) + ": " + said.strip());
    assertTrue(said.strip().endsWith("calls " + 2 * GRAPHS + ", different 0"), said);
  }

  private static long simdClasses(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith("_simd.class")).count();
    }
  }

  private List<Path> javaFiles(Path sources) throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(probe(folder));
    try (Stream<Path> all = Files.walk(sources)) {
      all.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
    }
    return files;
  }

  static void compile(List<Path> files, Path to) {
    List<String> arguments = new ArrayList<>(List.of("--release", "17", "-nowarn", "-g:none", "-d",
        to.toString()));
    files.forEach(file -> arguments.add(file.toString()));
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null,
        arguments.toArray(String[]::new)));
  }

  /// Compiles a graph and runs it in process. Returns whether it threw nothing.
  static boolean one(int seed, Path classes, Path sources, Path simd,
      ObjectOutputStream out) throws IOException {
    RandomGraphs.Options kind =
        seed % 2 == 0 ? RandomGraphs.Options.WILD : RandomGraphs.Options.LOSS;
    RandomGraph sample =
        RandomGraphs.generate(seed, seed % 4 < 2 ? kind.inWide().withNodes(20) : kind);
    Graph graph = kind == RandomGraphs.Options.WILD ? sample.graph()
        : Gradient.gradients(sample.graph(), "loss", sample.parameters());
    CompileOptions options = CompileOptions.standard().with(SimdUse.NEVER);
    Program program = Compiler.compile(graph, options);
    ModelState state = program.newState();
    for (Port port : state.ports()) {
      state.set(port.name(), sample.inputs().get(port.name()).toArray());
    }
    String name = "graphs.G" + seed;
    Aot aot = Aot.of(name).method("run", graph).weights(state).with(options);
    aot.to(classes);
    aot.sourceTo(sources);
    aot.simdEverywhere(128 << seed % 3).to(simd);
    return call(name, program, sample, state, out);
  }

  private static boolean call(String name, Program program, RandomGraph sample, ModelState state,
      ObjectOutputStream out) throws IOException {
    Workspace workspace = program.newWorkspace();
    Signature signature = program.signature();
    List<Object> given = new ArrayList<>();
    for (String symbol : signature.symbols()) {
      workspace.size(symbol, Math.toIntExact(sample.symbols().get(symbol)));
      given.add(Math.toIntExact(sample.symbols().get(symbol)));
    }
    for (Port port : signature.inputs()) {
      TensorValue value = sample.inputs().get(port.name());
      workspace.feedArray(port.name(), value.toArray());
      given.add(port.type().rank() == 0 ? Array.get(value.toArray(), 0) : value.toArray());
    }
    List<Object> expected = new ArrayList<>();
    Object committed;
    try {
      committed = program.run(workspace, state);
    } catch (KotangentException e) {
      committed = "throws";
    }
    boolean fine = committed instanceof Boolean;
    for (Signature.Result result : signature.results()) {
      expected.add(fine ? workspace.array(result.name()) : result.type().dtype().newArray(1 << 16));
    }
    Map<String, Object> after = new TreeMap<>();
    if (signature.updates() && fine) {
      state.ports().forEach(port -> after.put(port.name(), state.array(port.name())));
    }
    out.writeObject(new Object[] {name, given.toArray(), expected.toArray(), committed, after});
    return fine;
  }

  static Path probe(Path folder) throws IOException {
    Path source = folder.resolve("Probe.java");
    try (var in = AotTest.class.getResourceAsStream("/aot/Probe.java.txt")) {
      Files.write(source, in.readAllBytes());
    }
    return source;
  }

  private static String run(Path java, Path classes, Path calls, String... options)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classes.toString(), "Probe", calls.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), said);
    return said;
  }
}
