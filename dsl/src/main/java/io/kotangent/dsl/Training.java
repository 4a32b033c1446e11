package io.kotangent.dsl;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.ir.Graph;
import io.kotangent.type.Port;
import java.util.List;

/// What trains a model: three graphs over the same ports, and the state they need.
///
/// `step = update ∘ gradients`, bit for bit. Between the halves there is room for clipping, accumulation or distribution.
/// Nothing is updated by a step whose loss or gradients are not all finite, or that would make a parameter, slot or state infinite or
/// not a number. Nor by gradients so large that they might: from 2¹⁰⁰ on with [Optimizers#sgd(double)] of a usual rate, 2⁵⁶ with
/// [Optimizers#adam(double)] (in f64 eight times these exponents).
public final class Training {
  private final Model model;
  private final Optimizer optimizer;
  private final Graph gradients;
  private final Graph update;
  private final Graph step;
  private final List<Port> state;

  private Training(Model model, Optimizer optimizer, Graph gradients, Graph update,
      List<Port> state) {
    this.model = model;
    this.optimizer = optimizer;
    this.gradients = gradients;
    this.update = update;
    this.step = TrainingGraphs.step(model.name() + "_step", gradients, update);
    this.state = List.copyOf(state);
  }

  static Training of(Model model, Scalar loss, Optimizer optimizer) {
    Graph gradients = TrainingGraphs.gradients(model, loss);
    UpdateGraph update = new UpdateGraph(model, optimizer);
    return new Training(model, optimizer, gradients, update.graph(), update.allState());
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /// The model that is trained.
  public Model model() {
    return model;
  }

  /// From inputs and parameters to `loss`, `ok` (all finite), the gradient `grad.w` of each parameter w, and `next.s` for
  /// each state s that a step replaces. Updates nothing.
  public Graph gradientGraph() {
    return gradients;
  }

  /// Takes `ok`, `grad.…` and `next.…` and updates parameters, states, slots and `step`, if `ok` and all that would be written is
  /// finite.
  public Graph updateGraph() {
    return update;
  }

  /// Both in one: from inputs to `loss`, updating everything or, when the loss or what would be written is not finite, nothing.
  public Graph stepGraph() {
    return step;
  }

  /// All ports that live from step to step, in the order of their layout: parameters, states and `step`, slots.
  public List<Port> state() {
    return state;
  }

  /// Compiles the step and, as one inference program, these outputs. Parameters have no values until they are
  /// [initialized][Session#initialize], loaded or set. What the outputs need was declared before `minimize`.
  ///
  /// @param outputs what the session predicts; none if it only trains
  public Session compile(Output... outputs) {
    return compile(CompileOptions.standard(), outputs);
  }

  /// Compiles with options.
  public Session compile(CompileOptions options, Output... outputs) {
    return new Session(this, List.of(outputs), options);
  }
}
