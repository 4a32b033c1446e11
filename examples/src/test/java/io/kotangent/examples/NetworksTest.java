package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Formulas;
import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Session;
import io.kotangent.examples.Axes.Batch;
import io.kotangent.examples.Axes.Hidden;
import io.kotangent.examples.Axes.In;
import io.kotangent.examples.Axes.Out;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Small networks of the courses (LECTURES B and F).
class NetworksTest {
  private static final float[] BITS = {0, 0, 0, 1, 1, 0, 1, 1};
  private static final float[] XOR = {0, 1, 1, 0};

  /// Two layers of threshold neurons: `H(H(x·W − t)·v − u)`.
  private static Program thresholds(int inputs, int units) {
    var batch = new Batch();
    var hidden = new Hidden(units);
    var model = Model.named("thresholds");
    var x = model.input("x", batch, new In(inputs));
    var weights = model.input("weights", new In(inputs), hidden);
    var thresholds = model.input("thresholds", hidden);
    var out = model.input("out", hidden);
    var threshold = model.input("threshold");
    var fires = x.matmul(weights).minus(thresholds).greaterThan(0).asNumber();
    var y = fires.dot(out).minus(threshold).greaterThan(0).asNumber();
    return Compiler.compile(model.graph("thresholds", y.named("y")));
  }

  /// B9.
  @Test
  void xorIsOrAndNotAndWithWeightsSetByHand() {
    Program program = thresholds(2, 2);
    Workspace run = program.newWorkspace().feed("x", BITS).feed("weights", 1f, 1f, 1f, 1f)
        .feed("thresholds", 0.5f, 1.5f).feed("out", 1f, -1f).feed("threshold", 0.5f);
    program.run(run);
    assertArrayEquals(XOR, run.floats("y"));
  }

  /// B9: no line separates the rows, so whatever is learned, one row is wrong.
  @Test
  void xorIsNotLearnedByOneNeuron() {
    var batch = new Batch();
    var model = Model.named("neuron");
    var logit = model.input("bits", batch, new In(2)).dense(new Out(1));
    var loss = logit.sigmoidCrossEntropy(model.input("wanted", batch, new Out(1))).mean();
    Session session = model.minimize(loss, Optimizers.adam(0.05))
        .compile(logit.sigmoid().named("probability"));
    Dataset table = Dataset.of(4).with("bits", BITS).with("wanted", XOR);
    for (int seed = 0; seed < 10; seed++) {
      session.initialize(seed).trainer(table).batch(4).epochs(400).seed(seed).fit();
      float[] learned = session.predict(table).floats("probability");
      int right = 0;
      for (int row = 0; row < 4; row++) {
        right += learned[row] > 0.5 == XOR[row] > 0.5 ? 1 : 0;
      }
      assertTrue(right < 4, "seed " + seed);
    }
  }

  /// B10: a hidden unit for each row that is true, which fires on this row alone, and an OR of them.
  @Test
  void everyFunctionOfThreeBitsIsANetwork() {
    float[] rows = new float[24];
    for (int i = 0; i < 24; i++) {
      rows[i] = (i / 3) >> (i % 3) & 1;
    }
    Program[] programs = new Program[9];
    for (int function = 0; function < 256; function++) {
      int units = Integer.bitCount(function);
      if (programs[units] == null) {
        programs[units] = thresholds(3, units);
      }
      float[] weights = new float[3 * units];
      float[] thresholds = new float[units];
      float[] out = new float[units];
      int unit = 0;
      for (int row = 0; row < 8; row++) {
        if ((function >> row & 1) == 1) {
          for (int bit = 0; bit < 3; bit++) {
            weights[bit * units + unit] = (row >> bit & 1) == 1 ? 1 : -1;
          }
          thresholds[unit] = Integer.bitCount(row) - 0.5f;
          out[unit++] = 1;
        }
      }
      Workspace run = programs[units].newWorkspace().feed("x", rows).feed("weights", weights)
          .feed("thresholds", thresholds).feed("out", out).feed("threshold", 0.5f);
      programs[units].run(run);
      for (int row = 0; row < 8; row++) {
        assertEquals(function >> row & 1, run.floats("y")[row], "function " + function);
      }
    }
  }

  /// B4: the optimizer finds p − y. The label's 1 is a comparison of places, not a product with a one-hot vector.
  @Test
  void theGradientOfSoftmaxCrossEntropyIsTheProbabilityMinusTheLabel() {
    var model = Model.named("softmax");
    var digit = new Out(3);
    var logits = model.input("logits", new Batch(), digit);
    var label = model.ids("label", new Batch(), digit);
    Graph graph = model.graph("gradient",
        Gradients.gradient(logits.crossEntropy(label).sum(), logits).named("gradient"));
    Golden.matches("softmax-gradient.ir", GraphPrinter.printWithoutOrigins(
        Compiler.optimize(graph, CompileOptions.standard().relaxed(true))));
    Program program = Compiler.compile(graph);
    Workspace run = program.newWorkspace().feed("logits", 0f, 0f, 0f, 1000f, 0f, -1000f)
        .feed("label", 2, 1);
    program.run(run);
    assertArrayEquals(new float[] {1 / 3f, 1 / 3f, -2 / 3f, 1, -1, 0}, run.floats("gradient"),
        1e-6f);
  }

