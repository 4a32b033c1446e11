package io.kotangent.plan.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanLaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Loops, branches, calls, draws and updates.
@Tag("fast")
class ControlPlansTest {
  private static final int[] SIZES = {0, 1, 2, 5};

  private static final String BODIES = """
      graph add(c: input f64[3], x: input f64[3], k: input f64) {
        %0 = broadcast[dims=(), to=3] k         : f64[3]
        %1 = mul c, %0                          : f64[3]
        %2 = add %1, x                          : f64[3]
        return c=%2, y=%1, z=%0
      }

      graph swap(a: input f64[3], c: input f64[3], k: input f64) {
        %0 = add a, c                           : f64[3]
        return a=c, c=%0
      }

      graph rows(c: input f64[3], m: input f64[2,3], k: input f64) {
        %0 = loop[@add, count=2, carried=1, sliced=1] c, m, k : (f64[3], f64[2,3], f64[2,3])
        %1 = item[index=0] %0                   : f64[3]
        %2 = item[index=1] %0                   : f64[2,3]
        return c=%1, y=%2
      }

      graph drawn(c: input i32[3], seed: input i64) {
        %0 = random[stream="in"] seed, seed     : i32[3]
        %1 = xor c, %0                          : i32[3]
        return c=%1, y=%0
      }

      graph drawn2(c: input i32[3], seed: input i64) {
        %0 = loop[@drawn, count=3, carried=1] c, seed : (i32[3], i32[3,3])
        %1 = item[index=0] %0                   : i32[3]
        return c=%1
      }

      graph yes(x: input f64[b], s: input f64[b]) {
        %0 = add x, s                           : f64[b]
        %1 = neg %0                             : f64[b]
        return y=%0, z=%1
      }

      graph no(x: input f64[b], s: input f64[b]) {
        return y=s, z=s
      }

      """;

  @Test
  void forwardsAndBackwards() {
    PlanLaw.becomes(BODIES + """
        graph f(x: input f64[b,3], c: input f64[3], k: input f64) {
          %0 = loop[@add, count=b, carried=1, sliced=1] c, x, k : (f64[3], f64[b,3], f64[b,3])
          %1 = item[index=0] %0                   : f64[3]
          %2 = item[index=1] %0                   : f64[b,3]
          %3 = item[index=2] %0                   : f64[b,3]
          %4 = loop[@add, count=b, carried=1, sliced=1, reverse=true] %1, x, k : (f64[3], f64[b,3], f64[b,3])
          %5 = item[index=0] %4                   : f64[3]
          %6 = item[index=1] %4                   : f64[b,3]
          %7 = add %2, %6                         : f64[b,3]
          return last=%5, all=%7, k=%3
        }
        """, SIZES, "copy", "repeat[broadcast_mul_add, copy]", "copy",
        "repeat[broadcast_mul_add, copy]", "add", "copy", "copy");
  }

  @Test
  void carriedValuesMoveTogether() {
    PlanLaw.becomes(BODIES + """
        graph f(x: input f64[3], c: input f64[3], k: input f64) {
          %0 = loop[@swap, count=b, carried=2] x, c, k : (f64[3], f64[3])
          %1 = item[index=0] %0                   : f64[3]
          %2 = item[index=1] %0                   : f64[3]
          %3 = sub %1, %2                         : f64[3]
          return y=%3
        }
        """, SIZES, "copy", "copy", "repeat[add, copy, copy, copy]", "sub");
  }

  @Test
  void loopsInLoops() {
    Plan plan = PlanLaw.becomes(BODIES + """
        graph f(x: input f64[b,2,3], c: input f64[3], k: input f64, seed: input i64, i: input i32[3]) {
          %0 = loop[@rows, count=b, carried=1, sliced=1] c, x, k : (f64[3], f64[b,2,3])
          %1 = item[index=0] %0                   : f64[3]
          %2 = item[index=1] %0                   : f64[b,2,3]
          %3 = loop[@drawn2, count=b, carried=1] i, seed : (i32[3])
          %4 = item[index=0] %3                   : i32[3]
          return last=%1, all=%2, i=%4
        }
        """, SIZES, "copy",
        "repeat[copy, repeat[broadcast_mul_add, copy], copy, copy, copy]", "copy",
        "repeat[copy, repeat[random, xor, copy], copy, copy]", "copy", "copy", "copy");
    assertEquals("""
        for (int loop_0 = 0; loop_0 < b; loop_0++) {
          for (int loop_1 = 0; loop_1 < 2; loop_1++) {
        for (int loop_2 = 0; loop_2 < b; loop_2++) {
          for (int loop_3 = 0; loop_3 < 3; loop_3++) {
        """, PlanLaw.listing(plan).lines().filter(line -> line.contains("for ("))
        .map(line -> line.substring(2) + "\n").reduce("", String::concat));
  }

