package io.kotangent.dsl;

import java.util.List;
import java.util.function.BiFunction;

/// Three axes.
///
/// @param <A> the first axis
/// @param <B> the second axis
/// @param <C> the last axis
public final class Tensor3<A, B, C> extends Expr<Tensor3<A, B, C>>
    implements EndsInTwo<B, C>, StartsWithTwo<A, B>, BroadcastsTo<EndsInThree<A, B, C>>,
    SpreadsTo<StartsWithThree<A, B, C>> {
  Tensor3(Value value) {
    super(value, 3);
  }

  @Override
  Tensor3<A, B, C> like(Value value) {
    return new Tensor3<>(value);
  }

  /// The product with a matrix: sums over the last axis of this and the first of `other`.
  public <D> Tensor3<A, B, D> matmul(Matrix<C, D> other) {
    return new Tensor3<>(trace().contract("matmul", "abc,cd->abd", value(), other.value()));
  }

  /// A matrix product for each place along A: sums over the last axis of this and the second of `other`.
  public <D> Tensor3<A, B, D> batchMatmul(Tensor3<A, C, D> other) {
    return new Tensor3<>(trace().contract("batchMatmul", "abc,acd->abd", value(), other.value()));
  }

  /// The last two axes exchanged.
  public Tensor3<A, C, B> transpose() {
    return new Tensor3<>(trace().permute(value(), List.of(0, 2, 1)));
  }

  private int at(String what, Object axis, int place) {
    return trace().position(what, axis, place, value());
  }

  /// Along the first axis.
  public Along<Tensor3<A, B, C>, Matrix<B, C>> over(First<A> axis) {
    return new Along<>(value(), List.of(at("over", axis, 0)), Tensor3::new, Matrix::new);
  }

  /// Along the second axis.
  public Along<Tensor3<A, B, C>, Matrix<A, C>> over(Second<B> axis) {
    return new Along<>(value(), List.of(at("over", axis, 1)), Tensor3::new, Matrix::new);
  }

  /// Along the third axis.
  public Along<Tensor3<A, B, C>, Matrix<A, B>> over(Third<C> axis) {
    return new Along<>(value(), List.of(at("over", axis, 2)), Tensor3::new, Matrix::new);
  }

  /// Along the first two axes.
  public Along<Tensor3<A, B, C>, Vector<C>> overAllBut(Third<C> axis) {
    at("overAllBut", axis, 2);
    return new Along<>(value(), List.of(0, 1), Tensor3::new, Vector::new);
  }

  /// eˣ / Σ eˣ along the last axis.
  public Tensor3<A, B, C> softmax() {
    return like(Statistics.softmax(value(), List.of(2)));
  }

  /// The position of the greatest element along the last axis.
  public IdMatrix<A, B, C> argmax(Third<C> axis) {
    return new IdMatrix<>(Layouts.argmax(value(), at("argmax", axis, 2)), value().axis(2));
  }

  /// The softmax cross-entropy of these logits with integer labels; see [Matrix#crossEntropy(Ids)].
  public Matrix<A, B> crossEntropy(IdMatrix<A, B, C> labels) {
    Labels.check("crossEntropy", value(), labels.value(), labels.target());
    return new Matrix<>(Statistics.crossEntropy(value(), labels.value()));
  }

  /// The first axis under another name.
  public <N> Tensor3<N, B, C> renamed(First<A> from, Axis<N> to) {
    return new Tensor3<>(Layouts.renamed(value(), at("renamed", from, 0), to));
  }

  /// The second axis under another name.
  public <N> Tensor3<A, N, C> renamed(Second<B> from, Axis<N> to) {
    return new Tensor3<>(Layouts.renamed(value(), at("renamed", from, 1), to));
  }

  /// The third axis under another name.
  public <N> Tensor3<A, B, N> renamed(Third<C> from, Axis<N> to) {
    return new Tensor3<>(Layouts.renamed(value(), at("renamed", from, 2), to));
  }

  /// The third axis as two, row-major.
  public <M, N> Tensor4<A, B, M, N> split(Third<C> from, Axis<M> first, Axis<N> second) {
    return new Tensor4<>(Layouts.split(value(), at("split", from, 2), first, second));
  }

  /// The last two axes as one, row-major.
  public <N> Matrix<A, N> merged(Second<B> first, Third<C> second, Axis<N> into) {
    at("merged", second, 2);
    return new Matrix<>(Layouts.merged(value(), at("merged", first, 1), into));
  }

  /// The first two axes as one, row-major.
  public <N> Matrix<N, C> merged(First<A> first, Second<B> second, Axis<N> into) {
    at("merged", second, 1);
    return new Matrix<>(Layouts.merged(value(), at("merged", first, 0), into));
  }

  /// A recurrence along the second axis: each step makes the next state of the state and one slice. Its weights are made
  /// once.
  public <S extends Expr<S>> Scan<S> scan(Second<B> axis, S start,
      BiFunction<S, Matrix<A, C>, S> step) {
    Recurrence.Result result = Recurrence.over(value(), at("scan", axis, 1), List.of(start.value()),
        (states, slice) -> List
            .of(step.apply(start.like(states.getFirst()), new Matrix<>(slice)).value()));
    return new Scan<>(start.like(result.last().getFirst()), result.all());
  }

  /// A recurrence along the second axis with two states.
  public <S extends Expr<S>, T extends Expr<T>> Scan<Both<S, T>> scan(Second<B> axis,
      Both<S, T> start,
      BiFunction<Both<S, T>, Matrix<A, C>, Both<S, T>> step) {
    Recurrence.Result result = Recurrence.over(value(), at("scan", axis, 1),
        List.of(start.first().value(), start.second().value()), (states, slice) -> {
          Both<S, T> next = step.apply(both(start, states), new Matrix<>(slice));
          return List.of(next.first().value(), next.second().value());
        });
    return new Scan<>(both(start, result.last()), result.all());
  }

  private static <S extends Expr<S>, T extends Expr<T>> Both<S, T> both(Both<S, T> like,
      List<Value> values) {
    return new Both<>(like.first().like(values.getFirst()), like.second().like(values.getLast()));
  }

  /// A dense layer along the last axis, with parameters as in [Matrix#dense(Axis)].
  public <D> Tensor3<A, B, D> dense(Axis<D> units) {
    return new Tensor3<>(
        Dense.apply(value(), units, Initializer.glorotUniform(), Model.of(trace()).layer("dense")));
  }

  /// Batch normalization for each place along C, over all other axes; see [Layers#batchNorm(double, double)].
  public Tensor3<A, B, C> batchNorm() {
    return like(Normalization.batchNorm(value(), Normalization.MOMENTUM, Normalization.EPSILON));
  }
}
