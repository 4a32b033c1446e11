package io.kotangent.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Rewrites of layout: before → after, and what looks like a match and is not.
@Tag("fast")
class LayoutRewritesTest {
  private static void assertRewrites(Rewrite rewrite, String ports, String before, String after) {
    assertEquals(after, Rewritten.by(rewrite, ports, before));
  }

  private static void assertStays(Rewrite rewrite, String ports, String statements) {
    assertEquals(Rewritten.statements(Rewritten.parse(ports, statements)),
        Rewritten.by(rewrite, ports, statements));
  }

  @Test
  void twoTransposesAreOne() {
    assertRewrites(new MergeTransposes(), "x: input f64[n,m,k]", """
        %0 = transpose[permutation=(1,2,0)] x : f64[m,k,n]
        %1 = transpose[permutation=(0,2,1)] %0 : f64[m,n,k]
        return y=%1""", """
        %0 = transpose[permutation=(1,0,2)] x : f64[m,n,k]
        return y=%0
        """);
  }

  @Test
  void inverseTransposesAreNone() {
    assertRewrites(new MergeTransposes(), "x: input f64[n,m,k]", """
        %0 = transpose[permutation=(1,2,0)] x : f64[m,k,n]
        %1 = transpose[permutation=(2,0,1)] %0 : f64[n,m,k]
        return y=%1""", """
        return y=x
        """);
  }

  @Test
  void aTransposeStaysForItsOtherUsers() {
    assertRewrites(new MergeTransposes(), "x: input f64[n,m,k]", """
        %0 = transpose[permutation=(1,2,0)] x : f64[m,k,n]
        %1 = transpose[permutation=(0,2,1)] %0 : f64[m,n,k]
        return y=%1, z=%0""", """
        %0 = transpose[permutation=(1,0,2)] x : f64[m,n,k]
        %1 = transpose[permutation=(1,2,0)] x : f64[m,k,n]
        return y=%0, z=%1
        """);
  }

  @Test
  void reshapesMergeAndVanish() {
    assertRewrites(new MergeReshapes(), "x: input f64[n,4]", """
        %0 = reshape[to=(n,2,2)] x : f64[n,2,2]
        %1 = reshape[to=(2*n,2)] %0 : f64[2*n,2]
        %2 = reshape[to=(n,4)] %1 : f64[n,4]
        return y=%1, z=%2""", """
        %0 = reshape[to=(2*n,2)] x : f64[2*n,2]
        return y=%0, z=x
        """);
  }

  @Test
  void broadcastsMerge() {
    assertRewrites(new MergeBroadcasts(), "x: input f64[m]", """
        %0 = broadcast[dims=1, to=(k,m)] x : f64[k,m]
        %1 = broadcast[dims=(0,2), to=(k,n,m)] %0 : f64[k,n,m]
        %2 = broadcast[dims=0, to=m] x : f64[m]
        return y=%1, z=%2""", """
        %0 = broadcast[dims=2, to=(k,n,m)] x : f64[k,n,m]
        return y=%0, z=x
        """);
  }

  @Test
  void padsThatFillEachOthersGapsAreConcatenated() {
    assertRewrites(new PadsToConcat(), "x: input f64[n,3], y: input f64[n,3]", """
        %0 = constant[value=0.0] : f64
        %1 = pad[low=(0,2), high=(0,1), interior=(0,1)] x, %0 : f64[n,8]
        %2 = pad[low=(0,1), high=(0,2), interior=(0,1)] y, %0 : f64[n,8]
        %3 = add %1, %2 : f64[n,8]
        return y=%3""", """
        %0 = constant[value=0.0] : f64
        %1 = broadcast[dims=(), to=(n,3)] %0 : f64[n,3]
        %2 = add y, %1 : f64[n,3]
        %3 = reshape[to=(n,3,1)] %2 : f64[n,3,1]
        %4 = add x, %1 : f64[n,3]
        %5 = reshape[to=(n,3,1)] %4 : f64[n,3,1]
        %6 = concat[axis=2] %3, %5 : f64[n,3,2]
        %7 = reshape[to=(n,6)] %6 : f64[n,6]
        %8 = pad[low=(0,1), high=(0,1)] %7, %0 : f64[n,8]
        return y=%8
        """);
  }

