package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;

/// Operations on batches of images: axes batch, row, column, channel.
final class Images {
  private static final List<Integer> PLANE = List.of(1, 2);

  private Images() {
  }

  static Value conv(Value x, int size, Extent features, Padding padding, int stride) {
    Trace t = x.trace();
    if (size < 1 || stride < 1) {
      throw new KotangentException(
          "conv: expected size and stride of at least 1, got " + size + " and " + stride
              + t.usedAt());
    }
    Model model = Model.of(t);
    try (var _ = t.enter(model.layer("conv"))) {
      Extent side = new Extent("kernel", Dim.of(size));
      Value w =
          model.declared().weight("w", Initializer.heUniform(),
              List.of(side, side, x.axis(3), features));
      Value b = model.declared().weight("b", Initializer.zeros(), List.of(features));
      Value y = t.binary(ScalarFn.ADD, convolved(x, w, size, padding, stride), b, Align.TRAILING);
      model.summaryTable().add(y, List.of(w, b));
      return y;
    }
  }

  static Value convolved(Value x, Value kernel, int size, Padding padding, int stride) {
    List<Op.Spatial> spatial = new ArrayList<>();
    for (int axis : PLANE) {
      spatial.add(spatial(x, axis, size, padding, stride));
    }
    Op op = new Op.Convolve("nhwc", "hwio", "nhwc", spatial, 1, 1,
        new SumOrder(SumOrder.Kind.SEQUENTIAL, "hwi"),
        x.node().dtype());
    Trace t = x.trace();
    Value y = t.node(b -> b.add(op, x.node(), kernel.node()), x.axes(), x, kernel);
    List<Extent> axes = sized(x, y);
    axes.set(3, kernel.axis(3));
    return t.relabel(y, axes);
  }

  /// The axes of `x` with the sizes of `y`.
  private static List<Extent> sized(Value x, Value y) {
    List<Extent> axes = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      axes.add(new Extent(x.axis(i).name(), y.node().type().dim(i)));
    }
    return axes;
  }

  private static Op.Spatial spatial(Value x, int axis, int size, Padding padding, int stride) {
    return switch (padding) {
      case VALID -> new Op.Spatial(stride, Dim.ZERO, Dim.ZERO, 1, 1);
      case FULL -> {
        if (stride != 1) {
          throw new KotangentException(
              "conv: FULL padding takes stride 1, got " + stride + x.trace().usedAt());
        }
        yield new Op.Spatial(1, Dim.of(size - 1L), Dim.of(size - 1L), 1, 1);
      }
      case SAME -> {
        long total = stride == 1 ? size - 1 : samePadding(x, axis, size, stride);
        yield new Op.Spatial(stride, Dim.of(total / 2), Dim.of(total - total / 2), 1, 1);
      }
    };
  }

  private static long samePadding(Value x, int axis, int size, int stride) {
    Dim length = x.axis(axis).size();
    if (!length.isConstant()) {
      throw new KotangentException(
          "conv: SAME padding with stride " + stride + " needs axis '" + x.axis(axis).name()
              + "' to have a fixed size" + x.madeAt() + x.trace().usedAt());
    }
    long outputs = Math.ceilDiv(length.constant(), (long) stride);
    return Math.max(0, (outputs - 1) * stride + size - length.constant());
  }

  /// Windows over rows and columns; their own axes are the last two.
  private static Value windows(String what, Value x, int size, int stride) {
    Trace t = x.trace();
    if (size < 1 || stride < 1) {
      throw new KotangentException(
          what + ": expected size and stride of at least 1, got " + size + " and " + stride
              + t.usedAt());
    }
    Op op = new Op.Windows(PLANE, List.of(size, size), List.of(stride, stride), List.of(1, 1));
    List<Extent> six = new ArrayList<>(x.axes());
    six.add(new Extent("kernel", Dim.of(size)));
    six.add(new Extent("kernel", Dim.of(size)));
    Value y = t.node(b -> b.add(op, x.node()), six, x);
    List<Extent> axes = sized(x, y);
    axes.addAll(six.subList(4, 6));
    return t.relabel(y, axes);
  }

  static Value maxPool(Value x, int size, int stride) {
    Trace t = x.trace();
    Model model = Model.of(t);
    try (var _ = t.enter(model.layer("maxPool"))) {
      Value y = t.reduce(Op.Reduction.MAX, windows("maxPool", x, size, stride), List.of(4, 5));
      model.summaryTable().add(y, List.of());
      return y;
    }
  }

  static Value averagePool(Value x, int size, int stride) {
    Trace t = x.trace();
    Model model = Model.of(t);
    try (var _ = t.enter(model.layer("averagePool"))) {
      Value y = Statistics.mean(windows("averagePool", x, size, stride), List.of(4, 5));
      model.summaryTable().add(y, List.of());
      return y;
    }
  }

  static Value flatten(Value x) {
    Trace t = x.trace();
    Model model = Model.of(t);
    try (var _ = t.enter(model.layer("flatten"))) {
      Dim size = Dim.ONE;
      for (int i = 1; i < x.rank(); i++) {
        size = size.times(x.axis(i).size());
      }
      Value y = t.reshape(x, List.of(x.axis(0), new Extent("flat", size)));
      model.summaryTable().add(y, List.of());
      return y;
    }
  }
}
