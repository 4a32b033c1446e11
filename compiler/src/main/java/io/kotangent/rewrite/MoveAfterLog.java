package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `log(gather(softmax, i))` → `gather(log(softmax), i)`, and likewise through all that only moves values or chooses among them,
/// for `log(1−x)` too: so the logarithm meets the softmax, the sigmoid or the exponential with which it has a stable formula.
public record MoveAfterLog() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    Optional<LogForm> form = LogForm.of(node);
    if (form.isEmpty()) {
      return Optional.empty();
    }
    Node moved = form.get().argument(node);
    List<Node> values = LogForm.Moved.values(moved);
    if (values.isEmpty() || !form.get().reachesStable(moved)) {
      return Optional.empty();
    }
    List<Node> logs = new ArrayList<>();
    values.forEach(value -> logs.add(form.get().apply(value, builder)));
    return Optional.of(LogForm.Moved.with(moved, logs, builder));
  }
}
