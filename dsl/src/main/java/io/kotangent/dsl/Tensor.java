package io.kotangent.dsl;

import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.List;

/// Any axes, known by name and checked when the model is built. Operators match both sides by name: every axis of the
/// right side must be on the left, in whatever order.
public final class Tensor extends Expr<Tensor> {
  Tensor(Value value) {
    super(value, value.rank());
  }

  @Override
  Tensor like(Value value) {
    return new Tensor(value);
  }

  private List<Integer> places(String what, Axis<?>... axes) {
    List<Integer> places = new ArrayList<>();
    for (Axis<?> axis : axes) {
      places.add(Extent.find(what, axis, value()));
    }
    return places;
  }

  /// Along some axes.
  public Along<Tensor, Tensor> over(Axis<?>... axes) {
    return new Along<>(value(), places("over", axes).stream().sorted().distinct().toList(),
        Tensor::new, Tensor::new);
  }

  /// The sum of products over some axes that both sides have. Other common axes are kept once; the rest follow, those of
  /// this side first.
  public Tensor contract(Tensor other, Axis<?>... summed) {
    List<Integer> gone = places("contract", summed);
    other.places("contract", summed);
    StringBuilder left = new StringBuilder();
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < value().rank(); i++) {
      Extent.find("contract", value().axis(i).name(), value());
      char label = (char) ('a' + i);
      left.append(label);
      kept.append(gone.contains(i) ? "" : label);
    }
    StringBuilder right = new StringBuilder();
    for (int i = 0; i < other.value().rank(); i++) {
      String name = other.value().axis(i).name();
      Extent.find("contract", name, other.value());
      int shared = axisNames().indexOf(name);
      char label = (char) ('a' + (shared >= 0 ? shared : value().rank() + i));
      right.append(label);
      kept.append(shared >= 0 ? "" : label);
    }
    return like(
        trace().contract("contract", left + "," + right + "->" + kept, value(), other.value()));
  }

  /// The axis `from` under another name.
  public Tensor renamed(Axis<?> from, Axis<?> to) {
    return like(Layouts.renamed(value(), Extent.find("renamed", from, value()), to));
  }

  /// The same axes in another order.
  public Tensor permuted(Axis<?>... axes) {
    return like(ordered("permuted", axes));
  }

  private Value ordered(String what, Axis<?>... axes) {
    List<Integer> order = places(what, axes);
    if (order.size() != value().rank() || order.stream().distinct().count() != order.size()) {
      throw new ShapeException(
          what + ": expected the axes " + Extent.text(value().axes()) + value().madeAt()
              + ", got " + List.of(axes).stream().map(Axis::name).toList() + trace().usedAt());
    }
    boolean same = order.stream().sorted().toList().equals(order);
    return same ? value() : trace().permute(value(), order);
  }

  /// This tensor of no axes as a [Scalar].
  public Scalar typed() {
    return new Scalar(ordered("typed"));
  }

  /// As a [Vector], checked.
  public <A> Vector<A> typed(Axis<A> a) {
    return new Vector<>(ordered("typed", a));
  }

  /// As a [Matrix] with the axes in that order, checked.
  public <A, B> Matrix<A, B> typed(Axis<A> a, Axis<B> b) {
    return new Matrix<>(ordered("typed", a, b));
  }

  /// As a [Tensor3] with the axes in that order, checked.
  public <A, B, C> Tensor3<A, B, C> typed(Axis<A> a, Axis<B> b, Axis<C> c) {
    return new Tensor3<>(ordered("typed", a, b, c));
  }

  /// As a [Tensor4] with the axes in that order, checked.
  public <A, B, C, D> Tensor4<A, B, C, D> typed(Axis<A> a, Axis<B> b, Axis<C> c, Axis<D> d) {
    return new Tensor4<>(ordered("typed", a, b, c, d));
  }
}
