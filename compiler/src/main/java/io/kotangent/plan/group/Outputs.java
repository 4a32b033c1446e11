package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Finds which nodes of each group others read, so that they have to be stored.
final class Outputs {
  private final Grouping grouping;

  private Outputs(Grouping grouping) {
    this.grouping = grouping;
  }

  static void mark(Grouping grouping, Collection<Node> roots) {
    Outputs outputs = new Outputs(grouping);
    for (Group group : grouping.groups()) {
      for (Node node : group.nodes()) {
        node.operands().forEach(operand -> outputs.mark(operand, Optional.of(group)));
      }
    }
    roots.forEach(root -> outputs.mark(root, Optional.empty()));
    for (Group group : grouping.groups()) {
      List<Node> inOrder = group.nodes().stream().filter(group.outputs()::contains).toList();
      group.outputs().clear();
      group.outputs().addAll(inOrder);
    }
  }

  /// Marks what is really read when `operand` is, unless its reader makes it itself.
  private void mark(Node operand, Optional<Group> reader) {
    Node base = operand;
    while (true) {
      Optional<Group> maker = grouping.makerOf(base);
      if (maker.isPresent()) {
        if (!maker.equals(reader)) {
          maker.get().outputs().add(base);
        }
        return;
      }
      if (!grouping.reading().isThrough(base)) {
        return;
      }
      base = base.operand(0);
    }
  }
}
