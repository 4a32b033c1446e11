package io.kotangent.autodiff;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Both gradients of a convolution, which are convolutions again.
///
/// With y = position in the result, x in the data, k in the kernel, one spatial axis is the relation
/// `y·stride + k·kernelDilation − padLow = x·dataDilation`. Each gradient solves it for another of the three, so
/// strides and dilations change places.
final class ConvolveTranspose {
  private final GraphBuilder builder;
  private final Op.Convolve op;
  private final Node data;
  private final Node kernel;
  private final Node g;
  private final String spatial;

  ConvolveTranspose(GraphBuilder builder, Op.Convolve op, Node node, Node g) {
    this.builder = builder;
    this.op = op;
    this.data = node.operand(0);
    this.kernel = node.operand(1);
    this.g = g;
    this.spatial = op.spatialLabels();
  }

  /// The cotangent convolved with the reversed kernel whose input and output features are exchanged; the groups of
  /// the output features move to the input features (or, with batch groups, to the batch).
  Node ofData() {
    int groups = op.groups() * op.batchGroups();
    int i = op.kernel().indexOf('i');
    int o = op.kernel().indexOf('o');
    Node exchanged = groups == 1 ? kernel : Moves.regroup(builder, kernel, o, i, groups);
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < op.kernel().length(); axis++) {
      if (axis != i && axis != o) {
        axes.add(axis);
      }
    }
    List<Op.Spatial> relations = new ArrayList<>();
    for (int s = 0; s < spatial.length(); s++) {
      Op.Spatial forward = op.spatial().get(s);
      Dim reach = kernelSize(s).minus(1).times(forward.kernelDilation());
      Dim low = reach.minus(forward.padLow());
      Dim high = dataReach(s).minus(resultReach(s)).plus(forward.padLow());
      int more = mayLackData(s) ? forward.dataDilation() : 0;
      high = high.plus(more);
      relations.add(new Op.Spatial(forward.dataDilation(), low, high, forward.stride(),
          forward.kernelDilation()));
    }
    Node sum = convolve(op.result(), swap(op.kernel(), 'i', 'o'), op.data(), relations, groups, 1,
        spatial + "i", g,
        Moves.reverse(builder, exchanged, axes));
    Node cut = cut(sum, op.data(), data);
    return op.batchGroups() == 1
        ? cut
        : Moves.regroup(builder, cut, op.data().indexOf('c'), op.data().indexOf('n'), groups);
  }

  /// The data convolved with the cotangent, which sums over the batch: batch and features of the data are
  /// exchanged, and with them groups and batch groups.
  Node ofKernel() {
    List<Op.Spatial> relations = new ArrayList<>();
    for (int s = 0; s < spatial.length(); s++) {
      Op.Spatial forward = op.spatial().get(s);
      Dim reach = kernelSize(s).minus(1).times(forward.kernelDilation());
      int more = kernelSize(s).isAtLeast(1) ? 0 : forward.kernelDilation();
      Dim high =
          reach.plus(resultReach(s)).minus(forward.padLow()).minus(dataReach(s)).plus(more);
      relations.add(
          new Op.Spatial(forward.kernelDilation(), forward.padLow(), high, forward.dataDilation(),
              forward.stride()));
    }
    String labels = op.result().replace('n', 'i').replace('c', 'o');
    String result = op.kernel().replace('i', 'n').replace('o', 'c');
    Node sum = convolve(swap(op.data(), 'n', 'c'), labels, result, inOrderOf(labels, relations),
        op.batchGroups(),
        op.groups(), "i" + spatial, data, g);
    return cut(sum, op.kernel(), kernel);
  }

  /// Whether there may be no data along an axis: only where padding alone holds a kernel. A convolution has one position at
  /// least, so its gradient then gets one more, which is cut off.
  private boolean mayLackData(int s) {
    Op.Spatial forward = op.spatial().get(s);
    Dim extent = kernelSize(s).minus(1).times(forward.kernelDilation()).plus(1);
    Dim missing = extent.minus(forward.padLow()).minus(forward.padHigh())
        .plus(forward.dataDilation() - 1);
    return !dataSize(s).isAtLeast(1) && !missing.isAtLeast(1);
  }

  /// The first elements of each spatial axis, as many as `like` has.
  private Node cut(Node sum, String labels, Node like) {
    List<Dim> limits = new ArrayList<>(sum.shape().dims());
    for (int axis = 0; axis < labels.length(); axis++) {
      if (spatial.indexOf(labels.charAt(axis)) >= 0) {
        limits.set(axis, like.type().dim(axis));
      }
    }
    Op whole = new Op.Slice(Collections.nCopies(limits.size(), Dim.ZERO), limits,
        Collections.nCopies(limits.size(), 1));
    return limits.equals(sum.shape().dims()) ? sum : builder.add(whole, sum);
  }

  private Node convolve(String dataLabels, String kernelLabels, String resultLabels,
      List<Op.Spatial> relations,
      int groups, int batchGroups, String order, Node left, Node right) {
    DType accumulator = op.accumulator();
    return builder
        .add(new Op.Convolve(dataLabels, kernelLabels, resultLabels, relations, groups, batchGroups,
            new SumOrder(SumOrder.Kind.SEQUENTIAL, order), accumulator), left, right);
  }

  /// Spatial attributes follow the labels of their kernel, which here is the cotangent.
  private List<Op.Spatial> inOrderOf(String labels, List<Op.Spatial> relations) {
    List<Op.Spatial> ordered = new ArrayList<>();
    for (char label : labels.toCharArray()) {
      if (spatial.indexOf(label) >= 0) {
        ordered.add(relations.get(spatial.indexOf(label)));
      }
    }
    return ordered;
  }

  private Dim kernelSize(int s) {
    return kernel.type().dim(op.kernel().indexOf(spatial.charAt(s)));
  }

  /// From the first data element to the last, in dilated data.
  private Dim dataReach(int s) {
    return dataSize(s).minus(1).times(op.spatial().get(s).dataDilation());
  }

  private Dim dataSize(int s) {
    return data.type().dim(op.data().indexOf(spatial.charAt(s)));
  }

  /// From the first window to the last, in dilated data.
  private Dim resultReach(int s) {
    return g.type().dim(op.result().indexOf(spatial.charAt(s))).minus(1)
        .times(op.spatial().get(s).stride());
  }

  private static String swap(String labels, char a, char b) {
    return labels.replace(a, '\0').replace(b, a).replace('\0', b);
  }
}
