package io.kotangent.assertions;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Target;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether a program computes what its graph means.
final class Meaning {
  static final double F32 = 1e-4;
  static final double F64 = 1e-10;
  private static final double LITTLE = 1e-30;
  private static final int POINTS = 41;
  private static final int ULPS = 4096;

  private final Graph graph;
  private final Samples samples;
  private final String what;

  Meaning(Graph graph, Samples samples, String what) {
    this.graph = graph;
    this.samples = samples;
    this.what = what;
  }

  void compiledEquals(double tolerance) {
    Evaluation expected = Interpreter.run(graph, samples.values(), samples.sizes());
    Map<String, Object> found =
        samples.feed(Compiler.compile(graph, CompileOptions.standard()), 1).run();
    double largest = Math.max(1, expected.largest());
    results(expected).forEach((name, value) -> {
      Object array = found.get(name);
      for (int i = 0; array != null && i < value.size(); i++) {
        double is = number(array, i);
        double meant = value.real(i);
        boolean same = Double.compare(is, meant) == 0 || is == meant
            || Math.abs(is - meant) <= tolerance * largest;
        if (!same) {
          throw new AssertionError(what + ", " + name + place(value, i) + ": the program computes "
              + is + ", the graph means " + meant + " (at most " + tolerance * largest
              + " apart), with " + given());
        }
      }
    });
  }

  private Map<String, TensorValue> results(Evaluation evaluation) {
    Map<String, TensorValue> all = new LinkedHashMap<>(evaluation.results());
    evaluation.state().forEach((name, value) -> all.put("state " + name, value));
    return all;
  }

  private static double number(Object array, int index) {
    return array instanceof boolean[] a ? a[index] ? 1 : 0
        : ((Number) Array.get(array, index)).doubleValue();
  }

  private static String place(TensorValue value, int index) {
    StringBuilder place = new StringBuilder();
    int left = index;
    int[] dims = value.dims();
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      place.insert(0, (axis > 0 ? ", " : "") + left % dims[axis]);
      left /= dims[axis];
    }
    return "[" + place + "]";
  }

  private String given() {
    StringBuilder text = new StringBuilder("sizes " + samples.sizes());
    samples.values().forEach((name, value) -> text.append("\n  ").append(name).append(" = ")
        .append(value));
    return text.toString();
  }

  void sameBits(List<Integer> threads, List<Integer> widths) {
    Map<String, Object> first = Map.of();
    String one = "";
    for (int width : widths) {
      if (width > 0 && !Machine.hasVectors()) {
        throw new AssertionError("vectors of " + width + " bits need the Vector API: run the tests"
            + " with --add-modules jdk.incubator.vector, or ask for a width of 0 only");
      }
      CompileOptions options = CompileOptions.standard()
          .with(new KernelCache(Emission.of(Target.PLAIN.withVectors(width))))
          .with(width == 0 ? SimdUse.NEVER : SimdUse.ALWAYS);
      var program = Compiler.compile(graph, options);
      for (int count : threads) {
        Map<String, Object> found = samples.feed(program, count).run();
        String other = count + " threads, vectors of " + width + " bits";
        if (first.isEmpty()) {
          first = found;
          one = other;
        }
        equal(first, found, one, other);
      }
    }
  }

  private void equal(Map<String, Object> first, Map<String, Object> second, String one,
      String other) {
    first.forEach((name, array) -> {
      Object again = second.get(name);
      for (int i = 0; i < Array.getLength(array); i++) {
        if (again == null || !Array.get(array, i).equals(Array.get(again, i))) {
          throw new AssertionError(
              what + ", element " + i + " of " + name + ": " + Array.get(array, i)
                  + " by " + one + ", " + (again == null ? "nothing" : Array.get(again, i)) + " by "
                  + other + ", with " + given());
        }
      }
    });
  }

  void stableFor(String input, double low, double high) {
    Port port = graph.ports().stream().filter(each -> each.name().equals(input)).findFirst()
        .orElseThrow(() -> new AssertionError(what + " has no input '" + input + "': expected "
            + Nearest.of(input, graph.ports().stream().map(Port::name).toList())));
    if (!port.type().dtype().isFloat() || !(low <= high)) {
      throw new KotangentException("stableFor: expected a float input and a range, got "
          + port + " and " + low + " to " + high);
    }
    var program = Compiler.compile(graph, CompileOptions.standard());
    Graph stabilized = Compiler.optimize(graph, CompileOptions.standard());
    for (double point : points(low, high)) {
      Samples at = samplesAt(input, point);
      Evaluation meant = Interpreter.run(graph, at.values(), at.sizes());
      Evaluation better = Interpreter.run(stabilized, at.values(), at.sizes());
      Map<String, Object> found = at.feed(program, 1).run();
      meant.results().forEach((name, value) -> {
        for (int i = 0; value.dtype().isFloat() && i < value.size(); i++) {
          double is = number(found.get(name), i);
          boolean narrow = value.dtype() == DType.F32;
          if (!isNear(is, value.real(i), narrow)
              && !isNear(is, better.result(name).real(i), narrow)) {
            throw new AssertionError(what + " is not stable at " + input + " = " + point + ": "
                + name + place(value, i) + " is " + is + ", the graph means " + value.real(i));
          }
        }
      });
    }
  }

  /// What a graph means as it is written may itself be lost in f64, where the graph that is compiled keeps it: either will do.
  private static boolean isNear(double is, double meant, boolean narrow) {
    double exact = narrow ? (float) meant : meant;
    double grain = narrow ? Math.ulp((float) meant) : Math.ulp(meant);
    return Double.compare(is, exact) == 0 || is == exact
        || Math.abs(is - exact) <= ULPS * Math.max(grain, LITTLE);
  }

  private Samples samplesAt(String input, double point) {
    Object array = samples.values().get(input).toArray();
    for (int i = 0; i < Array.getLength(array); i++) {
      if (array instanceof float[] a) {
        a[i] = (float) point;
      } else {
        ((double[]) array)[i] = point;
      }
    }
    Map<String, Object> arrays = new LinkedHashMap<>();
    samples.values().forEach((name, value) -> arrays.put(name, value.toArray()));
    arrays.put(input, array);
    return new Samples(graph, samples.sizes(), arrays, 1);
  }

  /// Both ends, zero, and between them equally far apart, and by powers of ten towards zero.
  private static List<Double> points(double low, double high) {
    List<Double> points = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      points.add(low + (high - low) * i / (POINTS - 1));
    }
    for (double end : new double[] {low, high}) {
      for (double at = end; Math.abs(at) > 1e-12; at /= 10) {
        points.add(at);
      }
    }
    points.add(0.0);
    points.removeIf(point -> !(point >= low && point <= high));
    return points;
  }
}
