package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.EntryCall;
import io.kotangent.loop.ArrayParam;
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
import java.util.function.Consumer;

/// Calls of one kernel on arrays of its own, as a program would call it: with a little to do, or with nothing.
final class SampleCall implements Sample {
  /// What a size is taken to be that is not known and not shared by threads, if even a call with nothing to do works on
  /// all of it.
  private static final long SMALL = 2;
  private static final int PICOS = 1000;
  /// How far the estimate of a kernel's time may be off.
  private static final int DOUBT = 4;
  /// Nanoseconds that a call may take besides.
  private static final int CALL = 500;

  private final Consumer<Object[]> run;
  private final Object[] some;
  private final Object[] odd;
  private final Object[] none;
  private final long expected;
  private final double whole;

  /// @param size what every size is taken to be that is not known
  /// @param memory where its arrays come from
  SampleCall(Choice.Way way, long size, SampleArrays memory) {
    Step.Run step = way.step();
    boolean idles = step.share().asParts().isPresent()
        && step.kernel().body().stream().allMatch(SampleCall::isReached);
    Map<String, Long> usual = sizes(step, size, idles ? size : Math.min(size, SMALL));
    Map<String, Long> sizes = enough(step, usual);
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < step.arguments().size(); i++) {
      ArrayParam param = step.kernel().arrays().get(i);
      Step.Argument argument = step.arguments().get(i);
      Dim length = param.whole() ? argument.buffer().slot().length() : argument.length();
      arguments.add(memory.of(argument.buffer().slot(), length.evaluate(sizes)));
      if (!param.whole()) {
        arguments.add(0);
      }
    }
    for (Dim dim : step.ints()) {
      arguments.add(Math.toIntExact(dim.evaluate(sizes)));
    }
    some = arguments.toArray();
    odd = arguments.toArray();
    none = arguments.toArray();
    leaveNothing(step, sizes, idles);
    long work = 0;
    double times = 1;
    if (step.share().asParts().isPresent()) {
      Step.Share.Parts parts = step.share().asParts().get();
      int from = some.length - 2;
      int all = (int) some[from + 1] - (int) some[from];
      int little = Math.min(all, parts.grain());
      some[from + 1] = (int) some[from] + little;
      odd[from + 1] = (int) some[from] + Math.min(all, little + 1);
      none[from + 1] = idles ? none[from] : some[from + 1];
      work = little * parts.item().evaluate(sizes);
      times = range(step).evaluate(usual) / (double) Math.max(1, little);
    }
    whole = times;
    expected = CALL + DOUBT * work / PICOS;
    run = EntryCall.of(way.kernel().get().type());
  }

  /// Whether a call for an empty part comes to it: so does not what a loop over that part has in it, but SIMD code of panels does.
  private static boolean isReached(Stmt stmt) {
    return !(stmt instanceof Stmt.For loop)
        || loop.to() instanceof Value.Const
            && loop.body().stream().anyMatch(Stmt.Lanes.class::isInstance);
  }

  /// Where it cannot be called for an empty part, what it works on is empty, as far as programs say how much that is.
  private void leaveNothing(Step.Run step, Map<String, Long> sizes, boolean idles) {
    if (idles) {
      return;
    }
    Set<String> shared = new HashSet<>();
    int first = none.length - step.ints().size();
    int own = step.share().asParts().isPresent() ? step.ints().size() - 2 : step.ints().size();
    step.ints().subList(own, step.ints().size()).forEach(dim -> dim.collectSymbols(shared));
    Map<String, Long> nothing = new HashMap<>(sizes);
    nothing.replaceAll((symbol, size) -> shared.contains(symbol) ? size : 0);
    for (int i = 0; i < own; i++) {
      none[first + i] = Math.toIntExact(step.ints().get(i).evaluate(nothing));
    }
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

  @Override
  public void odd() {
    run.accept(odd);
  }

  @Override
  public long timed() {
    long start = System.nanoTime();
    run.accept(some);
    return System.nanoTime() - start;
  }

  @Override
  public void none() {
    run.accept(none);
  }

  @Override
  public long expected() {
    return expected;
  }

  @Override
  public double whole() {
    return whole;
  }
}