  @Test
  void branchesPutTheirResultsInOnePlace() {
    PlanLaw.becomes(BODIES + """
        graph f(c: input bool, x: input f64[b], n: input i64) {
          %0 = exp x                              : f64[b]
          %1 = branch[@yes, @no] c, %0, x         : (f64[b], f64[b])
          %2 = item[index=0] %1                   : f64[b]
          %3 = item[index=1] %1                   : f64[b]
          %4 = sub %2, %3                         : f64[b]
          %5 = constant[value=2]                  : i64
          %6 = lt n, %5                           : bool
          %7 = branch[@no, @yes] %6, x, %4        : (f64[b], f64[b])
          %8 = item[index=1] %7                   : f64[b]
          return y=%8
        }
        """, SIZES, "lt", "exp", "when[add_neg][copy, copy]", "sub", "when[copy, copy][add_neg]",
        "copy");
  }

  @Test
  void callsGiveTheirDrawsNames() {
    PlanLaw.becomes("""
        graph inner(seed: input i64) {
          %0 = random[stream="noise"] seed, seed  : i32[5]
          return y=%0
        }

        graph outer(seed: input i64) {
          %0 = call[@inner] seed                  : (i32[5]) ; low
          %1 = item[index=0] %0                   : i32[5]
          %k = add seed, seed                     : i64
          %2 = call[@inner] %k                    : (i32[5])
          %3 = item[index=0] %2                   : i32[5]
          %4 = xor %1, %3                         : i32[5]
          return y=%4, z=%1
        }

        graph f(seed: input i64) {
          %0 = call[@outer] seed                  : (i32[5], i32[5]) ; high
          %1 = item[index=0] %0                   : i32[5]
          %2 = item[index=1] %0                   : i32[5]
          %3 = call[@inner] seed                  : (i32[5])
          %4 = item[index=0] %3                   : i32[5]
          return a=%1, b=%2, c=%4
        }
        """, new int[] {1}, "random", "add", "random", "random", "xor");
  }

  @Test
  void drawsOfEveryLength() {
    PlanLaw.becomes("""
        graph f(seed: input i64, ids: input i64[b]) {
          %0 = random[stream="a"] seed, seed      : i32[b]
          %1 = random[stream="a", per_example=true] seed, seed : i32[b]
          %2 = random[stream="a", per_example=true] seed, seed, ids : i32[b,4]
          %3 = random[stream="a", per_example=true] seed, seed, ids : i32[b,2,3]
          %4 = random[stream="a"] seed, seed      : i32
          %5 = random[stream="a"] seed, seed      : i32[8]
          return a=%0, b=%1, c=%2, d=%3, e=%4, f=%5
        }
        """, new int[] {0, 1, 3, 4, 5, 9}, "random", "random", "random", "random", "random",
        "random");
  }

