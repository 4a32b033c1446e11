package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Equal computations are one node; what does not fit is refused with the source lines of all that takes part.
@Tag("fast")
class GraphBuilderTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Node x =
      input("x", TensorType.of(DType.F32, Dim.symbol("n"), Dim.of(3)), "A.java:1");
  private final Node y =
      input("y", TensorType.of(DType.F32, Dim.symbol("n"), Dim.of(3)), "A.java:2");
  private final Node z = input("z", TensorType.of(DType.F32, Dim.of(4)), "A.java:3");

  private Node input(String name, TensorType type, String place) {
    builder.at(new Origin("", place));
    return builder.input(new Port(name, Role.INPUT, type));
  }

  @Test
  void equalComputationsAreOneNode() {
    Node sum = builder.map(ScalarFn.ADD, x, y);
    assertSame(sum, builder.map(ScalarFn.ADD, x, y));
    assertSame(sum, builder.map(ScalarFn.ADD, y, x));
    assertNotSame(builder.map(ScalarFn.SUB, x, y), builder.map(ScalarFn.SUB, y, x));
    assertSame(builder.scalar(DType.F32, 1.5), builder.scalar(DType.F32, 1.5));
    assertNotSame(builder.scalar(DType.F32, 0.0), builder.scalar(DType.F32, -0.0));
    assertNotSame(builder.scalar(DType.F32, 1), builder.scalar(DType.F64, 1));
    assertNotSame(builder.add(new Op.Cast(DType.F64), x), builder.add(new Op.Cast(DType.I32), x));
  }

  @Test
  void theFirstOriginWins() {
    builder.at(new Origin("", "B.java:7"));
    Node first = builder.map(ScalarFn.EXP, x);
    builder.at(new Origin("", "B.java:8"));
    assertSame(first, builder.map(ScalarFn.EXP, x));
    assertEquals("B.java:7", first.origin().place());
  }

  @Test
  void drawsAreEqualOnlyIfTheyNameTheSameStream() {
    Node seed = builder.scalar(DType.I64, 1);
    Op.Random a = new Op.Random("a", Shape.of(3), false);
    assertSame(builder.add(a, seed, seed),
        builder.add(new Op.Random("a", Shape.of(3), false), seed, seed));
    assertNotSame(builder.add(a, seed, seed),
        builder.add(new Op.Random("b", Shape.of(3), false), seed, seed));
  }

  private static Graph body(String name, ScalarFn fn) {
    GraphBuilder inner = new GraphBuilder();
    Node p = inner.input(new Port("p", Role.INPUT, TensorType.of(DType.F32, 4)));
    return inner.graph(name, List.of(p), List.of(new Graph.Result("r", inner.map(fn, p))));
  }

  @Test
  void callsAreInternedByTheStructureOfTheirBodies() {
    Node call = builder.add(new Op.Call(body("f", ScalarFn.EXP), Optional.empty()), z);
    assertSame(call, builder.add(new Op.Call(body("f", ScalarFn.EXP), Optional.empty()), z));
    assertNotSame(call, builder.add(new Op.Call(body("f", ScalarFn.TANH), Optional.empty()), z));
  }

  @Test
  void graphsAreEqualByStructure() {
    assertEquals(body("f", ScalarFn.EXP), body("f", ScalarFn.EXP));
    assertEquals(body("f", ScalarFn.EXP).hashCode(), body("f", ScalarFn.EXP).hashCode());
    assertNotEquals(body("f", ScalarFn.EXP), body("g", ScalarFn.EXP));
    assertNotEquals(body("f", ScalarFn.EXP), body("f", ScalarFn.TANH));
  }

  @Test
  void shapesThatDoNotFitNameAllLines() {
    builder.at(new Origin("dense", "A.java:9"));
    assertEquals(
        "add: expected operands of one shape, got [f32[n,3] (A.java:1), f32[4] (A.java:3)] at dense A.java:9",
        assertThrows(ShapeException.class, () -> builder.map(ScalarFn.ADD, x, z)).getMessage());
    assertEquals(
        "contract: expected the size 3 instead of 4, got [f32[n,3] (A.java:1), f32[4] (A.java:3)]"
            + " at dense A.java:9",
        assertThrows(ShapeException.class, () -> builder.contract("ab,b->a", x, z)).getMessage());
    assertEquals(
        "reshape: expected the size 4 instead of 5, got [f32[4] (A.java:3)] at dense A.java:9",
        assertThrows(ShapeException.class, () -> builder.reshape(z, Shape.of(5))).getMessage());
    assertEquals("sqrt: expected a float, got [i32[4] (A.java:9)] at dense A.java:9",
        assertThrows(KotangentException.class,
            () -> builder.map(ScalarFn.SQRT, builder.cast(DType.I32, z))).getMessage());
  }

  @Test
  void whatCannotBeProvedIsRemembered() {
    Node w = input("w", TensorType.of(DType.F32, Dim.symbol("m"), Dim.of(3)), "A.java:4");
    builder.at(new Origin("", "A.java:5"));
    builder.map(ScalarFn.ADD, x, w);
    builder.map(ScalarFn.ADD, x, y);
    assertEquals(List.of("n == m"), builder.requirements().stream().map(Object::toString).toList());
    assertEquals("A.java:5", builder.requirements().getFirst().origin());
  }

  @Test
  void aNameIsDeclaredOnce() {
    builder.at(new Origin("", "A.java:6"));
    assertEquals(
        "input 'x' is declared twice, as x: input f32 and as x: input f32[n,3] at A.java:6",
        assertThrows(KotangentException.class,
            () -> builder.input(new Port("x", Role.INPUT, TensorType.scalar(DType.F32))))
            .getMessage());
  }

  @Test
  void aWrongNumberOfOperandsIsAlwaysATypedError() {
    Dim zero = Dim.ZERO;
    SumOrder order = new SumOrder(SumOrder.Kind.SEQUENTIAL, "b");
    Graph body = builder.graph("body", List.of(x), List.of(new Graph.Result("r", x)));
    List<Op> ops = List.of(new Op.Iota(Shape.of(3), 0, DType.I32), new Op.Size(zero),
        new Op.Random("s", Shape.of(2), false), new Op.Map(ScalarFn.ADD), new Op.Cast(DType.F64),
        new Op.Broadcast(List.of(0, 1), x.shape()), new Op.Reshape(x.shape()),
        new Op.Transpose(List.of(1, 0)), new Op.Reverse(List.of(0)),
        new Op.Slice(List.of(zero, zero), List.of(zero, zero), List.of(1, 1)),
        new Op.Pad(List.of(zero, zero), List.of(zero, zero), List.of(0, 0)), new Op.Concat(0),
        new Op.Windows(List.of(1), List.of(2), List.of(1), List.of(1)),
        new Op.OverlapAdd(List.of(0), List.of(1), List.of(1), List.of(Dim.of(5))),
        new Op.Gather(0, 0), new Op.Scatter(0, 0), new Op.Sort(0),
        new Op.Reduce(Op.Reduction.SUM, List.of(1), order, DType.F32),
        new Op.Contract("ab", "ab", "a", order, DType.F32),
        new Op.Convolve("nc", "io", "nc", List.of(), 1, 1,
            new SumOrder(SumOrder.Kind.SEQUENTIAL, "i"), DType.F32),
        new Op.Call(body, Optional.empty()), new Op.Loop(body, Dim.ONE, 0, 0, false),
        new Op.Branch(body, body), new Op.Item(0));
    for (Op op : ops) {
      int refused = 0;
      for (int count = 0; count <= 4; count++) {
        try {
          builder.add(op, java.util.Collections.nCopies(count, x));
        } catch (KotangentException e) {
          refused++;
        }
      }
      assertEquals(true, refused >= (op instanceof Op.Concat ? 1 : 4),
          op.mnemonic() + " refused " + refused);
    }
  }
}
