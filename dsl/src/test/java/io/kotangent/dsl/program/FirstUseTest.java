package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.data.SafeTensors;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizer;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Rate;
import io.kotangent.dsl.Session;
import io.kotangent.runtime.ModelState;
import io.kotangent.train.Predictor;
import io.kotangent.train.Trainer;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong at the first use is told in the user's words: his line, column, example or parameter, and what to do.
class FirstUseTest {
  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Feature(int size) implements Axis<Feature> {
  }

  private record Hidden(int size) implements Axis<Hidden> {
  }

  private record Kind(int size) implements Axis<Kind> {
  }

  private static final Batch BATCH = new Batch();
  private static final String NO_VALUES = "parameter 'dense1.w' and 1 more have no values yet; "
      + "call initialize(seed), load weights, or set(name, values)";

  private static String message(Executable body) {
    return assertThrows(KotangentException.class, body).getMessage()
        .replaceAll("FirstUseTest.java:\\d+", "#");
  }

  private static Session net() {
    var model = Model.named("net");
    var kind = new Kind(3);
    var logits = model.input("x", BATCH, new Feature(4)).dense(new Hidden(8)).relu().dense(kind);
    return model.minimize(logits.crossEntropy(model.ids("label", BATCH, kind)).mean(),
        Optimizers.adam(0.01)).compile(logits.named("scores"));
  }

  private static Dataset data(int examples) {
    return Dataset.of(examples).with("x", new float[4 * examples]).with("label",
        new int[examples]);
  }

  // ---- first values

  @Test
  void aSessionWithoutFirstValuesRunsNothing(@TempDir Path folder) {
    Session session = net();
    assertEquals(List.of("dense1.w", "dense2.w"), session.state().missing());
    assertEquals("program net_step: " + NO_VALUES, message(() -> session.trainer(data(3)).fit()));
    assertEquals("program net_predict: " + NO_VALUES, message(() -> session.predict(data(3))));
    assertEquals("program net_predict: " + NO_VALUES,
        message(() -> session.predict(data(3), session.snapshot())));
    assertEquals("program net_predict: " + NO_VALUES,
        message(() -> new Predictor(session.prediction(), data(3)).predict(session.state())));
    assertEquals("program net_step: " + NO_VALUES,
        message(() -> Trainer.of(session.step(), session.state(), data(3)).fit()));
    Path file = folder.resolve("w.safetensors");
    assertEquals("'dense1.w' has no values yet, so there is nothing to save to " + file
        + "; call initialize(seed), load weights, or set(name, values)",
        message(() -> SafeTensors.save(file, session.state())));
  }

  @Test
  void firstValuesMayBeDrawnLoadedCopiedOrSet(@TempDir Path folder) {
    Session drawn = net().initialize(1);
    Path all = folder.resolve("all.safetensors");
    Path weights = folder.resolve("weights.safetensors");
    SafeTensors.save(all, drawn.state());
    SafeTensors.save(weights, drawn.state(), drawn.state().weights());
    Session loaded = net();
    SafeTensors.load(all, loaded.state());
    Session light = net();
    SafeTensors.load(weights, light.state(), light.state().weights());
    Session copied = net();
    copied.state().copyFrom(drawn.snapshot());
    Session set = net();
    set.state().set("dense1.w", drawn.state().floats("dense1.w"));
    assertEquals(List.of("dense2.w"), set.state().missing());
    assertEquals("program net_predict: parameter 'dense2.w' has no values yet; "
        + "call initialize(seed), load weights, or set(name, values)",
        message(() -> set.predict(data(3))));
    set.state().set("dense2.w", drawn.state().floats("dense2.w"));
    float[] expected = drawn.predict(data(3)).floats("scores");
    for (Session session : List.of(loaded, light, copied, set)) {
      assertArrayEquals(expected, session.predict(data(3)).floats("scores"));
      assertEquals(1, session.trainer(data(3)).fit().steps());
    }
  }

  /// Zeros are first values where the initializer says so.
  @Test
  void whatStartsAtZeroNeedsNoFirstValues() {
    var model = Model.named("line");
    var y = model.input("x", BATCH).times(model.parameter("w")).plus(model.parameter("b"));
    Session line = model.minimize(y.meanSquaredError(model.input("y", BATCH)),
        Optimizers.sgd(0.1)).compile(y.named("out"));
    assertEquals(List.of(), line.state().missing());
    Dataset data = Dataset.of(2).with("x", new float[] {1, 2}).with("y", new float[] {2, 4});
    assertArrayEquals(new float[2], line.predict(data).floats("out"));
    line.trainer(data).fit();
    assertTrue(line.state().floats("w")[0] > 0);
    assertEquals(List.of(), ModelState.zeros(net().state().layout()).missing());
  }

