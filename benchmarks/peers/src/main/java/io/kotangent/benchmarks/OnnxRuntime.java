package io.kotangent.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// ONNX Runtime: it does not train.
final class OnnxRuntime implements Framework {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final int threads;

  /// An input of a model.
  private record Input(float[] values, long... sizes) {}

  OnnxRuntime(int threads) {
    this.threads = threads;
  }

  @Override
  public Optional<Supplier<DoubleSupplier>> prepare(String workload) {
    Numbers numbers = new Numbers();
    if (Framework.kind(workload).equals("infer1")) {
      boolean cnn = Framework.family(workload).equals("cnn");
      long[] sizes = cnn ? new long[] {1, 1, 28, 28} : new long[] {1,
          Framework.sizes(workload)[0]};
      Input x = new Input(numbers.uniform((int) (cnn ? 28 * 28 : sizes[1])), sizes);
      return Optional.of(() -> session(network(workload, numbers, sizes), Map.of("x", x), true));
    }
    if (workload.startsWith("gemm")) {
      long size = Framework.gemmSize(workload);
      Input square = new Input(numbers.uniform((int) (size * size)), size, size);
      OnnxModel model = new OnnxModel().input("a", size, size).input("b", size, size)
          .node("MatMul", "y", List.of("a", "b")).result("y", size, size);
      return Optional.of(() -> session(model, Map.of("a", square, "b", square), false));
    }
    if (workload.equals("elementwise")) {
      Map<String, Input> inputs = new LinkedHashMap<>();
      inputs.put("x", new Input(numbers.normal(1 << 20), 1 << 20));
      inputs.put("a", new Input(numbers.normal(1 << 20), 1 << 20));
      return Optional.of(() -> session(formula(), inputs, false));
    }
    return Optional.empty();
  }

  /// The network of `cnn-infer1`.
  static OnnxModel cnn() {
    return network("cnn-infer1", new Numbers(), new long[] {1, 1, 28, 28});
  }

  private static OnnxModel formula() {
    return new OnnxModel().input("x", 1 << 20).input("a", 1 << 20)
        .constant("half", new float[] {0.5f}).constant("more", new float[] {1.5f})
        .node("Mul", "ax", List.of("a", "x")).node("Add", "sum", List.of("ax", "half"))
        .node("Tanh", "t", List.of("sum")).node("Mul", "mx", List.of("x", "more"))
        .node("Sub", "d", List.of("mx", "a")).node("Sigmoid", "s", List.of("d"))
        .node("Mul", "y", List.of("t", "s")).result("y", 1 << 20);
  }

  private static OnnxModel network(String workload, Numbers numbers, long[] input) {
    OnnxModel model = new OnnxModel().input("x", input);
    String last = "x";
    if (input.length == 4) {
      last = convolutions(model, numbers);
    }
    int[] sizes = Framework.sizes(workload);
    for (int i = 1; i < sizes.length; i++) {
      model.constant("w" + i, numbers.weight(sizes[i - 1], sizes[i - 1] * sizes[i]),
          sizes[i - 1], sizes[i]).constant("b" + i, new float[sizes[i]], sizes[i]);
      boolean end = i == sizes.length - 1;
      model.node("Gemm", end ? "y" : "h" + i, List.of(last, "w" + i, "b" + i));
      if (!end) {
        model.node("Relu", "r" + i, List.of("h" + i));
        last = "r" + i;
      }
    }
    return model.result("y", 1, sizes[sizes.length - 1]);
  }

  private static String convolutions(OnnxModel model, Numbers numbers) {
    String last = "x";
    int[] channels = {1, 32, 64};
    for (int i = 1; i < channels.length; i++) {
      int inputs = channels[i - 1] * 25;
      model.constant("k" + i, numbers.weight(inputs, inputs * channels[i]), channels[i],
          channels[i - 1], 5, 5).constant("c" + i, new float[channels[i]], channels[i]);
      model.node("Conv", "conv" + i, List.of(last, "k" + i, "c" + i),
          new OnnxModel.Integers("pads", 2, 2, 2, 2));
      model.node("Relu", "relu" + i, List.of("conv" + i));
      last = "pool" + i;
      model.node("MaxPool", last, List.of("relu" + i),
          new OnnxModel.Integers("kernel_shape", 2, 2), new OnnxModel.Integers("strides", 2, 2));
    }
    model.node("Flatten", "flat", List.of(last));
    return "flat";
  }

  /// @param copied whether each call hands over arrays and takes an array, as a user's would; otherwise tensors are kept
  private DoubleSupplier session(OnnxModel model, Map<String, Input> inputs, boolean copied) {
    try {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      OrtSession session = environment.createSession(model.bytes(), options);
      Map<String, OnnxTensor> kept = tensors(inputs);
      return () -> run(session, inputs, kept, copied);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private double run(OrtSession session, Map<String, Input> inputs, Map<String, OnnxTensor> kept,
      boolean copied) {
    try {
      Map<String, OnnxTensor> given = copied ? tensors(inputs) : kept;
      try (OrtSession.Result result = session.run(given)) {
        double first = copied ? ((OnnxTensor) result.get(0)).getFloatBuffer().get(0) : 0;
        if (copied) {
          given.values().forEach(OnnxTensor::close);
        }
        return first;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, OnnxTensor> tensors(Map<String, Input> inputs) throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Input> input : inputs.entrySet()) {
      tensors.put(input.getKey(), OnnxTensor.createTensor(environment,
          FloatBuffer.wrap(input.getValue().values()), input.getValue().sizes()));
    }
    return tensors;
  }
}
