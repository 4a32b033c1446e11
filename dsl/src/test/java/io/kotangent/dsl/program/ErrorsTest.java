package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static io.kotangent.dsl.program.JavaModels.DIGIT;
import static io.kotangent.dsl.program.JavaModels.HIDDEN;
import static io.kotangent.dsl.program.JavaModels.PIXELS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Layers;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Scalar;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Sliding;
import io.kotangent.dsl.Tensor;
import io.kotangent.dsl.Training;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What does not fit and types cannot tell is an error of the line that was written.
class ErrorsTest {
  private final Model model = Model.named("m");

  /// Fails with a message of that text, in which `#` stands for any line of this file.
  private static void fails(Class<? extends KotangentException> type, String message,
      Executable body) {
    KotangentException error = assertThrows(type, body);
    assertEquals(message, error.getMessage().replaceAll("ErrorsTest.java:\\d+", "#"));
  }

  private record Short(int size) {
  }

  @Test
  void sizesOfOneAxisThatDifferNameBothLines() {
    var left = model.input("a", BATCH, Axis.of(Short.class, 28));
    var right = model.input("b", BATCH, Axis.of(Short.class, 14));
    fails(ShapeException.class,
        "add: axis 'short' is 28 on the left (#) and 14 on the right (#), at #",
        () -> left.plus(right));
    KotangentException error = assertThrows(ShapeException.class, () -> left.plus(right));
    assertEquals(3, error.getMessage().split("ErrorsTest.java:", -1).length - 1);
    assertEquals(3,
        java.util.regex.Pattern.compile("\\d+(?=[),]|$)")
            .matcher(error.getMessage().replaceAll("is \\d+", ""))
            .results().map(r -> r.group()).distinct().count());
  }

  @Test
  void matmulNamesBothLines() {
    var left = model.input("a", BATCH, Axis.of(Short.class, 28));
    var right = model.parameter("w", Axis.of(Short.class, 14), HIDDEN);
    fails(ShapeException.class,
        "matmul: axis 'short' is 28 on the left (#) and 14 on the right (#), at #",
        () -> left.matmul(right));
  }

  @Test
  void aResidualAcrossAPoolIsCaught() {
    var image = model.input("image", BATCH, new JavaModels.Row(28), new JavaModels.Column(28),
        new JavaModels.Gray(1));
    var pooled = image.maxPool(2);
    fails(ShapeException.class,
        "add: axis 'row' is 28 on the left (#) and 14 on the right (#), at #",
        () -> image.plus(pooled));
  }

  @Test
  void aParameterNeedsSizes() {
    fails(ShapeException.class,
        "param 'w': axis 'batch' has no fixed size: expected an axis with a size, at #",
        () -> model.parameter("w", BATCH, HIDDEN));
  }

  @Test
  void anAxisOfAnySizeHasNoNumber() {
    fails(KotangentException.class, "axis 'batch' has no fixed size: use an axis with a size here",
        BATCH::size);
  }

  @Test
  void aNameThatOccursTwiceCannotBeMeantByName() {
    Tensor gram = model.parameter("w", PIXELS, HIDDEN).transpose()
        .matmul(model.parameter("v", PIXELS, HIDDEN)).untyped();
    fails(ShapeException.class,
        "over: axis 'hidden' occurs twice in [hidden=128, hidden=128] (#): rename one with "
            + "renamed(..), then it can be meant by name, at #",
        () -> gram.over(HIDDEN));
    fails(ShapeException.class,
        "mul: axis 'hidden' occurs twice in [hidden=128, hidden=128] (#): rename one with "
            + "renamed(..), then it can be meant by name, at #",
        () -> gram.times(model.parameter("b", HIDDEN).byName()));
  }

  @Test
  void byNameNeedsTheAxisOnTheLeft() {
    var x = model.input("x", BATCH, PIXELS);
    var c = model.parameter("c", DIGIT);
    fails(ShapeException.class, "add: expected an axis 'digit', got [batch, pixels=784] (#), at #",
        () -> x.plus(c.byName()));
  }

  @Test
  void aParameterThatDoesNotReachTheLossIsNamed() {
    var x = model.input("x", BATCH, PIXELS);
    model.parameter("unused", HIDDEN);
    var loss = x.matmul(model.parameter("w", PIXELS, HIDDEN)).mean();
    fails(KotangentException.class,
        "parameter `unused` (#) does not reach `loss`: no path at all, at mean #: use it in `loss`, or remove it",
        () -> model.minimize(loss, Optimizers.sgd(0.1)));
  }

