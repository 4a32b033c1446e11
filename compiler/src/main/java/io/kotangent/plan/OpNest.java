package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.Value;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;

/// The loop nest of a node that has a kernel of its own.
final class OpNest {
  private OpNest() {
  }

  /// @param iteration the linear number of the enclosing loops' iteration, for random draws
  static Nest of(Node node, Dim iteration) {
    return switch (node.op()) {
      case Op.Transpose(var permutation) -> transpose(node, permutation);
      case Op.Reduce reduce -> ReduceLoops.of(node, reduce);
      case Op.Contract contract -> ContractLoops.of(node, contract);
      case Op.Gather(var axis, var batchDims) -> IndexLoops.gather(node, axis, batchDims);
      case Op.Scatter(var axis, var batchDims) -> IndexLoops.scatter(node, axis, batchDims);
      default -> throw new KotangentException("no loop nest of " + node);
    };
  }

  private static Nest transpose(Node node, List<Integer> permutation) {
    NestBuilder nest = new NestBuilder();
    var source = nest.read(node.operand(0), false);
    var target = nest.write(node, false);
    List<Dim> from = View.identity(node.operand(0)).strides(permutation.size());
    List<Dim> to = View.identity(node).strides(permutation.size());
    RowsNest.overOuter(nest, node.shape().dims(), new ArrayList<>(), index -> {
      Value at = Value.i32(0);
      Value put = Value.i32(0);
      for (int i = 0; i < index.size(); i++) {
        at = nest.plus(at, nest.times(index.get(i), nest.dim(from.get(permutation.get(i)))));
        put = nest.plus(put, nest.times(index.get(i), nest.dim(to.get(i))));
      }
      nest.store(target, put, nest.load(source, at));
    });
    return nest.finish();
  }
}
