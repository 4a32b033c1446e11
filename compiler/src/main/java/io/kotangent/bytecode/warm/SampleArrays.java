package io.kotangent.bytecode.warm;

import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.KotangentException;
import java.util.HashMap;
import java.util.Map;

/// The arrays that the samples of one trial work on: one for each slot of the program, and no more of them than a process can spare.
final class SampleArrays {
  /// Such a part of all memory is for one trial.
  private static final long PART = 16;

  private final Map<ArraySlot, Object> arrays = new HashMap<>();
  private final long most;
  private long bytes;

  SampleArrays() {
    this(Runtime.getRuntime().maxMemory() / PART);
  }

  /// @param most how many bytes there may be
  SampleArrays(long most) {
    this.most = most;
  }

  /// An array for a slot, at least so long.
  Object of(ArraySlot slot, long length) {
    Object known = arrays.get(slot);
    if (known != null && ArraySlot.elements(known) >= length) {
      return known;
    }
    bytes += length * slot.dtype().bytes();
    if (bytes > most) {
      throw new KotangentException("to try it takes over " + (most >> 20)
          + " MB, which this process cannot spare; start Java with a larger -Xmx");
    }
    Object fresh = slot.newArray(Math.toIntExact(length));
    arrays.put(slot, fresh);
    return fresh;
  }
}