  @Test
  void aBrokenPathNamesItsOp() {
    var x = model.input("x", BATCH, PIXELS);
    var w = model.parameter("w", PIXELS, HIDDEN);
    var loss = x.matmul(w).floor().mean();
    fails(KotangentException.class, "parameter `w` (#) does not reach `loss`: broken at `floor`, #",
        () -> model.minimize(loss, Optimizers.sgd(0.1)));
  }

  @Test
  void aLossThatIsNoScalarIsRefusedWhereTypesAreErased() {
    var x = model.input("x", BATCH, PIXELS).untyped();
    fails(ShapeException.class, "typed: expected the axes [batch, pixels=784] (#), got [], at #",
        () -> x.typed());
  }

  @Test
  void aLossOfAnotherModelIsRefused() {
    Scalar loss = Model.named("other").parameter("w").square();
    fails(KotangentException.class, "minimize: the loss (#) is of another model than 'm'",
        () -> model.minimize(loss, Optimizers.sgd(0.1)));
    fails(KotangentException.class,
        "an expression of 'other' (#) cannot be used in 'm', at #: make it there, or pass it in as an input",
        () -> model.parameter("v").plus(loss));
  }

  @Test
  void namesAreUniqueAndReadable() {
    model.input("x", BATCH);
    fails(KotangentException.class,
        "input 'x' is declared twice in model 'm'; give it another name or declare it in a scope, at #",
        () -> model.input("x", BATCH, PIXELS));
    fails(KotangentException.class,
        "param 'two words': expected a name of letters, digits and underscores",
        () -> model.parameter("two words"));
    fails(KotangentException.class,
        "input 'seed': this name is taken by every training step; choose another, at #",
        () -> model.input("seed", BATCH));
    model.scope("inner", () -> model.input("x", BATCH));
  }

  @Test
  void oneNameHasOneTag() {
    model.input("x", BATCH, Axis.of(Short.class, 3));
    Axis<ErrorsTest> disguised = new Axis<>() {
      @Override
      public int size() {
        return 3;
      }

      @Override
      public String name() {
        return "short";
      }
    };
    KotangentException error =
        assertThrows(KotangentException.class, () -> model.parameter("w", disguised));
    assertTrue(error.getMessage().startsWith("axis 'short' has two tags in model 'm', "),
        error.getMessage());
  }

  @Test
  void numbersOutsideTheirRangeAreRefused() {
    var x = model.input("x", BATCH, PIXELS);
    fails(KotangentException.class, "dropout: expected a rate from 0 to below 1, got 1.0, at #",
        () -> x.dropout(1));
    fails(KotangentException.class, "momentum: expected a number from 0 to below 1, got 1.5",
        () -> Optimizers.momentum(0.1, 1.5));
    fails(KotangentException.class, "model 'm': expected f32 or f64, got i32",
        () -> Model.named("m", DType.I32));
    fails(KotangentException.class,
        "learning rate: expected a finite number of at least 0, got NaN",
        () -> Optimizers.sgd(Double.NaN));
  }

  @Test
  void aStateHasOneNextValue() {
    var state = model.state("s", HIDDEN);
    state.next(state.now());
    fails(KotangentException.class, "state 's' already has a next value, at #",
        () -> state.next(state.now()));
  }

  @Test
  void splitsAndRenamesCheckSizes() {
    var x = model.parameter("x", PIXELS, HIDDEN);
    fails(ShapeException.class,
        "split: axis 'pixels' is 784 (#) and not 28·27 of 'row' and 'column', at #",
        () -> x.split(PIXELS, new JavaModels.Row(28), new JavaModels.Column(27)));
    fails(ShapeException.class,
        "renamed: axis 'hidden' is 128 (#) and cannot become 'digit' of 10, at #",
        () -> x.renamed(HIDDEN, DIGIT));
  }

  @Test
  void labelsOfAnAxisOfAnotherSizeAreRefused() {
    var logits = model.input("logits", BATCH, DIGIT);
    var label = model.ids("label", BATCH, new JavaModels.Digit(12));
    fails(ShapeException.class,
        "crossEntropy: expected positions along digit=10 (#), got positions along digit=12 (#), at #",
        () -> logits.crossEntropy(label));
  }

  @Test
  void aGradientNeedsAPath() {
    var x = model.input("x", BATCH, PIXELS);
    var y = model.parameter("y", HIDDEN, Initializer.ones());
    fails(KotangentException.class,
        "parameter `y` (#) does not reach `f`: no path at all, at #: use it in `f`, or remove it",
        () -> Gradients.gradient(x.sum(), y));
  }

