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
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A size that is computed with is a size: from 0 to the largest, or refused, in all three ways alike.
class SizeNodesTest {
  private static final Dim N = Dim.symbol("n");

  private static List<Dim> sizes() {
    List<Dim> sizes = new ArrayList<>();
    for (long factor : new long[] {1, 2, -1, -2, 1 << 30, Dim.LARGEST, Integer.MAX_VALUE,
        Integer.MIN_VALUE, 1L << 32, Long.MAX_VALUE}) {
      for (long constant : new long[] {0, 1, -3, Dim.LARGEST, -(1L << 31)}) {
        sizes.add(N.times(factor).plus(Dim.of(constant)));
      }
    }
    sizes.add(N.times(N));
    sizes.add(N.times(1L << 20).times(N));
    sizes.add(N.minus(3).min(Dim.of(1)));
    sizes.add(Dim.of(2).minus(N).max(Dim.of(-1)));
    sizes.add(N.times(1L << 40).floorDiv(Dim.of(1L << 20)));
    return sizes;
  }

  private static Graph graph(Dim size, boolean used) {
    GraphBuilder b = new GraphBuilder();
    b.at(new Origin("", "Here.java:7"));
    Node x = b.input(new Port("x", Role.INPUT, TensorType.of(DType.F64, N)));
    Node n = b.size(size);
    Node y = used
        ? b.map(ScalarFn.MUL, x,
            b.broadcast(b.cast(DType.F64, n), List.of(), x.shape()))
        : n;
    return b.graph("g", List.of(x), List.of(new Graph.Result("y", y)));
  }

  @Test
  void sizesThatAreNoneAreRefusedInAllWays() {
    int runs = 0;
    List<String> wrong = new ArrayList<>();
    for (Dim size : sizes()) {
      for (boolean used : new boolean[] {false, true}) {
        Graph graph = graph(size, used);
        assertEquals(graph, GraphParser.parseOne(GraphPrinter.print(graph)));
        Compilation compiled = Compiler.compilation(graph, CompileOptions.standard());
        for (long n : new long[] {0, 1, 3, 7}) {
          ThreeWays ways = ThreeWays.of(graph, compiled, Map.of("n", n));
          if (!ways.difference().isEmpty() || isSize(size, n) != ways.errors().isEmpty()) {
            wrong.add(size + ", n " + n + ": " + ways.difference());
          }
          runs++;
        }
      }
    }
    assertEquals(List.of(), wrong, () -> wrong.size() + " wrong");
    assertEquals(440, runs);
  }

  private static boolean isSize(Dim size, long n) {
    try {
      size.evaluateInt(Map.of("n", n));
      return true;
    } catch (KotangentException e) {
      return false;
    }
  }

  @Test
  void constantsThatAreNoSizesAreRefusedByTheirLine() {
    for (long size : new long[] {-1, Dim.LARGEST + 1L, Long.MAX_VALUE, Long.MIN_VALUE}) {
      String message =
          assertThrows(KotangentException.class, () -> graph(Dim.of(size), false)).getMessage();
      assertTrue(message.contains("Here.java:7") && message.contains("size"), message);
    }
  }

  @Test
  void theLineOfASizeThatIsTooLargeIsNamed() {
    Graph graph = graph(N.times(Integer.MAX_VALUE), false);
    Compilation compiled = Compiler.compilation(graph, CompileOptions.standard());
    ThreeWays ways = ThreeWays.of(graph, compiled, Map.of("n", 3L));
    assertTrue(ways.program().error().orElseThrow().getMessage().contains("Here.java:7"),
        ways.toString());
  }
}
