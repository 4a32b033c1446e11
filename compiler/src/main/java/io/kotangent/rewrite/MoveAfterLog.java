package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Port;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `log(gather(softmax, i))` → `gather(log(softmax), i)`, and likewise through all that only moves values or chooses among them,
/// for `log(1−x)` too, through clips that clip nothing, and by the laws of logarithms ([LogStep]): so the logarithm meets the softmax, the sigmoid or the exponential with which it has a stable formula.
///
/// @param ports inputs of the graph that stand for such a value outside, each with the forms for which it does
public record MoveAfterLog(Map<String, Set<LogForm>> ports) implements Rewrite {
  public MoveAfterLog() {
    this(Map.of());
  }

  boolean isGoal(LogForm form, Node node) {
    return form.isStableOf(node) || node.op() instanceof Op.Input(Port port)
        && ports.getOrDefault(port.name(), Set.of()).contains(form);
  }

  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    Optional<LogForm> form = LogForm.of(node);
    if (form.isEmpty()) {
      return Optional.empty();
    }
    Node x = form.get().argument(node);
    if (form.get().isStableOf(x) || LogStep.of(form.get(), x, KnownRange.ANY).isEmpty()
        || !form.get().reaches(x, this::isGoal)) {
      return Optional.empty();
    }
    return LogStep.of(form.get(), x, KnownRange.found()).map(step -> step.join()
        .of(step.parts().stream().map(part -> part.form().apply(part.of(), builder)).toList(),
            builder));
  }
}
