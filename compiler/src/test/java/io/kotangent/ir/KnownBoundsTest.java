package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is said of the elements of nodes holds of what these mean.
@Tag("fast")
class KnownBoundsTest {
  private static final double[] SPECIAL = {0, -0.0, 1, -1, 0.5, 2, 3, -2, 1e-30, 100, -100, 800,
      Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};

  @ParameterizedTest @EnumSource
  void areThoseOfEveryFunctionOfConstants(ScalarFn fn) {
    if (!fn.accepts(DType.F64)) {
      return;
    }
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    for (int round = 0; round < 300; round++) {
      GraphBuilder b = new GraphBuilder();
      List<Node> operands = new ArrayList<>();
      for (int i = 0; i < fn.arity(); i++) {
        operands.add(fn == ScalarFn.SELECT && i == 0
            ? b.constant(Literal.vector(DType.BOOL, new boolean[] {true, false, round % 2 == 0}))
            : b.constant(Literal.vector(DType.F64, sample(random))));
      }
      Node y = b.add(new Op.Map(fn), operands);
      if (y.dtype().isFloat()) {
        holds(b, List.of(y, b.sum(y, List.of(0)), b.reduce(Op.Reduction.MAX, y, List.of(0)),
            b.map(ScalarFn.MUL, y, y)), fn + ", round " + round);
      }
    }
  }

  private static double[] sample(RandomGenerator random) {
    double[] elements = new double[3];
    boolean special = random.nextInt(4) == 0;
    boolean positive = random.nextBoolean();
    for (int i = 0; i < elements.length; i++) {
      double x = special ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextInt(8) == 0 ? 0
          : random.nextDouble(-5, 5);
      elements[i] = positive ? Math.abs(x) : x;
    }
    return elements;
  }

  private static void holds(GraphBuilder b, List<Node> nodes, String what) {
    KnownBounds known = new KnownBounds();
    List<Graph.Result> results = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      results.add(new Graph.Result("r" + i, nodes.get(i)));
    }
    var run = Interpreter.run(b.graph("bounds", List.of(), results), Map.of());
    for (int i = 0; i < nodes.size(); i++) {
      Bounds bounds = known.of(nodes.get(i));
      TensorValue value = run.result("r" + i);
      for (int k = 0; k < value.size(); k++) {
        double element = value.real(k);
        double near = Double.isFinite(element) ? 1e-12 * Math.abs(element) : 0;
        boolean inside = Double.isNaN(element) ? bounds.nan()
            : element >= bounds.low() - near
                && element <= bounds.high() + near;
        assertTrue(inside, () -> what + ": " + element + " is not in " + bounds);
      }
    }
  }

  @Test
  void aSoftmaxHasSlopesThatAreFinite() {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input(new Port("x", Role.INPUT, new TensorType(DType.F32, Shape.of(4))));
    Node max = b.map(ScalarFn.STOP_GRADIENT, b.reduce(Op.Reduction.MAX, x, List.of(0)));
    Node e = b.map(ScalarFn.EXP, b.map(ScalarFn.SUB, x, b.broadcast(max, List.of(), x.shape())));
    Node sum = b.sum(e, List.of(0));
    KnownBounds known = new KnownBounds();
    assertTrue(known.of(e).isFinite());
    assertEquals(1, known.of(sum).low());
    assertTrue(known.of(sum).isFiniteDivisor());
    assertFalse(known.of(b.map(ScalarFn.EXP, x)).isFinite());
  }
}
