package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.List;

/// A layer, or several, as a value: takes a matrix of any features and gives one of features O. Its weights are made at
/// its first use in a model; later uses in that model share them. Immutable.
///
/// @param <O> the axis of its outputs
public final class Units<O> implements Layer {
  private final List<Step> steps;

  Units(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  List<Step> steps() {
    return steps;
  }

  /// The layer applied to a batch.
  public <A> Matrix<A, O> apply(Matrix<A, ?> x) {
    Value value = x.value();
    for (Step step : steps) {
      value = step.apply(value);
    }
    return new Matrix<>(value);
  }

  /// These layers, then others.
  public <P> Units<P> then(Units<P> next) {
    List<Step> all = new ArrayList<>(steps);
    all.addAll(next.steps);
    return new Units<>(all);
  }

  /// These layers, then one that keeps the axes.
  public Units<O> then(Same next) {
    return with(next.step());
  }

  private Units<O> with(Step step) {
    List<Step> all = new ArrayList<>(steps);
    all.add(step);
    return new Units<>(all);
  }

  private Units<O> with(ScalarFn fn) {
    return with(x -> x.trace().map(fn, x));
  }

  /// Then max(x, 0).
  public Units<O> relu() {
    return with(ScalarFn.RELU);
  }

  /// Then the sigmoid.
  public Units<O> sigmoid() {
    return with(ScalarFn.SIGMOID);
  }

  /// Then the hyperbolic tangent.
  public Units<O> tanh() {
    return with(ScalarFn.TANH);
  }

  /// Then log(1 + eˣ).
  public Units<O> softplus() {
    return with(ScalarFn.SOFTPLUS);
  }

  /// Then x or slope · x; see [Expr#leakyRelu(double)].
  public Units<O> leakyRelu(double slope) {
    return with(x -> Activations.leakyRelu(x, slope));
  }

  /// Then a leaky ReLU with a trained slope; see [Expr#prelu()]. Every use trains a slope of its own.
  public Units<O> prelu() {
    return with(x -> new Matrix<>(x).prelu().value());
  }

  /// Then the ELU; see [Expr#elu(double)].
  public Units<O> elu(double alpha) {
    return with(x -> Activations.elu(x, alpha));
  }

  /// Then the GELU; see [Expr#gelu()].
  public Units<O> gelu() {
    return with(Activations::gelu);
  }

  /// Then x · σ(x).
  public Units<O> swish() {
    return with(x -> new Matrix<>(x).swish().value());
  }

  /// Then the softmax along the outputs. A [cross-entropy][Matrix#crossEntropy(Ids)] takes logits: leave it out there.
  public Units<O> softmax() {
    return with(x -> Statistics.softmax(x, List.of(x.rank() - 1)));
  }

  /// Then dropout; see [Expr#dropout(double)].
  public Units<O> dropout(double rate) {
    return then(Layers.dropout(rate));
  }

  /// Then batch normalisation; see [Layers#batchNorm(double, double)].
  public Units<O> batchNorm() {
    return then(Layers.batchNorm());
  }
}