  @Test
  void windowsThatDoNotFitNameTheImageAndTheKernel() {
    var image = model.input("image", BATCH, new JavaModels.Row(4), new JavaModels.Column(9),
        new JavaModels.Gray(2));
    var kernel = model.parameter("k", PIXELS, HIDDEN, new JavaModels.Gray(2),
        new JavaModels.Edges(3), Initializer.ones());
    var other = model.parameter("w", new Side(3), new Side(3), new JavaModels.Gray(1),
        new JavaModels.Edges(3), Initializer.ones());
    fails(ShapeException.class,
        "convolve: a kernel of 784 (#) does not fit axis 'row' of 4 (#) with padding 0 and 0, at #: "
            + "pad more, or take a smaller window",
        () -> image.convolve(kernel, Sliding.valid()));
    fails(ShapeException.class,
        "convolve: axis 'gray' is 2 on the left (#) and 1 on the right (#), at #",
        () -> image.convolve(other, Sliding.valid()));
    fails(ShapeException.class,
        "convolve: 2 groups of 1 channels for 3 of 'edges' (#) do not fit axis 'gray' of 2 (#), at #",
        () -> image.convolve(other, Sliding.valid(), 2));
    fails(ShapeException.class,
        "conv: 2 groups do not divide 2 channels of 'gray' (#) and 3 of 'edges', at #",
        () -> image.conv(3, 3, new JavaModels.Edges(3), Sliding.same(), 2, Initializer.ones()));
    fails(ShapeException.class,
        "maxPool: a window of 3 with dilation 2 does not fit axis 'row' of 4 (#) with padding 0 and "
            + "0, at #: pad more, or take a smaller window",
        () -> image.maxPool(3, Sliding.valid().dilation(2)));
    fails(ShapeException.class,
        "averagePool: a window of 2 lies in the padding alone, before or after axis 'row' of 4 (#), "
            + "at #: take less padding or dilation",
        () -> image.averagePool(2, Sliding.padded(2)));
  }

  private record Side(int size) implements Axis<Side> {
  }

  @Test
  void windowsThatMakeNoSenseAreRefused() {
    fails(KotangentException.class, "stride: expected 1 or more, got 0, at #",
        () -> Sliding.same().stride(0));
    fails(KotangentException.class, "padding: expected 0 or more, got -1, at #",
        () -> Sliding.padded(-1));
    var image = model.input("image", BATCH, new JavaModels.Row(4), new JavaModels.Column(4),
        new JavaModels.Gray(2));
    fails(KotangentException.class,
        "conv: expected a kernel of 1 or more rows and columns, got 0 and 0, at #",
        () -> image.conv(0, new JavaModels.Edges(3)));
    fails(ShapeException.class,
        "conv: expected the axes batch, row, column and channel, got [batch, flat=32] (#), at #",
        () -> Layers.conv(3, new JavaModels.Edges(3)).flatten().apply(image.flatten()));
    fails(ShapeException.class,
        "apply: expected two axes in the end, got [batch, row=4, column=4, digit=10], at #: put "
            + "flatten() or a global pool before the first dense layer",
        () -> Layers.dense(DIGIT).apply(image));
  }

  @Test
  void outputsNeedWhatMinimizeHasSeen() {
    var x = model.input("x", BATCH, HIDDEN);
    var y = x.batchNorm();
    Training training = model.minimize(y.square().sum(), Optimizers.adam(0.1));
    Session session = training.compile(y.named("y"));
    var late = x.batchNorm();
    fails(KotangentException.class,
        "compile: output 'late' (#) needs batchNorm2.scale: param f32[128] (#), which was declared after minimize, so"
            + " nothing trains or keeps it: make the layers of outputs before minimize, and use those of the loss again",
        () -> training.compile(y.named("y"), late.named("late")));
    var w = model.parameter("w", HIDDEN);
    fails(KotangentException.class,
        "compile: output 'w' (#) needs w: param f32[128] (#), which was declared after minimize, so"
            + " nothing trains or keeps it: make the layers of outputs before minimize, and use those of the loss again",
        () -> training.compile(w.named("w")));
    // what others declare meanwhile is no matter of this session
    assertEquals(session.initialize(3).state().sha256(),
        training.compile(y.named("y")).initialize(3).state().sha256());
    assertEquals(1, session.state().floats("batchNorm1.scale")[0]);
  }
}
