package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static io.kotangent.dsl.program.JavaModels.DIGIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.Compiler;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Padding;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.program.JavaModels.Edges;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.train.NonFiniteException;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What a compiled model is fed wrongly is refused, and changes nothing.
class BadInputTest {
  private record Height() implements Axis.Symbolic<Height> {
  }

  private record Width() implements Axis.Symbolic<Width> {
  }

  private static final Feature TWO = new Feature(2);

  private final Session session = classes();

  private static Session classes() {
    var model = Model.named("classes");
    var logits = model.input("x", BATCH, TWO).dense(new Hidden(5)).batchNorm().tanh().dense(DIGIT);
    var loss = logits.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return model.minimize(loss, Optimizers.adam(0.01)).compile(logits.softmax().named("p"))
        .initialize(1);
  }

  private static Session line() {
    var model = Model.named("line");
    var y = model.input("x", BATCH).times(model.parameter("w", Initializer.ones()))
        .plus(model.parameter("b"));
    return model
        .minimize(y.meanSquaredError(model.input("y", BATCH)), Optimizers.momentum(0.1, 0.9))
        .compile(y.named("line")).initialize(0);
  }

  private static <E extends KotangentException> E fails(Class<E> type, String message,
      Executable body) {
    E error = assertThrows(type, body);
    assertEquals(message, error.getMessage().replaceAll("BadInputTest.java:\\d+", "#"));
    return error;
  }

  /// Runs a step with what was fed, which must fail and leave the state alone.
  private void refused(Class<? extends KotangentException> type, String message, Workspace run) {
    String before = session.state().sha256();
    fails(type, message, () -> session.step().run(run, session.state()));
    assertEquals(before, session.state().sha256());
  }

  private Workspace run() {
    return session.step().newWorkspace();
  }

  @Test
  void wrongNamesTypesAndLengths() {
    fails(FeedException.class,
        "program classes_step has no input 'image': expected one of [x, label]",
        () -> run().feed("image", 1f));
    fails(FeedException.class,
        "input 'x' of program classes_step is f32[batch,2]: expected float[], got double[]; give "
            + "floats, such as 1.5f, or make the model of f64: Model.named(name, DType.F64)",
        () -> run().feed("x", 1.0, 2.0));
    refused(FeedException.class,
        "input 'x' of program classes_step: 3 elements do not make a whole f32[batch,2]; feed 2*batch elements, "
            + "for a 'batch' of 0 or more",
        run().feed("x", 1f, 2f, 3f).feed("label", 1));
    refused(FeedException.class,
        "input 'label' of program classes_step: expected i32[batch], which is 2 elements with batch = 2 "
            + "(from 'x'), but 1 were fed; feed arrays of equal batch, batch elements for this one",
        run().feed("x", 1f, 2f, 3f, 4f).feed("label", 1));
    refused(FeedException.class,
        "input 'label' of program classes_step was not fed: expected label: input i32[batch] in 0..9; "
            + "feed it before the run",
        run().feed("x", 1f, 2f));
  }

