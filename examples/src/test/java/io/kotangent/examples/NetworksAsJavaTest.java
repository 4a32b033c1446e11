package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Aot;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The networks of all examples and of their Kotlin twins as Java source, compiled by javac, learn and predict the bits of the
/// classes that were emitted.
class NetworksAsJavaTest {
  private static final int STEPS = 3;
  private static final int BATCH = 5;

  @TempDir private Path folder;

  /// A network of an example.
  private record Example(String name, Supplier<Training> training, Supplier<Output> result) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Example> examples() {
    var mnist = Mnist.network();
    var mnistKotlin = MnistKotlin.network();
    var cnn = DigitCnn.network();
    var cnnKotlin = DigitCnnKotlin.network();
    var logistic = Logistic.network();
    var logisticKotlin = LogisticKotlin.network();
    var xor = Xor.network();
    var xorKotlin = XorKotlin.network();
    return Stream.of(new Example("Mnist", mnist::training, mnist::scores),
        new Example("MnistKotlin", mnistKotlin::training, mnistKotlin::scores),
        new Example("DigitCnn", cnn::training, cnn::scores),
        new Example("DigitCnnKotlin", cnnKotlin::training, cnnKotlin::scores),
        new Example("Logistic", logistic::training, logistic::probability),
        new Example("LogisticKotlin", logisticKotlin::training, logisticKotlin::probability),
        new Example("Xor", xor::training, xor::probability),
        new Example("XorKotlin", xorKotlin::training, xorKotlin::probability));
  }

  @ParameterizedTest @MethodSource("examples")
  void theSourceLearnsTheBitsOfTheClasses(Example example) throws Exception {
    Session session = example.training().get().compile(example.result().get()).initialize(1);
    Aot aot = session.trainableAot("examples." + example.name());
    Graph step = example.training().get().stepGraph();
    List<Port> inputs = step.ports().stream()
        .filter(port -> session.step().signature().inputs().contains(port)).toList();
    List<Port> given = session.prediction().signature().inputs();
    assertArrayEquals(learned(classes(aot, "emitted", aot.files()), example, inputs, given),
        learned(classes(aot, "source", aot.source()), example, inputs, given));
  }

  @ParameterizedTest @MethodSource("formulas")
  void formulasToo(Graph graph) throws Exception {
    Aot aot = Aot.of("examples.F").method("run", graph);
    double[] first = run(classes(aot, "emitted", aot.files()), graph.ports());
    assertTrue(Arrays.stream(first).allMatch(Double::isFinite));
    assertArrayEquals(first, run(classes(aot, "source", aot.source()), graph.ports()), 0);
  }

  static Stream<Graph> formulas() {
    return Stream.of(FormulaExample.neuron(), FormulaKotlin.neuron(), Backprop.product(),
        Backprop.neuron());
  }

  /// The files as a class path; Java source is compiled.
  private URLClassLoader classes(Aot aot, String name, Map<String, byte[]> files)
      throws Exception {
    Path root = folder.resolve(name);
    List<String> sources = new ArrayList<>(List.of("--release", "17", "-nowarn", "-d",
        root.toString()));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
      if (file.getKey().endsWith(".java")) {
        sources.add(path.toString());
      }
    }
    if (sources.size() > 5) {
      assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null,
          sources.toArray(String[]::new)), aot.toString());
    }
    return new URLClassLoader(new URL[] {root.toUri().toURL()},
        ClassLoader.getPlatformClassLoader());
  }

  /// The losses of some steps, the predictions after them and all that was learned.
  private static byte[] learned(URLClassLoader classes, Example example, List<Port> inputs,
      List<Port> given) throws Exception {
    try (classes) {
      Class<?> type = classes.loadClass("examples." + example.name());
      Object network = type.getMethod("load").invoke(null);
      StringBuilder text = new StringBuilder();
      Random random = new Random(7);
      for (int i = 0; i < STEPS; i++) {
        text.append(Float.toHexString((Float) method(type, "step", inputs.size())
            .invoke(network, arguments(inputs, random)))).append(' ');
      }
      text.append(Arrays.toString((float[]) method(type, "predict", given.size())
          .invoke(network, arguments(given, random))));
      Object state = type.getMethod("state").invoke(network);
      byte[] learned = (byte[]) state.getClass().getMethod("bytes").invoke(state);
      byte[] all = Arrays.copyOf(learned, learned.length + text.length());
      System.arraycopy(text.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0,
          all, learned.length, text.length());
      return all;
    }
  }

  private static double[] run(URLClassLoader classes, List<Port> inputs) throws Exception {
    try (classes) {
      Class<?> type = classes.loadClass("examples.F");
      Object result = method(type, "run", inputs.size())
          .invoke(type.getMethod("load").invoke(null), arguments(inputs, new Random(3)));
      if (result instanceof Double number) {
        return new double[] {number};
      }
      List<Double> numbers = new ArrayList<>();
      for (var field : result.getClass().getFields()) {
        numbers.add((Double) field.get(result));
      }
      return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  private static Method method(Class<?> type, String name, int parameters) {
    return Arrays.stream(type.getMethods())
        .filter(m -> m.getName().equals(name) && m.getParameterCount() == parameters)
        .findFirst().orElseThrow();
  }

  private static Object[] arguments(List<Port> ports, Random random) {
    return ports.stream().map(port -> argument(port, random)).toArray();
  }

  private static Object argument(Port port, Random random) {
    if (port.type().isScalar()) {
      return switch (port.type().dtype()) {
        case F32 -> random.nextFloat();
        case F64 -> random.nextDouble();
        case I32 -> random.nextInt(2);
        case I64 -> (long) random.nextInt(100);
        case BOOL -> random.nextBoolean();
      };
    }
    int size = Math.toIntExact(port.type().shape().size().evaluate(Map.of("batch", (long) BATCH)));
    if (port.type().dtype() == DType.I32) {
      int most = port.range().map(range -> (int) range.high()).orElse(1);
      return random.ints(size, 0, most + 1).toArray();
    }
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = random.nextFloat();
    }
    return numbers;
  }
}
