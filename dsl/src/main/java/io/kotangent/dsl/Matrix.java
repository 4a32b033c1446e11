package io.kotangent.dsl;

import io.kotangent.ir.Op;
import java.util.List;

/// Two axes.
///
/// @param <A> the first axis, often a batch
/// @param <B> the last axis, often features
public final class Matrix<A, B> extends Expr<Matrix<A, B>>
    implements EndsIn<B>, StartsWith<A>, BroadcastsTo<EndsInTwo<A, B>>,
    SpreadsTo<StartsWithTwo<A, B>> {
  Matrix(Value value) {
    super(value, 2);
  }

  @Override
  Matrix<A, B> like(Value value) {
    return new Matrix<>(value);
  }

  /// The matrix product: sums over the last axis of this and the first of `other`.
  public <C> Matrix<A, C> matmul(Matrix<B, C> other) {
    return new Matrix<>(trace().contract("matmul", "ab,bc->ac", value(), other.value()));
  }

  /// The product with a vector: sums over the last axis.
  public Vector<A> dot(Vector<B> vector) {
    return new Vector<>(trace().contract("dot", "ab,b->a", value(), vector.value()));
  }

  /// The axes exchanged.
  public Matrix<B, A> transpose() {
    return new Matrix<>(trace().permute(value(), List.of(1, 0)));
  }

  /// Along the first axis.
  public Along<Matrix<A, B>, Vector<B>> over(First<A> axis) {
    return new Along<>(value(), List.of(trace().position("over", axis, 0, value())), Matrix::new,
        Vector::new);
  }

  /// Along the second axis.
  public Along<Matrix<A, B>, Vector<A>> over(Second<B> axis) {
    return new Along<>(value(), List.of(trace().position("over", axis, 1, value())), Matrix::new,
        Vector::new);
  }

  /// eˣ / Σ eˣ along the last axis.
  public Matrix<A, B> softmax() {
    return like(Statistics.softmax(value(), List.of(1)));
  }

  /// log(eˣ / Σ eˣ) along the last axis.
  public Matrix<A, B> logSoftmax() {
    return like(Statistics.logSoftmax(value(), List.of(1)));
  }

  /// For each place along A the position of the greatest element along B (the lowest of equal ones; the first NaN).
  public Ids<A, B> argmax(Second<B> axis) {
    return new Ids<>(Layouts.argmax(value(), trace().position("argmax", axis, 1, value())),
        value().axis(1));
  }

  /// The softmax cross-entropy of these logits with integer labels, one number for each place along A: −log softmax(x) at
  /// the label, finite for all finite logits.
  public Vector<A> crossEntropy(Ids<A, B> labels) {
    Labels.check("crossEntropy", value(), labels.value(), labels.target());
    return new Vector<>(Statistics.crossEntropy(value(), labels.value()));
  }

  /// The rows at these positions, such as the embedding of each token.
  public <N> Matrix<N, B> gather(Ids<N, A> positions) {
    return new Matrix<>(Labels.rows(value(), positions.value(), positions.target()));
  }

  /// The rows at these positions.
  public <M, N> Tensor3<M, N, B> gather(IdMatrix<M, N, A> positions) {
    return new Tensor3<>(Labels.rows(value(), positions.value(), positions.target()));
  }

  /// For each place along A the element at its position along B.
  public Vector<A> pick(Ids<A, B> positions) {
    Labels.check("pick", value(), positions.value(), positions.target());
    return new Vector<>(
        trace().node(b -> b.add(new Op.Gather(1, 1), node(), positions.value().node()),
            positions.value().axes(), value(), positions.value()));
  }

  /// The first axis under another name.
  public <N> Matrix<N, B> renamed(First<A> from, Axis<N> to) {
    return new Matrix<>(
        Layouts.renamed(value(), trace().position("renamed", from, 0, value()), to));
  }

  /// The second axis under another name.
  public <N> Matrix<A, N> renamed(Second<B> from, Axis<N> to) {
    return new Matrix<>(
        Layouts.renamed(value(), trace().position("renamed", from, 1, value()), to));
  }

  /// The first axis as two, row-major.
  public <M, N> Tensor3<M, N, B> split(First<A> from, Axis<M> first, Axis<N> second) {
    return new Tensor3<>(
        Layouts.split(value(), trace().position("split", from, 0, value()), first, second));
  }

  /// The second axis as two, row-major.
  public <M, N> Tensor3<A, M, N> split(Second<B> from, Axis<M> first, Axis<N> second) {
    return new Tensor3<>(
        Layouts.split(value(), trace().position("split", from, 1, value()), first, second));
  }

  /// A dense layer: `x·w + b` with new parameters `dense1.w` (Glorot uniform) and `dense1.b` (zero); layers are numbered
  /// in their scope.
  public <C> Matrix<A, C> dense(Axis<C> units) {
    return dense(units, Initializer.glorotUniform());
  }

  /// A dense layer with another start for its weights.
  public <C> Matrix<A, C> dense(Axis<C> units, Initializer weights) {
    return Layers.dense(units, weights).apply(this);
  }

  /// Batch normalization over A with new parameters `batchNorm1.scale`, `batchNorm1.shift` and running statistics; see
  /// [Layers#batchNorm(double, double)].
  public Matrix<A, B> batchNorm() {
    return like(Normalization.batchNorm(value(), Normalization.MOMENTUM, Normalization.EPSILON));
  }
}
