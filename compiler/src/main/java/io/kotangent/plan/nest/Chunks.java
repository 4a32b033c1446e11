package io.kotangent.plan.nest;

import io.kotangent.ir.Basic;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.function.Consumer;

/// The chunks of a sum. Each is summed for itself, and their totals are joined left to right: that of the first chunk sets the
/// sum, those of later ones are added (a clause of the numerics contract).
public final class Chunks {
  private final NestBuilder nest;
  private final Value length;
  private final Value size;
  private final Value count;

  private Chunks(NestBuilder nest, Value length, Value size, Value count) {
    this.nest = nest;
    this.length = length;
    this.size = size;
    this.count = count;
  }

  /// Those of a sequential sum: whole steps of the outermost summed label, as many as make at most [SumOrder#CHUNK] elements,
  /// at least one.
  ///
  /// @param summed how many steps the summed labels have, the outermost first
  public static Chunks of(NestBuilder nest, List<Dim> summed) {
    Value outermost = nest.dim(summed.getFirst());
    Value steps = steps(nest, summed.subList(1, summed.size()));
    return new Chunks(nest, outermost, steps, count(nest, outermost, steps));
  }

  /// How many steps of the outermost label make a chunk, if each has so many elements.
  public static int steps(long inner) {
    return (int) Math.max(1, SumOrder.CHUNK / Math.max(1, inner));
  }

  private static Value steps(NestBuilder nest, List<Dim> inner) {
    Dim size = Dim.ONE;
    for (Dim dim : inner) {
      size = size.times(dim);
    }
    if (size.isConstant()) {
      return Value.i32(steps(size.constant()));
    }
    Value atLeastOne = nest.let(Value.apply(Basic.MAX, nest.dim(size), Value.i32(1)));
    Value steps = nest.let(Value.apply(Basic.DIV, Value.i32(SumOrder.CHUNK), atLeastOne));
    return nest.let(Value.apply(Basic.MAX, steps, Value.i32(1)));
  }

  private static Value count(NestBuilder nest, Value outermost, Value steps) {
    if (NestBuilder.isConstant(steps) && NestBuilder.isConstant(outermost)) {
      int size = NestBuilder.intOf(steps);
      return Value.i32((NestBuilder.intOf(outermost) + size - 1) / size);
    }
    Value rounded = nest.plus(outermost, nest.minus(steps, Value.i32(1)));
    return nest.let(Value.apply(Basic.DIV, rounded, steps));
  }

  /// The same, but a sum of nothing is one empty chunk: something has to store the zeros.
  public Chunks atLeastOne() {
    Value most = isConstant() ? Value.i32(Math.max(1, NestBuilder.intOf(count)))
        : nest.let(Value.apply(Basic.MAX, count, Value.i32(1)));
    return new Chunks(nest, length, size, most);
  }

  private boolean isConstant() {
    return NestBuilder.isConstant(count);
  }

  /// Whether there is never more than one, which is then all there is to sum.
  public boolean isOne() {
    return isConstant() && NestBuilder.intOf(count) <= 1;
  }

  /// Goes through them from left to right.
  public void each(Consumer<Chunk> body) {
    nest.loop("c", Value.i32(0), count, 1, false,
        c -> body.accept(new Chunk(this, c, nest.times(c, size))));
  }

  /// Goes through those of one label, all but the last of a known size.
  ///
  /// @param length how many steps the label has
  public static void each(NestBuilder nest, Value length, int size, Consumer<Chunk> body) {
    Chunks chunks = new Chunks(nest, length, Value.i32(size), length);
    nest.loop("c", Value.i32(0), length, size, false, c -> body.accept(new Chunk(chunks, c, c)));
  }

  /// Ends chunks of a known size, where blocks of which they are made end.
  ///
  /// @param end where a block ends
  /// @param length where the last one does
  /// @param body ends a chunk, and is told whether it is the first one
  public static void atEnds(NestBuilder nest, Value end, Value length, int size,
      Consumer<Value> body) {
    Value full = Value.apply(Basic.EQ, Value.apply(Basic.REM, end, Value.i32(size)), Value.i32(0));
    Value last = Value.apply(Basic.EQ, end, length);
    nest.when(Value.apply(Basic.OR, full, last),
        () -> body.accept(Value.apply(Basic.LE, end, Value.i32(size))), () -> {
        });
  }

  /// A chunk, and where it begins.
  ///
  /// @param place zero for the first one
  public record Chunk(Chunks all, Value place, Value from) {
    /// Where it ends: computed where it is asked for first.
    public Value to() {
      return all.nest.min(all.length, all.nest.plus(from, all.size));
    }

    /// How many steps it has.
    public Value length() {
      boolean equal = all.isConstant() && NestBuilder.intOf(all.length) > 0
          && NestBuilder.intOf(all.length) % NestBuilder.intOf(all.size) == 0;
      return equal ? all.size : all.nest.minus(to(), from);
    }

    public Value isFirst() {
      return Value.apply(Basic.EQ, place, Value.i32(0));
    }

    /// Sets the sum where this is the first chunk, and adds to it where it is another.
    public void join(Runnable set, Runnable add) {
      all.nest.when(isFirst(), set, add);
    }

    /// Does something for all chunks but the first, which is summed where the sum is to be.
    public void afterFirst(Runnable body) {
      all.nest.when(Value.apply(Basic.LT, Value.i32(0), place), body, () -> {
        // these are the totals
      });
    }

    /// Sums the chunk in variables of its own, side by side, and joins them to those of the sums.
    ///
    /// @param basic what joins two of them
    /// @param nothing what each of them starts from
    /// @param body takes the elements of the chunk into its variables
    public void sum(Basic basic, Value nothing, List<Local> sums, Consumer<List<Local>> body) {
      List<Local> totals = sums.stream().map(_ -> all.nest.variable(nothing)).toList();
      body.accept(totals);
      join(() -> {
        for (int i = 0; i < sums.size(); i++) {
          all.nest.set(sums.get(i), Value.ref(totals.get(i)));
        }
      }, () -> {
        for (int i = 0; i < sums.size(); i++) {
          all.nest.set(sums.get(i),
              Value.apply(basic, Value.ref(sums.get(i)), Value.ref(totals.get(i))));
        }
      });
    }
  }
}
