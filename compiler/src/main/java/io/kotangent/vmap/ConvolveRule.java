package io.kotangent.vmap;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.List;
import java.util.Optional;

/// Convolutions of all examples are one: more of a batch if only the data differ, more output features if only the kernels
/// do, more groups if both.
record ConvolveRule(BatchAxis axis, Op.Convolve op) {

  /// @param one the shape of one example's result
  /// @return empty if they would be an unknown number of groups
  Optional<Node> batched(List<Mapped> operands, Shape one) {
    Mapped data = operands.get(0);
    Mapped kernel = operands.get(1);
    if (!kernel.batched()) {
      return Optional.of(ofData(data.node(), kernel.node(), one));
    }
    if (!data.batched()) {
      return Optional.of(ofKernels(data.node(), kernel.node(), one));
    }
    long groups = axis.size().isConstant()
        ? Math.max(1, axis.size().constant()) * op.groups() * op.batchGroups() : 0;
    return groups == 0 || axis.size().is(0) || groups > Integer.MAX_VALUE ? Optional.empty()
        : Optional.of(ofBoth(data.node(), kernel.node(), one));
  }

  private Node ofData(Node data, Node kernel, Shape one) {
    Node rows = axis.merged(data, op.data().indexOf('n'), op.batchGroups());
    int n = op.result().indexOf('n');
    return axis.split(axis.builder().add(op, rows, kernel), n, 1, one.dim(n));
  }

  private Node ofKernels(Node data, Node kernel, Shape one) {
    int groups = op.groups() * op.batchGroups();
    Node features = axis.merged(kernel, op.kernel().indexOf('o'), groups);
    int c = op.result().indexOf('c');
    return axis.split(axis.builder().add(op, data, features), c, groups,
        one.dim(c).floorDiv(Dim.of(groups)));
  }

  private Node ofBoth(Node data, Node kernel, Shape one) {
    int examples = (int) axis.size().constant();
    boolean ofBatch = op.batchGroups() > 1;
    Op.Convolve grouped = new Op.Convolve(op.data(), op.kernel(), op.result(), op.spatial(),
        op.groups() * (ofBatch ? 1 : examples), op.batchGroups() * (ofBatch ? examples : 1),
        op.order(), op.accumulator());
    Node parts = axis.merged(data, op.data().indexOf(ofBatch ? 'n' : 'c'), 1);
    Node features = axis.merged(kernel, op.kernel().indexOf('o'), 1);
    int c = op.result().indexOf('c');
    return axis.split(axis.builder().add(grouped, parts, features), c, 1, one.dim(c));
  }
}
