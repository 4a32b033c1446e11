package io.kotangent.bytecode.warm;

import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The arrays that the samples of all trials of a process work on, one after the other: what is read is all zeros, and one array for all
/// of a type. They are together no larger than a process can spare, and go before it is out of memory. For one thread.
final class SampleArrays {
  /// Such a part of all memory is for trials.
  private static final long PART = 8;

  /// @param number of those of one kernel that are written, or 0
  private record Key(DType dtype, boolean aligned, int number) {
  }

  private record Held(long length, SoftReference<Object> array) {
  }

  private final Map<Key, Held> arrays = new HashMap<>();
  private final long most;
  private int generation;

  SampleArrays() {
    this(Runtime.getRuntime().maxMemory() / PART);
  }

  /// @param most how many bytes there may be
  SampleArrays(long most) {
    this.most = most;
  }

  /// Changes whenever arrays of before are no longer to be used.
  int generation() {
    return generation;
  }

  /// How many bytes there are.
  long bytes() {
    return sum(arrays, Held::length);
  }

  /// For when there is no trial.
  void clear() {
    arrays.clear();
    generation++;
  }

  /// Arrays for a call of a step's kernel.
  ///
  /// @param lengths how long each has to be, at least
  List<Object> of(Step.Run step, long[] lengths) {
    List<Key> keys = keys(step);
    Map<Key, Long> needed = new HashMap<>();
    for (int i = 0; i < lengths.length; i++) {
      needed.merge(keys.get(i), lengths[i], Math::max);
    }
    long bytes = sum(needed, length -> length);
    if (bytes > most) {
      throw new KotangentException("to try a part of it takes " + (bytes >> 10) + " kB of "
          + (most >> 10) + " kB that this process can spare; start Java with a larger -Xmx");
    }
    makeRoom(needed);
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      ArraySlot slot = step.arguments().get(i).buffer().slot();
      all.add(array(keys.get(i), slot, needed.get(keys.get(i))));
    }
    return all;
  }

  private static List<Key> keys(Step.Run step) {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < step.arguments().size(); i++) {
      ArraySlot slot = step.arguments().get(i).buffer().slot();
      boolean read = step.kernel().arrays().get(i).access() == ArrayParam.Access.READ;
      keys.add(new Key(slot.dtype(), slot.kind() == ArraySlot.Kind.ALIGNED, read ? 0 : i + 1));
    }
    return keys;
  }

  /// Drops what is too short, and if there would be too much then, all.
  private void makeRoom(Map<Key, Long> needed) {
    boolean shorter = arrays.entrySet().removeIf(
        each -> each.getValue().length() < needed.getOrDefault(each.getKey(), 0L));
    Map<Key, Long> all = new HashMap<>(needed);
    arrays.forEach((key, held) -> all.put(key, held.length()));
    boolean full = sum(all, length -> length) > most;
    if (full) {
      arrays.clear();
    }
    generation += shorter || full ? 1 : 0;
  }

  private Object array(Key key, ArraySlot slot, long length) {
    Held held = arrays.get(key);
    @Nullable Object known = held == null ? null : held.array().get();
    if (known != null) {
      return known;
    }
    Object fresh = slot.newArray(Math.toIntExact(length));
    arrays.put(key, new Held(length, new SoftReference<>(fresh)));
    return fresh;
  }

  private static <T> long sum(Map<Key, T> lengths, ToLongFunction<T> length) {
    return lengths.entrySet().stream()
        .mapToLong(each -> length.applyAsLong(each.getValue()) * each.getKey().dtype().bytes())
        .sum();
  }
}
