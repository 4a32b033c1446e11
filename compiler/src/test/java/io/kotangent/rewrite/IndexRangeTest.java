package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import io.kotangent.type.Dim;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which indices are known to lie within an axis: the least size that they surely fit, and no smaller one.
@Tag("fast")
class IndexRangeTest {
  private static final String PORTS = "i: input i32[n] in 0..4, j: input i64[n,3] in 2..6, "
      + "m: input i32[n] in -1..4, u: input i32[n], x: input f32[n,7], y: input f32[n,m]";

  /// @param least the least size that the last statement's indices fit; −1: no size
  @ParameterizedTest @CsvSource(delimiter = '|', value = {
      "i : i32[n] | 5", "j : i64[n,3] | 7", "m : i32[n] | -1", "u : i32[n] | -1",
      "constant[value=(3, 1, 0)] : i32[3] | 4", "constant[value=(3, -1)] : i64[2] | -1",
      "constant[value=0] : i32 | 1", "constant[value=0.0] : f32 | -1",
      "iota[axis=1] : i32[n,9] | 9", "iota[axis=0] : i64[4,n] | 4",
      "reduce.argmax[axes=1] x : i32[n] | 7", "reduce.argmin[axes=1] x : i32[n] | 7",
      "broadcast[dims=0, to=(n,2)] i : i32[n,2] | 5", "reshape[to=3*n] j : i64[3*n] | 7",
      "transpose[permutation=(1,0)] j : i64[3,n] | 7", "reverse[axes=0] i : i32[n] | 5",
      "slice[starts=(0,1), limits=(n,3)] j : i64[n,2] | 7",
      "windows[axes=1, sizes=2] j : i64[n,2,2] | 7", "gather[axis=0] j, i : i64[n,3] | 7",
      "cast[to=i64] i : i64[n] | 5", "cast[to=i32] j : i32[n,3] | -1",
      "stop_gradient i : i32[n] | 5", "neg i : i32[n] | -1", "add i, i : i32[n] | -1",
      "concat[axis=0] i, i : i32[2*n] | -1", "size[dim=n] : i64 | -1"})
  void isWithin(String statement, long least) {
    boolean port = !statement.substring(0, statement.indexOf(':')).strip().contains(" ")
        && !statement.contains("[dim") && !statement.contains("constant")
        && !statement.contains("iota");
    String text = port ? "  return y=" + statement.substring(0, 1)
        : "  %0 = " + statement + "\n  return y=%0";
    Graph graph = GraphParser.parseOne("graph f(" + PORTS + ") {\n" + text + "\n}\n");
    for (long size = 0; size < 12; size++) {
      assertEquals(least >= 0 && size >= least,
          IndexRange.isWithin(graph.result("y"), Dim.of(size)), statement + " in " + size);
    }
  }

  @ParameterizedTest @CsvSource({"m, true", "m+1, true", "n, false", "6, false"})
  void symbolicAxesAreComparedSymbolically(String size, boolean within) {
    Graph graph = GraphParser.parseOne("graph f(" + PORTS + ") {\n"
        + "  %0 = reduce.argmax[axes=1] y : i32[n]\n  return y=%0\n}\n");
    Dim dim = switch (size) {
      case "m" -> Dim.symbol("m");
      case "m+1" -> Dim.symbol("m").plus(1);
      case "n" -> Dim.symbol("n");
      default -> Dim.of(6);
    };
    assertEquals(within, IndexRange.isWithin(graph.result("y"), dim));
  }
}
