package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Forward mode is the transpose of reverse mode, whatever is cut: ⟨J·v, u⟩ = ⟨v, Jᵀ·u⟩ for random graphs with more cuts
/// put in, by inputs and by values in between, of which some depend on others.
class AdjointTest {
  private static final RandomGraphs.Options GRAPHS = RandomGraphs.Options.LOSS
      .withFloats(DType.F64);

  @Test
  void forwardModeTransposesReverseMode() {
    int nested = 0;
    for (long seed = 0; seed < 100; seed++) {
      nested += law(seed);
    }
    assertTrue(nested > 20, "targets that depend on others: " + nested);
  }

  /// Its items are active, but no derivative comes out of it.
  @Test
  void aCustomDerivativeMayBeZero() {
    Graph f = GraphParser.parse("""
        graph square(x: input f64) {
          %0 = mul x, x : f64
          return y=%0
        }
        graph nothing(x: input f64, y: input f64, dy: input f64) {
          %0 = constant[value=0.0] : f64
          return dx=%0
        }
        graph f(x: input f64) {
          %0 = call[@square, derivative=@nothing] x : (f64)
          %1 = item[index=0] %0 : f64
          %2 = sin %1 : f64
          %3 = add %2, x : f64
          return f=%3
        }
        """).getLast();
    Map<String, TensorValue> at = Map.of("x", TensorValue.scalar(DType.F64, 2),
        "dx", TensorValue.scalar(DType.F64, 3));
    assertEquals(1, Interpreter.run(Gradient.gradients(f, "f", List.of("x")),
        Map.of("x", TensorValue.scalar(DType.F64, 2))).result("df_dx").real(0));
    assertEquals(3, Interpreter.run(Tangent.tangents(f, List.of("f"), List.of("x")), at)
        .result("df").real(0));
  }

  @Tag("faults") @Test
  void forwardModeTransposesReverseModeInManyGraphs() {
    for (long seed = 1_000; seed < 6_000; seed++) {
      law(seed);
    }
  }

  /// @return whether a target depends on another
  private static int law(long seed) {
    RandomGraph sample = RandomGraphs.generate(seed, GRAPHS);
    Random random = new Random(seed);
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> cut = cut(b, sample.graph(), random);
    List<Node> results = List.of(cut.get(sample.graph().result("loss")));
    List<Node> targets = targets(cut.values(), random);
    if (targets.isEmpty()) {
      return 0;
    }
    List<Node> directions = targets.stream().map(t -> wave(b, t, 1)).toList();
    List<Node> weights = results.stream().map(r -> wave(b, r, 2)).toList();
    List<Optional<Node>> forward = Tangent.jvp(b, results, targets, directions);
    List<Optional<Node>> backward =
        Gradient.vjp(b, results, weights.stream().map(Optional::of).toList(), targets);
    List<Node> inputs = sample.graph().inputs().stream().map(cut::get).toList();
    Graph both = b.graph("both", inputs, List.of(
        new Graph.Result("forward", dot(b, forward, weights)),
        new Graph.Result("backward", dot(b, backward, directions))));
    Evaluation found = Interpreter.run(both, sample.inputs(), sample.symbols());
    double left = found.result("forward").real(0);
    double right = found.result("backward").real(0);
    if (Double.isFinite(left) || Double.isFinite(right)) {
      assertEquals(left, right, 1e-9 * Math.max(1, found.largest()),
          () -> "seed " + seed + "\n" + sample.describe());
    }
    boolean nested = targets.stream().anyMatch(t -> targets.stream()
        .anyMatch(o -> o != t && Activity.of(List.of(t), List.of(o)).isActive(t)));
    return nested ? 1 : 0;
  }

  /// The graph with what stops derivatives after some of its values.
  private static Map<Node, Node> cut(GraphBuilder b, Graph graph, Random random) {
    Map<Node, Node> copies = new java.util.LinkedHashMap<>();
    graph.requirements().forEach(b::require);
    for (Node node : graph.schedule()) {
      Node copy = b.add(node.op(), node.operands().stream().map(copies::get).toList());
      boolean real = copy.valueType() instanceof TensorType type && type.dtype().isFloat();
      boolean stops = real && !(node.op() instanceof Op.Source) && random.nextInt(12) == 0;
      copies.put(node, stops ? b.map(ScalarFn.STOP_GRADIENT, copy) : copy);
    }
    return copies;
  }

  private static List<Node> targets(java.util.Collection<Node> nodes, Random random) {
    Set<Node> chosen = new LinkedHashSet<>();
    for (Node node : nodes) {
      boolean real = node.valueType() instanceof TensorType type && type.dtype().isFloat();
      if (real && !(node.op() instanceof Op.Constant)
          && random.nextInt(node.op() instanceof Op.Input ? 2 : 6) == 0) {
        chosen.add(node);
      }
    }
    return List.copyOf(chosen);
  }

  /// Numbers that differ from place to place.
  private static Node wave(GraphBuilder b, Node like, int phase) {
    Node wave = b.fill(like.type(), phase + like.id() % 7);
    for (int axis = 0; axis < like.type().rank(); axis++) {
      wave = b.map(ScalarFn.ADD, b.map(ScalarFn.MUL, wave, b.fill(like.type(), 1.7)),
          b.iota(like.shape(), axis, like.dtype()));
    }
    return b.map(ScalarFn.SIN, wave);
  }

  private static Node dot(GraphBuilder b, List<Optional<Node>> found, List<Node> others) {
    Node sum = b.scalar(DType.F64, 0);
    List<Node> products = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      Node other = others.get(i);
      found.get(i).ifPresent(f -> products.add(b.map(ScalarFn.MUL, f, other)));
    }
    for (Node product : products) {
      Node total = b.sum(b.cast(DType.F64, product), Axes.all(product.type().rank()));
      sum = b.map(ScalarFn.ADD, sum, total);
    }
    return sum;
  }
}
