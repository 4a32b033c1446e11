package io.kotangent.dsl;

/// A learning rate: a constant of the graph, or the input `rate` of each step.
public sealed interface Rate {
  /// The same in every step.
  ///
  /// @param value finite, and at least 0: steps go down
  record Constant(double value) implements Rate {
    public Constant {
      if (!(value >= 0 && Double.isFinite(value))) {
        throw new io.kotangent.type.KotangentException(
            "learning rate: expected a finite number of at least 0, got " + value);
      }
    }
  }

  /// The scalar input `rate`, in the model's float type.
  record Fed() implements Rate {
  }

  /// The same in every step.
  static Rate constant(double value) {
    return new Constant(value);
  }

  /// Fed to every step as `rate`, such as by a schedule.
  static Rate fed() {
    return new Fed();
  }
}
