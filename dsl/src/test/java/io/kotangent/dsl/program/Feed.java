package io.kotangent.dsl.program;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// Values for the ports of graphs, and the interpreter's results for them.
final class Feed {
  private final Map<String, TensorValue> values = new LinkedHashMap<>();

  /// Numbers of a float port of any shape.
  Feed set(Graph graph, String port, double... numbers) {
    Port wanted = Graph.port(graph.input(port));
    return set(port, shaped(wanted, numbers));
  }

  Feed set(String port, TensorValue value) {
    values.put(port, value);
    return this;
  }

  Feed set(String port, long number) {
    return set(port, TensorValue.scalar(DType.I64, number));
  }

  Feed set(String port, int... positions) {
    return set(port, TensorValue.of(DType.I32, new int[] {positions.length}, positions));
  }

  TensorValue get(String port) {
    return values.get(port);
  }

  /// Uniform numbers in ±1 for every float port that has none; 0 for integers.
  Feed fill(Graph graph, long seed) {
    Random random = new Random(seed);
    for (Port port : graph.ports()) {
      if (!values.containsKey(port.name())) {
        if (port.type().dtype().isFloat()) {
          double[] numbers = new double[Math.toIntExact(port.type().shape().size().constant())];
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextDouble() * 2 - 1;
          }
          set(port.name(), shaped(port, numbers));
        } else {
          set(port.name(), 0L);
        }
      }
    }
    return this;
  }

  /// One symbolic axis at most: its size follows from the number of elements.
  private static TensorValue shaped(Port port, double... numbers) {
    int known = 1;
    for (var dim : port.type().shape().dims()) {
      known *= dim.isConstant() ? (int) dim.constant() : 1;
    }
    int unknown = known == 0 ? 0 : numbers.length / known;
    int[] dims = port.type().shape().dims().stream()
        .mapToInt(d -> d.isConstant() ? (int) d.constant() : unknown).toArray();
    DType dtype = port.type().dtype();
    if (dtype == DType.F32) {
      float[] narrow = new float[numbers.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) numbers[i];
      }
      return TensorValue.of(dtype, dims, narrow);
    }
    return TensorValue.of(dtype, dims, numbers);
  }

  Evaluation run(Graph graph) {
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      TensorValue value = values.get(port.name());
      if (value == null) {
        throw new AssertionError("nothing fed to '" + port.name() + "'");
      }
      inputs.put(port.name(), value);
    }
    return Interpreter.run(graph, inputs);
  }

  /// Runs a step and keeps what it updated.
  Evaluation step(Graph graph) {
    Evaluation result = run(graph);
    values.putAll(result.state());
    return result;
  }

  static double[] numbers(TensorValue tensor) {
    double[] numbers = new double[tensor.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = tensor.real(i);
    }
    return numbers;
  }
}
