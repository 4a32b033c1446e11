package io.kotangent.dsl;

import io.kotangent.aot.Aot;
import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.CompileReport;
import io.kotangent.bytecode.Compiler;
import io.kotangent.data.Dataset;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.runtime.Workspace;
import io.kotangent.train.Predictor;
import io.kotangent.train.Trainer;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A model that runs: the compiled training step, the compiled predictions, and their state. Made by
/// [Training#compile(Output...)].
///
/// ```java
/// Session session = model.minimize(loss, adam(1e-3)).compile(logits.named("scores"));
/// session.initialize(0).trainer(train).batch(64).epochs(10).fit();
/// float[] scores = session.predict(test).floats("scores");
/// ```
///
/// Parameters have no values until they are given some: by [#initialize(long)], by
/// [SafeTensors.load][io.kotangent.data.SafeTensors#load(java.nio.file.Path, ModelState)], by [ModelState#copyFrom] or each by
/// [ModelState#set]. Until then a run is refused. Only those that start at 0 anyway, by [Initializer#zeros()], need none.
///
/// One thread trains; a second `fit()` meanwhile, and whatever else reads or changes the state while a step updates it, gets a
/// [ConcurrentUseException][io.kotangent.runtime.ConcurrentUseException]. To predict while it trains, take a [#snapshot()]:
///
/// ```java
/// Dataset now = session.predict(test, session.snapshot()); // in any thread
/// ```
public final class Session {
  private final Model model;
  private final Optimizer optimizer;
  private final Graph stepGraph;
  private final Graph gradientGraph;
  private final CompileOptions options;
  private final Program step;
  private final CompileReport report;
  private final Optional<Graph> predictionGraph;
  private final Optional<Program> prediction;
  private final ModelState state;

  Session(Training training, List<Output> outputs, CompileOptions options) {
    StateLayout layout = StateLayout.of(training.state());
    this.options = options.with(layout);
    this.model = training.model();
    this.optimizer = training.optimizer();
    this.stepGraph = training.stepGraph();
    this.gradientGraph = training.gradientGraph();
    this.predictionGraph = outputs.isEmpty() ? Optional.empty()
        : Optional.of(ModelGraphs.inference(model, model.name() + "_predict", outputs));
    ModelGraphs.checkStored(model, outputs, layout);
    Compilation made = Compiler.compilation(stepGraph, this.options);
    this.step = made.program();
    this.report = made.report();
    this.prediction = predictionGraph.map(graph -> Compiler.compile(graph, this.options));
    this.state = ModelState.waitingFor(layout, drawn(model.declared(), layout));
  }

  /// The parameters and states whose first values are not all 0.
  private static List<String> drawn(Declarations declared, StateLayout layout) {
    List<String> drawn = new ArrayList<>();
    for (Map<Node, Initializer> kind : List.of(declared.parameters(), declared.states())) {
      kind.forEach((node, start) -> {
        if (!start.isZeros() && layout.has(Graph.port(node).name())) {
          drawn.add(Graph.port(node).name());
        }
      });
    }
    return drawn;
  }

  /// The training step compiled once more, with its plan, listing and report: a session keeps only what running needs.
  public Compilation compilation() {
    return Compiler.compilation(stepGraph, options);
  }

  /// What compiling the training step did, and how long it took.
  public CompileReport report() {
    return report;
  }

  /// The compiled training step: from inputs to `loss`, updating the state.
  public Program step() {
    return step;
  }

  /// The compiled predictions: the outputs that were asked for.
  ///
  /// @throws KotangentException if none were
  public Program prediction() {
    return prediction.orElseThrow(() -> new KotangentException("the session of model '"
        + model.name()
        + "' was compiled without outputs, so it predicts nothing: name some, such as "
        + "compile(y.named(\"y\"))"));
  }

  /// Parameters and all else that is kept from step to step.
  public ModelState state() {
    return state;
  }

  /// The state as it is between two steps, as a copy of its own: in any thread, at any time. While a step is made, this waits for its end,
  /// and the next step waits for the copy.
  public ModelState snapshot() {
    return state.copy();
  }

  /// Draws the first values of all parameters, as their [Initializer]s say, and forgets what was learned before. The same
  /// seed gives the same bits. One change: a [#snapshot()] meanwhile is as before or as after it, and a failure changes nothing.
  ///
  /// @throws io.kotangent.runtime.ConcurrentUseException if a step is being made
  public Session initialize(long seed) {
    Graph graph = model.initGraph();
    Program program = Compiler.compile(graph);
    Workspace workspace = program.newWorkspace().feed("seed", seed);
    program.run(workspace);
    ModelState first = ModelState.zeros(state.layout());
    for (Graph.Result result : graph.results()) {
      // what the model has declared since is not this session's
      if (first.layout().has(result.name())) {
        first.set(result.name(), workspace.array(result.name()));
      }
    }
    state.copyFrom(first);
    return this;
  }

  /// A trainer of this state on examples whose columns are named like the inputs.
  public Trainer trainer(Dataset examples) {
    return Trainer.of(step, state, examples)
        .explainedBy(new NonFiniteFormula(gradientGraph, options));
  }

  /// The outputs for all examples, as columns of their names.
  public Dataset predict(Dataset examples) {
    return predict(examples, state);
  }

  /// The outputs for all examples with another state of this model, such as a [#snapshot()].
  public Dataset predict(Dataset examples, ModelState with) {
    return new Predictor(prediction(), examples).predict(with);
  }

  /// This network, with what it has learned, as classes that stand alone: a class of that name with the method `predict`. Its provenance
  /// notes the model's name, how many numbers its parameters are, the optimizer, and how many steps it has learned;
  /// [Aot#note] adds more.
  ///
  /// ```java
  /// session.aot("org.example.Digits").to(Path.of("digits.jar"));
  /// ```
  public Aot aot(String className) {
    ModelState now = snapshot();
    Aot aot = Aot.of(className).with(options).weights(now);
    TrainingNotes.write(aot, model, optimizer, now);
    predictionGraph.ifPresent(graph -> aot.method("predict", graph));
    return aot;
  }

  /// The same with the method `step`, so that it goes on learning where there is no compiler.
  public Aot trainableAot(String className) {
    return aot(className).method("step", stepGraph);
  }

  @Override
  public String toString() {
    return "session of " + model.name() + ": " + report;
  }
}
