package io.kotangent.eval;

import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.util.Map;
import java.util.SplittableRandom;

/// Random elements for ports.
final class RandomValues {
  private static final double[] SPECIAL =
      {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1,
          -1, 1e-40, 1e30, 0.5};

  private RandomValues() {
  }

  /// Floats of either sign in ±2 and away from 0; integers in the port's range or small.
  static TensorValue of(Port port, Map<String, Long> symbols, SplittableRandom random) {
    TensorValue tensor =
        TensorValue.zeros(port.type().dtype(), port.type().shape().evaluate(symbols));
    long low = port.range().map(r -> r.low()).orElse(-9L);
    long high = port.range().map(r -> r.high()).orElse(9L);
    for (int i = 0; i < tensor.size(); i++) {
      switch (port.type().dtype()) {
        case F32, F64 -> tensor.put(i, real(random));
        case I32, I64 -> tensor.put(i, random.nextLong(low, high + 1));
        case BOOL -> tensor.put(i, random.nextBoolean() ? 1L : 0L);
      }
    }
    return tensor;
  }

  /// A float that f32 has.
  static float real(SplittableRandom random) {
    double magnitude = 0.01 + 1.99 * random.nextDouble();
    return (float) (random.nextBoolean() ? magnitude : -magnitude);
  }

  /// The same tensor with about one float in five replaced by a special one.
  static TensorValue withSpecials(TensorValue tensor, SplittableRandom random) {
    TensorValue result = TensorValue.of(tensor.dtype(), tensor.dims(), tensor.toArray());
    for (int i = 0; i < result.size() && result.dtype().isFloat(); i++) {
      if (random.nextInt(5) == 0) {
        double special = SPECIAL[random.nextInt(SPECIAL.length)];
        result.put(i, result.dtype() == DType.F32 ? (float) special : special);
      }
    }
    return result;
  }
}
