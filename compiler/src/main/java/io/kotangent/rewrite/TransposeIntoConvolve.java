package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `convolve[nhwc,hwio->nhwc] transpose x, y` → `convolve[nchw,hwio->nhwc] x, y`, as in a contraction.
///
/// Spatial attributes are listed in the order of the kernel's labels, so a transposed kernel reorders them.
public record TransposeIntoConvolve() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Convolve c)) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    Node y = node.operand(1);
    if (x.op() instanceof Op.Transpose(var permutation)) {
      Op merged = new Op.Convolve(Axes.untransposed(c.data(), permutation), c.kernel(), c.result(),
          c.spatial(), c.groups(),
          c.batchGroups(), c.order(), c.accumulator());
      return Optional.of(builder.add(merged, x.operand(0), y));
    }
    if (y.op() instanceof Op.Transpose(var permutation)) {
      String kernel = Axes.untransposed(c.kernel(), permutation);
      List<Op.Spatial> spatial = new ArrayList<>();
      String before = c.spatialLabels();
      for (char label : SumOrder.spatialLabels(kernel).toCharArray()) {
        spatial.add(c.spatial().get(before.indexOf(label)));
      }
      Op merged = new Op.Convolve(c.data(), kernel, c.result(), spatial, c.groups(),
          c.batchGroups(), c.order(),
          c.accumulator());
      return Optional.of(builder.add(merged, x, y.operand(0)));
    }
    return Optional.empty();
  }
}
