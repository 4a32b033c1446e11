package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A size that only left-out nodes had: of an input, its requirements stay errors; of nothing, nobody can set it.
class VanishedSizesTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim M = Dim.symbol("m");

  @Test
  void requirementsOnSizesOfInputsStay() {
    Graph graph = graph(true);
    Compilation compiled = Compiler.compilation(graph, CompileOptions.standard());
    for (long n = 0; n < 5; n++) {
      for (long m = 0; m < 5; m++) {
        ThreeWays ways = ThreeWays.of(graph, compiled, Map.of("n", n, "m", m));
        assertEquals("", ways.difference(), "n " + n + ", m " + m);
        assertEquals(m < 2, !ways.errors().isEmpty(), "n " + n + ", m " + m);
      }
    }
  }

  @Test
  void aSizeThatNothingHasIsRefusedByName() {
    Compilation compiled = Compiler.compilation(graph(false), CompileOptions.standard());
    Workspace workspace = compiled.program().newWorkspace();
    String message =
        assertThrows(FeedException.class, () -> workspace.size("m", 1)).getMessage();
    assertTrue(message.contains("no size 'm'"), message);
  }

  /// The choice between x and x by what m - 2 elements are.
  private static Graph graph(boolean port) {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>(List.of(port(b, "x", N)));
    if (port) {
      inputs.add(port(b, "z", M));
    }
    Node sum = b.sum(b.iota(Shape.of(M.minus(2)), 0, DType.F64), List.of(0));
    Node finite = b.broadcast(b.map(ScalarFn.IS_FINITE, sum), List.of(), Shape.of(N));
    Node x = inputs.getFirst();
    return b.graph("f", inputs,
        List.of(new Graph.Result("y", b.map(ScalarFn.SELECT, finite, x, x))));
  }

  private static Node port(GraphBuilder b, String name, Dim size) {
    return b.input(new Port(name, Role.INPUT, TensorType.of(DType.F64, size)));
  }
}
