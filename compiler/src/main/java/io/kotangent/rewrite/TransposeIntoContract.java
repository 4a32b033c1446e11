package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `contract[bk,kn->bn] transpose x, y` → `contract[kb,kn->bn] x, y`: labels say where an axis is, so nothing has to move.
///
/// The order of the sum is that of its labels, whatever their places: it stays.
public record TransposeIntoContract() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Contract contract)) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    Node y = node.operand(1);
    if (x.op() instanceof Op.Transpose(var permutation)) {
      Op merged = new Op.Contract(Axes.untransposed(contract.left(), permutation), contract.right(),
          contract.result(),
          contract.order(), contract.accumulator());
      return Optional.of(builder.add(merged, x.operand(0), y));
    }
    if (y.op() instanceof Op.Transpose(var permutation)) {
      Op merged = new Op.Contract(contract.left(), Axes.untransposed(contract.right(), permutation),
          contract.result(),
          contract.order(), contract.accumulator());
      return Optional.of(builder.add(merged, x, y.operand(0)));
    }
    return Optional.empty();
  }
}
