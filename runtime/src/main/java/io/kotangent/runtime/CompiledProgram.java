package io.kotangent.runtime;

import io.kotangent.type.Argument;

/** A signature and the code that it describes. */
record CompiledProgram(Signature signature, Code code) implements Program {
  @Override
  public boolean run(Workspace workspace, ModelState state) {
    Argument.given(workspace, "a workspace of the program");
    Argument.given(state, "a state of the program");
    if (!signature.updates() || state.isGuardedFor(signature.state())) {
      return workspace.run(signature, code, state);
    }
    int begun = state.version().beginRead();
    ModelState trial = state.copy();
    return workspace.run(signature, code, trial)
        && state.accept(trial, begun, signature.state());
  }

  @Override
  public String toString() {
    return "program " + signature.name();
  }
}
