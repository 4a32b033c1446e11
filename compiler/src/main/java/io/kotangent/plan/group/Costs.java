package io.kotangent.plan.group;

import io.kotangent.ir.Lowering;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.EnumMap;
import java.util.Map;

/// About how many primitives a node adds to a kernel.
final class Costs {
  private final Map<ScalarFn, Integer> known = new EnumMap<>(ScalarFn.class);

  int of(Node node) {
    return switch (node.op()) {
      case Op.Map(var fn) -> known.computeIfAbsent(fn,
          f -> Lowering.primitives(f, node.operands().getLast().dtype()));
      case Op.Reduce _ -> 12;
      case Op.Source _, Op.Cast _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> 2;
    };
  }
}
