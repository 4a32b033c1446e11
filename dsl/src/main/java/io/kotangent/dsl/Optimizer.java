package io.kotangent.dsl;

import java.util.List;

/// How a training step changes a parameter: a formula over the parameter, its gradient and slots of its shape. The ones of
/// the product are in [Optimizers]; another is one more implementation.
public interface Optimizer {
  /// The name, first in those of its slots: `adam.m.dense1.w`.
  String name();

  /// The kinds of slots that every parameter has, such as `m` and `v`; they start at 0.
  default List<String> slots() {
    return List.of();
  }

  /// The learning rate: constant, or fed to every step.
  Rate rate();

  /// What a parameter and its slots become.
  Adjusted adjust(Adjustment parameter);
}
