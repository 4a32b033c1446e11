package io.kotangent.assertions;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a graph is run with: a number for each symbolic size, and arrays for its inputs, parameters and states; those that nobody
/// gave are drawn, the same each time: floats from −2 to 2, integers from their range.
final class Samples {
  private static final int FIRST_SIZE = 3;
  private static final double WIDEST = 2;
  private static final long MOST = 1 << 24;

  private final Graph graph;
  private final Map<String, Long> sizes = new TreeMap<>();
  private final Map<String, TensorValue> values = new LinkedHashMap<>();

  /// @param given sizes by their symbols
  /// @param arrays primitive arrays by the names of inputs, parameters and states
  Samples(Graph graph, Map<String, Long> given, Map<String, Object> arrays, long seed) {
    this.graph = graph;
    sizes(given);
    SplittableRandom random = new SplittableRandom(seed);
    for (Port port : graph.ports()) {
      int[] dims = dims(port);
      Object array = arrays.get(port.name());
      values.put(port.name(), array == null
          ? TensorValue.of(port.type().dtype(), dims, drawn(port, dims, random))
          : given(port, dims, array));
    }
    names(given, sizes.keySet(), "size");
    names(arrays, values.keySet(), "input, parameter or state");
  }

  private static TensorValue given(Port port, int[] dims, Object array) {
    try {
      return TensorValue.of(port.type().dtype(), dims, array);
    } catch (KotangentException e) {
      throw new AssertionError("with '" + port.name() + "', " + e.getMessage()
          + ": other sizes are given by withSize(name, size)", e);
    }
  }

  private static void names(Map<String, ?> given, java.util.Set<String> known, String what) {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        throw new AssertionError("the graph has no " + what + " '" + name + "': expected "
            + Nearest.of(name, known));
      }
    }
  }

  private void sizes(Map<String, Long> given) {
    TreeSet<String> symbols = new TreeSet<>();
    for (Port port : graph.ports()) {
      port.type().shape().dims().forEach(dim -> dim.collectSymbols(symbols));
    }
    graph.schedule().forEach(node -> {
      if (node.valueType() instanceof io.kotangent.type.TensorType tensor) {
        tensor.shape().dims().forEach(dim -> dim.collectSymbols(symbols));
      }
    });
    long next = FIRST_SIZE;
    for (String symbol : symbols) {
      sizes.put(symbol, given.getOrDefault(symbol, next++));
    }
  }

  private int[] dims(Port port) {
    long length = 1;
    List<Dim> dims = port.type().shape().dims();
    int[] found = new int[dims.size()];
    for (int i = 0; i < found.length; i++) {
      long size = size(dims.get(i));
      if (size < 0 || size > MOST || length * size > MOST) {
        throw new AssertionError("'" + port + "' would be too large or negative for sizes " + sizes
            + ": give others by withSize(name, size)");
      }
      length *= size;
      found[i] = (int) size;
    }
    return found;
  }

  /// Below 0 if it is no number.
  private long size(Dim dim) {
    try {
      return dim.evaluate(sizes);
    } catch (ArithmeticException | KotangentException _) {
      return -1; // overflows, or divides by zero
    }
  }

  private static long whole(Fact.Range range, SplittableRandom random) {
    return range.low() == range.high() ? range.low()
        : range.high() == Long.MAX_VALUE ? random.nextLong(range.low(), range.high())
            : random.nextLong(range.low(), range.high() + 1);
  }

  private static Object drawn(Port port, int[] dims, SplittableRandom random) {
    int length = 1;
    for (int dim : dims) {
      length *= dim;
    }
    Fact.Range range = port.range().orElse(new Fact.Range(0, 3));
    DType dtype = port.type().dtype();
    boolean positive = port.slot().isPresent();
    Object array = dtype.newArray(length);
    for (int i = 0; i < length; i++) {
      double real = positive ? random.nextDouble(WIDEST) : random.nextDouble(-WIDEST, WIDEST);
      long whole = whole(range, random);
      switch (array) {
        case float[] a -> a[i] = (float) (port.range().isPresent() ? whole : real);
        case double[] a -> a[i] = port.range().isPresent() ? whole : real;
        case int[] a -> a[i] = (int) whole;
        case long[] a -> a[i] = whole;
        case boolean[] a -> a[i] = random.nextBoolean();
        default -> throw new IllegalStateException("no array of elements: " + array.getClass());
      }
    }
    return array;
  }

  Map<String, Long> sizes() {
    return sizes;
  }

  Map<String, TensorValue> values() {
    return values;
  }

  /// The same with another value of one of them.
  Map<String, TensorValue> with(String name, TensorValue value) {
    Map<String, TensorValue> changed = new LinkedHashMap<>(values);
    changed.put(name, value);
    return changed;
  }

  /// A program in which all is fed.
  Run feed(Program program, int threads) {
    Workspace workspace = program.newWorkspace().threads(threads);
    for (String symbol : program.signature().symbols()) {
      workspace.size(symbol, Math.toIntExact(sizes.get(symbol)));
    }
    ModelState state = program.newState();
    for (Port port : graph.ports()) {
      Object array = values.get(port.name()).toArray();
      if (port.role() == Role.INPUT) {
        if (program.signature().inputs().stream().anyMatch(in -> in.name().equals(port.name()))) {
          workspace.feedArray(port.name(), array);
        }
      } else if (state.layout().has(port.name())) {
        state.set(port.name(), array);
      }
    }
    return new Run(program, workspace, state);
  }

  /// A program ready to run.
  record Run(Program program, Workspace workspace, ModelState state) {
    /// Runs it, and returns results and states by name, `updated` aside.
    Map<String, Object> run() {
      boolean committed = program.run(workspace, state);
      Map<String, Object> found = new LinkedHashMap<>();
      program.signature().results()
          .forEach(result -> found.put(result.name(), workspace.array(result.name())));
      List<String> states = new ArrayList<>();
      state.ports().forEach(port -> states.add(port.name()));
      states.forEach(name -> found.put("state " + name, state.array(name)));
      found.put("committed", new boolean[] {committed});
      return found;
    }
  }
}