  @Test
  void aWeightsFileForAWholeStateIsRecognized(@TempDir Path folder) {
    Session session = net().initialize(1);
    Path file = folder.resolve("w.safetensors");
    SafeTensors.save(file, session.state(), session.state().weights());
    String message = message(() -> SafeTensors.load(file, session.state()));
    assertTrue(message.endsWith(
        "]: these are the weights, load them by load(file, state, state.weights())"), message);
  }

  // ---- what cannot be trained

  @Test
  void aModelWithoutParametersHasNothingToTrain() {
    var model = Model.named("fixed");
    var x = model.input("x", BATCH);
    assertEquals("minimize: model 'fixed' has no parameters, so there is nothing to train, at #: "
        + "declare some by parameter(..) or layers, or take graph(..) to compute only",
        message(() -> model.minimize(x.mean(), Optimizers.sgd(0.1))));
    model.parameter("w");
    assertEquals(
        "parameter `w` (#) does not reach `loss`: no path at all, at mean #: use it in `loss`, "
            + "or remove it",
        message(() -> model.minimize(x.mean(), Optimizers.sgd(0.1))));
  }

  @Test
  void aSessionMayOnlyTrain() {
    var model = Model.named("blind");
    var w = model.parameter("w", Initializer.ones());
    Session blind = model.minimize(model.input("x", BATCH).times(w).square().mean(),
        Optimizers.sgd(0.1)).compile().initialize(0);
    Dataset data = Dataset.of(2).with("x", new float[] {1, 2});
    assertEquals(1, blind.trainer(data).fit().steps());
    assertEquals(
        "the session of model 'blind' was compiled without outputs, so it predicts nothing: "
            + "name some, such as compile(y.named(\"y\"))",
        message(() -> blind.predict(data)));
  }

