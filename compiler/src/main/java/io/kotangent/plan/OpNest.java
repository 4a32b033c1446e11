package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Value;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;

/// The loop nest of a node that has a kernel of its own. The kernel's arrays are the operands in order, then the
/// results, then scratch, all but scratch with offsets; a random draw takes the enclosing loop's iteration as its last int.
///
/// @param ints what each int parameter gets (the iteration left out)
record OpNest(Kernel kernel, List<Dim> ints) {

  static OpNest of(Node node) {
    return switch (node.op()) {
      case Op.Transpose(var permutation) -> transpose(node, permutation);
      default -> throw new KotangentException("no loop nest of " + node);
    };
  }

  private static OpNest transpose(Node node, List<Integer> permutation) {
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
    Nest built = nest.finish();
    return new OpNest(built.kernel(), built.ints());
  }
}
