package io.kotangent.plan.sum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.plan.PlanLaw;
import io.kotangent.plan.form.RowForm;
import io.kotangent.text.GraphParser;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Contractions and convolutions, by rows and by plain loops, at the borders of tiles, depths and chunks.
@Tag("fast")
class ContractionPlansTest {
  private static final int[] SIZES = {0, 1, 3};

  @ParameterizedTest @CsvSource({"1,8", "2,9", "3,33", "4,8", "7,10", "257,8", "515,8"})
  void sumsOfEveryLength(int k, int n) {
    PlanLaw.becomes("""
        graph f(x: input f32[b,K], w: param f32[K,N], c: param f32[N]) {
          %0 = contract[bk,kn->bn] x, w           : f32[b,N]
          %1 = broadcast[dims=1, to=(b,N)] c      : f32[b,N]
          %2 = add %0, %1                         : f32[b,N]
          return y=%2
        }
        """.replace("K", "" + k).replace("N", "" + n), SIZES, "contract_add");
  }

  /// Long rows are taken piece by piece, unless they cannot be cut evenly or something needs a row as a whole.
  @ParameterizedTest @CsvSource({"511,511", "512,256", "513,171", "784,392", "1000,250",
      "1021,1021", "1042,1042", "4096,256"})
  void longRowsInPieces(int n, int piece) {
    String text = """
        graph f(x: input f32[b,5], w: param f32[5,N], c: param f32[N]) {
          %0 = contract[bk,kn->bn] x, w           : f32[b,N]
          %1 = broadcast[dims=1, to=(b,N)] c      : f32[b,N]
          %2 = add %0, %1                         : f32[b,N]
          return y=%2
        }
        """.replace("N", "" + n);
    Node sum = GraphParser.parse(text).getFirst().results().getFirst().node().operand(0);
    assertEquals(piece, RowForm.of(sum).orElseThrow().inPieces().length().constant());
    PlanLaw.becomes(text, SIZES, "contract_add");
    String whole = text.replace("return y=%2", """
        %3 = reduce.max[axes=1] %2              : f32[b]
          return y=%3""");
    PlanLaw.holds(GraphParser.parse(whole).getFirst(), SIZES);
  }

