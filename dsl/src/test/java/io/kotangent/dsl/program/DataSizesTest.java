package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Expr;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.program.JavaModels.Digit;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.runtime.FeedException;
import io.kotangent.train.ConfusionMatrix;
import io.kotangent.train.Metric;
import io.kotangent.train.Predictor;
import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What a data set feeds: examples of any length, example after example.
class DataSizesTest {
  private record Words() implements Axis.Symbolic<Words> {
  }

  private record Height() implements Axis.Symbolic<Height> {
  }

  private record Word(int size) implements Axis<Word> {
  }

  private static final Words WORDS = new Words();
  private static final Word WORD = new Word(6);
  private static final Digit TAG = new Digit(3);
  private static final Hidden HIDDEN = new Hidden(8);

  /// A recurrent tagger: the tag of a word is (word + the word before) mod 3. With an embedding for each text.
  private static Session tagger() {
    var model = Model.named("tagger");
    var text = model.ids("text", BATCH, WORDS, WORD);
    var seen = model.parameter("table", WORD, HIDDEN, Initializer.uniform(1)).gather(text);
    var none = model.input("none", BATCH, HIDDEN);
    var states = seen.scan(WORDS, none,
        (before, word) -> word.plus(before.dense(HIDDEN)).tanh());
    var logits = states.all().typed(BATCH, WORDS, HIDDEN).dense(TAG);
    var loss = logits.crossEntropy(model.ids("tag", BATCH, WORDS, TAG)).mean();
    return model.minimize(loss, Optimizers.adam(0.02)).compile(logits.named("scores"),
        logits.argmax(TAG).named("tags"), states.last().named("meaning")).initialize(1);
  }

