package io.kotangent.dsl;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Random numbers as compositions of random bits.
final class Draws {
  private static final int MANTISSA = 24;

  private Draws() {
  }

  /// x/(1−rate) with probability 1−rate, else 0. The draw is compared as a 24-bit integer, so no lane is cast.
  ///
  /// @param from seed and step
  /// @param examples the indices of the examples, which count if x has their axis first
  static Value dropped(Value x, double rate, List<Value> from, Optional<Value> examples) {
    Trace t = x.trace();
    boolean perExample = x.rank() > 0 && !x.axis(0).size().isConstant();
    Op draw = new Op.Random(t.scopePath(), x.node().shape(), perExample);
    List<Node> operands = new ArrayList<>(from.stream().map(Value::node).toList());
    examples.filter(e -> perExample && e.axis(0).equals(x.axis(0)))
        .ifPresent(e -> operands.add(e.node()));
    Value kept = t.node(b -> {
      Node bits = b.map(ScalarFn.USHR, b.add(draw, operands),
          b.fill(new TensorType(DType.I32, x.node().shape()), 32 - MANTISSA));
      return b.map(ScalarFn.GE, bits, b.fill(bits.type(), Math.rint(rate * (1 << MANTISSA))));
    }, x.axes(), x);
    Value scaled = t.withNumber(ScalarFn.MUL, x, 1 / (1 - rate), false);
    return t.map(ScalarFn.SELECT, kept, scaled, t.fill(0, x.axes()));
  }

  /// Uniform in [0, 1): 24 random bits in f32, 32 in f64.
  static Node uniform(GraphBuilder b, String stream, TensorType type, Node seed) {
    Node step = b.constant(Literal.scalar(DType.I64, 0));
    Node bits = b.add(new Op.Random(stream, type.shape(), false), seed, step);
    return type.dtype() == DType.F32
        ? scaled(b, b.map(ScalarFn.USHR, bits, filled(b, type.shape(), 32 - MANTISSA)), type,
            0x1p-24)
        : b.map(ScalarFn.ADD, scaled(b, bits, type, 0x1p-32), b.fill(type, 0.5));
  }

  private static Node filled(GraphBuilder b, Shape shape, int number) {
    return b.fill(new TensorType(DType.I32, shape), number);
  }

  private static Node scaled(GraphBuilder b, Node bits, TensorType type, double by) {
    return b.map(ScalarFn.MUL, b.cast(type.dtype(), bits), b.fill(type, by));
  }

  /// Normal, mean 0 and deviation 1, by the Box–Muller formula: √(−2 log(1−u)) · cos(2πv).
  static Node normal(GraphBuilder b, String stream, TensorType type, Node seed) {
    Node u = uniform(b, stream + "/radius", type, seed);
    Node v = uniform(b, stream + "/angle", type, seed);
    Node log = b.map(ScalarFn.LOG, b.map(ScalarFn.SUB, b.fill(type, 1), u));
    Node radius = b.map(ScalarFn.SQRT, b.map(ScalarFn.MUL, b.fill(type, -2), log));
    return b.map(ScalarFn.MUL, radius,
        b.map(ScalarFn.COS, b.map(ScalarFn.MUL, b.fill(type, 2 * Math.PI), v)));
  }
}
