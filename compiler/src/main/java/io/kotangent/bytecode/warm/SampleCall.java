package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.EntryCall;
import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Calls of one kernel on arrays that all trials share, as a program would call it: with a little to do, or with nothing. It holds them
/// softly: before the process is out of memory they are gone, and the trial is over.
final class SampleCall implements Sample {
  private static final int PICOS = 1000;
  /// How far the estimate of a kernel's time may be off.
  private static final int DOUBT = 4;
  /// Nanoseconds that a call may take besides.
  private static final int CALL = 500;

  private record Arguments(Object[] some, Object[] odd, Object[] none, int generation) {
  }

  private final Consumer<Object[]> run;
  private final Step.Run step;
  private final long[] lengths;
  private final SampleInts ints;
  private final SampleArrays memory;
  private SoftReference<Arguments> arguments;

  /// @param size what every size is taken to be that is not known
  /// @param memory where its arrays come from
  SampleCall(Choice.Way way, long size, SampleArrays memory) {
    this.step = way.step();
    this.memory = memory;
    this.ints = SampleInts.of(step, size);
    this.lengths = lengths(step, ints);
    for (int i = 0; i < way.reach().size(); i++) {
      lengths[i] = Math.min(lengths[i], way.reach().get(i));
    }
    this.run = EntryCall.of(way.kernel().get().type());
    this.arguments = new SoftReference<>(newArguments());
  }

  /// How many elements each argument has in a program.
  static long[] lengths(Step.Run step, SampleInts ints) {
    long[] lengths = new long[step.arguments().size()];
    for (int i = 0; i < lengths.length; i++) {
      Step.Argument argument = step.arguments().get(i);
      Dim length = step.kernel().arrays().get(i).whole() ? argument.buffer().slot().length()
          : argument.length();
      lengths[i] = length.evaluate(ints.sizes());
    }
    return lengths;
  }

  private Arguments newArguments() {
    List<Object> arrays = memory.of(step, lengths);
    return new Arguments(with(arrays, ints.some()), with(arrays, ints.odd()),
        with(arrays, ints.none()), memory.generation());
  }

  private Object[] with(List<Object> arrays, int[] last) {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      ArrayParam param = step.kernel().arrays().get(i);
      all.add(arrays.get(i));
      if (!param.whole()) {
        all.add(0);
      }
    }
    for (int value : last) {
      all.add(value);
    }
    return all.toArray();
  }

  /// Made anew if another kernel needed longer arrays meanwhile.
  private Arguments arguments() {
    Arguments now = arguments.get();
    if (now == null) {
      throw new OutOfMemoryError("the program needs the memory of the trial");
    }
    if (now.generation() != memory.generation()) {
      now = newArguments();
      arguments = new SoftReference<>(now);
    }
    return now;
  }

  @Override
  public void odd() {
    run.accept(arguments().odd());
  }

  @Override
  public long timed() {
    Object[] some = arguments().some();
    long start = System.nanoTime();
    run.accept(some);
    return System.nanoTime() - start;
  }

  @Override
  public void none() {
    run.accept(arguments().none());
  }

  @Override
  public long expected() {
    return CALL + DOUBT * ints.work() / PICOS;
  }

  @Override
  public double whole() {
    return ints.whole();
  }
}
