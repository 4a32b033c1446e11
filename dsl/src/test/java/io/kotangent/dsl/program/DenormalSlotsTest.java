package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizer;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Training;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What an optimizer remembers is never denormal, and otherwise as its formula says.
class DenormalSlotsTest {
  private record Many(int size) implements Axis<Many> {
  }

  private static final Map<DType, Double> LOST = Map.of(DType.F32, 0x1p-80, DType.F64, 0x1p-947);
  private static final Map<DType, Double> NORMAL =
      Map.of(DType.F32, (double) Float.MIN_NORMAL, DType.F64, Double.MIN_NORMAL);
  private static final Map<DType, Integer> DIGITS = Map.of(DType.F32, 24, DType.F64, 53);

  /// Numbers of every magnitude up to a million, each with both signs.
  private static double[] magnitudes(DType dtype) {
    int lowest = dtype == DType.F32 ? -149 : -1074;
    double[] values = new double[2 * (20 - lowest)];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb(i % 2 == 0 ? 1.3 : -1.3, lowest + i / 2);
    }
    return values;
  }

  /// A compiled step whose gradient is 0, and what it remembers at first.
  private record Still(Program step, ModelState state, Workspace run, List<String> slots) {
    static Still of(Optimizer optimizer, DType dtype) {
      double[] magnitudes = magnitudes(dtype);
      Model model = Model.named("still", dtype);
      var many = new Many(magnitudes.length);
      Training training = model
          .minimize(model.parameter("w", many).times(model.input("x", many)).sum(), optimizer);
      Steps steps = new Steps(training);
      ModelState state = steps.state();
      List<String> slots = training.state().stream().filter(port -> port.slot().isPresent())
          .map(Port::name).toList();
      slots.forEach(slot -> state.set(slot, array(dtype, isOfSquares(slot)
          ? Arrays.stream(magnitudes).map(Math::abs).toArray()
          : magnitudes)));
      Workspace run = steps.step().newWorkspace();
      run.feedArray("x", array(dtype, new double[magnitudes.length]));
      return new Still(steps.step(), state, run, slots);
    }

    private static boolean isOfSquares(String slot) {
      return slot.startsWith("rmsProp.s") || slot.startsWith("adam.v")
          || slot.startsWith("adamW.v");
    }

    void next() {
      assertTrue(step.run(run, state));
    }

    double get(String slot, int i) {
      return ((Number) Array.get(state.array(slot), i)).doubleValue();
    }
  }

  private static Object array(DType dtype, double[] values) {
    Object array = dtype.newArray(values.length);
    for (int i = 0; i < values.length; i++) {
      if (dtype == DType.F32) {
        Array.setFloat(array, i, (float) values[i]);
      } else {
        Array.setDouble(array, i, values[i]);
      }
    }
    return array;
  }

  private static Stream<Optimizer> withSlots() {
    return Stream.of(Optimizers.momentum(0.1, 0.9), Optimizers.heavyBall(0.1, 0.9),
        Optimizers.nesterov(0.1, 0.9), Optimizers.rmsProp(0.1), Optimizers.adam(0.1),
        Optimizers.adamW(0.1, 0.01));
  }

  private static Stream<DType> floats() {
    return Stream.of(DType.F32, DType.F64);
  }

  @TestFactory
  Stream<DynamicTest> slotsThatDieAwayAreNeverDenormal() {
    return floats().flatMap(dtype -> withSlots().map(optimizer -> DynamicTest
        .dynamicTest(optimizer.name() + " " + dtype, () -> {
          Still still = Still.of(optimizer, dtype);
          for (int step = 0; step < 300; step++) {
            still.next();
            for (String slot : still.slots()) {
              for (int i = 0; i < magnitudes(dtype).length; i++) {
                double value = Math.abs(still.get(slot, i));
                assertTrue(value == 0 || value >= NORMAL.get(dtype),
                    slot + "[" + i + "] = " + value + " after step " + step);
              }
            }
          }
        })));
  }

  @TestFactory
  Stream<DynamicTest> aSlotIsItsFormulaButForWhatIsLost() {
    return floats().map(dtype -> DynamicTest.dynamicTest(dtype.toString(), () -> {
      Still still = Still.of(Optimizers.heavyBall(0.1, 0.5), dtype);
      still.next();
      double lost = LOST.get(dtype);
      int digits = DIGITS.get(dtype);
      double[] magnitudes = magnitudes(dtype);
      for (int i = 0; i < magnitudes.length; i++) {
        double formula = ((Number) Array.get(array(dtype, new double[] {magnitudes[i] / 2}), 0))
            .doubleValue();
        double size = Math.abs(formula);
        assertEquals(formula, still.get(still.slots().getFirst(), i),
            size > Math.scalb(lost, digits + 1) ? 0
                : Math.scalb(Math.max(lost, size), 1 - digits),
            "half of " + magnitudes[i]);
      }
    }));
  }
}
