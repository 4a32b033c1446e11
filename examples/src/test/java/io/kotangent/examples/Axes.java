package io.kotangent.examples;

import io.kotangent.dsl.Axis;

/// The axes of the models in these tests.
final class Axes {
  record Batch() implements Axis.Symbolic<Batch> {}

  record In(int size) implements Axis<In> {}

  record Hidden(int size) implements Axis<Hidden> {}

  record Out(int size) implements Axis<Out> {}

  private Axes() {}
}
