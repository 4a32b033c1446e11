package io.kotangent.ir;

import io.kotangent.text.GraphParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A graph in which every kind of op occurs, for tests of what each kind is treated as.
public final class EveryOp {
  private static final String TEXT = """
      graph g(a: input FLOAT) {
        %0 = neg a : FLOAT
        return p=%0
      }
      graph h(a: input FLOAT) {
        return p=a
      }
      graph body(a: input FLOAT, s: input FLOAT) {
        %0 = add a, s : FLOAT
        return a=%0
      }
      graph f(c: input bool, x: input FLOAT[SIZE], i: input i32[2], d: input FLOAT[1,SIZE,1]) {
        %0 = size[dim=SIZE] : i64
        %1 = random[stream="s"] %0, %0 : i32[SIZE]
        %2 = iota[axis=0] : FLOAT[SIZE]
        %3 = add x, %2 : FLOAT[SIZE]
        %4 = cast[to=i32] %3 : i32[SIZE]
        %5 = broadcast[dims=(1), to=(2,SIZE)] %3 : FLOAT[2,SIZE]
        %6 = reshape[to=2*SIZE] %5 : FLOAT[2*SIZE]
        %7 = transpose[permutation=(1,0)] %5 : FLOAT[SIZE,2]
        %8 = reverse[axes=0] %7 : FLOAT[SIZE,2]
        %9 = slice[starts=0, limits=SIZE] x : FLOAT[SIZE]
        %10 = constant[value=0.5] : FLOAT
        %11 = pad[low=SIZE, high=0] %9, %10 : FLOAT[2*SIZE]
        %12 = concat[axis=0] %6, %11 : FLOAT[4*SIZE]
        %13 = windows[axes=1, sizes=2] %8 : FLOAT[SIZE,1,2]
        %14 = overlap_add[axes=1, lengths=2] %13 : FLOAT[SIZE,2]
        %15 = gather[axis=1] %14, i : FLOAT[SIZE,2]
        %16 = scatter[axis=1] %14, i, %15 : FLOAT[SIZE,2]
        %17 = sort[axis=0] %16 : (FLOAT[SIZE,2], i32[SIZE,2])
        %18 = item[index=0] %17 : FLOAT[SIZE,2]
        %19 = reduce.sum[axes=1] %18 : FLOAT[SIZE]
        %20 = contract[i,i->] %19, x : FLOAT
        %21 = constant[value=2.0] : FLOAT
        %22 = reshape[to=(1,1,1)] %21 : FLOAT[1,1,1]
        %23 = convolve[nwc,wio->nwc] d, %22 : FLOAT[1,SIZE,1]
        %24 = call[@g] %20 : (FLOAT)
        %25 = item[index=0] %24 : FLOAT
        %26 = loop[@body, count=SIZE, carried=1, sliced=1] %25, x : (FLOAT)
        %27 = item[index=0] %26 : FLOAT
        %28 = branch[@g, @h] c, %27 : (FLOAT)
        %29 = item[index=0] %28 : FLOAT
        return y=%29, r=%1, k=%4, w=%12, z=%23
      }
      """;

  private EveryOp() {
  }

  /// @param size of its axes: a symbol or a number
  /// @param dtype of its floats
  public static Graph graph(String size, String dtype) {
    return GraphParser.parse(TEXT.replace("SIZE", size).replace("FLOAT", dtype)).getLast();
  }

  /// The nodes of all kinds; fails if a kind of op is missing.
  public static List<Node> nodes() {
    List<Node> nodes = new ArrayList<>(graph("n", "f64").schedule());
    kinds().forEach(kind -> {
      if (nodes.stream().noneMatch(node -> kind.isInstance(node.op()))) {
        throw new AssertionError("no " + kind.getSimpleName() + " in the graph of every op");
      }
    });
    return nodes;
  }

  /// The records of all families.
  public static Stream<Class<?>> kinds() {
    return kinds(Op.class);
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EveryOp::kinds)
        : Stream.of(type);
  }
}
