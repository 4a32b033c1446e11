package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `log(gather(softmax, i))` → `gather(log(softmax), i)`, and likewise through slices, reshapes and transposes: so the
/// logarithm meets the softmax (see [LogOfSoftmax]).
public record LogOfPickedSoftmax() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!node.applies(ScalarFn.LOG) || !isPicking(node.operand(0))) {
      return Optional.empty();
    }
    Node source = node.operand(0);
    while (isPicking(source)) {
      source = source.operand(0);
    }
    if (Softmax.of(source).isEmpty()) {
      return Optional.empty();
    }
    Node picking = node.operand(0);
    List<Node> operands = new ArrayList<>(picking.operands());
    operands.set(0, builder.map(ScalarFn.LOG, operands.getFirst()));
    return Optional.of(builder.add(picking.op(), operands));
  }

  private static boolean isPicking(Node node) {
    return node.op() instanceof Op.Gather || node.op() instanceof Op.Slice
        || node.op() instanceof Op.Reshape
        || node.op() instanceof Op.Transpose;
  }
}
