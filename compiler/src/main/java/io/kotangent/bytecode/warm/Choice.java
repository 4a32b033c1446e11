package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.LateKernel;
import io.kotangent.bytecode.load.SimdState;
import io.kotangent.plan.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Two ways of a program to the same bits, SIMD code or plain loops, and whether the first may be taken.
public final class Choice {
  /// A step and its kernel.
  ///
  /// @param reach how many elements of each array calls that try it come to, at most; empty if the arrays are small
  public record Way(Step.Run step, LateKernel kernel, List<Long> reach) {
    public Way {
      reach = List.copyOf(reach);
    }
  }

  /// A size that is at least so large.
  ///
  /// @param symbol its place among the sizes that programs are called with
  record Least(int symbol, int rows) {
    boolean holds(int[] sizes) {
      return sizes[symbol] >= rows;
    }
  }

  private static final long PLAIN_FIRST_NANOS = 50_000_000;
  private static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;
  /// Of so many picoseconds, even one run of plain loops is long before they are compiled.
  public static final long MUCH = 2_000_000_000L;

  private static final long USUAL = 16;

  private final List<Way> simd;
  private final List<Way> plain;
  private final List<Least> least;
  private final List<Least> others;
  private long firstWanted;
  private long judged;
  private boolean asked;
  private long pause = PLAIN_FIRST_NANOS;
  private volatile long cost;
  private volatile LongSupplier runs = () -> 0;

  /// @param simd the steps of the first way whose kernels have SIMD code
  /// @param plain the steps of the last way, if the second chooses again
  /// @param least what the first way needs
  /// @param others what a choice before this needs: if it holds, this one does not matter
  Choice(List<Way> simd, List<Way> plain, List<Least> least, List<Least> others) {
    this.simd = List.copyOf(simd);
    this.plain = List.copyOf(plain);
    this.least = List.copyOf(least);
    this.others = List.copyOf(others);
  }

  /// What a size that is not known may be: what the first way needs, if that is much; of one that is at least so large, a
  /// choice before this takes care.
  long usualSize() {
    return usualSize(least, others);
  }

  static long usualSize(List<Least> least, List<Least> others) {
    long needed = least.stream().mapToLong(Least::rows).max().orElse(0);
    return others.isEmpty() ? Math.max(USUAL, needed) : 1;
  }

  public List<Way> simd() {
    return simd;
  }

  List<Way> plain() {
    return plain;
  }

  /// Whether these are the sizes that the SIMD code is for. (Asked before runs, and so without anything allocated.)
  public boolean fits(int[] sizes) {
    return holds(least, sizes) && (others.isEmpty() || !holds(others, sizes));
  }

  private static boolean holds(List<Least> needs, int[] sizes) {
    for (int i = 0; i < needs.size(); i++) {
      if (!needs.get(i).holds(sizes)) {
        return false;
      }
    }
    return true;
  }

  /// The picoseconds that one of the ways takes, about.
  ///
  /// @param sizes those that are known, by their names
  static long work(Way way, Map<String, Long> sizes) {
    return SampleInts.work(way.step(), sizes, USUAL);
  }

  /// Whether the SIMD code may still be asked for: it was not yet, and the sizes are not like others at which it was not worth it.
  public synchronized boolean isOpen(int[] sizes) {
    return !asked && sum(sizes) >= 2 * judged;
  }

  /// Whether it is time to ask for the SIMD code: once, when plain loops have run for a while, since before, the compilers have
  /// enough to do with these; if it is much work, after one run, which needs the processors for itself.
  public synchronized boolean isDue(int[] sizes, long work, boolean little) {
    long now = System.nanoTime();
    boolean first = firstWanted == 0;
    firstWanted = first ? now : firstWanted;
    boolean early = work > MUCH && pause == PLAIN_FIRST_NANOS;
    boolean due = !first && (early || now - firstWanted > pause);
    if (due && little) {
      judged = Math.max(1, sum(sizes));
    }
    boolean ask = due && !little && !asked;
    asked |= ask;
    return ask;
  }

  /// Nobody has taken it up, for want of a thread or of memory: it asks again after a pause, which is longer each time.
  public synchronized void askLater() {
    asked = false;
    firstWanted = System.nanoTime();
    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
  }

  /// @param counter how often its program has run so far
  public void countRuns(LongSupplier counter) {
    runs = counter;
  }

  /// Sets what a run takes where the SIMD code would be taken, in any unit.
  public void costs(long each) {
    cost = each;
  }

  /// What all runs so far have taken.
  long spent() {
    return cost * runs.getAsLong();
  }

  private static long sum(int[] sizes) {
    long sum = 0;
    for (int size : sizes) {
      sum += size;
    }
    return sum;
  }

  public boolean isWarm() {
    for (int i = 0; i < simd.size(); i++) {
      if (!simd.get(i).kernel().isReady()) {
        return false;
      }
    }
    return true;
  }

  /// What was measured of the kernel with SIMD code, if it is one, the last time it was tried.
  public Optional<SimdState.Measured> measured() {
    return simd.size() == 1 ? simd.getFirst().kernel().ifLoaded()
        .flatMap(loaded -> loaded.simd().measured()) : Optional.empty();
  }
}
