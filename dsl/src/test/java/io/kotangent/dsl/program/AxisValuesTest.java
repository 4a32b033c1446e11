package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Tensor3;
import io.kotangent.dsl.Tensor4;
import io.kotangent.dsl.Vector;
import io.kotangent.type.KotangentException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// An axis value that only says which axis is meant has to be that axis, in its size.
class AxisValuesTest {
  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Feature(int size) implements Axis<Feature> {
  }

  private record Hidden(int size) implements Axis<Hidden> {
  }

  private record Time(int size) implements Axis<Time> {
  }

  private record Row(int size) implements Axis<Row> {
  }

  private record Column(int size) implements Axis<Column> {
  }

  private static final Batch BATCH = new Batch();
  private static final Feature WRONG = new Feature(5);
  private static final Feature RIGHT = new Feature(4);

  private final Model model = Model.named("m");
  private final Vector<Feature> vector = model.input("v", RIGHT);
  private final Matrix<Batch, Feature> matrix = model.input("x", BATCH, RIGHT);
  private final Tensor3<Batch, Time, Feature> three =
      model.input("y", BATCH, new Time(3), RIGHT);
  private final Tensor4<Batch, Time, Hidden, Feature> four =
      model.input("z", BATCH, new Time(3), new Hidden(2), RIGHT);

  private static String message(Executable body) {
    return assertThrows(KotangentException.class, body).getMessage()
        .replaceAll("AxisValuesTest.java:\\d+", "#");
  }

  @Test
  void aWrongSizeIsRefusedWhereverAnAxisIsMeant() {
    Time wrongTime = new Time(7);
    record Use(String what, Executable body) {
    }
    List<Use> uses = List.of(
        new Use("over", () -> vector.over(WRONG)),
        new Use("renamed", () -> vector.renamed(WRONG, new Hidden(4))),
        new Use("split", () -> vector.split(WRONG, new Hidden(2), new Time(2))),
        new Use("over", () -> matrix.over(WRONG)),
        new Use("argmax", () -> matrix.argmax(WRONG)),
        new Use("renamed", () -> matrix.renamed(WRONG, new Hidden(4))),
        new Use("split", () -> matrix.split(WRONG, new Hidden(2), new Time(2))),
        new Use("over", () -> three.over(WRONG)),
        new Use("overAllBut", () -> three.overAllBut(WRONG)),
        new Use("argmax", () -> three.argmax(WRONG)),
        new Use("merged", () -> three.merged(new Time(3), WRONG, new Hidden(12))),
        new Use("overAllBut", () -> four.overAllBut(WRONG)),
        new Use("over", () -> matrix.untyped().over(WRONG)),
        new Use("typed", () -> matrix.untyped().typed(BATCH, WRONG)),
        new Use("permuted", () -> matrix.untyped().permuted(WRONG, BATCH)),
        new Use("renamed", () -> matrix.untyped().renamed(WRONG, new Hidden(4))),
        new Use("contract", () -> matrix.untyped().contract(vector.untyped(), WRONG)));
    for (Use use : uses) {
      assertEquals(use.what + ": axis 'feature' is 4 (#), got 5, at #", message(use.body));
    }
    var zero = model.constant(RIGHT, 0, 0, 0, 0).repeated(BATCH);
    assertEquals("scan: axis 'time' is 3 (#), got 7, at #",
        message(() -> three.scan(wrongTime, zero, (state, x) -> state.plus(x))));
    assertEquals("over: axis 'time' is 3 (#), got 7, at #", message(() -> four.over(wrongTime)));
  }

  /// A pool, a stride or an end keeps the axis: it may be meant by the size it was declared with, or by the one it has now.
  @Test
  void anAxisThatWasMadeShorterIsStillMeantByItsDeclaration() {
    var image = model.input("image", BATCH, new Row(8), new Column(8), RIGHT);
    var pooled = image.maxPool(2);
    assertEquals(List.of("batch", "column", "feature"), pooled.over(new Row(8)).max().axisNames());
    assertEquals(List.of("batch", "column", "feature"), pooled.over(new Row(4)).max().axisNames());
    assertEquals("over: axis 'row' is 4 (#), got 5, at #", message(() -> pooled.over(new Row(5))));
    assertEquals(List.of("batch"), matrix.over(RIGHT).first(2).over(RIGHT).sum().axisNames());
  }

