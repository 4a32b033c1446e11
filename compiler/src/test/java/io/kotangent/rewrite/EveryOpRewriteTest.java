package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.EveryOp;
import io.kotangent.ir.Node;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What rewrites that know every kind of op think of each.
@Tag("fast")
class EveryOpRewriteTest {
  @Test
  void everyFloatGetsTheType() {
    assertEquals(GraphPrinter.printWithoutOrigins(EveryOp.graph("n", "f32")),
        GraphPrinter.printWithoutOrigins(RetypeFloats.apply(EveryOp.graph("n", "f64"), DType.F32)));
  }

  @Test
  void onlyWhatIsMadeOfARampStaysWithinItsSize() {
    Set<String> within = new TreeSet<>();
    for (Node node : EveryOp.nodes()) {
      if (IndexRange.isWithin(node, Dim.symbol("n"))) {
        within.add(node.op().mnemonic());
      }
    }
    assertEquals(Set.of("iota"), within);
  }
}
