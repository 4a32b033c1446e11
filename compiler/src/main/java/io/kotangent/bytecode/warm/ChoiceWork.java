package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.LateKernel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// How much work the choices of a program are at some sizes, in picoseconds, about. What C2 compiles is a kernel, for all that call
/// it: the layers of a deep network are each little of the whole, and one kernel.
public final class ChoiceWork {
  /// Kernels with less than such a part of all are not worth the time of C2.
  private static final long LITTLE = 300;

  /// For sizes that no call has.
  public static final ChoiceWork NONE = new ChoiceWork(new int[] {-1}, new long[0], new long[0]);

  private final int[] sizes;
  private final long[] each;
  private final long[] ofKernels;
  private final long all;

  private ChoiceWork(int[] sizes, long[] each, long[] ofKernels) {
    this.sizes = sizes;
    this.each = each;
    this.ofKernels = ofKernels;
    long sum = 0;
    for (long one : each) {
      sum += one;
    }
    this.all = sum;
  }

  /// @param symbols the names of the sizes
  public static ChoiceWork of(Choice[] choices, List<String> symbols, int[] sizes) {
    Map<String, Long> known = new HashMap<>();
    for (int i = 0; i < sizes.length; i++) {
      known.put(symbols.get(i), (long) sizes[i]);
    }
    long[] each = new long[choices.length];
    Map<LateKernel, Long> kernels = new IdentityHashMap<>();
    for (int i = 0; i < each.length; i++) {
      if (choices[i].fits(sizes)) {
        for (Choice.Way way : choices[i].simd()) {
          long work = Choice.work(way, known);
          each[i] += work;
          kernels.merge(way.kernel(), work, Long::sum);
        }
      }
    }
    long[] ofKernels = new long[choices.length];
    for (int i = 0; i < each.length; i++) {
      ofKernels[i] = choices[i].simd().stream().map(Choice.Way::kernel).distinct()
          .mapToLong(kernel -> kernels.getOrDefault(kernel, 0L)).sum();
    }
    return new ChoiceWork(sizes.clone(), each, ofKernels);
  }

  public boolean isFor(int[] others) {
    return Arrays.equals(sizes, others);
  }

  public long of(int choice) {
    return each[choice];
  }

  /// All calls of the kernels of a choice, here and elsewhere in the program.
  public long ofKernels(int choice) {
    return ofKernels[choice];
  }

  public boolean isLittle(int choice) {
    return ofKernels[choice] * LITTLE < all;
  }
}
