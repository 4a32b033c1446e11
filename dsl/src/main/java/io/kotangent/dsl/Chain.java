package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.List;

/// Layers one after the other, as a value. Weights are made at the first use in a model; later uses in that model share
/// them. Immutable.
///
/// @param <Self> the chain's own type
public abstract sealed class Chain<Self extends Chain<Self>> implements Layer permits Units, Maps {
  private final List<Step> steps;

  Chain(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  final List<Step> steps() {
    return steps;
  }

  /// A chain of the same type.
  abstract Self of(List<Step> all);

  final Value run(Value x) {
    Value value = x;
    for (Step step : steps) {
      value = step.apply(value);
    }
    return value;
  }

  /// These steps, then others.
  final List<Step> joined(List<Step> next) {
    List<Step> all = new ArrayList<>(steps);
    all.addAll(next);
    return all;
  }

  final Self with(Step step) {
    return of(joined(List.of(step)));
  }

  private Self with(ScalarFn fn) {
    return with(x -> x.trace().map(fn, x));
  }

  /// These layers, then one that keeps the axes.
  public Self then(Same next) {
    return with(next.step());
  }

  /// Then max(x, 0).
  public Self relu() {
    return with(ScalarFn.RELU);
  }

  /// Then the sigmoid.
  public Self sigmoid() {
    return with(ScalarFn.SIGMOID);
  }

  /// Then the hyperbolic tangent.
  public Self tanh() {
    return with(ScalarFn.TANH);
  }

  /// Then log(1 + eˣ).
  public Self softplus() {
    return with(ScalarFn.SOFTPLUS);
  }

  /// Then x or slope · x; see [Expr#leakyRelu(double)].
  public Self leakyRelu(double slope) {
    return with(x -> Activations.leakyRelu(x, slope));
  }

  /// Then a leaky ReLU with a trained slope; see [Expr#prelu()]. Every use trains a slope of its own.
  public Self prelu() {
    return with(x -> new Tensor(x).prelu().value());
  }

  /// Then the ELU; see [Expr#elu(double)].
  public Self elu(double alpha) {
    return with(x -> Activations.elu(x, alpha));
  }

  /// Then the GELU; see [Expr#gelu()].
  public Self gelu() {
    return with(Activations::gelu);
  }

  /// Then x · σ(x).
  public Self swish() {
    return with(x -> new Tensor(x).swish().value());
  }

  /// Then the softmax along the outputs. A [cross-entropy][Matrix#crossEntropy(Ids)] takes logits: leave it out there.
  public Self softmax() {
    return with(x -> Statistics.softmax(x, List.of(x.rank() - 1)));
  }

  /// Then dropout; see [Expr#dropout(double)].
  public Self dropout(double rate) {
    return then(Layers.dropout(rate));
  }

  /// Then batch normalization; see [Layers#batchNorm(double, double)].
  public Self batchNorm() {
    return then(Layers.batchNorm());
  }
}
