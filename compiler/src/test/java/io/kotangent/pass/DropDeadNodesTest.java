package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.kotangent.ir.Graph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class DropDeadNodesTest {
  private final Pass pass = new DropDeadNodes();

  private void assertDrops(String before, String after) {
    Graph dropped = pass.apply(Texts.graph(before));
    Texts.assertPrints(after, dropped);
    assertSame(dropped, pass.apply(dropped));
  }

  @Test
  void resultsOfALoopThatNobodyTakesAreDroppedWithWhatOnlyTheyNeed() {
    assertDrops("""
        graph body(a: input f64, b: input f64, c: input f64, s: input f64, t: input f64, v: input f64, w: input f64) {
          %0 = add a, s : f64
          %1 = add b, c : f64
          %2 = mul c, t : f64
          %3 = mul %0, v : f64
          %4 = mul %1, w : f64
          return a=%0, b=%1, c=%2, p=%3, q=%4
        }
        graph f(a: input f64, b: input f64, c: input f64, s: input f64[n], t: input f64[n], v: input f64, w: input f64) {
          %0 = loop[@body, count=n, carried=3, sliced=2] a, b, c, s, t, v, w : (f64, f64, f64, f64[n], f64[n])
          %1 = item[index=3] %0 : f64[n]
          return p=%1
        }
        """, """
        graph body(a: input f64, s: input f64, v: input f64) {
          %0 = add a, s : f64
          %1 = mul %0, v : f64
          return a=%0, p=%1
        }
        graph f(a: input f64, b: input f64, c: input f64, s: input f64[n], t: input f64[n], v: input f64, w: input f64) {
          %0 = loop[@body, count=n, carried=1, sliced=1] a, s, v : (f64, f64[n])
          %1 = item[index=1] %0 : f64[n]
          return p=%1
        }
        """);
  }

  @Test
  void aCarriedValueThatATakenOneNeedsStays() {
    assertDrops("""
        graph body(a: input f64, b: input f64, c: input f64) {
          %0 = add a, b : f64
          %1 = add b, b : f64
          return a=%0, b=%1, c=c
        }
        graph f(a: input f64, b: input f64, c: input f64) {
          %0 = loop[@body, count=5, carried=3] a, b, c : (f64, f64, f64)
          %1 = item[index=0] %0 : f64
          return p=%1
        }
        """, """
        graph body(a: input f64, b: input f64) {
          %0 = add a, b : f64
          %1 = add b, b : f64
          return a=%0, b=%1
        }
        graph f(a: input f64, b: input f64, c: input f64) {
          %0 = loop[@body, count=5, carried=2] a, b : (f64, f64)
          %1 = item[index=0] %0 : f64
          return p=%1
        }
        """);
  }

  @Test
  void callsAndBranchesLoseResultsAndArguments() {
    assertDrops("""
        graph g(a: input f64, b: input f64) {
          %0 = neg a : f64
          %1 = neg b : f64
          return p=%0, q=%1
        }
        graph h(a: input f64, b: input f64) {
          return p=b, q=b
        }
        graph f(c: input bool, a: input f64, b: input f64) {
          %0 = call[@g] a, b : (f64, f64)
          %1 = item[index=1] %0 : f64
          %2 = branch[@g, @h] c, a, b : (f64, f64)
          %3 = item[index=1] %2 : f64
          return p=%1, q=%3
        }
        """, """
        graph g(b: input f64) {
          %0 = neg b : f64
          return q=%0
        }
        graph h(b: input f64) {
          return q=b
        }
        graph f(c: input bool, a: input f64, b: input f64) {
          %0 = call[@g] b : (f64)
          %1 = item[index=0] %0 : f64
          %2 = branch[@g, @h] c, b : (f64)
          %3 = item[index=0] %2 : f64
          return p=%1, q=%3
        }
        """);
  }

  @Test
  void whatIsTakenInABodyDecidesFurtherInside() {
    assertDrops("""
        graph inner(a: input f64, b: input f64) {
          %0 = neg a : f64
          %1 = neg b : f64
          return p=%0, q=%1
        }
        graph outer(a: input f64, b: input f64) {
          %0 = call[@inner] a, b : (f64, f64)
          %1 = item[index=0] %0 : f64
          %2 = item[index=1] %0 : f64
          return p=%1, q=%2
        }
        graph f(a: input f64, b: input f64) {
          %0 = call[@outer] a, b : (f64, f64)
          %1 = item[index=1] %0 : f64
          return p=%1
        }
        """, """
        graph inner(b: input f64) {
          %0 = neg b : f64
          return q=%0
        }
        graph outer(b: input f64) {
          %0 = call[@inner] b : (f64)
          %1 = item[index=0] %0 : f64
          return q=%1
        }
        graph f(a: input f64, b: input f64) {
          %0 = call[@outer] b : (f64)
          %1 = item[index=0] %0 : f64
          return p=%1
        }
        """);
  }

  @Test
  void aCallWithItsOwnDerivativeKeepsItsSignature() {
    Graph graph = Texts.graph("""
        graph g(a: input f64, b: input f64) {
          %0 = neg a : f64
          %1 = neg b : f64
          return p=%0, q=%1
        }
        graph d(a: input f64, b: input f64, p: input f64, q: input f64, cp: input f64, cq: input f64) {
          return a=cp, b=cq
        }
        graph f(a: input f64, b: input f64) {
          %0 = call[@g, derivative=@d] a, b : (f64, f64)
          %1 = item[index=1] %0 : f64
          return p=%1
        }
        """);
    assertSame(graph, pass.apply(graph));
  }

  @Test
  void requirementsOnSizesThatNothingHasAreDropped() {
    assertDrops("""
        graph f(x: input f64[n]) {
          require n >= 3
          require m >= n
          %0 = neg x : f64[n]
          return y=%0
        }
        """, """
        graph f(x: input f64[n]) {
          require n >= 3
          %0 = neg x : f64[n]
          return y=%0
        }
        """);
  }

  @Test
  void aSizeThatOnlyAnOpHasKeepsItsRequirement() {
    Graph graph = Texts.graph("""
        graph f(x: input f64[n]) {
          require n >= m+1
          %0 = slice[starts=m, limits=m+1] x : f64[1]
          return y=%0
        }
        """);
    assertSame(graph, pass.apply(graph));
  }

  @Test
  void aSizeThatOnlyAPartOfATupleHasKeepsItsRequirement() {
    Graph graph = Texts.graph("""
        graph g(a: input f64) {
          %0 = iota[axis=0] : f64[k]
          return p=a, q=%0
        }
        graph d(a: input f64, p: input f64, q: input f64[k], cp: input f64, cq: input f64[k]) {
          return a=cp
        }
        graph f(a: input f64) {
          require k >= 3
          %0 = call[@g, derivative=@d] a : (f64, f64[k])
          %1 = item[index=0] %0 : f64
          return p=%1
        }
        """);
    assertSame(graph, pass.apply(graph));
  }
}
