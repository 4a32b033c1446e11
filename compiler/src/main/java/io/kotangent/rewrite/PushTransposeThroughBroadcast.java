package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `transpose broadcast x` → `broadcast transpose x`: fewer elements move, often none.
public record PushTransposeThroughBroadcast() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Transpose(var permutation))
        || !(node.operand(0).op() instanceof Op.Broadcast(var axes, _))) {
      return Optional.empty();
    }
    Node x = node.operand(0).operand(0);
    List<Integer> order = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < permutation.size(); i++) {
      int operandAxis = axes.indexOf(permutation.get(i));
      if (operandAxis >= 0) {
        order.add(operandAxis);
        places.add(i);
      }
    }
    Node small = Axes.isIdentity(order) ? x : builder.transpose(x, order);
    return Optional.of(builder.broadcast(small, places, node.shape()));
  }
}
