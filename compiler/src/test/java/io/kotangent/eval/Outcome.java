package io.kotangent.eval;

import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What one run of a program yields: results and updated state as primitive arrays, and whether it was committed.
record Outcome(Map<String, Object> results, Map<String, Object> state, boolean committed) {
  /// Runs a program with inputs by port name; parameters and state are among them.
  static Outcome of(Program program, Map<String, TensorValue> inputs, Map<String, Long> symbols) {
    Signature signature = program.signature();
    ModelState state = program.newState();
    for (Port port : state.ports()) {
      state.set(port.name(), input(inputs, port.name()).toArray());
    }
    Workspace workspace = program.newWorkspace();
    for (String symbol : signature.symbols()) {
      workspace.size(symbol, Math.toIntExact(symbols.getOrDefault(symbol, 0L)));
    }
    for (Port port : signature.inputs()) {
      workspace.feedArray(port.name(), input(inputs, port.name()).toArray());
    }
    boolean committed = program.run(workspace, state);
    Map<String, Object> results = new LinkedHashMap<>();
    for (Signature.Result result : signature.results()) {
      results.put(result.name(), array(workspace, result.type().dtype(), result.name()));
    }
    Map<String, Object> after = new LinkedHashMap<>();
    state.ports().stream().filter(p -> p.role() == Role.STATE)
        .forEach(p -> after.put(p.name(), state.array(p.name())));
    return new Outcome(results, after, committed);
  }

  private static TensorValue input(Map<String, TensorValue> inputs, String name) {
    TensorValue tensor = inputs.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no input " + name);
    }
    return tensor;
  }

  private static Object array(Workspace workspace, DType dtype, String name) {
    return switch (dtype) {
      case F32 -> workspace.floats(name);
      case F64 -> workspace.doubles(name);
      case I32 -> workspace.ints(name);
      case I64 -> workspace.longs(name);
      case BOOL -> workspace.booleans(name);
    };
  }

  /// The first difference in bits (all NaNs count as one value), or an empty text.
  String difference(Outcome other) {
    if (committed != other.committed) {
      return "committed " + committed + " and " + other.committed;
    }
    String results = difference(this.results, other.results);
    return results.isEmpty() ? difference(state, other.state) : results;
  }

  private static String difference(Map<String, Object> left, Map<String, Object> right) {
    if (!left.keySet().equals(right.keySet())) {
      return "names " + left.keySet() + " and " + right.keySet();
    }
    for (Map.Entry<String, Object> entry : left.entrySet()) {
      Object other = right.get(entry.getKey());
      boolean same = switch (entry.getValue()) {
        case float[] a -> Arrays.equals(a, (float[]) other);
        case double[] a -> Arrays.equals(a, (double[]) other);
        case int[] a -> Arrays.equals(a, (int[]) other);
        case long[] a -> Arrays.equals(a, (long[]) other);
        case boolean[] a -> Arrays.equals(a, (boolean[]) other);
        default -> false;
      };
      if (!same) {
        return "'" + entry.getKey() + "': " + text(entry.getValue()) + " and " + text(other);
      }
    }
    return "";
  }

  static String text(Object array) {
    return switch (array) {
      case float[] a -> Arrays.toString(a);
      case double[] a -> Arrays.toString(a);
      case int[] a -> Arrays.toString(a);
      case long[] a -> Arrays.toString(a);
      case boolean[] a -> Arrays.toString(a);
      default -> array.toString();
    };
  }
}
