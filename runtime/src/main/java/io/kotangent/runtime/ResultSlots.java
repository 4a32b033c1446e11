package io.kotangent.runtime;

import io.kotangent.type.KotangentException;
import java.lang.reflect.Array;

/** Which arrays of a workspace its results go to, and whose they are. */
final class ResultSlots {
  private final Signature signature;
  private final int[] slots;
  private final boolean[] callers;

  ResultSlots(Signature signature, PortIndex ports) {
    this.signature = signature;
    slots = signature.results().stream()
        .mapToInt(r -> ports.slot(ArraySlot.Kind.RESULT, r.name())).toArray();
    callers = new boolean[slots.length];
  }

  int count() {
    return slots.length;
  }

  /** The slot of a result; below 0 if it has none. */
  int slot(int result) {
    return slots[result];
  }

  private String name(int result) {
    return "result '" + signature.results().get(result).name() + "' of program "
        + signature.name();
  }

  /** Takes note that the array of a result is the caller's. */
  int give(int result) {
    if (slots[result] < 0) {
      throw new KotangentException("program " + signature.name() + " has no array for its result '"
          + signature.results().get(result).name() + "'");
    }
    callers[result] = true;
    return slots[result];
  }

  boolean isCallers(int slot) {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] == slot) {
        return callers[i];
      }
    }
    return false;
  }

  boolean isCallersResult(int result) {
    return slots[result] >= 0 && callers[result];
  }

  /** Throws a {@link FeedException} if the caller's array for a result is too short, or is another's, too. */
  void check(int result, Object[] arrays, int length, Sizes sizes) {
    int slot = slots[result];
    if (Array.getLength(arrays[slot]) < length) {
      throw new FeedException(name(result) + ": the array given for it has "
          + Array.getLength(arrays[slot]) + " elements, expected at least " + length + " for "
          + signature.results().get(result).type() + " with " + sizes.known());
    }
    for (int other = 0; other < arrays.length; other++) {
      if (other != slot && arrays[other] == arrays[slot]) {
        throw new FeedException(name(result) + " was given the array that is also '"
            + signature.arrays().get(other).name() + "'; give each result its own");
      }
    }
  }

  /** The one number that a result is. */
  double number(int result, Object array, int length) {
    if (length != 1) {
      throw new FeedException(name(result) + " is " + signature.results().get(result).type() + ", "
          + length + " elements, not one number; read it as an array");
    }
    if (array instanceof float[] floats) {
      return floats[0];
    }
    if (array instanceof double[] doubles) {
      return doubles[0];
    }
    if (array instanceof int[] ints) {
      return ints[0];
    }
    if (array instanceof long[] longs) {
      return (double) longs[0];
    }
    throw new FeedException(name(result) + " is bool, not a number; read it by booleans()");
  }
}
