package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The borders of what the planner decides: sizes, ranges, lifetimes, places of failures.
@Tag("fast")
class PlanEdgesTest {
  private static final int[] SIZES = {0, 1, 3};

  // ---- sizes

  @ParameterizedTest @ValueSource(ints = {1023, 1024, 1025, 4096, 4097})
  void rowsOfKnownLength(int length) {
    PlanLaw.becomes("""
        graph f(x: input f32[N], z: input f32[b,N]) {
          %0 = exp x                              : f32[N]
          %1 = reduce.sum[axes=0] %0              : f32
          %2 = broadcast[dims=(), to=N] %1        : f32[N]
          %3 = div %0, %2                         : f32[N]
          %4 = reduce.product[axes=1] z           : f32[b]
          %5 = reduce.sum[axes=1] z               : f32[b]
          %6 = sub %4, %5                         : f32[b]
          %7 = mul x, x                           : f32[N]
          %8 = reduce.sum[axes=0] %7              : f32
          return y=%3, s=%6, q=%8
        }
        """.replace("N", "" + length), new int[] {0, 2}, "exp_reduce_sum_div",
        "reduce_product", "reduce_sum_sub",
        "mul_reduce_sum");
  }

  /// Of 65536 elements on, blocks are long.
  @ParameterizedTest @ValueSource(ints = {1025, 65535, 65536, 69635})
  void blocksOfKnownLength(int length) {
    PlanLaw.becomes("""
        graph f(x: input f32[N]) {
          %0 = iota[axis=0] : f32[N]
          %1 = tanh x       : f32[N]
          %2 = mul %0, %1   : f32[N]
          return y=%2
        }
        """.replace("N", "" + length), new int[] {0}, "tanh_mul");
  }

  @ParameterizedTest @ValueSource(ints = {7, 8})
  void rowsOfEightPay(int length) {
    boolean pays = length == 8;
    String text = """
        graph f(g: input f64[b,5], w: param f64[N,5], v: param f64[5,N], c: input f64[b,N], x: input f64[b,N]) {
          %0 = contract[bn,kn->bk] g, w           : f64[b,N]
          %1 = add %0, c                          : f64[b,N]
          %2 = contract[bn,nk->bk] g, v           : f64[b,N]
          %3 = sub %2, c                          : f64[b,N]
          %4 = reduce.sum[axes=0] x               : f64[N]
          %5 = neg %4                             : f64[N]
          return y=%1, z=%3, s=%5
        }
        """.replace("N", "" + length);
    PlanLaw.becomes(text, SIZES,
        pays ? new String[] {"transpose", "contract_add", "contract_sub", "reduce_sum_neg"}
            : new String[] {"contract", "contract", "reduce_sum", "add", "sub", "neg"});
  }

