package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// `item branch(true, …)` → the chosen graph's computation, when the condition is a constant.
public record TakeBranch() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Item(var index))
        || !(node.operand(0).op() instanceof Op.Branch(var then, var otherwise))) {
      return Optional.empty();
    }
    Node branch = node.operand(0);
    OptionalLong condition = Uniform.bits(branch.operand(0));
    if (condition.isEmpty()) {
      return Optional.empty();
    }
    Graph chosen = condition.getAsLong() != 0 ? then : otherwise;
    if (chosen.draws()) {
      return Optional.empty();
    }
    List<Node> arguments = branch.operands().subList(1, branch.operands().size());
    return Optional.of(builder.inline(chosen, arguments).get(index));
  }
}
