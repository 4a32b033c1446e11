package io.kotangent.autodiff;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/// A function to differentiate in a test, while it is built: a builder, and sampled values for its f64 inputs.
final class Subject {
  /// A named function: from a subject to its results.
  record Case(String name, Function<Subject, List<Node>> body) {
    @Override
    public String toString() {
      return name;
    }
  }

  final GraphBuilder b = new GraphBuilder();
  final List<Node> inputs = new ArrayList<>();
  final Map<String, TensorValue> values = new LinkedHashMap<>();
  final Map<String, Long> symbols = new LinkedHashMap<>();
  final Random random;

  Subject(long seed) {
    this.random = new Random(seed);
  }

  static Case single(String name, Function<Subject, Node> body) {
    return new Case(name, subject -> List.of(body.apply(subject)));
  }

  TensorValue sample(int[] dims, double low, double high) {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    double[] elements = new double[size];
    for (int i = 0; i < size; i++) {
      elements[i] = low + (high - low) * random.nextDouble();
    }
    return TensorValue.f64(dims, elements);
  }

  /// An input with values between −2 and 2.
  Node real(long... dims) {
    return between(-2, 2, dims);
  }

  Node between(double low, double high, long... dims) {
    int[] sizes = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      sizes[i] = (int) dims[i];
    }
    return valued(Shape.of(dims), sample(sizes, low, high));
  }

  /// An input of these values.
  Node valued(Shape shape, TensorValue value) {
    Node node =
        b.input(new Port("x" + inputs.size(), Role.INPUT, new TensorType(DType.F64, shape)));
    inputs.add(node);
    values.put("x" + values.size(), value);
    return node;
  }

  Node valued(long[] dims, double... elements) {
    int[] sizes = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      sizes[i] = (int) dims[i];
    }
    return valued(Shape.of(dims), TensorValue.f64(sizes, elements));
  }

  /// An input whose first axis is the symbol.
  Node batched(String symbol, int size, long... rest) {
    return batchedBetween(symbol, size, -2, 2, rest);
  }

  Node batchedBetween(String symbol, int size, double low, double high, long... rest) {
    symbols.put(symbol, (long) size);
    List<Dim> dims = new ArrayList<>(List.of(Dim.symbol(symbol)));
    int[] sizes = new int[rest.length + 1];
    sizes[0] = size;
    for (int i = 0; i < rest.length; i++) {
      dims.add(Dim.of(rest[i]));
      sizes[i + 1] = (int) rest[i];
    }
    return valued(new Shape(dims), sample(sizes, low, high));
  }

  Node ints(long[] dims, int... elements) {
    return b.constant(Literal.of(TensorType.of(DType.I32, dims), elements));
  }

  Node bools(boolean... elements) {
    return b.constant(Literal.vector(DType.BOOL, elements));
  }
}
