package io.kotangent.runtime;

import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import java.lang.reflect.Array;

/** Whether what a port holds is as its {@link Fact.Finite} says; of a port that has none, anything is. */
final class FiniteCheck {
  private FiniteCheck() {
  }

  /** Whether all of a state lies where a program keeps it finite. */
  static boolean isGuarded(ModelState state, StateLayout program) {
    for (StateLayout.Place needed : program.places()) {
      String name = needed.port().name();
      if (state.layout().has(name)) {
        StateLayout.Place here = state.layout().place(name);
        if (here.port().type().equals(needed.port().type()) && !isGuarded(needed.port(),
            state.group(here), here.offset(), here.length())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether all of a state is finite that a program says is. */
  static boolean isFinite(ModelState state, StateLayout program) {
    for (StateLayout.Place place : program.places()) {
      StateLayout.Place here = state.layout().place(place.port().name());
      if (!isFinite(place.port(), state.group(here), here.offset(), here.length())) {
        return false;
      }
    }
    return true;
  }

  /** Whether all elements are finite. */
  static boolean isFinite(Port port, Object array, int start, int count) {
    return port.finite().isEmpty()
        || isWithin(array, start, start + count, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /** Whether all elements lie where the guard keeps them finite. */
  static boolean isGuarded(Port port, Object array, int start, int count) {
    if (port.finite().isEmpty()) {
      return true;
    }
    Fact.Finite finite = port.finite().get();
    double high = Math.nextDown(Math.scalb(1.0, finite.exponent()));
    return isWithin(array, start, start + count, finite.negative() ? -high : 0, high);
  }

  private static boolean isWithin(Object array, int start, int end, double low, double high) {
    if (array instanceof float[] floats) {
      for (int i = start; i < end; i++) {
        if (!(floats[i] >= low && floats[i] <= high)) {
          return false;
        }
      }
      return true;
    }
    for (int i = start; i < end; i++) {
      double x = Array.getDouble(array, i);
      if (!(x >= low && x <= high)) {
        return false;
      }
    }
    return true;
  }
}
