package io.kotangent.explain;

import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import java.util.SplittableRandom;

/// A state to measure with: small numbers as weights, the same each time; all else is 0.
final class Drawn {
  private static final double MOST = 0.1;

  private Drawn() {
  }

  static ModelState state(Program program) {
    ModelState state = program.newState();
    SplittableRandom random = new SplittableRandom(1);
    for (String weights : state.weights()) {
      Port port = state.layout().place(weights).port();
      double least = port.finite().map(Fact.Finite::negative).orElse(true) ? -MOST : 0;
      double[] values =
          random.doubles(port.type().shape().size().constant(), least, MOST).toArray();
      Object array = port.type().dtype().newArray(values.length);
      for (int i = 0; i < values.length; i++) {
        if (array instanceof float[] floats) {
          floats[i] = (float) values[i];
        } else {
          ((double[]) array)[i] = values[i];
        }
      }
      state.set(weights, array);
    }
    return state;
  }
}
