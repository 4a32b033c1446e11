package io.kotangent.autodiff;

import static io.kotangent.autodiff.Subject.single;

import io.kotangent.autodiff.Subject.Case;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// Pools in the two forms that models are written in: windows that are reduced, and slices that are joined.
final class PoolCases {
  private static final List<Integer> ROWS_AND_COLUMNS = List.of(1, 2);

  private PoolCases() {
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int stride = 1; stride <= 3; stride++) {
      for (int dilation = 1; dilation <= 2; dilation++) {
        for (Op.Reduction kind : List.of(Op.Reduction.MAX, Op.Reduction.SUM)) {
          int s = stride;
          int d = dilation;
          cases.add(single("pool." + kind + " of windows, stride " + s + ", dilation " + d,
              subject -> windows(subject, subject.real(2, 5, 6, 2), kind, s, d)));
          cases.add(single("pool." + kind + " of slices, stride " + s + ", dilation " + d,
              subject -> slices(subject, subject.real(2, 5, 6, 2), kind, s, d)));
        }
      }
    }
    for (int batch : new int[] {0, 1}) {
      cases.add(single("pool of a padded batch of " + batch, s -> slices(s,
          padded(s, s.batched("batch", batch, 3, 4, 2)), Op.Reduction.MAX, 2, 1)));
      cases.add(single("pool of windows of a padded batch of " + batch, s -> windows(s,
          padded(s, s.batched("batch", batch, 3, 4, 2)), Op.Reduction.MAX, 2, 1)));
    }
    return cases;
  }

  private static Node padded(Subject s, Node x) {
    Op pad = new Op.Pad(dims(0, 1, 1, 0), dims(0, 0, 1, 0), List.of(0, 0, 0, 0));
    return s.b.add(pad, x, s.b.scalar(DType.F64, Double.NEGATIVE_INFINITY));
  }

  private static List<Dim> dims(long... sizes) {
    return java.util.Arrays.stream(sizes).mapToObj(Dim::of).toList();
  }

  private static Node windows(Subject s, Node x, Op.Reduction kind, int stride, int dilation) {
    Op windows = new Op.Windows(ROWS_AND_COLUMNS, List.of(2, 2), List.of(stride, stride),
        List.of(dilation, dilation));
    return s.b.reduce(kind, s.b.add(windows, x), List.of(4, 5));
  }

  private static Node slices(Subject s, Node x, Op.Reduction kind, int stride, int dilation) {
    Node joined = slice(s, x, 0, 0, stride, dilation);
    for (int place = 1; place < 4; place++) {
      joined = s.b.map(kind == Op.Reduction.MAX ? ScalarFn.MAX : ScalarFn.ADD, joined,
          slice(s, x, place / 2 * dilation, place % 2 * dilation, stride, dilation));
    }
    return joined;
  }

  private static Node slice(Subject s, Node x, int row, int column, int stride, int dilation) {
    List<Dim> limits = new ArrayList<>(x.shape().dims());
    limits.set(1, limits.get(1).minus(dilation - (long) row));
    limits.set(2, limits.get(2).minus(dilation - (long) column));
    return s.b.add(new Op.Slice(dims(0, row, column, 0), limits, List.of(1, stride, stride, 1)),
        x);
  }
}
