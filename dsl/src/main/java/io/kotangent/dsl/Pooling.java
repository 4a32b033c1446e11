package io.kotangent.dsl;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A pool over rows and columns as a step of a layer.
///
/// A small window of an image of fixed size is written as one strided slice for each of its places, joined in row-major
/// order: plain loops, forward and back. At a tie `max(a, b)` lets the gradient through to a, so it goes to the first of
/// the greatest.
record Pooling(Kind kind, int rows, int columns, Sliding sliding) implements Step {
  /// The most places of a window that are slices of their own.
  private static final int SLICES = 16;
  private static final List<Integer> PLANE = List.of(1, 2);

  /// What is taken of a window.
  enum Kind {
    MAX("maxPool"), AVERAGE("averagePool");

    private final String layer;

    Kind(String layer) {
      this.layer = layer;
    }
  }

  static Pooling square(Kind kind, int size, Sliding sliding) {
    return new Pooling(kind, size, size, sliding);
  }

  static Pooling square(Kind kind, int size, int stride) {
    return square(kind, size, Sliding.valid().stride(stride));
  }

  @Override
  public Value apply(Value x) {
    Trace t = x.trace();
    Images.check(kind.layer, x);
    if (rows < 1 || columns < 1) {
      throw new KotangentException(kind.layer + ": expected a window of 1 or more rows and columns,"
          + " got " + rows + " and " + columns + t.usedAt());
    }
    List<Op.Spatial> spatial = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      spatial.add(spatial(x, i));
    }
    Model model = Model.of(t);
    try (var _ = t.enter(model.layer(kind.layer))) {
      Value y = pooled(x, spatial);
      model.summaryTable().add(y, List.of());
      return y;
    }
  }

  private int size(int axis) {
    return axis == 0 ? rows : columns;
  }

  private Op.Spatial spatial(Value x, int axis) {
    int size = size(axis);
    Slide slide = sliding.slides(2).get(axis);
    Op.Spatial spatial = slide.over(kind.layer, x, axis + 1, size, "a window of " + size);
    boolean outside = Math.max(spatial.padLow().constant(), spatial.padHigh().constant()) > slide
        .reach(size);
    if (outside || isFixed(x) && places(x, axis, spatial).contains(0)) {
      throw new ShapeException(kind.layer + ": a window of " + size + " lies in the padding alone,"
          + " before or after axis '" + x.axis(axis + 1).name() + "' of "
          + x.axis(axis + 1).size() + x.madeAt() + x.trace().usedAt()
          + ": take less padding or dilation");
    }
    return spatial;
  }

  private static boolean isFixed(Value x) {
    return PLANE.stream().allMatch(axis -> x.axis(axis).size().isConstant());
  }

  /// How many places of each window along an axis are in the image.
  private List<Integer> places(Value x, int axis, Op.Spatial spatial) {
    long length = x.axis(axis + 1).size().constant();
    long low = spatial.padLow().constant();
    long reach = (size(axis) - 1L) * spatial.kernelDilation();
    List<Integer> places = new ArrayList<>();
    for (long at = -low; at + reach < length + spatial.padHigh().constant(); at += spatial
        .stride()) {
      int inside = 0;
      for (int k = 0; k < size(axis); k++) {
        long place = at + (long) k * spatial.kernelDilation();
        inside += place >= 0 && place < length ? 1 : 0;
      }
      places.add(inside);
    }
    return places;
  }

  /// The greatest of max(x, 0) is max(greatest, 0), bit for bit, and so are the gradients: a pool after a ReLU is a ReLU
  /// after a pool, of fewer elements.
  private Value pooled(Value x, List<Op.Spatial> spatial) {
    if (kind == Kind.MAX && x.node().op() instanceof Op.Map(var fn) && fn == ScalarFn.RELU) {
      Value before = new Value(x.trace(), x.node().operand(0), x.axes(), x.origin());
      Value y = x.trace().map(ScalarFn.RELU, joined(before, spatial));
      x.trace().detours().add(y.node(), x.node(), _ -> joined(x, spatial).node());
      return y;
    }
    return joined(x, spatial);
  }

  private Value joined(Value x, List<Op.Spatial> spatial) {
    Value padded = padded(x, spatial);
    Value joined = isFixed(x) && (long) rows * columns <= SLICES
        ? slices(padded, spatial) : windows(padded, spatial);
    return kind == Kind.MAX ? joined : divided(joined, x, spatial);
  }

  /// With −∞ around it, which is never greater, or with zeros.
  private Value padded(Value x, List<Op.Spatial> spatial) {
    boolean none = spatial.stream().allMatch(s -> s.padLow().is(0) && s.padHigh().is(0));
    if (none) {
      return x;
    }
    Trace t = x.trace();
    Op pad = new Op.Pad(inner(spatial.get(0).padLow(), spatial.get(1).padLow()),
        inner(spatial.get(0).padHigh(), spatial.get(1).padHigh()), List.of(0, 0, 0, 0));
    Value around = t.constant(kind == Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
    Value y = t.node(b -> b.add(pad, x.node(), around.node()), x.axes(), x, around);
    return t.relabel(y, Images.sized(x, y));
  }

  private static List<Dim> inner(Dim row, Dim column) {
    return List.of(Dim.ZERO, row, column, Dim.ZERO);
  }

  // ---- a slice for each place of the window

  private Value slices(Value x, List<Op.Spatial> spatial) {
    Trace t = x.trace();
    Value joined = slice(x, spatial, 0, 0);
    for (int place = 1; place < rows * columns; place++) {
      Value next = slice(x, spatial, place / columns, place % columns);
      joined = t.map(kind == Kind.MAX ? ScalarFn.MAX : ScalarFn.ADD, joined, next);
    }
    return joined;
  }

  /// What all windows have at one place.
  private Value slice(Value x, List<Op.Spatial> spatial, int row, int column) {
    List<Dim> starts = new ArrayList<>(Collections.nCopies(4, Dim.ZERO));
    List<Dim> limits = new ArrayList<>(x.axes().stream().map(Extent::size).toList());
    List<Integer> strides = new ArrayList<>(Collections.nCopies(4, 1));
    for (int i = 0; i < 2; i++) {
      Op.Spatial s = spatial.get(i);
      long reach = (size(i) - 1L) * s.kernelDilation();
      long last = (x.axis(i + 1).size().constant() - reach - 1) / s.stride() * s.stride();
      long start = (long) (i == 0 ? row : column) * s.kernelDilation();
      starts.set(i + 1, Dim.of(start));
      limits.set(i + 1, Dim.of(start + last + 1));
      strides.set(i + 1, s.stride());
    }
    Op op = new Op.Slice(starts, limits, strides);
    Value y = x.trace().node(b -> b.add(op, x.node()), x.axes(), x);
    return x.trace().relabel(y, Images.sized(x, y));
  }

  // ---- any size

  private Value windows(Value x, List<Op.Spatial> spatial) {
    Trace t = x.trace();
    Op op = new Op.Windows(PLANE, List.of(rows, columns),
        spatial.stream().map(Op.Spatial::stride).toList(),
        spatial.stream().map(Op.Spatial::kernelDilation).toList());
    List<Extent> six = new ArrayList<>(x.axes());
    six.add(new Extent("windowRow", Dim.of(rows)));
    six.add(new Extent("windowColumn", Dim.of(columns)));
    Value y = t.node(b -> b.add(op, x.node()), six, x);
    List<Extent> axes = Images.sized(x, y);
    axes.addAll(six.subList(4, 6));
    return t.reduce(kind == Kind.MAX ? Op.Reduction.MAX : Op.Reduction.SUM, t.relabel(y, axes),
        List.of(4, 5));
  }

  // ---- averages

  /// The sums divided by how many places of the image each window covers.
  private Value divided(Value sums, Value x, List<Op.Spatial> spatial) {
    Trace t = x.trace();
    boolean padded = spatial.stream().anyMatch(s -> !s.padLow().is(0) || !s.padHigh().is(0));
    if (!padded) {
      return t.withNumber(ScalarFn.DIV, sums, (double) rows * columns, false);
    }
    if (!isFixed(x)) {
      throw new ShapeException(kind.layer + ": padding needs rows and columns of fixed size, got "
          + Extent.text(x.axes()) + x.madeAt() + t.usedAt());
    }
    List<Integer> down = places(x, 0, spatial.get(0));
    List<Integer> across = places(x, 1, spatial.get(1));
    double[] counts = new double[down.size() * across.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (double) down.get(i / across.size()) * across.get(i % across.size());
    }
    List<Extent> plane = sums.axes().subList(1, 3);
    Value each = t.node(b -> counts(b, x.node().dtype(), plane, counts), plane);
    return t.map(ScalarFn.DIV, sums, t.expand(each, PLANE, sums.axes()));
  }

  private static Node counts(GraphBuilder b, DType dtype, List<Extent> plane, double[] counts) {
    return b.cast(dtype,
        b.constant(Literal.of(new TensorType(DType.F64, Extent.shape(plane)), counts)));
  }

  // ---- all of a plane

  /// The greatest or the mean over all rows and columns.
  static Value global(Kind kind, Value x) {
    Trace t = x.trace();
    String what = kind == Kind.MAX ? "globalMaxPool" : "globalAveragePool";
    Images.check(what, x);
    Model model = Model.of(t);
    try (var _ = t.enter(model.layer(what))) {
      Value y = kind == Kind.MAX ? t.reduce(Op.Reduction.MAX, x, PLANE)
          : Statistics.mean(x, PLANE);
      model.summaryTable().add(y, List.of());
      return y;
    }
  }
}