  @Test
  void labelsOutsideTheirRange() {
    for (int label : new int[] {10, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      refused(FeedException.class, "input 'label' of program classes_step: element 1 is " + label
          + ", expected a value from 0 to 9 (declared 'label: input i32[batch] in 0..9'); mend the data",
          run().feed("x", 1f, 2f, 3f, 4f).feed("label", 9, label));
    }
  }

  @Test
  void labelsOutsideTheirRangeStopTheTraining() {
    Dataset data = Dataset.of(3).with("x", new float[6]).with("label", new int[] {0, 10, 9});
    fails(FeedException.class,
        "column 'label' of example 1 is 10 (element 0), expected a value from 0 to 9 for input 'label' of "
            + "program classes_step; mend the data",
        () -> session.trainer(data).unshuffled().fit());
    assertEquals(0, session.state().longs("step")[0]);
  }

  @Test
  void aTargetThatIsNoNumberStopsTheTraining() {
    Session line = line();
    float[] y = {1, 2, 3, 4, Float.NaN, 6};
    Dataset data = Dataset.of(6).with("x", new float[] {1, 2, 3, 4, 5, 6}).with("y", y);
    Session twoSteps = line();
    twoSteps.trainer(Dataset.of(4).with("x", new float[] {1, 2, 3, 4}).with("y",
        new float[] {1, 2, 3, 4})).batch(2).unshuffled().fit();
    NonFiniteException stop = fails(NonFiniteException.class,
        "step 3 (epoch 1): the loss is NaN; training stopped, the weights are as before the step: "
            + "column 'y' of example 4 is NaN (element 0); mend the data",
        () -> line.trainer(data).batch(2).unshuffled().fit());
    assertEquals(3, stop.step());
    assertEquals(twoSteps.state().sha256(), line.state().sha256());
    assertEquals(2, line.state().longs("step")[0]);
  }

  /// √w at 0 has a value, but no finite slope.
  @Test
  void aGradientThatIsNotFiniteStopsTheTraining() {
    var model = Model.named("root");
    var w = model.parameter("w", TWO);
    var v = model.parameter("v", TWO);
    var seen = model.state("seen");
    seen.next(seen.now().plus(1));
    var y = model.input("x", BATCH, TWO).dot(w.sqrt().plus(v));
    Session root = model.minimize(y.square().mean(), Optimizers.adam(0.1)).compile(y.named("y"));
    root.state().set("w", new float[] {1, 0}).set("v", new float[] {1, 1});
    String before = root.state().sha256();
    Dataset data = Dataset.of(2).with("x", new float[] {1, 2, 3, 4});
    NonFiniteException stop = fails(NonFiniteException.class,
        "step 1 (epoch 1): the loss is 58.0; training stopped, the weights are as before the step: the gradient "
            + "of parameter 'w' (#) is not finite: the derivative at # is infinite there; keep its operand away "
            + "from such numbers, for example by maximum(1e-6)",
        () -> root.trainer(data).batch(2).unshuffled().fit());
    assertEquals(58, stop.loss());
    assertEquals(before, root.state().sha256());
  }

  @Test
  void aDivergingTrainingKeepsFiniteWeights() {
    var model = Model.named("diverging");
    var w = model.parameter("w", Initializer.ones());
    var loss = model.input("x", BATCH).times(w).square().square().mean();
    Session diverging = model.minimize(loss, Optimizers.sgd(10)).compile(w.named("now"))
        .initialize(0);
    NonFiniteException stop = assertThrows(NonFiniteException.class, () -> diverging
        .trainer(Dataset.of(1).with("x", new float[] {1})).epochs(1000).fit());
    assertTrue(stop.getMessage().endsWith("try a smaller learning rate"), stop.getMessage());
    assertTrue(Float.isFinite(diverging.state().floats("w")[0]));
    assertEquals(stop.step() - 1, diverging.state().longs("step")[0]);
  }

  /// A convolution without padding and a pool need a picture that is large enough.
  @Test
  void sizesThatAreTooSmall() {
    var model = Model.named("picture");
    var image = model.input("image", BATCH, new Height(), new Width(), new Gray(1));
    var y = image.conv(3, new Edges(2), Padding.VALID, 1).maxPool(2);
    Program program = Compiler.compile(model.graph("picture", y.named("y")));
    var state = program.newState();
    program.run(program.newWorkspace().size("batch", 1).size("height", 4).feed("image",
        new float[20]), state);
    fails(ShapeException.class,
        "size precondition violated: expected height-2 >= 2, but height-2 is 1 and 2 is 2 "
            + "(required at maxPool1 #); feed arrays whose sizes satisfy it",
        () -> program.run(program.newWorkspace().size("batch", 1).size("height", 3).feed("image",
            new float[15]), state));
  }

  @Test
  void sizesThatNobodyKnows() {
    var model = Model.named("unknown");
    var x = model.input("x", BATCH, new Width());
    Program program = Compiler.compile(model.graph("unknown", x.sum().named("sum")));
    fails(FeedException.class,
        "the size 'batch' of program unknown is unknown: the lengths of the inputs [x: input f32[batch,width]] "
            + "do not determine it; set it by size(\"batch\", n)",
        () -> program.run(program.newWorkspace().feed("x", new float[6])));
  }
}
