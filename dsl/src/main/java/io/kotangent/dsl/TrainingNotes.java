package io.kotangent.dsl;

import io.kotangent.aot.Aot;
import io.kotangent.ir.Node;
import io.kotangent.runtime.ModelState;

/// What the provenance of a trained network says of its training.
final class TrainingNotes {
  private TrainingNotes() {
  }

  static void write(Aot aot, Model model, Optimizer optimizer, ModelState state) {
    long parameters = 0;
    for (Node parameter : model.declared().parameters().keySet()) {
      parameters += parameter.shape().size().constant();
    }
    aot.note("model", model.name());
    aot.note("parameters", Long.toString(parameters));
    aot.note("optimizer", optimizer.name() + ", rate " + switch (optimizer.rate()) {
      case Rate.Constant(var rate) -> Double.toString(rate);
      case Rate.Fed _ -> "fed to each step";
    });
    if (state.layout().has(Model.STEP.name())) {
      aot.note("steps", Long.toString(state.longs(Model.STEP.name())[0]));
    }
  }
}
