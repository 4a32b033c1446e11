package io.kotangent.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// From the start of a process to the first prediction of the digit CNN by ONNX Runtime, as `examples/run aot-digits` measures it of a
/// network compiled ahead of time: `benchmarks/first [TIMES]`.
final class First {
  private static final int TIMES = 10;

  private First() {}

  /// How often (10). With a file and a time, predicts once by the model in it and prints how many milliseconds that was after the time.
  public static void main(String[] arguments)
      throws IOException, InterruptedException, OrtException, URISyntaxException {
    if (arguments.length == 2) {
      predict(arguments[0], Long.parseLong(arguments[1]));
      return;
    }
    int times = arguments.length == 0 ? TIMES : Integer.parseInt(arguments[0]);
    Path model = Files.createTempFile("digits", ".onnx");
    try {
      Files.write(model, OnnxRuntime.cnn().bytes());
      measure(model, times);
    } finally {
      Files.delete(model);
    }
  }

  private static void measure(Path model, int times)
      throws IOException, InterruptedException, URISyntaxException {
    Path jar = of(OrtEnvironment.class);
    String classPath = of(First.class) + System.getProperty("path.separator") + jar;
    double[] millis = new double[times];
    for (int i = 0; i < times; i++) {
      Process process = new ProcessBuilder(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--enable-native-access=ALL-UNNAMED", "-cp", classPath, First.class.getName(),
          model.toString(), String.valueOf(System.currentTimeMillis())).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      millis[i] = Double.parseDouble(said);
    }
    Arrays.sort(millis);
    System.out.printf(Locale.ROOT, "ONNX Runtime, Java %s: first prediction after %.0f ms "
        + "(median of %d: %.0f); %d bytes of %s, %d of the model%n", Runtime.version(), millis[0],
        times, millis[times / 2], Files.size(jar), jar.getFileName(), Files.size(model));
  }

  /// The jar or folder that a class is in.
  private static Path of(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void predict(String model, long started) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model);
        OnnxTensor image = OnnxTensor.createTensor(environment,
            FloatBuffer.wrap(new float[28 * 28]), new long[] {1, 1, 28, 28});
        OrtSession.Result result = session.run(Map.of("x", image))) {
      float first = ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
      long millis = System.currentTimeMillis() - started;
      if (Float.isNaN(first)) {
        throw new IllegalStateException("the prediction is NaN");
      }
      System.out.println(millis);
    }
  }
}
