package io.kotangent.explain;

import io.kotangent.ir.Node;
import io.kotangent.ir.Workload;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Optional;

/// Nodes that are computed together.
///
/// @param number its place among all, from 0
/// @param name its first few ops
/// @param kind what its loops are: `rows`, `contraction`, `columns`, `scalars`, `single`, `control`
/// @param nodes what was fused, in order; of the graph that the last pass made
/// @param outputs those of them that others read
/// @param apart why not more: what kept its first nodes out of the kernel that makes an operand of theirs. Nothing if no operand
/// is made by one, or the operation always has loops of its own
/// @param work what its nodes compute, as they are written
/// @param moved bytes that it reads and writes as it is fused: each value from outside once, each for outside once
/// @param steps what runs it: plain loops, and beside them SIMD code, where there is some; none if what reads it makes it
public record ExplainedKernel(int number, String name, String kind, List<Node> nodes,
    List<Node> outputs, Optional<KeptApart> apart, Workload work, Dim moved,
    List<ExplainedStep> steps) {
  public ExplainedKernel {
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    steps = List.copyOf(steps);
  }

  /// `kernel 3 exp_sum (rows, 4 nodes)`.
  @Override
  public String toString() {
    return "kernel " + number + " " + name + " (" + kind + ", " + nodes.size()
        + (nodes.size() == 1 ? " node)" : " nodes)");
  }
}
