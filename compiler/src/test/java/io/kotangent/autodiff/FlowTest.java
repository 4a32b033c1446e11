package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// What derivatives flow through is found in one walk of every body.
class FlowTest {
  private static final TensorType REAL = TensorType.scalar(DType.F64);

  /// A loop in which so many values each become their neighbor, the last one a new one.
  private static Graph shift(int width, Dim count) {
    GraphBuilder inner = new GraphBuilder();
    List<Node> ports = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      ports.add(inner.input(new Port("a" + i, Role.INPUT, REAL)));
    }
    List<Graph.Result> next = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      Node neighbor = ports.get((i + 1) % width);
      next.add(new Graph.Result("n" + i, i + 1 == width ? inner.map(ScalarFn.SIN, neighbor)
          : neighbor));
    }
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs =
        ports.stream().map(port -> b.input(Graph.port(port))).toList();
    Node loop =
        b.add(new Op.Loop(inner.graph("shift", ports, next), count, width, 0, false), inputs);
    return b.graph("f", inputs, List.of(new Graph.Result("f", b.item(loop, 0))));
  }

  @Test
  void aBodyIsWalkedOnce() {
    for (Dim count : List.of(Dim.of(50), Dim.of(1000), Dim.symbol("n"))) {
      for (int width : new int[] {10, 200, 1000}) {
        Graph graph = shift(width, count);
        Flow flow = new Flow();
        flow.through(graph);
        assertTrue(flow.walked() <= 2 * width + 10, width + " values: " + flow.walked());
      }
    }
  }

  @Test
  void aLoopThatShiftsManyValuesIsDifferentiatedQuickly() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      all.add("a" + i);
    }
    Graph graph = shift(2000, Dim.of(5000));
    // 200 values took seconds, and the time grew with their cube.
    Graph gradients = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30),
        () -> Gradient.gradients(graph, "f", all));
    assertEquals(2001, gradients.results().size());
  }

  @Test
  void aGraphThatIsCalledTwiceIsWalkedOnce() {
    Graph inner = shift(3, Dim.of(7));
    for (int depth = 0; depth < 40; depth++) {
      GraphBuilder b = new GraphBuilder();
      List<Node> ports =
          inner.ports().stream().map(b::input).toList();
      Op call = new Op.Call(inner, Optional.empty());
      Node once = b.item(b.add(call, ports), 0);
      Node again = b.item(b.add(call,
          List.of(once, ports.get(1), ports.get(2))), 0);
      inner = new Graph("d" + depth, ports, List.of(new Graph.Result("f", again)),
          List.of(), Optional.empty(), List.of());
    }
    Flow flow = new Flow();
    assertEquals(1, flow.through(inner).size());
    assertTrue(flow.walked() < 400, "walked " + flow.walked());
  }
}
