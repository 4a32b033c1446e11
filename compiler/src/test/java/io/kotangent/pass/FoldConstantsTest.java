package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.EveryOp;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class FoldConstantsTest {
  private final GraphBuilder builder = new GraphBuilder();

  private Node zeros(int length) {
    return builder.constant(Literal.vector(DType.F64, new double[length]));
  }

  private Node ints(int... values) {
    return builder.constant(Literal.vector(DType.I32, values));
  }

  @Test
  void computationsOnConstantsAreFoldable() {
    Graph graph = Texts.graph("""
        graph f() {
          %0 = constant[value=(1.0, 2.0, 3.0)] : f64[3]
          %1 = constant[value=0.5] : f64
          %2 = constant[value=(1.0, 2.0, 3.0, 4.0)] : f64[2,2]
          %3 = constant[value=(1.0, 2.0)] : f64[1,2,1]
          %4 = constant[value=(1.0)] : f64[1,1,1]
          %5 = neg %0 : f64[3]
          %6 = cast[to=f32] %0 : f32[3]
          %7 = reshape[to=4] %2 : f64[4]
          %8 = transpose[permutation=(1,0)] %2 : f64[2,2]
          %9 = reverse[axes=0] %0 : f64[3]
          %10 = slice[starts=1, limits=3] %0 : f64[2]
          %11 = pad[low=1, high=1] %0, %1 : f64[5]
          %12 = concat[axis=0] %0, %0 : f64[6]
          %13 = windows[axes=0, sizes=2] %0 : f64[2,2]
          %14 = overlap_add[axes=0, lengths=3] %2 : f64[3]
          %15 = reduce.sum[axes=0] %0 : f64
          %16 = contract[i,i->] %0, %0 : f64
          %17 = convolve[nwc,wio->nwc] %3, %4 : f64[1,2,1]
          return a=%5, b=%6, c=%7, d=%8, e=%9, f=%10, g=%11, h=%12, i=%13, j=%14, k=%15, l=%16, m=%17
        }
        """);
    for (Node node : graph.schedule()) {
      assertEquals(!(node.op() instanceof Op.Constant), FoldConstants.isFoldable(node),
          node::toString);
    }
  }

  @Test
  void whatIsFreeRandomOrControlsIsNot() {
    Graph graph = Texts.graph("""
        graph g(a: input f64) {
          return p=a
        }
        graph body(a: input f64, s: input f64) {
          return a=s
        }
        graph f() {
          %0 = constant[value=1] : i64
          %1 = constant[value=(0, 1)] : i32[2]
          %2 = constant[value=(1.0, 2.0)] : f64[2]
          %3 = constant[value=0.5] : f64
          %4 = constant[value=true] : bool
          %5 = iota[axis=0] : f64[2]
          %6 = random[stream="s"] %0, %0 : i32[2]
          %7 = broadcast[dims=(0), to=(2,3)] %2 : f64[2,3]
          %8 = gather[axis=0] %2, %1 : f64[2]
          %9 = scatter[axis=0] %2, %1, %2 : f64[2]
          %10 = sort[axis=0] %2 : (f64[2], i32[2])
          %11 = item[index=0] %10 : f64[2]
          %12 = call[@g] %3 : (f64)
          %13 = item[index=0] %12 : f64
          %14 = loop[@body, count=2, carried=1, sliced=1] %3, %2 : (f64)
          %15 = item[index=0] %14 : f64
          %16 = branch[@g, @g] %4, %3 : (f64)
          %17 = item[index=0] %16 : f64
          %18 = size[dim=2] : i64
          return a=%5, b=%6, c=%7, d=%8, e=%9, f=%11, g=%13, h=%15, i=%17, j=%18
        }
        """);
    for (Node node : graph.schedule()) {
      assertFalse(FoldConstants.isFoldable(node), node::toString);
    }
    Set<String> foldable = new TreeSet<>();
    EveryOp.nodes().stream().filter(FoldConstants::isFoldable)
        .forEach(node -> foldable.add(node.op().mnemonic()));
    assertEquals(Set.of("reshape"), foldable);
  }

  @Test
  void largeResultsAndOperandsAreNot() {
    assertTrue(FoldConstants.isFoldable(builder.map(ScalarFn.NEG, zeros(4096))));
    assertFalse(FoldConstants.isFoldable(builder.map(ScalarFn.NEG, zeros(4097))));
    Node few = zeros(3);
    Node zero = builder.constant(Literal.scalar(DType.F64, 0));
    assertTrue(FoldConstants.isFoldable(pad(few, zero, 4093)));
    assertFalse(FoldConstants.isFoldable(pad(few, zero, 4094)));
    assertFalse(FoldConstants.isFoldable(builder.add(
        new Op.Slice(List.of(Dim.ZERO), List.of(Dim.of(2)), List.of(1)), List.of(zeros(4097)))));
    assertFalse(FoldConstants.isFoldable(builder.add(new Op.Pad(List.of(Dim.symbol("n")),
        List.of(Dim.ZERO), List.of(0)), List.of(few, zero))));
  }

  private Node pad(Node node, Node value, long low) {
    return builder.add(
        new Op.Pad(List.of(Dim.of(low)), List.of(Dim.ZERO), List.of(0)), List.of(node, value));
  }

  @Test
  void onlyAnIntegerDivisionByZeroMayFail() {
    for (ScalarFn fn : List.of(ScalarFn.DIV, ScalarFn.REM)) {
      assertTrue(FoldConstants.isFoldable(builder.map(fn, ints(6, 7), ints(3, -2))));
      assertFalse(FoldConstants.isFoldable(builder.map(fn, ints(6, 7), ints(3, 0))));
    }
    assertTrue(FoldConstants.isFoldable(builder.map(ScalarFn.DIV, zeros(2), zeros(2))));
    assertTrue(FoldConstants.isFoldable(builder.map(ScalarFn.MUL, ints(6, 7), ints(3, 0))));
  }

  @Test
  void oneEvaluatorIsAskedForWhatAnotherDoesNotKnow() {
    Literal seven = Literal.scalar(DType.F64, 7);
    List<Node> asked = new ArrayList<>();
    ConstantEvaluator both = new LaneEvaluator().or(node -> {
      asked.add(node);
      return Optional.of(seven);
    });
    Node two = builder.constant(Literal.scalar(DType.F64, 2));
    assertEquals(Optional.of(Literal.scalar(DType.F64, -2)),
        both.evaluate(builder.map(ScalarFn.NEG, two)));
    assertEquals(List.of(), asked);
    Node reversed = builder.add(new Op.Reverse(List.of(0)), List.of(zeros(2)));
    assertEquals(Optional.of(seven), both.evaluate(reversed));
    assertEquals(List.of(reversed), asked);
  }
}