  /// A place that nobody has, that two have, steps that differ, other padding, elements of other tensors.
  @Test
  void otherPadsStay() {
    assertStays(new PadsToConcat(), "x: input f64[n,3], y: input f64[n,3], z: input f64[n,2]", """
        %0 = constant[value=0.0] : f64
        %1 = constant[value=-0.0] : f64
        %2 = pad[low=(0,0), high=(0,2), interior=(0,2)] x, %0 : f64[n,9]
        %3 = pad[low=(0,1), high=(0,1), interior=(0,2)] y, %0 : f64[n,9]
        %4 = add %2, %3 : f64[n,9]
        %5 = pad[low=(0,0), high=(0,4), interior=(0,1)] x, %0 : f64[n,9]
        %6 = pad[low=(0,2), high=(0,2), interior=(0,1)] y, %0 : f64[n,9]
        %7 = add %5, %6 : f64[n,9]
        %8 = pad[low=(0,1), high=(0,3), interior=(0,1)] y, %1 : f64[n,9]
        %9 = add %5, %8 : f64[n,9]
        %10 = pad[low=(0,1), high=(0,5), interior=(0,1)] z, %0 : f64[n,9]
        %11 = add %5, %10 : f64[n,9]
        %12 = add %3, %5 : f64[n,9]
        return a=%4, b=%7, c=%9, d=%11, e=%12""");
  }

  @Test
  void slicesMerge() {
    assertRewrites(new MergeSlices(), "x: input f64[10,n]", """
        %0 = slice[starts=(2,0), limits=(9,n)] x : f64[7,n]
        %1 = slice[starts=(1,0), limits=(7,n), strides=(3,1)] %0 : f64[2,n]
        %2 = slice[starts=(0,0), limits=(7,n)] %0 : f64[7,n]
        return y=%1, z=%2""", """
        %0 = slice[starts=(3,0), limits=(9,n), strides=(3,1)] x : f64[2,n]
        %1 = slice[starts=(2,0), limits=(9,n)] x : f64[7,n]
        return y=%0, z=%1
        """);
  }

  @Test
  void aSliceOfEverySecondElementDoesNotMerge() {
    assertStays(new MergeSlices(), "x: input f64[10]", """
        %0 = slice[starts=0, limits=10, strides=2] x : f64[5]
        %1 = slice[starts=1, limits=4] %0 : f64[3]
        return y=%1""");
  }

  @Test
  void reversesCancel() {
    assertRewrites(new MergeReverses(), "x: input f64[n,m,1]", """
        %0 = reverse[axes=(0,1)] x : f64[n,m,1]
        %1 = reverse[axes=(0,2)] %0 : f64[n,m,1]
        %2 = reverse[axes=1] %1 : f64[n,m,1]
        return y=%1, z=%2""", """
        %0 = reverse[axes=1] x : f64[n,m,1]
        return y=%0, z=x
        """);
  }

  @Test
  void emptyPaddingVanishes() {
    assertRewrites(new DropEmptyPads(), "x: input f64[n], v: input f64", """
        %0 = pad[low=0, high=0] x, v : f64[n]
        %1 = pad[low=1, high=0] %0, v : f64[n+1]
        return y=%0, z=%1""", """
        %0 = pad[low=1, high=0] x, v : f64[n+1]
        return y=x, z=%0
        """);
  }

  @Test
  void interiorPaddingIsNotEmpty() {
    assertStays(new DropEmptyPads(), "x: input f64[4], v: input f64", """
        %0 = pad[low=0, high=0, interior=1] x, v : f64[7]
        return y=%0""");
  }

  @Test
  void concatsMerge() {
    assertRewrites(new MergeConcats(), "x: input f64[n,2], e: input f64[0,2]", """
        %0 = concat[axis=0] x, e, x : f64[2*n,2]
        %1 = concat[axis=0] %0, x : f64[3*n,2]
        %2 = concat[axis=0] e : f64[0,2]
        return y=%1, z=%2""", """
        %0 = concat[axis=0] x, x, x : f64[3*n,2]
        return y=%0, z=e
        """);
  }

  @Test
  void concatsAlongOtherAxesStay() {
    assertStays(new MergeConcats(), "x: input f64[n,2], e: input f64[2*n,1]", """
        %0 = concat[axis=0] x, x : f64[2*n,2]
        %1 = concat[axis=1] %0, e : f64[2*n,3]
        return y=%1""");
  }

  @Test
  void aTransposeThatMovesNothingIsAReshape() {
    assertRewrites(new TransposeToReshape(), "x: input f64[n,1,m]", """
        %0 = transpose[permutation=(1,0,2)] x : f64[1,n,m]
        return y=%0""", """
        %0 = reshape[to=(1,n,m)] x : f64[1,n,m]
        return y=%0
        """);
  }

  @Test
  void aTransposeThatMovesElementsStays() {
    assertStays(new TransposeToReshape(), "x: input f64[n,1,m]", """
        %0 = transpose[permutation=(2,1,0)] x : f64[m,1,n]
        return y=%0""");
  }

