package io.kotangent.vmap;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import java.util.List;
import java.util.Optional;

/// Sums of all examples, each in the order that one has.
final class SumRule {
  private SumRule() {
  }

  static Node reduce(BatchAxis axis, Op.Reduce reduce, Node x) {
    List<Integer> axes = axis.shifted(reduce.axes());
    String labels = SumOrder.axisLabels(x.type().rank());
    StringBuilder shifted = new StringBuilder();
    for (char label : reduce.order().labels().toCharArray()) {
      shifted.append(labels.charAt(labels.indexOf(label) + 1));
    }
    return axis.builder().add(new Op.Reduce(reduce.kind(), axes,
        new SumOrder(reduce.order().kind(), shifted.toString()), reduce.accumulator()), x);
  }

  /// A label more, in front; none if all letters are taken.
  static Optional<Node> contract(BatchAxis axis, Op.Contract c, List<Mapped> operands) {
    String taken = c.left() + c.right();
    Optional<String> label = SumOrder.axisLabels(SumOrder.MOST_AXES).chars()
        .filter(letter -> taken.indexOf(letter) < 0).mapToObj(Character::toString).findFirst();
    return label.map(n -> axis.builder().add(
        new Op.Contract((operands.get(0).batched() ? n : "") + c.left(),
            (operands.get(1).batched() ? n : "") + c.right(), n + c.result(), c.order(),
            c.accumulator()),
        operands.get(0).node(), operands.get(1).node()));
  }
}
