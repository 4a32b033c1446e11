package io.kotangent.plan;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// What a plan yields for given inputs, by whatever runs it.
///
/// @param arrays the results by name, then each state port after the run, by name
/// @param committed what the code returned
public record PlanRun(Map<String, TensorValue> arrays, boolean committed) {
  /// Runs the plan interpreter.
  public static PlanRun interpreted(Plan plan, Graph graph, Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    return run(plan, PlanInterpreter::new, graph, inputs, symbols);
  }

  public static PlanRun run(Plan plan, Function<Plan, Code> maker, Graph graph,
      Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    Signature signature = plan.signature();
    Object[] arrays = new Object[signature.arrays().size()];
    int constant = 0;
    for (int i = 0; i < arrays.length; i++) {
      ArraySlot slot = signature.arrays().get(i);
      arrays[i] = switch (slot.kind()) {
        case INPUT -> inputs.get(slot.name()).toArray();
        case CONSTANT -> signature.constants().get(constant++);
        case STATE, CHOICES -> slot.dtype().newArray(slot.length().evaluateInt(symbols));
        case RESULT, WORKSPACE, SCRATCH, ALIGNED -> garbage(
            slot.newArray(slot.length().evaluateInt(symbols)));
      };
    }
    for (Port port : graph.ports()) {
      if (port.role() != Role.INPUT) {
        StateLayout.Place place = signature.state().place(port.name());
        Object group = arrays[slot(signature, place.group(), ArraySlot.Kind.STATE)];
        System.arraycopy(inputs.get(port.name()).toArray(), 0, group, place.offset(),
            place.length());
      }
    }
    int[] sizes =
        signature.symbols().stream().mapToInt(s -> Math.toIntExact(symbols.get(s))).toArray();
    Code code = maker.apply(plan);
    int choices = signature.arrays().stream().map(ArraySlot::kind).toList()
        .indexOf(ArraySlot.Kind.CHOICES);
    if (choices >= 0) {
      code.choose((boolean[]) arrays[choices], sizes);
    }
    boolean committed = code.run(arrays, sizes);
    Map<String, TensorValue> results = new LinkedHashMap<>();
    for (Signature.Result result : signature.results()) {
      int[] dims = result.type().shape().evaluate(symbols);
      Object array = arrays[slot(signature, result.name(), ArraySlot.Kind.RESULT)];
      results.put(result.name(), TensorValue.of(result.type().dtype(), dims, array));
    }
    for (Port port : graph.ports()) {
      if (port.role() == Role.STATE) {
        StateLayout.Place place = signature.state().place(port.name());
        Object own = port.type().dtype().newArray(place.length());
        System.arraycopy(arrays[slot(signature, place.group(), ArraySlot.Kind.STATE)],
            place.offset(), own, 0, place.length());
        results.put(port.name(),
            TensorValue.of(port.type().dtype(), port.type().shape().evaluate(symbols), own));
      }
    }
    return new PlanRun(results, committed);
  }

  /// No program may read what was in such an array before.
  static Object garbage(Object array) {
    switch (array) {
      case float[] a -> Arrays.fill(a, Float.NaN);
      case double[] a -> Arrays.fill(a, Double.NaN);
      case int[] a -> Arrays.fill(a, 0x5A5A5A5A);
      case long[] a -> Arrays.fill(a, 0x5A5A5A5A5A5A5A5AL);
      case boolean[] a -> Arrays.fill(a, true);
      case FloatBuffer a -> a.put(0, (float[]) garbage(new float[a.capacity()]));
      case DoubleBuffer a -> a.put(0, (double[]) garbage(new double[a.capacity()]));
      default -> throw new AssertionError(array);
    }
    return array;
  }

  private static int slot(Signature signature, String name, ArraySlot.Kind kind) {
    for (int i = 0; i < signature.arrays().size(); i++) {
      ArraySlot slot = signature.arrays().get(i);
      if (slot.kind() == kind && slot.name().equals(name)) {
        return i;
      }
    }
    throw new AssertionError("no array of " + kind + " " + name);
  }
}
