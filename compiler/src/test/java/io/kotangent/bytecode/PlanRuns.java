package io.kotangent.bytecode;

import io.kotangent.eval.TensorValue;
import io.kotangent.plan.Plan;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.lang.reflect.Array;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs plans on arrays made for them, and compares all that they leave in results and state.
final class PlanRuns {
  private PlanRuns() {
  }

  /// What a run did.
  record Outcome(String committed, Object[] arrays) {
  }

  /// Runs `code` with inputs in their places; everything else is filled with `poison`, which must not matter.
  static Outcome run(Plan plan, Code code, Map<String, TensorValue> inputs,
      Map<String, Long> symbols,
      int poison) {
    Signature signature = plan.signature();
    Object[] arrays = new Object[signature.arrays().size()];
    int constants = 0;
    boolean[] choices = new boolean[0];
    for (int i = 0; i < arrays.length; i++) {
      ArraySlot slot = signature.arrays().get(i);
      int length = slot.length().evaluateInt(symbols);
      switch (slot.kind()) {
        case INPUT -> arrays[i] = inputs.get(slot.name()).toArray();
        case CONSTANT -> arrays[i] = copy(signature.constants().get(constants++));
        case STATE -> arrays[i] = state(signature.state(), slot, length, inputs);
        case RESULT, WORKSPACE, SCRATCH -> arrays[i] = poisoned(slot.dtype(), length, poison);
        case ALIGNED -> arrays[i] = aligned(slot, length, poison);
        case CHOICES -> {
          choices = new boolean[length];
          arrays[i] = choices;
        }
      }
    }
    int[] sizes = new int[signature.symbols().size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(symbols.get(signature.symbols().get(i)));
    }
    if (choices.length > 0) {
      code.choose(choices, sizes);
    }
    try {
      return new Outcome(Boolean.toString(code.run(arrays, sizes)), arrays);
    } catch (KotangentException e) {
      return new Outcome(e.getMessage(), arrays);
    }
  }

  private static Object copy(Object array) {
    int length = Array.getLength(array);
    Object copy = Array.newInstance(array.getClass().getComponentType(), length);
    System.arraycopy(array, 0, copy, 0, length);
    return copy;
  }

  private static Object state(StateLayout layout, ArraySlot slot, int length,
      Map<String, TensorValue> inputs) {
    Object array = slot.dtype().newArray(length);
    for (StateLayout.Place place : layout.places()) {
      if (place.group().equals(slot.name())) {
        System.arraycopy(inputs.get(place.port().name()).toArray(), 0, array, place.offset(),
            place.length());
      }
    }
    return array;
  }

  private static Object poisoned(DType dtype, int length, int poison) {
    Object array = dtype.newArray(length);
    switch (dtype) {
      case F32 -> Arrays.fill((float[]) array, poison * 1e10f);
      case F64 -> Arrays.fill((double[]) array, poison * 1e100);
      case I32 -> Arrays.fill((int[]) array, poison * 1_000_003);
      case I64 -> Arrays.fill((long[]) array, poison * 1_000_000_007L);
      case BOOL -> Arrays.fill((boolean[]) array, poison % 2 == 0);
    }
    return array;
  }

  private static Object aligned(ArraySlot slot, int length, int poison) {
    Object memory = slot.newArray(length);
    switch (poisoned(slot.dtype(), length, poison)) {
      case float[] values -> ((FloatBuffer) memory).put(0, values);
      case double[] values -> ((DoubleBuffer) memory).put(0, values);
      default -> throw new IllegalArgumentException("aligned " + slot.dtype());
    }
    return memory;
  }

  /// Empty when both did the same, else what differs first.
  static String difference(Plan plan, Outcome expected, Outcome actual, Map<String, Long> symbols) {
    if (!expected.committed().equals(actual.committed())) {
      return "'" + expected.committed() + "' and '" + actual.committed() + "'";
    }
    if (!List.of("true", "false").contains(expected.committed())) {
      return "";
    }
    for (int i = 0; i < expected.arrays().length; i++) {
      ArraySlot slot = plan.signature().arrays().get(i);
      if (Set.of(ArraySlot.Kind.WORKSPACE, ArraySlot.Kind.SCRATCH, ArraySlot.Kind.ALIGNED,
          ArraySlot.Kind.CHOICES)
          .contains(slot.kind())) {
        continue;
      }
      for (int j = 0; j < slot.length().evaluateInt(symbols); j++) {
        long a = KernelRuns.bits(slot.dtype(), expected.arrays()[i], j);
        long b = KernelRuns.bits(slot.dtype(), actual.arrays()[i], j);
        if (a != b) {
          return slot + "[" + j + "]: 0x" + Long.toHexString(a) + " and 0x" + Long.toHexString(b);
        }
      }
    }
    return "";
  }
}
