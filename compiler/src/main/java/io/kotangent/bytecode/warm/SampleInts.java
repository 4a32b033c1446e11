package io.kotangent.bytecode.warm;

import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The int arguments of the calls that try a kernel: one part of what threads share, or nothing.
///
/// @param sizes what symbols are taken for
/// @param some for one grain
/// @param odd for a little more
/// @param none for nothing; where its SIMD code would not be called then, for a grain of little
/// @param work the picoseconds of some, about
/// @param whole how many times that is the whole
record SampleInts(Map<String, Long> sizes, int[] some, int[] odd, int[] none, long work,
    double whole) {
  /// What a size is taken to be that is not known and not shared by threads, if even a call with nothing to do works on
  /// all of it.
  private static final long SMALL = 2;

  /// @param size what every size is taken to be that is not known
  static SampleInts of(Step.Run step, long size) {
    boolean idles = step.share().asParts().isPresent()
        && step.kernel().body().stream().allMatch(SampleInts::isReached);
    Map<String, Long> usual = sizes(step, size, idles ? size : Math.min(size, SMALL));
    Map<String, Long> sizes = enough(step, usual);
    int[] some = step.ints().stream().mapToInt(dim -> Math.toIntExact(dim.evaluate(sizes)))
        .toArray();
    int[] odd = some.clone();
    int[] none = idles ? some.clone() : nothing(step, sizes, some);
    long work = 0;
    double times = 1;
    if (step.share().asParts().isPresent()) {
      Step.Share.Parts parts = step.share().asParts().get();
      int to = some.length - 1;
      int from = some[to - 1];
      int all = some[to] - from;
      int little = Math.min(all, parts.grain());
      some[to] = from + little;
      odd[to] = from + Math.min(all, little + 1);
      none[to] = idles ? from : some[to];
      work = little * parts.item().evaluate(sizes);
      times = range(step).evaluate(usual) / (double) Math.max(1, little);
    }
    return new SampleInts(sizes, some, odd, none, work, times);
  }

  /// Between what the int arguments of these calls lie.
  List<Reach.Range> ranges() {
    List<Reach.Range> ranges = new ArrayList<>();
    for (int i = 0; i < some.length; i++) {
      ranges.add(Reach.Range.of(some[i]).or(Reach.Range.of(odd[i])).or(Reach.Range.of(none[i])));
    }
    return ranges;
  }

  /// Whether a call for an empty part comes to it: so does not what a loop over that part has in it, but SIMD code of panels does.
  private static boolean isReached(Stmt stmt) {
    return !(stmt instanceof Stmt.For loop)
        || loop.to() instanceof Value.Const
            && loop.body().stream().anyMatch(Stmt.Lanes.class::isInstance);
  }

  /// Where it cannot be called for an empty part, what it works on is empty, as far as programs say how much that is.
  private static int[] nothing(Step.Run step, Map<String, Long> sizes, int[] some) {
    int[] none = some.clone();
    Set<String> shared = new HashSet<>();
    int own = step.share().asParts().isPresent() ? some.length - 2 : some.length;
    step.ints().subList(own, some.length).forEach(dim -> dim.collectSymbols(shared));
    Map<String, Long> nothing = new HashMap<>(sizes);
    nothing.replaceAll((symbol, size) -> shared.contains(symbol) ? size : 0);
    for (int i = 0; i < own; i++) {
      none[i] = Math.toIntExact(step.ints().get(i).evaluate(nothing));
    }
    return none;
  }

  /// @param others what sizes are taken to be that say nothing of the range that threads share
  private static Map<String, Long> sizes(Step.Run step, long size, long others) {
    Set<String> symbols = new HashSet<>();
    step.ints().forEach(dim -> dim.collectSymbols(symbols));
    for (Step.Argument argument : step.arguments()) {
      argument.length().collectSymbols(symbols);
      argument.buffer().slot().length().collectSymbols(symbols);
    }
    step.share().asParts().ifPresent(parts -> parts.item().collectSymbols(symbols));
    Map<String, Long> sizes = new HashMap<>();
    symbols.forEach(symbol -> sizes.put(symbol, others));
    if (step.share().asParts().isPresent()) {
      shared(step).forEach(symbol -> sizes.put(symbol, size));
    }
    return sizes;
  }

  /// Sizes at which there is more than one grain to share, if they can be: of less, SIMD code may be no faster, and of just one, no work is
  /// odd.
  static Map<String, Long> enough(Step.Run step, Map<String, Long> usual) {
    Map<String, Long> sizes = new HashMap<>(usual);
    step.share().asParts().ifPresent(parts -> {
      long range = range(step).evaluate(usual);
      if (range > 0 && range <= parts.grain()) {
        shared(step).forEach(
            symbol -> sizes.merge(symbol, (parts.grain() + range) / range, Math::multiplyExact));
      }
    });
    return sizes;
  }

  /// What threads share.
  static Dim range(Step.Run step) {
    return step.ints().getLast().minus(step.ints().get(step.ints().size() - 2));
  }

  /// The sizes that say how much that is.
  private static Set<String> shared(Step.Run step) {
    Set<String> symbols = new HashSet<>();
    range(step).collectSymbols(symbols);
    return symbols;
  }

  /// The picoseconds that a step takes, about, at some sizes.
  ///
  /// @param others what sizes are taken to be that are not known
  static long work(Step.Run step, Map<String, Long> known, long others) {
    if (step.share().asParts().isEmpty()) {
      return 0;
    }
    Dim item = step.share().asParts().get().item();
    Dim range = range(step);
    Set<String> symbols = new HashSet<>();
    item.collectSymbols(symbols);
    range.collectSymbols(symbols);
    Map<String, Long> sizes = new HashMap<>();
    symbols.forEach(symbol -> sizes.put(symbol, known.getOrDefault(symbol, others)));
    return range.evaluate(sizes) * item.evaluate(sizes);
  }
}
