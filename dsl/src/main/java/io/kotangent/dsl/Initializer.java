package io.kotangent.dsl;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;

/// How the first values of a parameter are drawn. `in` and `out` are the numbers of values that feed into and out of one unit:
/// for a matrix its first and second size, for a convolution kernel `[rows, columns, in, out]` these times rows · columns.
public final class Initializer {
  private enum Distribution {
    CONSTANT, NORMAL, UNIFORM
  }

  /// The square of a distribution's scale.
  @FunctionalInterface
  private interface Spread {
    double of(double in, double out);
  }

  private final String name;
  private final Distribution distribution;
  private final Spread spread;

  private Initializer(String name, Distribution distribution, Spread spread) {
    this.name = name;
    this.distribution = distribution;
    this.spread = spread;
  }

  /// All 0.
  public static Initializer zeros() {
    return constant(0);
  }

  /// All 1.
  public static Initializer ones() {
    return constant(1);
  }

  /// All the same number.
  public static Initializer constant(double number) {
    return new Initializer("constant(" + number + ")", Distribution.CONSTANT, (_, _) -> number);
  }

  private static Spread squared(String what, double scale) {
    if (!(scale >= 0 && Double.isFinite(scale))) {
      throw new KotangentException(
          what + ": expected a finite number of at least 0, got " + scale);
    }
    return (_, _) -> scale * scale;
  }

  /// Normal with mean 0 and that standard deviation.
  public static Initializer normal(double deviation) {
    return new Initializer("normal(" + deviation + ")", Distribution.NORMAL,
        squared("normal", deviation));
  }

  /// Uniform in ±limit.
  public static Initializer uniform(double limit) {
    return new Initializer("uniform(" + limit + ")", Distribution.UNIFORM,
        squared("uniform", limit));
  }

  /// LeCun: uniform in ±√(3/in), of variance 1/in.
  public static Initializer lecunUniform() {
    return new Initializer("lecunUniform", Distribution.UNIFORM, (in, _) -> 3 / in);
  }

  /// Glorot: normal of variance 2/(in + out).
  public static Initializer glorotNormal() {
    return new Initializer("glorotNormal", Distribution.NORMAL, (in, out) -> 2 / (in + out));
  }

  /// Glorot: uniform in ±√(6/(in + out)).
  public static Initializer glorotUniform() {
    return new Initializer("glorotUniform", Distribution.UNIFORM, (in, out) -> 6 / (in + out));
  }

  /// He: normal of variance 2/in, for ReLU.
  public static Initializer heNormal() {
    return new Initializer("heNormal", Distribution.NORMAL, (in, _) -> 2 / in);
  }

  /// He: uniform in ±√(6/in), for ReLU.
  public static Initializer heUniform() {
    return new Initializer("heUniform", Distribution.UNIFORM, (in, _) -> 6 / in);
  }

  /// Whether all first values are 0, so that zeros need no drawing.
  boolean isZeros() {
    return spread.of(1, 1) == 0;
  }

  /// The first value of a parameter.
  ///
  /// @param stream names the draw, so that another parameter shifts no numbers
  Node draw(GraphBuilder b, String stream, TensorType type, Node seed) {
    Shape shape = type.shape();
    int rank = shape.rank();
    double positions = 1;
    for (int i = 0; i < rank - 2; i++) {
      positions *= shape.dim(i).constant();
    }
    double in = rank < 2 ? shape.size().constant() : positions * shape.dim(rank - 2).constant();
    double out = rank < 2 ? in : positions * shape.dim(rank - 1).constant();
    double square = spread.of(Math.max(in, 1), Math.max(out, 1));
    return switch (distribution) {
      case CONSTANT -> b.fill(type, square);
      case NORMAL ->
          b.map(ScalarFn.MUL, Draws.normal(b, stream, type, seed), b.fill(type, root(square)));
      case UNIFORM -> {
        double limit = root(square);
        Node u = Draws.uniform(b, stream, type, seed);
        yield b.map(ScalarFn.SUB, b.map(ScalarFn.MUL, u, b.fill(type, 2 * limit)),
            b.fill(type, limit));
      }
    };
  }

  private double root(double square) {
    if (!(square >= 0)) {
      throw new KotangentException(name + ": expected a finite scale");
    }
    return Math.sqrt(square);
  }

  @Override
  public String toString() {
    return name;
  }
}