  private static Dataset texts(int examples, int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] text = new int[examples * length];
    int[] tags = new int[text.length];
    for (int i = 0; i < text.length; i++) {
      text[i] = random.nextInt(6);
      tags[i] = (text[i] + (i % length == 0 ? 0 : text[i - 1])) % 3;
    }
    return Dataset.of(examples).with("text", text).with("tag", tags).with("none",
        new float[8 * examples]);
  }

  @Test
  void textsOfAnyLengthAreLearnedAndTagged() {
    Session session = tagger();
    for (int epoch = 1; epoch <= 40; epoch++) {
      session.trainer(texts(64, 3 + epoch % 5, epoch)).batch(16).fit();
    }
    for (int length : new int[] {1, 2, 5, 40}) {
      Dataset data = texts(50, length, -length);
      Dataset predicted = session.predict(data);
      assertEquals("50 examples, scores f32[" + 3 * length + "], tags i32[" + length
          + "], meaning f32[8]", predicted.toString());
      double accuracy = Metric.accuracy("scores", "tag").measure().of(predicted, data);
      int right = 0;
      for (int i = 0; i < 50 * length; i++) {
        right += predicted.ints("tags")[i] == data.ints("tag")[i] ? 1 : 0;
      }
      assertEquals(right / (50.0 * length), accuracy);
      assertEquals(accuracy, ConfusionMatrix.of(predicted, "scores", data, "tag").accuracy());
      assertTrue(accuracy > 0.9, () -> "length " + length + ": " + accuracy);
      for (int batch : new int[] {1, 7, 50}) {
        assertArrayEquals(predicted.floats("scores"),
            new Predictor(session.prediction(), data, batch).predict(session.state())
                .floats("scores"));
      }
    }
  }

  @Test
  void trainingValidatesOnTextsOfAnotherLength() {
    Session session = tagger();
    var report = session.trainer(texts(64, 4, 1)).batch(16).epochs(2)
        .validate(session.prediction(), texts(9, 11, 2), Metric.accuracy("scores", "tag")).fit();
    assertEquals(2, report.epochs().size());
  }

  @Test
  void sizesThatNoColumnTellsAreSet() {
    var model = Model.named("pictures");
    var image = model.input("image", BATCH, new Height(), WORDS);
    var mean = image.over(new Height()).mean();
    var loss = mean.sum().square();
    Session session =
        model.minimize(loss.plus(model.parameter("w").square()), Optimizers.sgd(0.1))
            .compile(mean.named("mean")).initialize(0);
    Dataset data = Dataset.of(2).with("image", new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    assertArrayEquals(new float[] {2.5f, 3.5f, 4.5f, 8.5f, 9.5f, 10.5f},
        new Predictor(session.prediction(), data).size("height", 2).predict(session.state())
            .floats("mean"));
    session.trainer(data).size("height", 3).fit();
    KotangentException refusal =
        assertThrows(FeedException.class, () -> session.predict(data));
    assertTrue(refusal.getMessage().contains("set it by size(\"height\", n)"),
        refusal.getMessage());
  }

  /// A model of one input with these axes, and one with the batch alone beside it.
  private static Session model(List<Axis<?>> axes, boolean labeled) {
    var model = Model.named("m");
    Expr<?> x = model.untypedInput("x", axes.toArray(Axis<?>[]::new));
    var loss = x.sum().square();
    if (labeled) {
      loss = loss.plus(model.input("y", BATCH).sum());
    }
    Output sums = model.untypedInput("x2", axes.toArray(Axis<?>[]::new)).named("same");
    return model.minimize(loss.plus(model.parameter("w").square()), Optimizers.sgd(0.1))
        .compile(sums).initialize(0);
  }

  @Test
  void theAxisOfExamplesComesFirst() {
    Axis<?> two = new Feature(2);
    Axis<?> three = new Hidden(3);
    for (List<Axis<?>> axes : List.<List<Axis<?>>>of(List.of(BATCH), List.of(BATCH, two),
        List.of(BATCH, WORDS), List.of(BATCH, WORDS, two), List.of(two), List.of(two, BATCH),
        List.of(WORDS, BATCH), List.of(two, BATCH, three), List.of(WORDS, two, BATCH),
        List.of(WORDS, BATCH, two))) {
      for (boolean labeled : new boolean[] {true, false}) {
        Session session = model(axes, labeled);
        for (int examples : new int[] {1, 2, 3, 4}) {
          for (int width : new int[] {1, 2, 3, 4, 6}) {
            feed(axes + " of " + examples, axes, session, examples, width);
          }
        }
      }
    }
  }

  private static void feed(String name, List<Axis<?>> axes, Session session, int examples,
      int width) {
    float[] x = new float[examples * width];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    Dataset data = Dataset.of(examples).with("x", x).with("x2", x).with("y", new float[examples]);
    int fixed = axes.contains(new Feature(2)) ? 2 : 1;
    boolean good = axes.get(0) == BATCH && (axes.contains(WORDS) ? width % fixed == 0
        : width == fixed);
    if (good) {
      session.trainer(data).batch(examples).fit();
      assertArrayEquals(x, session.predict(data).floats("same"), name);
      return;
    }
    assertThrows(KotangentException.class, () -> session.predict(data), name);
    boolean batchOfTwo = axes.size() == 1 && session.step().signature().symbols().isEmpty()
        && examples == 2 && width == 1;
    if (!batchOfTwo) {
      assertThrows(KotangentException.class, () -> session.trainer(data).batch(examples).fit(),
          name);
    }
  }

  @Test
  void whyExamplesCannotBeFedIsSaid() {
    Session session = model(List.of(new Feature(2), BATCH), true);
    Dataset data = Dataset.of(2).with("x", new float[4]).with("y", new float[2]);
    KotangentException refusal =
        assertThrows(KotangentException.class, () -> session.trainer(data).fit());
    assertEquals(
        "input x: input f32[feature:2,batch] of program m_step: its first axis is 2, not batch: "
            + "a data set holds example after example, so expected the axis of examples first in every "
            + "input and nowhere else; declare it first, and transpose in the model",
        refusal.getMessage().replace("f32[2,batch]", "f32[feature:2,batch]"));
  }

  @Test
  void anEmptyDataSetSaysSo() {
    Session session = model(List.of(BATCH, new Feature(2)), true);
    Dataset empty = Dataset.of(0).with("x", new float[0]).with("x2", new float[0]).with("y",
        new float[0]);
    for (Function<Session, Object> run : List.<Function<Session, Object>>of(
        s -> s.trainer(empty).fit(), s -> s.predict(empty),
        s -> s.trainer(empty).validate(s.prediction(), empty),
        s -> Metric.accuracy("x", "y").measure().of(empty, empty),
        s -> Metric.r2("x", "y").measure().of(empty, empty),
        s -> Metric.meanSquaredError("x", "x2").measure().of(empty, empty),
        s -> Metric.binaryAccuracy("x", "x2", 0).measure().of(empty, empty))) {
      KotangentException refusal =
          assertThrows(KotangentException.class, () -> run.apply(session));
      assertTrue(refusal.getMessage().matches(".*(empty|no examples|0 examples|is f32, not i32).*"),
          refusal.getMessage());
    }
  }

  @Test
  void twoResultsOfOneNameAreRefused() {
    var model = Model.named("twins");
    var x = model.input("x", BATCH, new Feature(2));
    var loss = x.dense(HIDDEN).square().mean();
    for (Function<Model, Object> made : List.<Function<Model, Object>>of(
        m -> m.graph("g", x.named("p"), x.exp().named("p")),
        m -> m.graph("g", x.named("p"), x.named("p")),
        m -> m.graph("g", x.named("a"), x.exp().named("p"), x.tanh().named("p")),
        m -> m.minimize(loss, Optimizers.sgd(1)).compile(x.named("p"), x.exp().named("p")))) {
      KotangentException refusal =
          assertThrows(KotangentException.class, () -> made.apply(model));
      assertTrue(refusal.getMessage().matches(
          ".*two results are called 'p', that \\(DataSizesTest.java:\\d+\\) and that .*"),
          refusal.getMessage());
    }
    assertEquals(1, Arrays.asList(model.graph("g", x.named("p")).results().get(0)).size());
  }
}