  @Test
  void transposesGoBelowBroadcasts() {
    assertRewrites(new PushTransposeThroughBroadcast(), "x: input f64[n,m], v: input f64[n]", """
        %0 = broadcast[dims=(0,2), to=(n,k,m)] x : f64[n,k,m]
        %1 = transpose[permutation=(2,0,1)] %0 : f64[m,n,k]
        %2 = broadcast[dims=0, to=(n,m)] v : f64[n,m]
        %3 = transpose[permutation=(1,0)] %2 : f64[m,n]
        return y=%1, z=%3""", """
        %0 = transpose[permutation=(1,0)] x : f64[m,n]
        %1 = broadcast[dims=(0,1), to=(m,n,k)] %0 : f64[m,n,k]
        %2 = broadcast[dims=1, to=(m,n)] v : f64[m,n]
        return y=%1, z=%2
        """);
  }

  @Test
  void aReshapedScalarIsAScalar() {
    assertRewrites(new ReshapeOfScalar(), "x: input f64", """
        %0 = broadcast[dims=(), to=(n,4)] x : f64[n,4]
        %1 = reshape[to=(2*n,2)] %0 : f64[2*n,2]
        return y=%1""", """
        %0 = broadcast[dims=(), to=(2*n,2)] x : f64[2*n,2]
        return y=%0
        """);
  }

  @Test
  void slicesGoBelowBroadcasts() {
    assertRewrites(new PushSliceThroughBroadcast(), "x: input f64[n], s: input f64", """
        %0 = broadcast[dims=1, to=(k,n)] x : f64[k,n]
        %1 = slice[starts=(1,0), limits=(k,2)] %0 : f64[k-1,2]
        %2 = broadcast[dims=(), to=(k,n)] s : f64[k,n]
        %3 = slice[starts=(1,0), limits=(k,2)] %2 : f64[k-1,2]
        return y=%1, z=%3""", """
        require k >= 1
        require n >= 2
        %0 = slice[starts=0, limits=2] x : f64[2]
        %1 = broadcast[dims=1, to=(k-1,2)] %0 : f64[k-1,2]
        %2 = broadcast[dims=(), to=(k-1,2)] s : f64[k-1,2]
        return y=%1, z=%2
        """);
  }

  @Test
  void slicesGoBelowScalarFunctions() {
    assertRewrites(new PushSliceThroughMap(), "x: input f64[10], p: input f64[10]", """
        %0 = lt x, p : bool[10]
        %1 = select %0, x, p : f64[10]
        %2 = slice[starts=3, limits=9, strides=2] %1 : f64[3]
        return y=%2""", """
        %0 = slice[starts=3, limits=9, strides=2] x : f64[3]
        %1 = slice[starts=3, limits=9, strides=2] p : f64[3]
        %2 = lt %0, %1 : bool[3]
        %3 = select %2, %0, %1 : f64[3]
        return y=%3
        """);
  }

  @Test
  void slicesOfIntegerQuotientsStayAbove() {
    assertStays(new PushSliceThroughMap(), "x: input i32[10], p: input i32[10] in 1..3", """
        %0 = neg p : i32[10]
        %1 = div x, %0 : i32[10]
        %2 = slice[starts=3, limits=9] %1 : i32[6]
        return y=%2""");
  }

  @Test
  void aSliceUndoesAPad() {
    assertRewrites(new SliceOfPad(), "x: input f64[n,2], v: input f64", """
        %0 = pad[low=(1,0), high=(k,3)] x, v : f64[n+k+1,5]
        %1 = slice[starts=(1,0), limits=(n+1,2)] %0 : f64[n,2]
        return y=%1""", """
        return y=x
        """);
  }

  @Test
  void aSliceOfThePaddingStays() {
    assertStays(new SliceOfPad(), "x: input f64[n,2], v: input f64", """
        %0 = pad[low=(1,0), high=(0,3)] x, v : f64[n+1,5]
        %1 = slice[starts=(0,0), limits=(n+1,2)] %0 : f64[n+1,2]
        %2 = pad[low=(0,0), high=(0,0), interior=(0,1)] x, v : f64[n,3]
        %3 = slice[starts=(0,0), limits=(n,2)] %2 : f64[n,2]
        return y=%1, z=%3""");
  }

  @Test
  void aSliceOfOnePartOfAConcat() {
    assertRewrites(new SliceOfConcat(), "a: input f64[n,2], b: input f64[m,2]", """
        %0 = concat[axis=0] a, b, a : f64[2*n+m,2]
        %1 = slice[starts=(n,0), limits=(n+m,1)] %0 : f64[m,1]
        %2 = slice[starts=(n+m,0), limits=(2*n+m,2)] %0 : f64[n,2]
        return y=%1, z=%2""", """
        %0 = slice[starts=(0,0), limits=(m,1)] b : f64[m,1]
        %1 = slice[starts=(0,0), limits=(n,2)] a : f64[n,2]
        return y=%0, z=%1
        """);
  }

