package io.kotangent.plan.op;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.plan.nest.Nest;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.List;

/// The loop nests of a node that has kernels of its own.
public final class OpNest {
  private OpNest() {
  }

  /// The kernels of a node, which write different parts of it.
  ///
  /// @param iteration the linear number of the enclosing loops' iteration, for random draws
  public static List<Nest> all(Node node, Dim iteration) {
    return node.op() instanceof Op.Concat(var axis) ? ConcatLoops.of(node, axis)
        : List.of(of(node, iteration));
  }

  private static Nest of(Node node, Dim iteration) {
    return switch (node.op()) {
      case Op.Random random -> RandomLoops.of(node, random, iteration);
      case Op.Transpose(var permutation) -> LayoutLoops.transpose(node, permutation);
      case Op.Reverse(var axes) -> LayoutLoops.reverse(node, axes);
      case Op.Slice slice -> LayoutLoops.slice(node, slice);
      case Op.Pad pad -> LayoutLoops.pad(node, pad);
      case Op.Windows windows -> LayoutLoops.windows(node, windows);
      case Op.OverlapAdd overlap -> LayoutLoops.overlapAdd(node, overlap);
      case Op.Gather(var axis, var batchDims) -> IndexLoops.gather(node, axis, batchDims);
      case Op.Scatter(var axis, var batchDims) -> IndexLoops.scatter(node, axis, batchDims);
      case Op.Sort(var axis) -> SortLoops.of(node, axis);
      case Op.Reduce reduce -> ReduceLoops.of(node, reduce);
      case Op.Contract contract -> ContractLoops.of(node, contract);
      case Op.Convolve convolve -> ConvolveLoops.of(node, convolve);
      case Op.Source _, Op.Lane _, Op.Broadcast _, Op.Reshape _, Op.Concat _, Op.Control _, Op.Item _ ->
          throw new KotangentException("no loop nest of " + node);
    };
  }
}
