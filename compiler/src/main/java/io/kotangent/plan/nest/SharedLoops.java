package io.kotangent.plan.nest;

import io.kotangent.ir.Basic;
import io.kotangent.loop.Value;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Nested loops over axes that threads can share: each takes a part of the outermost loop or, when that may be
/// short, of the outer two seen as one. What is computed for different indices must not meet in any array but
/// scratch.
public final class SharedLoops {
  /// So many steps are enough for threads to share a loop alone.
  public static final int MANY = 256;

  private SharedLoops() {
  }

  /// Two nested loops seen as one: for each i: for (j = max(0, from − i·n) … min(n, to − i·n)), where [from, to) is a part of
  /// [0, m·n).
  ///
  /// @param size n
  public record Pair(NestBuilder nest, NestBuilder.Span part, Value size) {
    /// @param item picoseconds for one step of the inner loop, about
    public static Pair of(NestBuilder nest, Dim outer, Dim inner, Dim item) {
      return new Pair(nest, nest.parallel(Dim.ZERO, outer.times(inner), 1, item),
          nest.dim(inner));
    }

    public NestBuilder.Span outer() {
      Value divisor =
          NestBuilder.isConstant(size) ? Value.i32(Math.max(1, NestBuilder.intOf(size)))
              : nest.let(Value.apply(Basic.MAX, size, Value.i32(1)));
      Value first = nest.let(Value.apply(Basic.DIV, part.from(), divisor));
      Value end = nest.plus(
          nest.let(Value.apply(Basic.DIV, nest.minus(part.to(), Value.i32(1)), divisor)),
          Value.i32(1));
      return new NestBuilder.Span(first, end, false);
    }

    public NestBuilder.Span inner(Value i) {
      Value before = nest.times(i, size);
      Value from =
          nest.let(Value.apply(Basic.MAX, Value.i32(0), nest.minus(part.from(), before)));
      return new NestBuilder.Span(from, nest.min(size, nest.minus(part.to(), before)), false);
    }
  }

  /// @param work picoseconds for one index, about
  public static void over(NestBuilder nest, List<Dim> dims, Dim work,
      Consumer<List<Value>> inside) {
    if (dims.isEmpty()) {
      inside.accept(List.of());
      return;
    }
    ranges(nest, dims, 1, work,
        (index, last) -> nest.loop("i", last.from(), last.to(), 1, false,
            i -> inside.accept(with(index, i))));
  }

  /// Leaves the loop over the last axis to `inside`: it gets the indices along the others, and the range.
  ///
  /// @param grain of how many indices along the last axis a part should be a multiple
  /// @param work picoseconds for one index along all axes, about
  public static void ranges(NestBuilder nest, List<Dim> dims, int grain, Dim work,
      BiConsumer<List<Value>, NestBuilder.Span> inside) {
    int last = dims.size() - 1;
    int first = 0;
    while (first < last && dims.get(first).is(1)) {
      first++;
    }
    List<Value> index = new ArrayList<>();
    for (int i = 0; i < first; i++) {
      index.add(Value.i32(0));
    }
    Dim outer = dims.get(first);
    Dim item = times(work, dims.subList(first + 1, dims.size()));
    if (first == last) {
      inside.accept(index, nest.parallel(Dim.ZERO, outer, grain, item));
    } else if (outer.isConstant() && outer.constant() >= MANY) {
      NestBuilder.Span part = nest.parallel(Dim.ZERO, outer, 1, item);
      nest.loop("i", part.from(), part.to(), 1, false, i -> {
        List<Value> at = with(index, i);
        NestBuilder.Span whole = whole(nest, dims.get(at.size()));
        rest(nest, dims, at, whole, inside);
      });
    } else {
      folded(nest, dims, index, times(work, dims.subList(first + 2, dims.size())), inside);
    }
  }

  private static Dim times(Dim work, List<Dim> dims) {
    Dim product = work;
    for (Dim dim : dims) {
      product = product.times(dim);
    }
    return product;
  }

  private static void folded(NestBuilder nest, List<Dim> dims, List<Value> index, Dim item,
      BiConsumer<List<Value>, NestBuilder.Span> inside) {
    Pair pair = Pair.of(nest, dims.get(index.size()), dims.get(index.size() + 1), item);
    NestBuilder.Span outer = pair.outer();
    nest.loop("i", outer.from(), outer.to(), 1, false,
        i -> rest(nest, dims, with(index, i), pair.inner(i), inside));
  }

  /// The loops from the axis after those of `index` on; that one over a range.
  private static void rest(NestBuilder nest, List<Dim> dims, List<Value> index,
      NestBuilder.Span range, BiConsumer<List<Value>, NestBuilder.Span> inside) {
    if (index.size() == dims.size() - 1) {
      inside.accept(index, range);
      return;
    }
    nest.loop("i", range.from(), range.to(), 1, false, i -> {
      List<Value> at = with(index, i);
      rest(nest, dims, at, whole(nest, dims.get(at.size())), inside);
    });
  }

  private static NestBuilder.Span whole(NestBuilder nest, Dim size) {
    return new NestBuilder.Span(Value.i32(0), nest.dim(size), true);
  }

  private static List<Value> with(List<Value> index, Value more) {
    List<Value> longer = new ArrayList<>(index);
    longer.add(more);
    return List.copyOf(longer);
  }

  /// Nested loops that one thread runs, over all of these axes; `index` is what is known of those before.
  public static void nested(NestBuilder nest, List<Dim> dims, List<Value> index,
      Consumer<List<Value>> inside) {
    if (dims.isEmpty()) {
      inside.accept(List.copyOf(index));
      return;
    }
    nest.loop("i", Value.i32(0), nest.dim(dims.getFirst()), 1, false,
        i -> nested(nest, dims.subList(1, dims.size()), with(index, i), inside));
  }
}
