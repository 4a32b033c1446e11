package io.kotangent.dsl;

import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import java.util.List;
import java.util.Optional;

/// A convolution with trained kernel and bias as a step of a layer; they are made at its first use in a model and shared
/// by later ones.
///
/// @param features the channels of its results; if empty, each channel is convolved for itself and the axis is kept
record Convolution(int rows, int columns, Optional<Axis<?>> features, Sliding sliding, int groups,
    Initializer weights) implements Step {
  /// Each channel for itself.
  static Convolution depthwise(int size, Sliding sliding, Initializer weights) {
    return new Convolution(size, size, Optional.empty(), sliding, 1, weights);
  }

  private String kind() {
    return features.isPresent() ? "conv" : "depthwiseConv";
  }

  /// With new parameters, or those of the first use.
  @Override
  public Value apply(Value x) {
    Names.Use use = Model.of(x.trace()).use(this, kind());
    return apply(x, use.name(), use.isFirst());
  }

  /// With new parameters.
  Value once(Value x) {
    return apply(x, Model.of(x.trace()).layer(kind()), true);
  }

  private Value apply(Value x, String layer, boolean first) {
    Trace t = x.trace();
    Images.check(kind(), x);
    if (rows < 1 || columns < 1) {
      throw new KotangentException(
          kind() + ": expected a kernel of 1 or more rows and columns, got "
              + rows + " and " + columns + t.usedAt());
    }
    Declarations declared = Model.of(t).declared();
    Extent out = features.isPresent() ? Extent.of(features.get()) : x.axis(3);
    List<Extent> kernel = kernel(x, out);
    try (var _ = t.enter(layer)) {
      Value w = first ? declared.weight("w", weights, kernel)
          : declared.parameter(layer + ".w", kernel);
      Value y = Images.convolve(kind(), x, w, sliding, groups(x));
      Value b = first ? declared.weight("b", Initializer.zeros(), List.of(out))
          : declared.parameter(layer + ".b", List.of(out));
      Value biased = Images.biased(y, b);
      if (first) {
        Model.of(t).summaryTable().add(biased, List.of(w, b));
      }
      return biased;
    }
  }

  private List<Extent> kernel(Value x, Extent out) {
    Extent channels = x.axis(3);
    Dim taken = channels.size();
    int parts = groups(x);
    if (parts != 1) {
      boolean whole = taken.isConstant() && parts > 0 && taken.constant() % parts == 0
          && out.size().isConstant() && out.size().constant() % parts == 0;
      if (!whole) {
        throw new ShapeException(kind() + ": " + parts + " groups do not divide "
            + taken + " channels of '" + channels.name() + "'" + x.madeAt() + " and " + out.size()
            + " of '" + out.name() + "'" + x.trace().usedAt());
      }
      taken = Dim.of(taken.constant() / parts);
    }
    return List.of(new Extent("kernelRow", Dim.of(rows)), new Extent("kernelColumn",
        Dim.of(columns)), new Extent(channels.name(), taken), out);
  }

  private int groups(Value x) {
    if (features.isPresent()) {
      return groups;
    }
    Dim channels = x.axis(3).size();
    if (!channels.isConstant()) {
      throw new ShapeException(kind() + ": axis '" + x.axis(3).name() + "' has no fixed size"
          + x.madeAt() + x.trace().usedAt());
    }
    return Math.toIntExact(channels.constant());
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
}
