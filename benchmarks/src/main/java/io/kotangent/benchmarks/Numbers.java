package io.kotangent.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Draws inputs and first weights as plain arrays; the same ones in every run.
final class Numbers {
  private final SplittableRandom random = new SplittableRandom(0);

  /// Standard normal numbers.
  float[] normal(int length) {
    return normal(length, 1);
  }

  private float[] normal(int length, double deviation) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  /// Numbers from 0 to 1.
  float[] uniform(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  /// Zeros and ones.
  float[] bits(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(2);
    }
    return values;
  }

  /// Labels below `classes`.
  int[] labels(int length, int classes) {
    return random.ints(length, 0, classes).toArray();
  }

  /// A weight whose products have the spread of their inputs behind a ReLU (He).
  float[] weight(int inputs, int length) {
    return normal(length, Math.sqrt(2.0 / inputs));
  }

  /// The weights of dense layers of these sizes by the names of their parameters; biases stay zero.
  Map<String, float[]> dense(int... sizes) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (int i = 1; i < sizes.length; i++) {
      weights.put("dense" + i + ".w", weight(sizes[i - 1], sizes[i - 1] * sizes[i]));
    }
    return weights;
  }
}