  @Test
  void sumsOverTheBatch() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,3], g: input f64[b,9], h: input f64[9,b], v: input f64[3,b]) {
          %0 = contract[bm,bn->mn] x, g           : f64[3,9]
          %1 = contract[nb,mb->mn] h, v           : f64[3,9]
          %2 = contract[bm,nb->nm] g, v           : f64[3,9]
          %3 = add %0, %1                         : f64[3,9]
          %4 = add %3, %2                         : f64[3,9]
          return y=%4
        }
        """, new int[] {0, 1, 7, 257}, "contract", "contract", "contract_add");
  }

  @Test
  void rowsOfTheBatch() {
    PlanLaw.becomes("""
        graph f(x: input f32[5,b], w: input f32[3,5], z: input f32[b,4]) {
          %0 = contract[mk,kn->mn] w, x           : f32[3,b]
          %1 = contract[kn,mk->mn] x, w           : f32[3,b]
          %2 = mul %0, %1                         : f32[3,b]
          %3 = contract[mn,nk->mk] %2, z          : f32[3,4]
          return y=%2, z=%3
        }
        """, new int[] {0, 1, 7, 9, 257}, "contract", "contract_mul", "contract");
  }

  @Test
  void shortRowsAreLoops() {
    PlanLaw.becomes("""
        graph f(x: input f32[b,300], w: param f32[300,7], v: param f32[300]) {
          %0 = contract[bk,kn->bn] x, w           : f32[b,7]
          %1 = neg %0                             : f32[b,7]
          %2 = contract[bk,k->b] x, v             : f32[b]
          %3 = contract[bk,bk->] x, x             : f32
          return y=%1, z=%2, s=%3
        }
        """, SIZES,
        "contract", "contract", "contract", "neg");
  }

  @Test
  void axesOfSizeOne() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,1,9], w: input f64[9,8,1], g: input f64[b,1,8], one: input f64[1,8]) {
          %0 = contract[boi,ikj->bokj] x, w       : f64[b,1,8,1]
          %1 = contract[bok,iko->bi] g, w         : f64[b,9]
          %2 = contract[bok,iko->bio] g, w        : f64[b,9,1]
          %3 = contract[bok,ok->bo] g, one        : f64[b,1]
          return a=%0, b=%1, c=%2, d=%3
        }
        """, SIZES, "contract", "transpose", "contract", "contract", "contract");
  }

  @Test
  void severalSummedLabelsInChunks() {
    PlanLaw.becomes("""
        graph f(x: input f32[3,b,7], w: input f32[b,7,8], u: input f32[b,130,2], v: input f32[b,130,8]) {
          %0 = contract[mbk,bkn->mn] x, w         : f32[3,8]
          %1 = contract[bkm,bkn->mn] u, v         : f32[2,8]
          %2 = contract[bkm,bkn->bmn] u, v        : f32[b,2,8]
          return y=%0, z=%1, w=%2
        }
        """, new int[] {0, 1, 2, 37}, "contract", "contract", "contract");
  }

  @Test
  void everyTypeAndOrder() {
    PlanLaw.becomes("""
        graph f(x: input i32[b,3], w: input i32[3,9], y: input f32[b,3], v: input f32[3,9], j: input i64[b,3]) {
          %0 = contract[bk,kn->bn] x, w           : i32[b,9]
          %1 = contract[bk,kn->bn, order=lanes] y, v : f32[b,9]
          %2 = contract[bk,bk->, order=sequential:kb] y, y : f32
          %3 = contract[bk,bk->b] j, j            : i64[b]
          %4 = contract[bk,bk->bk] y, y           : f32[b,3]
          %5 = reduce.sum[axes=(0,1), order=sequential:ba] y : f32
          %6 = reduce.product[axes=1, order=sequential:b] y : f32[b]
          return a=%0, b=%1, c=%2, d=%3, e=%4, f=%5, g=%6
        }
        """, new int[] {0, 1, 90}, "contract", "contract", "contract", "contract", "contract",
        "reduce_sum", "reduce_product");
  }

  @Test
  void theEpilogueMayReduceNothingAndReadEverything() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,3,5], w: param f64[5,9], r: input f64[b], s: input f64[3], t: input f64[b,9],
          u: input f64[9]) {
          %0 = contract[bmk,kn->bmn] x, w          : f64[b,3,9]
          %1 = broadcast[dims=0, to=(b,3,9)] r     : f64[b,3,9]
          %2 = mul %0, %1                          : f64[b,3,9]
          %3 = broadcast[dims=1, to=(b,3,9)] s     : f64[b,3,9]
          %4 = add %2, %3                          : f64[b,3,9]
          %5 = broadcast[dims=(0,2), to=(b,3,9)] t : f64[b,3,9]
          %6 = mul %4, %5                          : f64[b,3,9]
          %7 = broadcast[dims=2, to=(b,3,9)] u     : f64[b,3,9]
          %8 = add %6, %7                          : f64[b,3,9]
          %9 = iota[axis=2]                        : f64[b,3,9]
          %10 = mul %8, %9                         : f64[b,3,9]
          %11 = iota[axis=1]                       : f64[b,3,9]
          %12 = add %10, %11                       : f64[b,3,9]
          %13 = reduce.sum[axes=2] %12             : f64[b,3]
          return y=%12, z=%0, s=%13
        }
        """, SIZES, "contract_mul_add_mul", "reduce_sum");
  }

  // ---- convolutions

  private static void holds(String statement, int... sizes) {
    for (String dtype : List.of("f32", "i32")) {
      Graph graph = GraphParser.parse("""
          graph f(x: input T[b,6,4], k: input T[3,4,9], l: input T[2,4,2], g: input T[2,2,6], h: input T[2,4,8],
            im: input T[b,5,4,2], kk: input T[2,3,2,3], kt: input T[3,2,8,2]) {
            %%0 = %s
            %%1 = neg %%0 : %s
            return y=%%1
          }
          """.replace("T", dtype).formatted(statement.replace("T", dtype),
          statement.replace("T", dtype).replaceAll(".* : ", "")))
          .getLast();
      PlanLaw.holds(graph, sizes);
    }
  }

  @ParameterizedTest @CsvSource(delimiter = ';', value = {"convolve[nwc,wio->nwc] x, k : T[b,4,9]",
      "convolve[nwc,wio->nwc, low=1, high=1] x, k : T[b,6,9]",
      "convolve[nwc,wio->nwc, strides=2, low=1, high=2] x, k : T[b,4,9]",
      "convolve[nwc,wio->nwc, strides=3, low=-1] x, l : T[b,2,2]",
      "convolve[nwc,wio->nwc, data_dilation=2, low=2, high=1] x, l : T[b,13,2]",
      "convolve[nwc,wio->nwc, data_dilation=2] x, k : T[b,9,9]",
      "convolve[nwc,wio->nwc, kernel_dilation=2] x, k : T[b,2,9]",
      "convolve[nwc,wio->nwc, groups=2] x, g : T[b,5,6]",
      "convolve[nwc,wio->nwc, groups=2, low=1] x, g : T[b,6,6]",
      "convolve[nwc,wio->wnc] x, k : T[4,b,9]", "convolve[nwc,wio->ncw] x, l : T[b,2,5]",
      "convolve[nhwc,hwio->nhwc] im, kk : T[b,4,2,3]",
      "convolve[nhwc,hwio->nhwc, low=(1,0), high=(0,2), strides=(2,1)] im, kk : T[b,3,4,3]",
      "convolve[nhwc,hwoi->nhwc] im, kt : T[b,3,3,8]",
      "convolve[nhwc,hwoi->nhwc, low=(1,1), high=(1,1), kernel_dilation=(1,2)] im, kt : T[b,5,4,8]",
      "convolve[nhwc,hwio->nhwc, data_dilation=(1,2), low=(1,1)] im, kk : T[b,5,6,3]"})
  void convolutions(String statement) {
    holds(statement, 0, 1, 2);
  }

  @Test
  void convolutionsOfGroupsOfTheBatch() {
    holds("convolve[nwc,wio->nwc, batch_groups=2] x, h : T[floor(b,2),5,8]", 0, 2, 4);
  }
}
