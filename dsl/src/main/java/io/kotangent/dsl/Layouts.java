package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.List;

/// Operations that move or rename axes.
final class Layouts {
  private Layouts() {
  }

  static Value renamed(Value x, int place, Axis<?> to) {
    Extent wanted = Extent.of(to);
    Dim size = x.axis(place).size();
    if (wanted.size().isConstant() && size.isConstant() && !wanted.size().equals(size)) {
      throw new ShapeException(
          "renamed: axis '" + x.axis(place).name() + "' is " + size + x.madeAt()
              + " and cannot become '" + to.name() + "' of " + wanted.size() + x.trace().usedAt());
    }
    List<Extent> axes = new ArrayList<>(x.axes());
    axes.set(place, new Extent(wanted.name(), size));
    return x.trace().relabel(x, axes);
  }

  static Value split(Value x, int place, Axis<?> first, Axis<?> second) {
    Dim product = first.extent().times(second.extent());
    Dim size = x.axis(place).size();
    if (product.isConstant() && size.isConstant() && !product.equals(size)) {
      throw new ShapeException(
          "split: axis '" + x.axis(place).name() + "' is " + size + x.madeAt() + " and not "
              + first.extent() + "·" + second.extent() + " of '" + first.name() + "' and '"
              + second.name() + "'"
              + x.trace().usedAt());
    }
    List<Extent> axes = new ArrayList<>(x.axes());
    axes.set(place, Extent.of(first));
    axes.add(place + 1, Extent.of(second));
    return x.trace().reshape(x, axes);
  }

  /// Joins the axes `place` and `place + 1`.
  static Value merged(Value x, int place, Axis<?> into) {
    Dim product = x.axis(place).size().times(x.axis(place + 1).size());
    if (into.extent().isConstant() && product.isConstant() && !product.equals(into.extent())) {
      throw new ShapeException("merged: axes " + Extent.text(x.axes().subList(place, place + 2))
          + x.madeAt() + " make "
          + product + " and not '" + into.name() + "' of " + into.extent() + x.trace().usedAt());
    }
    List<Extent> axes = new ArrayList<>(x.axes());
    axes.remove(place + 1);
    axes.set(place, new Extent(into.name(), product));
    return x.trace().reshape(x, axes);
  }

  /// At most so many elements at the start, or the end, of each of the axes.
  static Value end(String what, Value x, List<Integer> places, int most, boolean last) {
    if (most < 0) {
      throw new ShapeException(
          what + ": expected 0 elements or more, got " + most + x.trace().usedAt());
    }
    List<Extent> axes = new ArrayList<>(x.axes());
    List<Dim> starts = new ArrayList<>();
    List<Dim> limits = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      Extent axis = x.axis(i);
      Dim length = places.contains(i) ? axis.size().min(Dim.of(most)) : axis.size();
      axes.set(i, axis.resized(length));
      starts.add(last ? axis.size().minus(length) : Dim.ZERO);
      limits.add(last ? axis.size() : length);
      strides.add(1);
    }
    Op slice = new Op.Slice(starts, limits, strides);
    return x.trace().node(builder -> builder.add(slice, x.node()), axes, x);
  }

  static Value argmax(Value x, int place) {
    return x.trace().reduce(Op.Reduction.ARGMAX, x, List.of(place));
  }
}