  @Test
  void typedSaysWhatItIs() {
    assertEquals("typed: expected an axis 'hidden', got [batch, feature=4] (#), at #",
        message(() -> matrix.untyped().typed(BATCH, new Hidden(4))));
    assertEquals("typed: expected the axes [batch, feature=4] (#), got [batch], at #",
        message(() -> matrix.untyped().typed(BATCH)));
  }

  @Test
  void aConstantHasAsManyNumbersAsItsAxisIsLong() {
    assertEquals("constant: axis 'hidden' is 4: expected as many numbers, got 2, at #",
        message(() -> model.constant(new Hidden(4), 0, 0)));
    assertEquals("constant: axis 'batch' is batch: expected as many numbers, got 1, at #",
        message(() -> model.constant(BATCH, 0)));
  }

  @Test
  void whatNoArrayHoldsIsRefusedWhereItIsDeclared() {
    assertEquals(
        "param 'w': [feature=100000, hidden=100000] has more elements than an array holds, "
            + "expected at most 2147482624; use smaller axes, at #",
        message(() -> model.parameter("w", new Feature(100_000), new Hidden(100_000))));
    assertEquals(
        "input 'big': [batch, feature=100000, hidden=100000] has more elements than an array "
            + "holds, expected at most 2147482624; use smaller axes, at #",
        message(() -> model.input("big", BATCH, new Feature(100_000), new Hidden(100_000))));
    var wide = model.input("wide", BATCH, new Feature(100_000));
    assertEquals(
        "param 'dense1.w': [feature=100000, hidden=100000] has more elements than an array "
            + "holds, expected at most 2147482624; use smaller axes, at #",
        message(() -> wide.dense(new Hidden(100_000))));
  }

  @Test
  void aScanSaysWhichIsTheStartAndWhichTheNextState() {
    var zero = model.constant(new Hidden(4), 0, 0, 0, 0).repeated(BATCH);
    assertEquals("scan: the start is [batch, hidden=4] (#), but the next state is "
        + "[batch, hidden=5] (#), at #: expected the same axes",
        message(() -> three.scan(new Time(3), zero, (state, x) -> x.dense(new Hidden(5)))));
  }

  @Test
  void whatABodyMadeStaysInside() {
    var zero = model.constant(RIGHT, 0, 0, 0, 0).repeated(BATCH);
    List<Matrix<Batch, Feature>> leaked = new java.util.ArrayList<>();
    var scan = three.scan(new Time(3), zero, (state, x) -> {
      leaked.add(x);
      leaked.add(x.plus(state));
      leaked.add(state.times(2).stopGradient());
      return leaked.get(1);
    });
    for (var value : leaked) {
      String outside =
          "an expression (#) of the body of scan1 (#) cannot be used outside of it, at #"
              + ": make it part of the state, and take last() or all() of the scan";
      assertEquals(outside, message(() -> value.plus(scan.last())));
      assertEquals(outside, message(() -> scan.last().plus(value)));
      assertEquals(outside, message(() -> model.graph("g", value.named("v"))));
      assertEquals(outside,
          message(() -> three.scan(new Time(3), zero, (state, x) -> state.plus(value))));
      assertEquals(outside, message(() -> three.scan(new Time(3), zero, (state, x) -> value)));
      assertEquals(outside, message(() -> three.scan(new Time(3), value, (state, x) -> state)));
    }
    assertEquals("""
        the next value of state 'seen' (#) is made in the body of scan8 (#), of which only its states \
        come out, at #: make it of what is outside, such as last() or all() of the scan""",
        message(() -> {
          var seen = model.state("seen", RIGHT);
          three.scan(new Time(3), zero, (state, x) -> {
            seen.next(x.over(BATCH).mean());
            return state;
          });
        }).replaceAll("scan\\d+", "scan8"));
  }

  /// Parameters, constants and what is made of outer values may be made inside and used everywhere; so may an outer body's
  /// values inside.
  @Test
  void whatABodyDoesNotNeedItsStateForIsNoSecret() {
    var zero = model.constant(RIGHT, 0, 0, 0, 0).repeated(BATCH);
    List<Vector<Feature>> made = new java.util.ArrayList<>();
    var scan = three.scan(new Time(3), zero, (state, x) -> {
      made.add(model.parameter("inside", RIGHT).times(2));
      var inner = three.scan(new Time(3), zero, (low, y) -> low.plus(x).plus(y));
      return state.plus(made.getFirst()).plus(inner.last());
    });
    assertEquals(List.of("batch", "feature"), scan.last().plus(made.getFirst()).axisNames());
  }
}
