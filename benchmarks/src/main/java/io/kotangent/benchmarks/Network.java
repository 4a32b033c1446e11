package io.kotangent.benchmarks;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Scalar;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import java.util.Map;

/// A network as written in the DSL: what it predicts, as `scores`, from `x`; its loss takes `y` as well.
record Network(Model model, Scalar loss, Output scores) {
  /// Makes a training step by Adam, and the first step with it.
  Running train(int threads, Map<String, float[]> weights, Map<String, Object> feeds) {
    Compilation step =
        Compiler.compilation(model.minimize(loss, Optimizers.adam(1e-3)).stepGraph(),
            CompileOptions.standard());
    ModelState state = state(step.program(), weights);
    Workspace workspace = step.program().newWorkspace().threads(threads);
    feeds.forEach(workspace::feedArray);
    Running running = new Running(step, workspace, state, () -> {
      step.program().run(workspace, state);
      return workspace.scalar("loss");
    });
    running.again();
    return running;
  }

  /// Makes a program of the scores, and the first call: an array goes in, an array comes out.
  Running infer(int threads, Map<String, float[]> weights, float[] x) {
    Compilation scoring =
        Compiler.compilation(model.graph("predict", scores), CompileOptions.standard());
    ModelState state = state(scoring.program(), weights);
    Workspace workspace = scoring.program().newWorkspace().threads(threads);
    Running running = new Running(scoring, workspace, state, () -> {
      workspace.feed("x", x);
      scoring.program().run(workspace, state);
      return workspace.floats("scores")[0];
    });
    running.again();
    return running;
  }

  private static ModelState state(Program program, Map<String, float[]> weights) {
    ModelState state = program.newState();
    weights.forEach(state::set);
    return state;
  }
}
