package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Constants that are sliced and padded at symbolic places compile, whatever they are read by, and the meaning, the plan and the
/// program agree: on the results, and on which sizes are errors.
class ConstantPlacesTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim M = Dim.symbol("m");
  private static final Dim SIX = Dim.of(6);
  private static final List<Dim> PLACES = List.of(Dim.ZERO, Dim.ONE, N, SIX.minus(N), N.minus(M),
      N.min(SIX), N.floorDiv(Dim.of(2)), N.plus(M), SIX);

  private interface Moved {
    Node of(GraphBuilder b, Node constant, Dim from, Dim to);
  }

  private interface Read {
    Node of(GraphBuilder b, Node moved);
  }

  private final List<String> faults = new ArrayList<>();
  private int runs;
  private int errors;

  private static Map<String, Moved> moving() {
    Map<String, Moved> all = new LinkedHashMap<>();
    all.put("slice", (b, c, from, to) -> slice(b, c, from, to, 1));
    all.put("slice of every second", (b, c, from, to) -> slice(b, c, from, to, 2));
    all.put("reversed slice", (b, c, from, to) -> b.add(new Op.Reverse(List.of(0)),
        slice(b, c, from, to, 1)));
    all.put("pad", (b, c, from, to) -> pad(b, c, from, to, 0));
    all.put("pad inside", (b, c, from, to) -> pad(b, c, from, to, 2));
    all.put("slice of pad", (b, c, from, to) -> slice(b, pad(b, c, from, Dim.ONE, 0), from, to, 1));
    all.put("pad of slice", (b, c, from, to) -> pad(b, slice(b, c, from, to, 1), to, from, 0));
    all.put("concat of slices", (b, c, from, to) -> b.add(new Op.Concat(0),
        slice(b, c, from, to, 1), c, slice(b, c, Dim.ZERO, from, 1)));
    return all;
  }

  private static Map<String, Read> reading() {
    Map<String, Read> all = new LinkedHashMap<>();
    all.put("itself", (_, moved) -> moved);
    all.put("elementwise", (b, moved) -> b.cast(moved.dtype() == DType.F32 ? DType.I32 : DType.F32,
        moved));
    all.put("sum", (b, moved) -> b.sum(b.cast(DType.F64, moved), List.of(0)));
    return all;
  }

  private static Node slice(GraphBuilder b, Node x, Dim from, Dim to, int stride) {
    List<Dim> starts = new ArrayList<>(List.of(from));
    List<Dim> limits = new ArrayList<>(List.of(to));
    List<Integer> strides = new ArrayList<>(List.of(stride));
    for (int axis = 1; axis < x.type().rank(); axis++) {
      starts.add(Dim.ZERO);
      limits.add(x.shape().dim(axis));
      strides.add(1);
    }
    return b.add(new Op.Slice(starts, limits, strides), x);
  }

  private static Node pad(GraphBuilder b, Node x, Dim low, Dim high, int interior) {
    List<Dim> lows = new ArrayList<>(List.of(low));
    List<Dim> highs = new ArrayList<>(List.of(high));
    List<Integer> interiors = new ArrayList<>(List.of(interior));
    for (int axis = 1; axis < x.type().rank(); axis++) {
      lows.add(Dim.ZERO);
      highs.add(Dim.ZERO);
      interiors.add(0);
    }
    return b.add(new Op.Pad(lows, highs, interiors), x, b.scalar(x.dtype(), 1));
  }

  /// One value throughout, a vector, and rows.
  private static List<Node> constants(GraphBuilder b, DType dtype) {
    return List.of(b.constant(literal(dtype, 6)), b.constant(literal(dtype, 6, 40)),
        b.fill(new TensorType(dtype, Shape.of(6)), 1));
  }

  private static Literal literal(DType dtype, long... dims) {
    TensorType type = new TensorType(dtype, Shape.of(dims));
    Object array = dtype.newArray(type.shape().size().constant());
    for (int i = 0; i < Array.getLength(array); i++) {
      switch (dtype) {
        case F32 -> Array.setFloat(array, i, i % 23 - 5.5f);
        case F64 -> Array.setDouble(array, i, i % 23 - 5.5);
        case I32 -> Array.setInt(array, i, i % 23 - 5);
        case I64 -> Array.setLong(array, i, i % 23 - 5);
        case BOOL -> Array.setBoolean(array, i, i % 3 == 0);
      }
    }
    return Literal.of(type, array);
  }

  @Test
  void agreeInThreeWays() {
    agree(41);
  }

  @Test @Tag("faults")
  void allAgreeInThreeWays() {
    agree(1);
  }

  /// @param step of so many pairs of places one is tried
  private void agree(int step) {
    int graphs = 0;
    for (var moved : moving().entrySet()) {
      for (int place = graphs % step; place < PLACES.size() * PLACES.size(); place += step) {
        Dim from = PLACES.get(place / PLACES.size());
        Dim to = PLACES.get(place % PLACES.size());
        DType dtype = DType.values()[(place + graphs) % DType.values().length];
        if (!from.isConstant() || !to.isConstant()) {
          graphs++;
          agrees(moved.getKey() + " of " + dtype + " from " + from + " to " + to,
              moved.getValue(), dtype, from, to);
        }
      }
    }
    System.out.printf("%d graphs, %d runs, %d of them errors, %d faults%n", graphs, runs, errors,
        faults.size());
    assertEquals(List.of(), faults.stream().limit(10).toList(), faults.size() + " faults");
    assertTrue(runs > 3_000 / step && errors > runs / 9 && errors < runs / 4 * 3,
        runs + " runs, " + errors + " errors");
  }

  /// All constants of a dtype, moved alike, and read in all ways, are one graph.
  private void agrees(String what, Moved moved, DType dtype, Dim from, Dim to) {
    try {
      GraphBuilder b = new GraphBuilder();
      List<Node> inputs = List.of(port(b, "x", N), port(b, "z", M));
      List<Graph.Result> results = new ArrayList<>();
      for (Node constant : constants(b, dtype)) {
        Node node = moved.of(b, constant, from, to);
        reading().forEach((_, read) -> results
            .add(new Graph.Result("y" + results.size(), read.of(b, node))));
      }
      Graph graph = b.graph("f", inputs, results);
      Compilation compiled = Compiler.compilation(graph, CompileOptions.standard());
      for (long n = 0; n < 9; n += n < 2 ? 1 : 2) {
        for (long m = 0; m < 3; m += 2) {
          ThreeWays ways = ThreeWays.of(graph, compiled, Map.of("n", n, "m", m));
          runs++;
          errors += ways.errors().isEmpty() ? 0 : 1;
          if (!ways.difference().isEmpty()) {
            faults.add(what + " for " + n + ", " + m + ": " + ways.difference());
          }
        }
      }
    } catch (KotangentException e) {
      faults.add(what + ": " + e);
    } catch (RuntimeException e) {
      faults.add(what + ": " + e + " at " + List.of(e.getStackTrace()).subList(0, 4));
    }
  }

  private static Node port(GraphBuilder b, String name, Dim size) {
    return b.input(new Port(name, Role.INPUT, TensorType.of(DType.F64, size)));
  }
}
