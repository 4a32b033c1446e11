package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.EveryOp;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Hits;
import io.kotangent.text.GraphPrinter;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the passes that know every kind of op do with each.
@Tag("fast")
class EveryOpPassTest {
  @Test
  void controlOpsShrinkToWhatIsTaken() {
    BitSet first = new BitSet();
    first.set(0);
    for (Node node : EveryOp.nodes()) {
      if (node.op() instanceof Op.Control control) {
        assertEquals(List.of(0), Shrunk.of(control, first, new BitSet()).results(), node::toString);
      }
    }
  }

  @Test
  void aSizeIsPutWhereverAnOpHasIt() {
    Hits hits = new Hits();
    Graph sized = Specialize.size("n", 3).apply(EveryOp.graph("n", "f64"), hits);
    assertEquals(GraphPrinter.printWithoutOrigins(EveryOp.graph("3", "f64")),
        GraphPrinter.printWithoutOrigins(sized));
    assertEquals("{specialize=1}", hits.toString());
    Hits none = new Hits();
    Specialize.size("m", 3).apply(sized, none);
    assertEquals(0, none.total());
  }
}
