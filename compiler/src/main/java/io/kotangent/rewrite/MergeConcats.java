package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `concat concat(a, b), c` → `concat a, b, c` along one axis; `concat a` → `a`; operands of size 0 are left out.
public record MergeConcats() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Concat(var axis))) {
      return Optional.empty();
    }
    List<Node> parts = new ArrayList<>();
    for (Node operand : node.operands()) {
      if (operand.op() instanceof Op.Concat(var inner) && inner == axis) {
        parts.addAll(operand.operands());
      } else if (!operand.shape().dim(axis).is(0)) {
        parts.add(operand);
      }
    }
    if (parts.isEmpty()) {
      parts.add(node.operand(0));
    }
    if (parts.size() == 1) {
      return Optional.of(parts.getFirst());
    }
    return parts.equals(node.operands()) ? Optional.empty()
        : Optional.of(builder.add(new Op.Concat(axis), parts));
  }
}
