package io.kotangent.vmap;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.List;

/// Picks of all examples.
final class IndexingRule {
  private IndexingRule() {
  }

  /// Where only one operand has all examples and there are no batch axes, the other is not repeated.
  static Node gather(BatchAxis axis, Op.Gather gather, List<Mapped> operands) {
    Mapped data = operands.get(0);
    Mapped indices = operands.get(1);
    if (gather.batchDims() == 0 && !indices.batched()) {
      return axis.builder().add(new Op.Gather(gather.axis() + 1, 0), data.node(),
          indices.node());
    }
    if (gather.batchDims() == 0 && !data.batched()) {
      Node picked = axis.builder().add(gather, data.node(), indices.node());
      return axis.moved(picked, gather.axis(), 0);
    }
    return axis.builder().add(new Op.Gather(gather.axis() + 1, gather.batchDims() + 1),
        axis.all(data), axis.all(indices));
  }
}
