package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.Dim;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Convolutions of batches of images: axes batch, row, column, channel (or batch, place, channel).
final class Images {
  private Images() {
  }

  /// The places of rows and columns among the axes.
  static List<Integer> plane(Value x) {
    return IntStream.range(1, x.rank() - 1).boxed().toList();
  }

  /// Checks that there are rows and columns.
  static void check(String what, Value x) {
    if (x.rank() != 4) {
      throw new ShapeException(what + ": expected the axes batch, row, column and channel, got "
          + Extent.text(x.axes()) + x.madeAt() + x.trace().usedAt());
    }
  }

  /// `data` convolved with `kernel`, whose axes are rows, columns, channels of a group, features.
  static Value convolve(String what, Value data, Value kernel, Sliding sliding, int groups) {
    Trace t = data.trace();
    checkChannels(what, data, kernel, groups);
    List<Op.Spatial> spatial = new ArrayList<>();
    List<Integer> plane = plane(data);
    for (int i = 0; i < plane.size(); i++) {
      long size = fixed(what, kernel, i);
      spatial.add(sliding.slides(plane.size()).get(i).over(what, data, plane.get(i), size,
          "a kernel of " + size + kernel.madeAt()));
    }
    Op op = new Op.Convolve("nhwc", "hwio", "nhwc", spatial, groups, 1,
        new SumOrder(SumOrder.Kind.SEQUENTIAL, "hwi"), data.node().dtype());
    Value y = t.node(b -> b.add(op, data.node(), kernel.node()), data.axes(), data, kernel);
    List<Extent> axes = sized(data, y);
    axes.set(data.rank() - 1, kernel.axis(kernel.rank() - 1));
    return t.relabel(y, axes);
  }

  private static long fixed(String what, Value kernel, int axis) {
    Extent side = kernel.axis(axis);
    if (!side.size().isConstant()) {
      throw new ShapeException(what + ": axis '" + side.name() + "' of the kernel"
          + kernel.madeAt() + " has no fixed size" + kernel.trace().usedAt());
    }
    return side.size().constant();
  }

  private static void checkChannels(String what, Value data, Value kernel, int groups) {
    Trace t = data.trace();
    Extent channels = data.axis(data.rank() - 1);
    Extent taken = kernel.axis(kernel.rank() - 2);
    Extent features = kernel.axis(kernel.rank() - 1);
    if (groups == 1) {
      Align.check(what, data, data.rank() - 1, kernel, kernel.rank() - 2);
    } else if (groups < 1 || !features.size().isConstant()
        || features.size().constant() % groups != 0
        || !taken.size().times(groups).equals(channels.size())) {
          throw new ShapeException(what + ": " + groups + " groups of " + taken.size()
              + " channels for " + features.size() + " of '" + features.name() + "'"
              + kernel.madeAt()
              + " do not fit axis '" + channels.name() + "' of " + channels.size() + data.madeAt()
              + t.usedAt());
        }
  }

  /// The axes of `x` with the sizes of `y`.
  static List<Extent> sized(Value x, Value y) {
    List<Extent> axes = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      axes.add(x.axis(i).resized(y.node().type().dim(i)));
    }
    return axes;
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

  /// x + b along the channels.
  static Value biased(Value x, Value b) {
    return x.trace().binary(ScalarFn.ADD, x, b, Align.TRAILING);
  }
}
