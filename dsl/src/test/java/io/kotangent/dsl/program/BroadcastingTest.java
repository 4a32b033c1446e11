package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Expr;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Scalar;
import io.kotangent.dsl.Tensor;
import io.kotangent.dsl.Tensor3;
import io.kotangent.dsl.Tensor4;
import io.kotangent.dsl.Vector;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Operators repeat their right side along the axes that it lacks: by type where types can tell, else by name.
class BroadcastingTest {
  private record A(int size) implements Axis<A> {
  }

  private record B(int size) implements Axis<B> {
  }

  private record C(int size) implements Axis<C> {
  }

  private record D(int size) implements Axis<D> {
  }

  private static final A AXIS_A = new A(2);
  private static final B AXIS_B = new B(3);
  private static final C AXIS_C = new C(4);
  private static final D AXIS_D = new D(5);
  private static final List<Axis<?>> AXES = List.of(AXIS_A, AXIS_B, AXIS_C, AXIS_D);

  private final Model model = Model.named("broadcasting", DType.F64);
  private final Scalar s = model.input("s");
  private final Vector<A> a = model.input("a", AXIS_A);
  private final Vector<B> b = model.input("b", AXIS_B);
  private final Vector<C> c = model.input("c", AXIS_C);
  private final Vector<D> d = model.input("d", AXIS_D);
  private final Matrix<A, B> ab = model.input("ab", AXIS_A, AXIS_B);
  private final Matrix<B, C> bc = model.input("bc", AXIS_B, AXIS_C);
  private final Matrix<A, C> ac = model.input("ac", AXIS_A, AXIS_C);
  private final Matrix<C, D> cd = model.input("cd", AXIS_C, AXIS_D);
  private final Tensor3<A, B, C> abc = model.input("abc", AXIS_A, AXIS_B, AXIS_C);
  private final Tensor3<B, C, D> bcd = model.input("bcd", AXIS_B, AXIS_C, AXIS_D);
  private final Tensor4<A, B, C, D> abcd = model.input("abcd", AXIS_A, AXIS_B, AXIS_C, AXIS_D);

  /// 10·l − r of the elements that the letters of the names say.
  private void check(String left, String right, Expr<?> result) {
    Graph graph = model.graph("f", result);
    Feed feed = new Feed().fill(graph, 5);
    double[] expected = new double[size(left)];
    double[] l = Feed.numbers(feed.get(left));
    double[] r = Feed.numbers(feed.get(right));
    for (int i = 0; i < expected.length; i++) {
      expected[i] = 10 * l[i] - r[place(left, right, i)];
    }
    assertArrayEquals(expected, Feed.numbers(feed.run(graph).result("f")), 1e-12,
        left + " − " + right);
  }

  private static int size(String axes) {
    return axes.equals("s") ? 1
        : axes.chars().map(axis -> AXES.get(axis - 'a').size()).reduce(1, (x, y) -> x * y);
  }

  /// Where the element that is the i-th of `from` lies in `to`.
  private static int place(String from, String to, int i) {
    int result = 0;
    for (char axis : to.equals("s") ? new char[0] : to.toCharArray()) {
      int inner = size(from.substring(from.indexOf(axis) + 1).isEmpty() ? "s"
          : from.substring(from.indexOf(axis) + 1));
      int length = AXES.get(axis - 'a').size();
      result = result * length + i / inner % length;
    }
    return result;
  }

  @Test
  void missingLeadingAndTrailingAxesAreToldByType() {
    check("a", "s", a.times(10).minus(s));
    check("ab", "s", ab.times(10).minus(s));
    check("ab", "a", ab.times(10).minus(a));
    check("ab", "b", ab.times(10).minus(b));
    check("abc", "s", abc.times(10).minus(s));
    check("abc", "c", abc.times(10).minus(c));
    check("abc", "bc", abc.times(10).minus(bc));
    check("abc", "a", abc.times(10).minus(a));
    check("abc", "ab", abc.times(10).minus(ab));
    check("abcd", "s", abcd.times(10).minus(s));
    check("abcd", "d", abcd.times(10).minus(d));
    check("abcd", "cd", abcd.times(10).minus(cd));
    check("abcd", "bcd", abcd.times(10).minus(bcd));
    check("abcd", "a", abcd.times(10).minus(a));
    check("abcd", "ab", abcd.times(10).minus(ab));
    check("abcd", "abc", abcd.times(10).minus(abc));
  }

