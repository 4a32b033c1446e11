package io.kotangent.dsl;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Op.Reduction;
import io.kotangent.type.ShapeException;
import java.util.List;
import java.util.function.Function;

/// An expression and the axes of it that are meant: `m.over(hidden).sum()`.
///
/// @param <T> the expression's type
/// @param <R> the type without these axes
public final class Along<T, R> {
  private final Value value;
  private final List<Integer> axes;
  private final Function<Value, T> same;
  private final Function<Value, R> reduced;

  Along(Value value, List<Integer> axes, Function<Value, T> same, Function<Value, R> reduced) {
    this.value = value;
    this.axes = axes;
    this.same = same;
    this.reduced = reduced;
  }

  private R reduce(Reduction kind) {
    return reduced.apply(value.trace().reduce(kind, value, axes));
  }

  /// The sum; 0 over nothing.
  public R sum() {
    return reduce(Reduction.SUM);
  }

  /// The product; 1 over nothing.
  public R product() {
    return reduce(Reduction.PRODUCT);
  }

  /// The greatest; −∞ over nothing, NaN if one is. The gradient goes to the lowest index.
  public R max() {
    return reduce(Reduction.MAX);
  }

  /// The smallest; ∞ over nothing, NaN if one is. The gradient goes to the lowest index.
  public R min() {
    return reduce(Reduction.MIN);
  }

  /// The mean; NaN over nothing.
  public R mean() {
    return reduced.apply(Statistics.mean(value, axes));
  }

  /// The mean squared distance from the mean (divided by n, not n − 1); NaN over nothing.
  public R variance() {
    return reduced.apply(Statistics.variance(value, axes));
  }

  /// The square root of [#variance()]. Where all elements are equal its derivative is 0, unlike that of
  /// `variance().sqrt()`, which is infinite or NaN there; NaN over nothing.
  public R standardDeviation() {
    return reduced.apply(Statistics.standardDeviation(value, axes));
  }

  /// The Euclidean norm, √Σx². Where all elements are 0 its derivative is 0, unlike that of `square().sum().sqrt()`, which is
  /// NaN there; 0 over nothing.
  public R norm() {
    return reduced.apply(Statistics.norm(value, axes));
  }

  /// log Σ eˣ, without overflow.
  public R logSumExp() {
    return reduced.apply(Statistics.logSumExp(value, axes));
  }

  /// eˣ / Σ eˣ, without overflow.
  public T softmax() {
    return same.apply(Statistics.softmax(value, axes));
  }

  /// log(eˣ / Σ eˣ), without overflow.
  public T logSoftmax() {
    return same.apply(Statistics.logSoftmax(value, axes));
  }

  /// The elements from last to first along each of the axes.
  public T reversed() {
    return same.apply(value.trace().node(this::reverse, value.axes(), value));
  }

  /// The sums of all elements so far, along one axis. They are added in f64, so each is the nearest float but for a few last
  /// bits of f64, however many elements there are; so is its gradient.
  public T cumulativeSum() {
    if (axes.size() != 1) {
      throw new ShapeException("cumulativeSum: expected one axis, got " + axes.size() + " of "
          + Extent.text(value.axes())
          + value.madeAt() + value.trace().usedAt());
    }
    return same.apply(Statistics.cumulativeSum(value, axes.getFirst()));
  }

  /// The first elements along each of the axes, at most so many: all, where there are no more.
  ///
  /// @param most 0 or more
  public T first(int most) {
    return same.apply(Layouts.end("first", value, axes, most, false));
  }

  /// The last elements along each of the axes, at most so many: all, where there are no more.
  ///
  /// @param most 0 or more
  public T last(int most) {
    return same.apply(Layouts.end("last", value, axes, most, true));
  }

  private Node reverse(GraphBuilder builder) {
    return builder.add(new Op.Reverse(axes), value.node());
  }
}
