package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;
import java.util.List;

/// A dense layer as a step of a [Units]; its weights are made at its first use in a model and shared by later ones.
record Dense(Axis<?> units, Initializer weights) implements Step {
  @Override
  public Value apply(Value x) {
    Model model = Model.of(x.trace());
    Names.Use use = model.use(this, "dense");
    return use.isFirst() ? apply(x, units, weights, use.name()) : again(model, x, use.name());
  }

  // The identity of a layer decides whether weights are shared, not its contents.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /// The layer with new parameters.
  static Value apply(Value x, Axis<?> units, Initializer weights, String layer) {
    Model model = Model.of(x.trace());
    Extent out = Extent.of(units);
    try (var _ = x.trace().enter(layer)) {
      Value w = model.declared().weight("w", weights, List.of(x.axis(x.rank() - 1), out));
      Value b = model.declared().weight("b", Initializer.zeros(), List.of(out));
      Value y = affine(x, w, b);
      model.summaryTable().add(y, List.of(w, b));
      return y;
    }
  }

  private Value again(Model model, Value x, String full) {
    Extent in = x.axis(x.rank() - 1);
    Extent out = Extent.of(units);
    try (var _ = x.trace().enter(full)) {
      return affine(x, model.declared().parameter(full + ".w", List.of(in, out)),
          model.declared().parameter(full + ".b", List.of(out)));
    }
  }

  /// x·w + b along the last axis.
  private static Value affine(Value x, Value w, Value b) {
    String axes = "abc".substring(0, x.rank() - 1);
    Value product = x.trace().contract("dense", axes + "x,xy->" + axes + "y", x, w);
    return x.trace().binary(ScalarFn.ADD, product, b, Align.TRAILING);
  }
}