  @Test
  void gapsAreFilledByName() {
    check("abc", "b", abc.times(10).minus(b.byName()));
    check("abc", "ac", abc.times(10).minus(ac.byName()));
    check("abcd", "bc", abcd.times(10).minus(bc.byName()));
    check("abcd", "c", abcd.times(10).minus(c.byName()));
    check("abcd", "ac", abcd.times(10).minus(ac.byName()));
    check("abc", "ac", abc.times(10).minus(ac.transpose().byName()));
  }

  @Test
  void untypedTensorsMatchByName() {
    check("abcd", "bc", abcd.untyped().times(10).minus(bc.transpose().untyped()));
    Tensor moved = abcd.untyped().permuted(AXIS_C, AXIS_A, AXIS_D, AXIS_B);
    check("abcd", "abcd",
        moved.times(10).minus(abcd.untyped()).typed(AXIS_A, AXIS_B, AXIS_C, AXIS_D));
    assertEquals(List.of("c", "a", "d", "b"), moved.axisNames());
  }

  @Test
  void contractionsSumOverNamedAxes() {
    Graph graph = model.graph("f",
        abc.untyped().contract(bcd.untyped(), AXIS_C, AXIS_B).typed(AXIS_A, AXIS_D).named("named"),
        ab.matmul(b.outer(d)).named("outer"),
        abc.untyped().contract(ac.untyped(), AXIS_C).named("batched"));
    Feed feed = new Feed().fill(graph, 6);
    var result = feed.run(graph);
    double sum = 0;
    for (int i = 0; i < 12; i++) {
      sum += feed.get("abc").real(12 + i) * feed.get("bcd").real(i * 5 + 3);
    }
    assertEquals(sum, result.result("named").real(5 + 3), 1e-12);
    double product = 0;
    for (int i = 0; i < 3; i++) {
      product += feed.get("ab").real(3 + i) * feed.get("b").real(i) * feed.get("d").real(2);
    }
    assertEquals(product, result.result("outer").real(5 + 2), 1e-12);
    double row = 0;
    for (int i = 0; i < 4; i++) {
      row += feed.get("abc").real(12 + 8 + i) * feed.get("ac").real(4 + i);
    }
    assertEquals(row, result.result("batched").real(3 + 2), 1e-12);
  }

  @Test
  void reductionsAndRepetitionsAreEachOthersGradients() {
    Matrix<A, B> centered = ab.minus(ab.over(AXIS_B).mean()).div(ab.over(AXIS_A).max());
    List<Expr<?>> wanted = new ArrayList<>(List.of(ab, s));
    Gradients both = Gradients.gradient(centered.times(s).square().sum(), wanted);
    Graph graph = model.graph("f", both.get(ab).named("ab_"), both.get(s).named("s_"),
        centered.times(s).square().sum().named("f_"));
    Feed feed = new Feed().fill(graph, 7);
    var result = feed.run(graph);
    assertEquals(2 * result.result("f_").real(0) / feed.get("s").real(0),
        result.result("s_").real(0), 1e-9);
    double[] numbers = Feed.numbers(feed.get("ab"));
    for (int i = 0; i < numbers.length; i++) {
      double[] moved = numbers.clone();
      moved[i] += 1e-6;
      double up = feed.set(graph, "ab", moved).run(graph).result("f_").real(0);
      moved[i] -= 2e-6;
      double down = feed.set(graph, "ab", moved).run(graph).result("f_").real(0);
      assertEquals((up - down) / 2e-6, result.result("ab_").real(i), 1e-5);
    }
  }
}