  @Test
  void sortsOfEveryLength() {
    PlanLaw.becomes("""
        graph f(x: input f64[b], i: input i32[2,b,3] in 0..5, c: input bool[b]) {
          %0 = sort[axis=0] x                     : (f64[b], i32[b])
          %1 = item[index=0] %0                   : f64[b]
          %2 = sort[axis=1] i                     : (i32[2,b,3], i32[2,b,3])
          %3 = item[index=0] %2                   : i32[2,b,3]
          %4 = item[index=1] %2                   : i32[2,b,3]
          %5 = sort[axis=0] c                     : (bool[b], i32[b])
          %6 = item[index=1] %5                   : i32[b]
          return a=%1, b=%3, c=%4, d=%6
        }
        """, new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 257}, "sort", "sort",
        "sort", "copy", "copy", "copy", "copy");
  }

  // ---- updates

  @Test
  void onlyWhatNobodyReadsLaterIsWrittenInPlace() {
    PlanLaw.becomes("""
        graph f(x: input f64[9], w: state f64[9], m: state f64[9], n: state f64[3,3]) {
          %0 = mul m, x                           : f64[9]
          %1 = sub w, %0                          : f64[9]
          %2 = reshape[to=(3,3)] %1               : f64[3,3]
          %3 = transpose[permutation=(1,0)] n     : f64[3,3]
          %4 = add %3, %2                         : f64[3,3]
          update w = %1
          update m = %0
          update n = %4
          return y=x
        }
        """, new int[] {1}, "copy", "transpose", "mul_sub", "add");
  }

  @Test
  void anUpdateThatReducesItsOwnStateIsNotInPlace() {
    PlanLaw.becomes("""
        graph f(x: input f64[9,9], w: state f64[9], v: state f64[9,9]) {
          %0 = reduce.sum[axes=0] w               : f64
          %1 = broadcast[dims=(), to=9] %0        : f64[9]
          %2 = mul w, %1                          : f64[9]
          %3 = contract[ij,jk->ik] v, x           : f64[9,9]
          %4 = add %3, v                          : f64[9,9]
          update w = %2
          update v = %4
          return y=x
        }
        """, new int[] {1}, "copy", "reduce_sum", "contract_add", "mul", "copy");
  }

  @Test
  void anUpdateByAPortOrAConstantIsACopy() {
    PlanLaw.becomes("""
        graph f(x: input f64[4], w: state f64[4], v: state f64[4], u: state f64[4], t: state f64[4]) {
          %0 = constant[value=(1.0,2.0,3.0,4.0)]  : f64[4]
          %1 = add v, t                           : f64[4]
          update w = x
          update v = %0
          update u = u
          update t = w
          return s=%1
        }
        """, new int[] {1}, "add", "copy", "copy", "copy", "copy", "copy");
  }

  @Test
  void aValueMayBeAResultAndTwoUpdates() {
    PlanLaw.becomes("""
        graph f(x: input f64[4], w: state f64[4], v: state f64[4], ok: input bool) {
          %0 = add w, x                           : f64[4]
          %1 = mul v, v                           : f64[4]
          %2 = add %1, x                          : f64[4]
          guard ok
          update w = %2
          update v = %2
          return y=%0, z=%0
        }
        """, new int[] {1}, "add", "copy", "when[mul_add, copy][]");
  }

  @Test
  void aGuardMayBeAState() {
    PlanLaw.becomes("""
        graph f(x: input f64[4], w: state f64[4], ok: state bool) {
          %0 = add w, x                           : f64[4]
          %1 = is_finite %0                       : bool[4]
          %2 = reduce.all[axes=0] %1              : bool
          guard %2
          update w = %0
          update ok = %2
          return y=x
        }
        """, new int[] {1}, "add", "reduce_all", "copy", "when[copy, copy][]");
  }

  @Test
  void momentumOfTwoParametersIsOneLoop() {
    Plan plan = PlanLaw.becomes("""
        graph f(x: input f64[5], z: input f64[7], w: state f64[5], v: state f64[7], mw: state f64[5] as m of w,
          mv: state f64[7] as m of v) {
          %0 = constant[value=0.5]                : f64
          %1 = exp x                              : f64[5]
          %2 = transpose[permutation=0] %1        : f64[5]
          %3 = broadcast[dims=(), to=5] %0        : f64[5]
          %4 = mul mw, %3                         : f64[5]
          %5 = add %4, %2                         : f64[5]
          %6 = sub w, %5                          : f64[5]
          %7 = reverse[axes=0] z                  : f64[7]
          %8 = broadcast[dims=(), to=7] %0        : f64[7]
          %9 = mul mv, %8                         : f64[7]
          %10 = add %9, %7                        : f64[7]
          %11 = sub v, %10                        : f64[7]
          update w = %6
          update mw = %5
          update v = %11
          update mv = %10
          return y=x
        }
        """, new int[] {1}, "copy", "exp", "transpose", "reverse", "mul_add_sub");
    assertEquals("0, 12", PlanLaw.listing(plan).replaceAll("(?s).*mul_add_sub: K\\([^0-9]*.*?"
        + "(\\d+, \\d+)\\);.*", "$1"));
  }

  // ---- memory

  @Test
  void arraysAreReusedAfterTheirLastUse() {
    Plan plan = PlanLaw.becomes("""
        graph f(x: input f64[b,8], w: param f64[8,8], k: input f64[40], c: input bool) {
          %0 = contract[bk,kn->bn] x, w           : f64[b,8]
          %1 = contract[bk,kn->bn] %0, w          : f64[b,8]
          %2 = contract[bk,kn->bn] %1, w          : f64[b,8]
          %3 = contract[bk,kn->bn] %2, w          : f64[b,8]
          %4 = reverse[axes=0] k                  : f64[40]
          %5 = slice[starts=0, limits=10] %4      : f64[10]
          %6 = reverse[axes=0] %5                 : f64[10]
          %7 = concat[axis=0] %6, k               : f64[50]
          %8 = reverse[axes=0] %7                 : f64[50]
          %9 = cast[to=i32] %8                    : i32[50]
          %10 = reverse[axes=0] %9                : i32[50]
          return y=%3, z=%10
        }
        """, new int[] {0, 1, 3}, "contract", "contract", "contract", "contract", "reverse",
        "slice", "reverse", "concat", "reverse", "cast", "reverse");
    assertEquals("[f64[50], f64[50], f64[8*b], f64[8*b], i32[50]]",
        PlanLaw.workspace(plan).toString());
  }
}
