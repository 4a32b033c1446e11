package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Verifier;
import io.kotangent.plan.Plan;
import io.kotangent.plan.lower.PlanEvaluator;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Chains of slices and other layouts whose bounds are symbols: what passes make of them is valid, though it is not the
/// same relations that its nodes assume of sizes, and has the same values wherever the sizes are as was assumed. (Where no
/// sizes are, a pass may be the first to see that.)
class SymbolicLayoutsTest {
  private static final int GRAPHS = 600;
  private static final int PASS_GRAPHS = Integer.getInteger("kotangent.pass.graphs", 300);
  private static final Dim N = Dim.symbol("n");
  private static final Dim M = Dim.symbol("m");
  private static final Dim K = Dim.symbol("k");
  private static final List<Map<String, Long>> SIZES = List.of(Map.of("n", 12L, "m", 3L, "k", 2L),
      Map.of("n", 30L, "m", 1L, "k", 4L), Map.of("n", 9L, "m", 0L, "k", 0L),
      Map.of("n", 40L, "m", 2L, "k", 5L));

  private final Pipeline pipeline = Pipeline.standard(new LaneEvaluator().or(new PlanEvaluator()));

  @Test
  void twoSlicesWithSymbolicLimitsAreOneValidSlice() {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f32[n]) {
          %0 = slice[starts=0, limits=m, strides=1] x  : f32[m]
          %1 = slice[starts=1, limits=k, strides=1] %0 : f32[k-1]
          return y=%1
        }
        """);
    Graph after = pipeline.apply(graph);
    assertEquals(List.of(), Verifier.violations(after));
    assertEquals(2, after.schedule().size(), () -> GraphPrinter.print(after));
    assertEquals(List.of("k >= 1", "n >= k"),
        after.requirements().stream().map(Object::toString).toList(), "m is gone, its bound not");
  }

  @Test
  void chainsStayValidAndKeepTheirValues() {
    int merged = 0;
    int compared = 0;
    int impossible = 0;
    for (int seed = 0; seed < GRAPHS; seed++) {
      Graph before = new Chain(new SplittableRandom(seed)).graph();
      int at = seed;
      Graph after;
      try {
        after = pipeline.apply(before);
      } catch (ShapeException e) {
        impossible++;
        assertTrue(SIZES.stream().noneMatch(sizes -> keepsValues(before, before, sizes)),
            () -> "seed " + at + ": " + e.getMessage());
        continue;
      }
      assertEquals(List.of(), Verifier.violations(after), () -> "seed " + at + "\n"
          + GraphPrinter.print(before) + GraphPrinter.print(after));
      merged += after.schedule().size() < before.schedule().size() ? 1 : 0;
      for (Map<String, Long> sizes : SIZES) {
        compared += keepsValues(before, after, sizes) ? 1 : 0;
      }
    }
    assertTrue(merged > GRAPHS / 3, "merged " + merged);
    assertTrue(compared > GRAPHS / 2, "compared " + compared);
    assertTrue(impossible < GRAPHS / 20, "sizes that cannot be " + impossible);
  }

  /// Each pass by itself, and all of them, over more kinds of nodes: what new nodes assume is assumed by the graph.
  @Test
  void everyPassKeepsWhatItsNodesAssume() {
    List<Pipeline> alone = new ArrayList<>(List.of(pipeline, Pipeline.beforeGradient(),
        Pipeline.relaxed(new LaneEvaluator().or(new PlanEvaluator()))));
    pipeline.passes().forEach(pass -> alone.add(Pipeline.of(pass)));
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (int seed = 0; seed < PASS_GRAPHS; seed++) {
      Graph before = new Chain(new SplittableRandom(-1 - seed)).mixed();
      for (Pipeline each : alone) {
        try {
          Graph after = each.apply(before);
          Verifier.verify(after);
          for (Map<String, Long> sizes : SIZES) {
            compared += keepsValues(before, after, sizes) ? 1 : 0;
          }
        } catch (ShapeException e) {
          if (SIZES.stream().anyMatch(sizes -> keepsValues(before, before, sizes))) {
            wrong.add("seed " + seed + ": " + e.getMessage() + GraphPrinter.print(before));
          }
        } catch (KotangentException e) {
          wrong.add("seed " + seed + ": " + e.getMessage() + GraphPrinter.print(before));
        }
      }
    }
    assertEquals(0, wrong.size(), () -> wrong.size() + " of " + PASS_GRAPHS + ", such as "
        + wrong.stream().min(java.util.Comparator.comparingInt(String::length)).orElse(""));
    assertTrue(compared > PASS_GRAPHS, "compared " + compared);
  }

  /// False if the graph does not take these sizes.
  private static boolean keepsValues(Graph before, Graph after, Map<String, Long> sizes) {
    int[] dims = {Math.toIntExact(sizes.get("n")), 7};
    double[] numbers = new double[dims[0] * dims[1]];
    java.util.Arrays.setAll(numbers, i -> i + 1);
    Map<String, TensorValue> fed = Map.of("x", TensorValue.f64(dims, numbers));
    TensorValue expected;
    try {
      expected = Interpreter.run(before, fed, sizes).result("y");
    } catch (ShapeException e) {
      return false;
    }
    assertSame(expected, Interpreter.run(after, fed, sizes).result("y"), before);
    Plan plan = Planner.plan(after, PlanOptions.STANDARD);
    assertSame(expected, PlanRun.interpreted(plan, after, fed, sizes).arrays().get("y"), after);
    return true;
  }

  private static void assertSame(TensorValue expected, TensorValue got, Graph graph) {
    assertArrayEquals(expected.dims(), got.dims(), () -> GraphPrinter.print(graph));
    for (int i = 0; i < got.size(); i++) {
      assertEquals(expected.real(i), got.real(i), () -> GraphPrinter.print(graph));
    }
  }

  /// A chain of layouts of `x: f64[n,7]`.
  private static final class Chain {
    private final GraphBuilder builder = new GraphBuilder();
    private final SplittableRandom random;
    private final Node x =
        builder.input(new Port("x", Role.INPUT, TensorType.of(DType.F64, N, Dim.of(7))));

    Chain(SplittableRandom random) {
      this.random = random;
    }

    Graph graph() {
      Node y = x;
      int length = 2 + random.nextInt(6);
      for (int i = 0; i < length; i++) {
        y = next(y);
      }
      return builder.graph("chain", List.of(x), List.of(new Graph.Result("y", y)));
    }

    Graph mixed() {
      Node y = x;
      int length = 2 + random.nextInt(7);
      for (int i = 0; i < length; i++) {
        try {
          y = random.nextBoolean() ? next(y) : other(y);
        } catch (ShapeException _) {
          // another one
        }
      }
      return builder.graph("mixed", List.of(x), List.of(new Graph.Result("y", y)));
    }

    private Node other(Node y) {
      int rank = y.shape().rank();
      List<Integer> axes = List.of(random.nextInt(rank));
      Dim size = y.shape().dim(axes.getFirst());
      return switch (random.nextInt(9)) {
        case 0 -> builder.add(new Op.Concat(0), slice(y), slice(y));
        case 1 -> rank > 1 ? builder.sum(y, axes) : builder.broadcast(y, List.of(0),
            Shape.of(size, pick(M, K, N.minus(M))));
        case 2 -> {
          Node row = builder.sum(builder.broadcast(y, axesOf(y, 1), lengthened(y)), List.of(0));
          yield builder.map(ScalarFn.MUL, row, y);
        }
        case 3 -> rank > 1
            ? builder.add(new Op.Reshape(Shape.of(y.shape().dim(1), y.shape().dim(0))), y)
            : builder.add(new Op.Reshape(Shape.of(Dim.ONE, size)), y);
        case 4 -> builder.sum(builder.add(new Op.Windows(axes, List.of(1 + random.nextInt(3)),
            List.of(1 + random.nextInt(2)), List.of(1)), y), List.of(rank));
        case 5 -> builder.add(new Op.Pad(Collections.nCopies(rank, pick(Dim.ZERO, K)),
            Collections.nCopies(rank, pick(Dim.ZERO, M, N)), Collections.nCopies(rank,
                random.nextInt(2))),
            y, builder.scalar(DType.F64, 0));
        case 6 -> builder.map(ScalarFn.ADD, y,
            builder.cast(DType.F64, builder.iota(y.shape(), axes.getFirst(), DType.I32)));
        case 7 -> builder.add(new Op.Slice(Collections.nCopies(rank, M),
            y.shape().dims().stream().map(d -> d.minus(K)).toList(),
            Collections.nCopies(rank, 1)), slice(y));
        default -> builder.add(new Op.Reshape(new Shape(List.of(y.shape().size()))), y);
      };
    }

    private static List<Integer> axesOf(Node y, int from) {
      List<Integer> axes = new ArrayList<>();
      for (int i = 0; i < y.shape().rank(); i++) {
        axes.add(from + i);
      }
      return axes;
    }

    private static Shape lengthened(Node y) {
      List<Dim> dims = new ArrayList<>(y.shape().dims());
      dims.addFirst(M);
      return new Shape(dims);
    }

    private Node next(Node y) {
      int rank = y.shape().rank();
      try {
        return switch (random.nextInt(12)) {
          case 0 -> builder.map(ScalarFn.NEG, y);
          case 1 -> builder.add(new Op.Reverse(List.of(random.nextInt(rank))), y);
          case 2 -> pad(y);
          case 3 -> builder.add(new Op.Concat(random.nextInt(rank)), y, y);
          case 4 -> builder.transpose(y, rank == 1 ? List.of(0) : List.of(1, 0));
          case 5 -> rank > 1 ? builder.reshape(y, new Shape(List.of(y.shape().size())))
              : builder.broadcast(y, List.of(1), Shape.of(K, y.shape().dim(0)));
          case 6 -> builder.map(ScalarFn.ADD, y, slice(y));
          default -> slice(y);
        };
      } catch (ShapeException _) {
        return y;
      }
    }

    private Node slice(Node y) {
      List<Dim> starts = new ArrayList<>();
      List<Dim> limits = new ArrayList<>();
      List<Integer> strides = new ArrayList<>();
      for (Dim dim : y.shape().dims()) {
        Dim start = pick(Dim.ZERO, Dim.ZERO, Dim.ONE, M, K.minus(1));
        starts.add(start);
        limits.add(pick(dim, dim, dim.minus(1), dim.minus(M), start.plus(K), M.plus(K),
            start.plus(1)));
        strides.add(random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1);
      }
      return builder.add(new Op.Slice(starts, limits, strides), y);
    }

    private Node pad(Node y) {
      List<Dim> low = new ArrayList<>();
      List<Dim> high = new ArrayList<>();
      for (int i = 0; i < y.shape().rank(); i++) {
        low.add(pick(Dim.ZERO, Dim.ONE, M));
        high.add(pick(Dim.ZERO, Dim.ONE, K, K.minus(1)));
      }
      return builder.add(new Op.Pad(low, high, Collections.nCopies(low.size(), 0)), y,
          builder.scalar(DType.F64, 0));
    }

    private Dim pick(Dim... among) {
      return among[random.nextInt(among.length)];
    }
  }
}