  @Test
  void aSliceAcrossPartsStays() {
    assertStays(new SliceOfConcat(), "a: input f64[n,2], b: input f64[m,2]", """
        %0 = concat[axis=0] a, b : f64[n+m,2]
        %1 = slice[starts=(1,0), limits=(n+m,1)] %0 : f64[n+m-1,1]
        return y=%1""");
  }

  @Test
  void scalarFunctionsGoBelowBroadcasts() {
    assertRewrites(new UnbroadcastMap(), "x: input f64[n], v: input f64[m], s: input f64", """
        %0 = broadcast[dims=0, to=(n,m,k)] x : f64[n,m,k]
        %1 = broadcast[dims=(), to=(n,m,k)] s : f64[n,m,k]
        %2 = add %0, %1 : f64[n,m,k]
        %3 = broadcast[dims=1, to=(n,m,k)] v : f64[n,m,k]
        %4 = mul %2, %3 : f64[n,m,k]
        %5 = cast[to=f32] %1 : f32[n,m,k]
        return y=%4, z=%5""", """
        %0 = broadcast[dims=(), to=n] s : f64[n]
        %1 = add x, %0 : f64[n]
        %2 = broadcast[dims=0, to=(n,m)] %1 : f64[n,m]
        %3 = broadcast[dims=1, to=(n,m)] v : f64[n,m]
        %4 = mul %2, %3 : f64[n,m]
        %5 = broadcast[dims=(0,1), to=(n,m,k)] %4 : f64[n,m,k]
        %6 = cast[to=f32] s : f32
        %7 = broadcast[dims=(), to=(n,m,k)] %6 : f32[n,m,k]
        return y=%5, z=%7
        """);
  }

  @Test
  void broadcastsThatFillAllAxesTogetherStay() {
    assertStays(new UnbroadcastMap(), "x: input f64[n], v: input f64[m], i: input i32[n] in 1..3", """
        %0 = broadcast[dims=0, to=(n,m)] x : f64[n,m]
        %1 = broadcast[dims=1, to=(n,m)] v : f64[n,m]
        %2 = add %0, %1 : f64[n,m]
        %3 = neg i : i32[n]
        %4 = broadcast[dims=0, to=(n,m)] %3 : i32[n,m]
        %5 = div %4, %4 : i32[n,m]
        return y=%2, z=%5""");
  }

  @Test
  void transposesGoIntoContractions() {
    assertRewrites(new TransposeIntoContract(), "x: input f64[k,n], w: input f64[m,k]", """
        %0 = transpose[permutation=(1,0)] x : f64[n,k]
        %1 = transpose[permutation=(1,0)] w : f64[k,m]
        %2 = contract[ab,bc->ac] %0, %1 : f64[n,m]
        return y=%2""", """
        %0 = contract[ba,cb->ac] x, w : f64[n,m]
        return y=%0
        """);
  }

  @Test
  void aSumByLanesKeepsItsOrder() {
    assertRewrites(new TransposeIntoContract(), "x: input f64[k,n], v: input f64[k]", """
        %0 = transpose[permutation=(1,0)] x : f64[n,k]
        %1 = contract[ab,b->a] %0, v : f64[n]
        return y=%1""", """
        %0 = contract[ba,b->a, order=lanes] x, v : f64[n]
        return y=%0
        """);
  }

  @Test
  void transposesOfBatchesGoIntoContractions() {
    assertRewrites(new TransposeIntoContract(), "x: input f64[2,n,m,k], y: input f64[2,m,n,k]", """
        %0 = transpose[permutation=(0,2,1,3)] x : f64[2,m,n,k]
        %1 = transpose[permutation=(0,1,3,2)] y : f64[2,m,k,n]
        %2 = contract[abcd,abde->abce] %0, %1 : f64[2,m,n,n]
        return y=%2""", """
        %0 = contract[acbd,abed->abce] x, y : f64[2,m,n,n]
        return y=%0
        """);
  }

  @Test
  void transposesGoIntoConvolutions() {
    assertRewrites(new TransposeIntoConvolve(), "x: input f64[n,2,5,4], w: input f64[3,2,2,2]", """
        %0 = transpose[permutation=(0,2,3,1)] x : f64[n,5,4,2]
        %1 = transpose[permutation=(3,1,2,0)] w : f64[2,2,2,3]
        %2 = convolve[nhwc,hwio->nhwc, strides=(1,2)] %0, %1 : f64[n,4,2,3]
        return y=%2""", """
        %0 = convolve[nchw,owih->nhwc, strides=(2,1), order=sequential:hwi] x, w : f64[n,4,2,3]
        return y=%0
        """);
  }
}