  @Test
  void sumsInAnyOrder() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,3,40], i: input i32[b,3] in 0..3) {
          %0 = reduce.sum[axes=0, order=lanes] x  : f32[3,40]
          %1 = reduce.sum[axes=(0,1), order=lanes] x : f32[40]
          %2 = reduce.product[axes=(0,2), order=lanes] x : f32[3]
          %3 = reduce.sum[axes=(0,2), order=sequential:ca] x : f32[3]
          %4 = reduce.sum[axes=2, order=sequential:c] x : f32[b,3]
          %5 = reduce.sum[axes=(0,1,2), order=sequential:bca] x : f32
          %6 = reduce.sum[axes=0] i               : i32[3]
          %7 = reduce.max[axes=(0,2)] x           : f32[3]
          return a=%0, b=%1, c=%2, d=%3, e=%4, f=%5, g=%6, h=%7
        }
        """, new int[] {0, 1, 2, 105}, "reduce_sum", "reduce_sum", "reduce_product", "reduce_sum",
        "reduce_sum", "reduce_sum", "reduce_sum", "reduce_max");
  }

  @Test
  void theFirstNanWins() {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f64[6], i: input i32[6]) {
          %0 = reduce.argmax[axes=0] x            : i32
          %1 = reduce.argmin[axes=0] x            : i32
          %2 = reduce.argmax[axes=0] i            : i32
          %3 = reduce.argmin[axes=0] i            : i32
          return a=%0, b=%1, c=%2, d=%3
        }
        """);
    double nan = Double.NaN;
    double[][] rows = {{1, 5, 5, -2, -2, 0}, {1, nan, 5, nan, -2, 0}, {nan, 1, 2, 3, nan, -1},
        {2, 2, 2, 2, 2, 2}, {-0.0, 0.0, -0.0, 1, -1, 1}};
    int[][] expected = {{1, 3}, {1, 1}, {0, 0}, {0, 0}, {3, 4}};
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD);
    for (int row = 0; row < rows.length; row++) {
      Map<String, TensorValue> inputs = Map.of("x", TensorValue.f64(new int[] {6}, rows[row]), "i",
          TensorValue.of(DType.I32, new int[] {6}, new int[] {3, 7, 7, 1, 1, 2}));
      Map<String, TensorValue> got = PlanRun.interpreted(plan, graph, inputs, Map.of()).arrays();
      assertEquals(expected[row][0], got.get("a").integer(0));
      assertEquals(expected[row][1], got.get("b").integer(0));
      assertEquals(1, got.get("c").integer(0));
      assertEquals(3, got.get("d").integer(0));
    }
  }

  // ---- ranges

  @ParameterizedTest @CsvSource({"0..8,true", "1..3,true", "0..9,false", "-1..8,false"})
  void onlyWhatIsSurelyInRangeIsPickedInARow(String range, boolean joins) {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f64[b,2,9], i: input i32[b,2] in RANGE, k: input i32[b,2]) {
          %0 = exp x                              : f64[b,2,9]
          %1 = gather[axis=2, batch_dims=2] %0, i : f64[b,2]
          %2 = neg %1                             : f64[b,2]
          return y=%2, z=%0
        }
        """.replace("RANGE", range));
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD);
    assertEquals(joins ? List.of("exp_gather_neg") : List.of("exp", "gather", "neg"),
        PlanLaw.names(plan.steps()));
    if (joins) {
      PlanLaw.holds(graph, SIZES);
    }
  }

  @Test
  void otherPicksHaveAKernelOfTheirOwn() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,3], i: input i32[b,1] in 0..2, j: input i32 in 0..2, n: input i32[b] in 0..0) {
          %0 = exp x                              : f64[b,3]
          %1 = gather[axis=1, batch_dims=1] %0, i : f64[b,1]
          %2 = gather[axis=1] %0, j               : f64[b]
          %3 = abs n                              : i32[b]
          %4 = gather[axis=1, batch_dims=1] %0, %3 : f64[b]
          %5 = gather[axis=0] %0, j               : f64[3]
          return a=%1, b=%2, c=%4, d=%5
        }
        """, new int[] {3, 5}, "exp", "gather", "gather", "abs", "gather", "gather");
  }

  // ---- lifetimes

  private static String workspace(String statements, String result) {
    Graph graph = GraphParser.parse("""
        graph turn(x: input f64[20]) {
          %%0 = reverse[axes=0] x : f64[20]
          %%1 = reverse[axes=0] %%0 : f64[20]
          return y=%%1
        }

        graph f(x: input f64[100], y: input f64[10], c: input bool, u: input f64[b], v: input f64[2*b]) {
          %s
          return %s
        }
        """.formatted(statements, result)).getLast();
    PlanLaw.holds(graph, 1, 4);
    return PlanLaw.workspace(Planner.plan(graph, PlanOptions.STANDARD)).toString();
  }

  @Test
  void theNearestFreeArrayIsTaken() {
    String both = """
        %0 = reverse[axes=0] x : f64[100]
        %1 = reverse[axes=0] y : f64[10]
        %2 = concat[axis=0] %0, %1 : f64[110]
        """;
    assertEquals("[f64[100], f64[12]]", workspace(both + """
        %3 = slice[starts=0, limits=12] %2 : f64[12]
        %4 = reverse[axes=0] %3 : f64[12]
        """, "p=%2, q=%4"));
    assertEquals("[f64[100], f64[10]]", workspace(both + """
        %3 = slice[starts=0, limits=90] %2 : f64[90]
        %4 = reverse[axes=0] %3 : f64[90]
        """, "p=%2, q=%4").replace("[f64[10], f64[100]]", "[f64[100], f64[10]]"));
    assertEquals("[f64[101], f64[10]]", workspace(both + """
        %3 = slice[starts=0, limits=101] %2 : f64[101]
        %4 = reverse[axes=0] %3 : f64[101]
        """, "p=%2, q=%4").replace("[f64[10], f64[101]]", "[f64[101], f64[10]]"));
  }

  @Test
  void symbolicArraysAreSharedByEqualsOnly() {
    assertEquals("[f64[2*b], f64[b]]", workspace("""
        %0 = reverse[axes=0] u : f64[b]
        %1 = reverse[axes=0] %0 : f64[b]
        %2 = reverse[axes=0] v : f64[2*b]
        %3 = reverse[axes=0] %2 : f64[2*b]
        %4 = concat[axis=0] %1, %3 : f64[3*b]
        %5 = reverse[axes=0] %1 : f64[b]
        %6 = reverse[axes=0] %5 : f64[b]
        """, "p=%1, q=%3, r=%4, s=%6"));
  }

  @Test
  void anArrayLivesFromItsFirstToItsLastUseInWhateverStep() {
    assertEquals("[f64[20], f64[20], f64[20], f64[20]]", workspace("""
        %0 = slice[starts=0, limits=20] x : f64[20]
        %1 = reverse[axes=0] %0 : f64[20]
        %2 = branch[@turn, @turn] c, %0 : (f64[20])
        %3 = item[index=0] %2 : f64[20]
        %4 = reverse[axes=0] %3 : f64[20]
        %5 = concat[axis=0] %4, %1 : f64[40]
        """, "p=%5"));
  }

  // ---- failures

  @ParameterizedTest @CsvSource({"0,5,1", "1,0,1", "1,5,0"})
  void aFailureNamesItsLineOfTheListing(int first, int second, int third) {
    Graph graph = GraphParser.parse("""
        graph body(c: input i64, p: input i64, q: input i64) {
          %0 = add c, q : i64
          %1 = rem c, p : i64
          %2 = add %0, %1 : i64
          return c=%2
        }

        graph good(a: input i64, d: input i64, r: input i64) {
          %0 = reverse[axes=()] a : i64
          return y=%0
        }

        graph bad(a: input i64, d: input i64, r: input i64) {
          %0 = reverse[axes=()] a : i64
          %1 = div %0, d : i64
          return y=%1
        }

        graph f(a: input i64, d: input i64, p: input i64, r: input i64, c: input bool) {
          %0 = branch[@good, @bad] c, a, d, r : (i64)
          %1 = item[index=0] %0 : i64
          %2 = loop[@body, count=3, carried=1] %1, p, r : (i64)
          %3 = item[index=0] %2 : i64
          %4 = reverse[axes=()] %3 : i64
          %5 = shl %4, r : i64
          %6 = reverse[axes=()] %5 : i64
          %7 = div %6, r : i64
          return y=%7
        }
        """).getLast();
    Plan plan = Planner.plan(graph, PlanOptions.plain());
    Map<String, TensorValue> inputs = Map.of("a", TensorValue.scalar(DType.I64, 7), "d",
        TensorValue.scalar(DType.I64, first), "p", TensorValue.scalar(DType.I64, second), "r",
        TensorValue.scalar(DType.I64, third), "c", TensorValue.scalar(DType.BOOL, 0));
    KotangentException e = assertThrows(KotangentException.class,
        () -> PlanRun.interpreted(plan, graph, inputs, Map.of()));
    Matcher place = Pattern.compile("in step '(\\w+)' \\(f\\.ir:(\\d+)\\)").matcher(e.getMessage());
    assertTrue(place.find(), e.getMessage());
    List<String> listing = PlanPrinter.print(plan).lines().toList();
    String line = listing.get(Integer.parseInt(place.group(2)) - 1).strip();
    assertTrue(line.startsWith(place.group(1) + ": "), () -> e.getMessage() + "\n" + line);
    assertEquals(second == 0 ? "rem" : "div", place.group(1));
    assertEquals(first == 0, listing.subList(0, Integer.parseInt(place.group(2))).stream()
        .noneMatch(l -> l.contains("for (")));
  }

  @Test
  void whatMayThrowIsNoPartOfTheUpdate() {
    PlanLaw.becomes("""
        graph yes(x: input f64[3]) {
          %0 = exp x : f64[3]
          return y=%0
        }

        graph no(x: input f64[3]) {
          return y=x
        }

        graph f(x: input f64[b,3], c: input bool, w: state f64[3], v: state f64[3], u: state f64[3],
          i: input i32[3] in 0..2, z: input i32[3] in 0..0, n: state i32) {
          %0 = branch[@yes, @no] c, w              : (f64[3])
          %1 = item[index=0] %0                    : f64[3]
          %2 = add i, z                            : i32[3]
          %3 = scatter[axis=0] v, %2, w            : f64[3]
          %5 = gather[axis=0] u, %2                : f64[3]
          %4 = reduce.argmax[axes=0] w             : i32
          guard c
          update w = %1
          update v = %3
          update u = %5
          update n = %4
          return y=x
        }
        """, new int[] {1}, "when[exp][copy]", "add", "scatter", "gather", "copy",
        "when[reduce_argmax, copy, copy, copy][]");
  }

  @Test
  void theGuardIsKnownBeforeWhatItGuards() {
    PlanLaw.becomes("""
        graph f(x: input f64[4], w: state f64[4], n: state i64) {
          %0 = reduce.sum[axes=0] x                : f64
          %1 = is_finite %0                        : bool
          %2 = mul w, x                            : f64[4]
          %3 = constant[value=1]                   : i64
          %4 = add n, %3                           : i64
          guard %1
          update w = %2
          update n = %4
          return n=%4
        }
        """, new int[] {1}, "add_reduce_sum_is_finite", "when[mul, copy][]");
  }

  @Test
  void requirementsAreKept() {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f64[b]) {
          require b >= 1
          require b % 2
          %0 = exp x : f64[b]
          return y=%0
        }
        """);
    assertEquals(graph.requirements(),
        Planner.plan(graph, PlanOptions.STANDARD).signature().requirements());
  }

  @Test
  void updatesOfSeveralOperandsAreAligned() {
    Plan plan = PlanLaw.becomes("""
        graph f(x: input f64[5], z: input f64[7], w: state f64[5], v: state f64[7]) {
          %0 = reverse[axes=0] x                   : f64[5]
          %1 = reverse[axes=0] z                   : f64[7]
          %2 = sort[axis=0] x                      : (f64[5], i32[5])
          %3 = transpose[permutation=0] x          : f64[5]
          %4 = transpose[permutation=0] z          : f64[7]
          %5 = mul %0, %3                          : f64[5]
          %6 = mul %1, %4                          : f64[7]
          %7 = add w, %5                           : f64[5]
          %8 = add v, %6                           : f64[7]
          update w = %7
          update v = %8
          return y=x
        }
        """, new int[] {1}, "copy", "reverse", "transpose", "reverse", "transpose", "mul_add");
    assertEquals("[f64[12], f64[12]]", PlanLaw.workspace(plan).toString());
  }
}
