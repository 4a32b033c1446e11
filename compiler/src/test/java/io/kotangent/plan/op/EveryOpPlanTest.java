package io.kotangent.plan.op;

import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanLaw;
import io.kotangent.text.GraphParser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of op between others: what it reads is no array of the caller's, and what it makes is read by others alone.
@Tag("fast")
class EveryOpPlanTest {
  @ParameterizedTest @MethodSource("io.kotangent.plan.op.OpNestTest#statements")
  void readsAndIsReadByOthers(String statement) {
    boolean tuple = statement.contains(" : (");
    String type = tuple ? statement.replaceAll(".* : \\((\\w+\\[[^]]*]).*", "$1")
        : statement.substring(statement.indexOf(" : ") + 3);
    List<String> lines = new ArrayList<>();
    lines.add("%x = broadcast[dims=0, to=(b,4,3)] v : f64[b,4,3]");
    lines.add("%m = broadcast[dims=(0), to=(b,19)] v : f64[b,19]");
    lines.add((tuple ? "%t = " : "%r = ") + statement.replaceAll("\\bx\\b(?!=)", "%x")
        .replaceAll(" m\\b", " %m"));
    if (tuple) {
      lines.add("%r = item[index=0] %t : " + type);
    }
    lines.addAll(readers(type));
    String text = """
        graph f(v: input f64[b], y: input f64[b,2,3], m2: input f64[b,3], p: input f64,
          i: input i64[5] in 0..3, j: input i32[b,2] in 0..2, u: input f64[b,4,2], c: input bool[b,4],
          k: input f64[2,3,2], g: input f64[2,1,6], seed: input i64, step: input i64, ids: input i64[b]) {
        """ + String.join("\n", lines) + "\n}";
    PlanLaw.holds(GraphParser.parse(text).getLast(), 0, 2);
  }

  private static List<String> readers(String type) {
    String dtype = type.replaceAll("\\[.*", "");
    String shape = type.substring(dtype.length());
    int rank = shape.isEmpty() ? 0 : commas(shape) + 1;
    String axes = String.join(",", IntStream.range(0, rank).mapToObj(String::valueOf).toList());
    if (dtype.equals("bool")) {
      return List.of("%n = not %r : " + type, "%a = reduce.all[axes=(" + axes + ")] %n : bool",
          "return n=%n, a=%a");
    }
    if (!dtype.startsWith("f")) {
      return List.of("%n = sub %r, %r : " + type, "return n=%n");
    }
    return List.of("%n = abs %r : " + type, "%f = is_finite %r : bool" + shape,
        "%a = reduce.all[axes=(" + axes + ")] %f : bool",
        "%s = reduce.max[axes=(" + axes + ")] %r : " + dtype, "return n=%n, a=%a, s=%s");
  }

  /// Commas that separate axes: not those in `ceil(b,2)`.
  private static int commas(String shape) {
    return (int) shape.replaceAll("\\([^)]*\\)", "").chars().filter(c -> c == ',').count();
  }

  /// A scalar that follows from sizes is computed by whoever reads it; all other scalars are not.
  @Test
  void everyKindOfScalar() {
    Graph graph = GraphParser.parse("""
        graph g(a: input f64) {
          %0 = exp a : f64
          return p=%0
        }

        graph h(a: input f64) {
          return p=a
        }

        graph body(a: input f64, s: input f64) {
          %0 = add a, s : f64
          return a=%0
        }

        graph f(x: input f64, v: input f64[b], one: input f64[1], i: input i32 in 0..0, seed: input i64,
          c: input bool) {
          %n = size[dim=b+1]                             : i64
          %s = cast[to=f64] %n                           : f64
          %k = constant[value=3.0]                       : f64
          %0 = add x, %s                                 : f64
          %1 = random[stream="s"] seed, seed             : i32
          %2 = cast[to=f64] %1                           : f64
          %3 = mul %2, %s                                : f64
          %4 = broadcast[dims=(), to=()] x               : f64
          %5 = mul %4, %s                                : f64
          %6 = reshape[to=()] one                        : f64
          %7 = mul %6, %s                                : f64
          %8 = transpose[permutation=()] x               : f64
          %9 = mul %8, %s                                : f64
          %10 = reverse[axes=()] x                       : f64
          %11 = mul %10, %s                              : f64
          %12 = slice[starts=(), limits=()] x            : f64
          %13 = mul %12, %s                              : f64
          %14 = pad[low=(), high=()] x, x                : f64
          %15 = mul %14, %s                              : f64
          %16 = windows[axes=(), sizes=()] x             : f64
          %17 = mul %16, %s                              : f64
          %18 = overlap_add[axes=(), lengths=()] x       : f64
          %19 = mul %18, %s                              : f64
          %20 = gather[axis=0] one, i                    : f64
          %21 = mul %20, %s                              : f64
          %22 = reduce.sum[axes=0] v                     : f64
          %23 = mul %22, %s                              : f64
          %24 = contract[a,a->] v, v                     : f64
          %25 = mul %24, %s                              : f64
          %26 = call[@g] x                               : (f64)
          %27 = item[index=0] %26                        : f64
          %28 = mul %27, %s                              : f64
          %29 = loop[@body, count=b, carried=1] x, %s    : (f64)
          %30 = item[index=0] %29                        : f64
          %31 = mul %30, %s                              : f64
          %32 = branch[@g, @h] c, x                      : (f64)
          %33 = item[index=0] %32                        : f64
          %34 = mul %33, %s                              : f64
          %35 = mul %k, %s                               : f64
          %36 = broadcast[dims=(), to=b] %35             : f64[b]
          %37 = mul v, %36                               : f64[b]
          return a=%0, b=%3, c=%5, d=%7, e=%9, f=%11, g=%13, h=%15, i=%17, j=%19, k=%21, l=%23, m=%25, n=%28, o=%31, p=%34, q=%37
        }
        """).getLast();
    PlanLaw.holds(graph, 0, 1, 3);
  }
}
