package io.kotangent.plan;

import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.Dim;
import java.util.Locale;
import java.util.Map;

/// The bytes of a plan's arrays.
///
/// @param data what goes in and comes out, and constants
/// @param state parameters and all else that is kept from run to run
/// @param shared intermediate values, in arrays that are used again and again: the most that is needed at once
/// @param scratch what each thread needs besides for itself
public record PlanMemory(Dim data, Dim state, Dim shared, Dim scratch) {
  private static final double MEGA = 1e6;

  /// The memory of a plan.
  public static PlanMemory of(Plan plan) {
    Dim data = Dim.ZERO;
    Dim state = Dim.ZERO;
    Dim shared = Dim.ZERO;
    Dim scratch = Dim.ZERO;
    for (Buffer buffer : plan.buffers()) {
      Dim bytes = buffer.slot().length().times(bytes(buffer.slot()));
      switch (buffer.slot().kind()) {
        case INPUT, RESULT, CONSTANT -> data = data.plus(bytes);
        case STATE -> state = state.plus(bytes);
        case WORKSPACE, CHOICES -> shared = shared.plus(bytes);
        case SCRATCH, ALIGNED -> scratch = scratch.plus(bytes);
      }
    }
    return new PlanMemory(data, state, shared, scratch);
  }

  private static long bytes(ArraySlot slot) {
    return switch (slot.dtype()) {
      case F64, I64 -> Long.BYTES;
      case F32, I32 -> Integer.BYTES;
      case BOOL -> 1;
    };
  }

  /// The bytes of everything, run by so many threads, for the values of all symbols.
  public long total(Map<String, Long> sizes, int threads) {
    return data.evaluate(sizes) + state.evaluate(sizes) + peak(sizes, threads);
  }

  /// The bytes of workspace and scratch, run by so many threads: what a run needs for a while.
  public long peak(Map<String, Long> sizes, int threads) {
    return shared.evaluate(sizes) + scratch.evaluate(sizes) * threads;
  }

  /// `2.31 MB of arrays, 0.52 MB of them for intermediate values` at these sizes.
  public String summary(Map<String, Long> sizes, int threads) {
    return String.format(Locale.ROOT,
        "%.2f MB of arrays, %.2f MB of them for intermediate values", total(sizes, threads) / MEGA,
        peak(sizes, threads) / MEGA);
  }

  /// Bytes, as formulas in the symbols.
  @Override
  public String toString() {
    return "bytes: data " + data + ", state " + state + ", workspace " + shared
        + ", scratch of each thread " + scratch;
  }
}
