package io.kotangent.runtime;

/** A signature and the code that it describes. */
record CompiledProgram(Signature signature, Code code) implements Program {
  @Override
  public boolean run(Workspace workspace, ModelState state) {
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