  /// B3: probabilities that round to 0 and 1, and a step of descent that is the gradient.
  @Test
  void binaryCrossEntropyOfProbabilitiesZeroAndOneIsFinite() {
    var model = Model.named("bce");
    var five = new Out(5);
    var z = model.parameter("z", five);
    var p = z.sigmoid();
    var loss = p.binaryCrossEntropy(model.input("t", five)).sum();
    Session session = model.minimize(loss, Optimizers.sgd(1)).compile(p.named("p"));
    float[] start = {1000, 1000, -1000, -1000, 0};
    session.state().set("z", start);
    Workspace run = session.step().newWorkspace().feed("t", 0f, 1f, 0f, 1f, 1f);
    session.step().run(run, session.state());
    assertEquals(2000 + Math.log(2), run.scalar("loss"), 1e-3);
    float[] slopes = {1, 0, 0, -1, -0.5f};
    float[] now = session.state().floats("z");
    for (int i = 0; i < 5; i++) {
      assertEquals(start[i] - slopes[i], now[i]);
    }
  }

  /// B6: descent ends where the normal equations say.
  @Test
  void linearRegressionReachesTheClosedForm() {
    int n = 64;
    SplittableRandom random = new SplittableRandom(4);
    float[] x = new float[n];
    float[] y = new float[n];
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double sxy = 0;
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextDouble(-1, 1);
      y[i] = (float) (1.5 * x[i] - 0.75 + 0.2 * random.nextGaussian());
      sx += x[i];
      sy += y[i];
      sxx += (double) x[i] * x[i];
      sxy += (double) x[i] * y[i];
    }
    double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    double height = (sy - slope * sx) / n;
    var model = Model.named("line");
    var w = model.parameter("w");
    var b = model.parameter("b");
    var line = model.input("x", new Batch()).times(w).plus(b);
    Session session = model.minimize(line.meanSquaredError(model.input("y", new Batch())),
        Optimizers.sgd(0.3)).compile(line.named("line"));
    session.initialize(0).trainer(Dataset.of(n).with("x", x).with("y", y)).batch(n).epochs(400)
        .fit();
    assertEquals(slope, session.state().floats("w")[0], 1e-4);
    assertEquals(height, session.state().floats("b")[0], 1e-4);
  }

  /// B12.
  @Test
  void oneHiddenLayerFitsASine() {
    int n = 128;
    float[] x = new float[n];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (Math.PI * (2.0 * i / (n - 1) - 1));
      y[i] = (float) Math.sin(x[i]);
    }
    var batch = new Batch();
    var one = new Out(1);
    var model = Model.named("sine");
    var fit = model.input("x", batch, new In(1)).dense(new Hidden(32), Initializer.normal(1))
        .tanh().dense(one);
    Session session = model.minimize(fit.meanSquaredError(model.input("y", batch, one)),
        Optimizers.adam(0.01)).compile(fit.named("fit"));
    Dataset sine = Dataset.of(n).with("x", x).with("y", y);
    session.initialize(0).trainer(sine).batch(n).epochs(2000).fit();
    float[] fitted = session.predict(sine).floats("fit");
    double worst = 0;
    for (int i = 0; i < n; i++) {
      worst = Math.max(worst, Math.abs(fitted[i] - y[i]));
    }
    assertTrue(worst <= 0.02, "max error " + worst);
  }

  /// C8: the same function of w·x, written as (w/10)·(10·x), has another gradient.
  @Test
  void scaleMattersForDescent() {
    var model = Model.named("scale", DType.F64);
    var w = model.input("w");
    var v = model.input("v");
    var x = model.input("x");
    Program program = Compiler.compile(model.graph("scale",
        Gradients.gradient(w.times(x).square(), w).named("plain"),
        Gradients.gradient(v.times(x.times(10)).square(), v).named("scaled")));
    Workspace run = program.newWorkspace().feed("w", 2.0).feed("v", 0.2).feed("x", 3.0);
    program.run(run);
    assertEquals(10, run.scalar("scaled") / run.scalar("plain"), 1e-12);
  }

  /// F3: what the modules of the courses compute by hand in `backward`, read off the formula.
  @Test
  void backwardOfALinearLayerIsReadOffItsGradient() {
    var model = Model.named("linear", DType.F64);
    Axis<Out> out = new Out(3);
    var weights = model.input("W", out, new In(4));
    var x = model.input("x", new In(4));
    var above = model.input("g", out);
    Graph graph = model.graph("linear", weights.dot(x).dot(above).named("L"));
    assertEquals("∂L/∂x = Wᵀ·g", Formulas.derivative(graph, "L", "x").unicode());
    assertEquals("∂L/∂W = g·xᵀ", Formulas.derivative(graph, "L", "W").unicode());
    assertFalse(GraphPrinter.print(Compiler.optimize(Gradient.gradients(graph, "L",
        List.of("x", "W")), CompileOptions.standard())).contains("transpose"));
  }
}