  @Test
  void ratesAndMomentaThatGoUpAreRefused() {
    List<DoubleFunction<Optimizer>> rated = List.of(Optimizers::sgd,
        rate -> Optimizers.momentum(rate, 0.9), rate -> Optimizers.heavyBall(rate, 0.9),
        rate -> Optimizers.nesterov(rate, 0.9), Optimizers::rmsProp, Optimizers::adam,
        rate -> Optimizers.adamW(rate, 0.01));
    for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      for (DoubleFunction<Optimizer> optimizer : rated) {
        assertEquals("learning rate: expected a finite number of at least 0, got " + rate,
            message(() -> optimizer.apply(rate)));
      }
    }
    for (double scale : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      for (DoubleFunction<Initializer> drawn : List.<DoubleFunction<Initializer>>of(
          Initializer::normal, Initializer::uniform)) {
        assertTrue(message(() -> drawn.apply(scale))
            .endsWith(": expected a finite number of at least 0, got " + scale));
      }
    }
    Rate one = Rate.constant(1);
    List<DoubleFunction<Optimizer>> kept = List.of(m -> Optimizers.momentum(1, m),
        m -> Optimizers.heavyBall(1, m), m -> Optimizers.nesterov(1, m),
        m -> Optimizers.rmsProp(one, m, 1e-8, Optimizers.Epsilon.OUTSIDE),
        m -> Optimizers.adam(one, m, 0.9, 1e-8), m -> Optimizers.adam(one, 0.9, m, 1e-8));
    for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
      for (DoubleFunction<Optimizer> optimizer : kept) {
        assertTrue(message(() -> optimizer.apply(momentum))
            .endsWith(": expected a number from 0 to below 1, got " + momentum));
      }
    }
    var model = Model.named("fed");
    Session fed = model.minimize(model.input("x", BATCH).times(model.parameter("w")).mean(),
        Optimizers.sgd(Rate.fed())).compile();
    assertEquals("the learning rate of step 2 is -1.0: expected a finite number of at least 0; "
        + "look at what was given to rate(…)",
        message(() -> fed.trainer(Dataset.of(2).with("x", new float[2])).batch(1)
            .rate(step -> step == 2 ? -1 : 1).fit()));
  }

  // ---- data that does not fit

  @Test
  void aLabelOutOfRangeIsToldByItsExample() {
    Session session = net().initialize(0);
    Dataset data = data(600);
    data.ints("label")[500] = 7;
    assertEquals(
        "column 'label' of example 500 is 7 (element 0), expected a value from 0 to 2 for input "
            + "'label' of program net_step; mend the data",
        message(() -> session.trainer(data).batch(32).fit()));
    var model = Model.named("words");
    var table = model.parameter("table", new Kind(3), new Feature(2));
    Session words = model.minimize(table.square().mean(), Optimizers.sgd(0.1)).compile(
        table.gather(model.ids("word", BATCH, new Hidden(2), new Kind(3))).named("vectors"))
        .initialize(0);
    int[] all = new int[2 * 1000];
    all[2 * 700 + 1] = -1;
    assertEquals(
        "column 'word' of example 700 is -1 (element 1), expected a value from 0 to 2 for input "
            + "'word' of program words_predict; mend the data",
        message(() -> words.predict(Dataset.of(1000).with("word", all))));
  }

  @Test
  void aFixedFirstAxisIsNoBatch() {
    var model = Model.named("fixed");
    var y = model.input("x", new Feature(4)).times(model.parameter("w"));
    Session session = model.minimize(y.mean(), Optimizers.sgd(0.1)).compile(y.named("o"));
    Dataset ten = Dataset.of(10).with("x", new float[10]);
    assertEquals(
        "input x: input f32[4] of program fixed_step: its first axis has the fixed size 4, but a "
            + "batch of 2 examples was to be fed; declare a batch axis of any size and put it first "
            + "(record Batch() implements Axis.Symbolic<Batch> {}), or feed full batches of 4",
        message(() -> session.trainer(ten).batch(4).fit()));
    assertEquals(2, session.trainer(ten).batch(4).dropPartialBatches().fit().steps());
  }

  @Test
  void aColumnOfAnotherTypeIsToldWhatToBe() {
    Session session = net().initialize(0);
    assertEquals(
        "input label: input i32[batch] in 0..2 of program net_step: column 'label': expected int[], "
            + "got float[]; give ints: these are positions, such as classes from 0",
        message(() -> session.trainer(Dataset.of(2).with("x", new float[8]).with("label",
            new float[2])).fit()));
    String floats =
        "input x: input f32[batch,4] of program net_predict: column 'x': expected float[], got ";
    assertEquals(floats + "double[]; give floats, such as 1.5f, or make the model of f64: "
        + "Model.named(name, DType.F64)",
        message(() -> session.predict(Dataset.of(2).with("x", new double[8]))));
    assertEquals(floats + "int[]; give floats, such as 1f",
        message(() -> session.predict(Dataset.of(2).with("x", new int[8]))));
    var precise = Model.named("precise", DType.F64);
    var square = io.kotangent.bytecode.Compiler
        .compile(precise.graph("square", precise.input("x").square().named("y")));
    assertEquals(
        "input 'x' of program square is f64: expected double[], got float[]; give doubles, such as "
            + "1.5, or make the model of f32: Model.named(name)",
        message(() -> square.newWorkspace().feed("x", 1f)));
  }

  // ---- what is not finite

  private static Session training(String name,
      java.util.function.UnaryOperator<io.kotangent.dsl.Vector<Batch>> f,
      double rate) {
    var model = Model.named(name);
    var y = f.apply(model.input("x", BATCH).times(model.parameter("w", Initializer.ones())));
    return model.minimize(y.mean(), Optimizers.sgd(rate)).compile();
  }

  private static String stop(Session session) {
    return message(() -> session.trainer(Dataset.of(4).with("x", new float[] {1, 2, 3, 4}))
        .epochs(50).fit());
  }

  @Test
  void aLossThatLeavesADomainNamesItsLineAndNoRate() {
    assertEquals(
        "step 1 (epoch 1): the loss is NaN; training stopped, the weights are as before the step: "
            + "`log` at # has no finite value there; keep its operand away from such numbers, for example by "
            + "maximum(1e-6)",
        stop(training("log", y -> y.minus(5).log(), 0.1).initialize(0)));
  }

  @Test
  void aBodyThatLeavesADomainIsNamed() {
    var model = Model.named("steps");
    var time = new Kind(3);
    var zero = model.constant(new Hidden(2), 0, 0).repeated(BATCH);
    var w = model.parameter("w");
    var last = model.input("x", BATCH, time, new Hidden(2))
        .scan(time, zero, (state, x) -> x.times(w).minus(1).log().plus(state)).last();
    Session session = model.minimize(last.mean(), Optimizers.sgd(0.1)).compile();
    assertEquals(
        "step 1 (epoch 1): the loss is NaN; training stopped, the weights are as before the step: "
            + "the body of `loop` at # makes what is not finite; look in it for log or sqrt of a negative "
            + "number, a division by 0, or numbers that grow",
        message(() -> session.trainer(Dataset.of(2).with("x", new float[12])).fit()));
  }

  @Test
  void aGradientThatIsNotFiniteNamesItsParameter() {
    String message = stop(training("sqrt", y -> y.minus(1).sqrt(), 0.1).initialize(0));
    assertTrue(message.startsWith("step 1 (epoch 1): the loss is 1.0"), message);
    assertTrue(
        message.contains("the gradient of parameter 'w' (#) is not finite: the derivative at # is"),
        message);
    assertFalse(message.contains("rate"), message);
  }

  @Test
  void numbersThatGrowTooLargeAskForASmallerRate() {
    String message = stop(training("boom", y -> y.square(), 1e9).initialize(0));
    assertTrue(message.endsWith("try a smaller learning rate"), message);
    String first = stop(training("first", y -> y.times(1e30f).square(), 0.1).initialize(0));
    assertTrue(first.contains("` at # makes numbers that are too large; scale the data down"),
        first);
  }
}
