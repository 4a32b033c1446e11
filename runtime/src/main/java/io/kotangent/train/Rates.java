package io.kotangent.train;

/** The learning rate of each step, for programs with an input {@code rate}. */
@FunctionalInterface
public interface Rates {
  /** The rate of a step, counted from 1 over all epochs. */
  double at(long step);

  /** The same rate for every step. */
  static Rates constant(double rate) {
    return step -> rate;
  }
}
