package io.kotangent.runtime;

/**
 * Something compiled: immutable, and safe to run from any number of threads at once, each with its own
 * {@link Workspace}. Threads may share a {@link ModelState} as long as none of them runs a program that updates it.
 */
public interface Program {
  /** A program of that body; the compiler makes them so. */
  static Program of(Signature signature, Code code) {
    return new CompiledProgram(signature, code);
  }

  /** What this program takes, gives and works on. */
  Signature signature();

  /** The name of the graph that this program was compiled from. */
  default String name() {
    return signature().name();
  }

  /** New arrays to run in, for one thread at a time. */
  default Workspace newWorkspace() {
    return new Workspace(signature());
  }

  /** A new state in which every parameter and state is zero. */
  default ModelState newState() {
    return ModelState.zeros(signature().state());
  }

  /**
   * Runs once, with what was fed to {@code workspace}, reading and updating {@code state} in place. Results are then
   * read from the workspace. Allocates nothing once the workspace has seen the largest sizes.
   *
   * @return whether the updates were committed; {@code false} means that the program's guard did not hold (a loss or
   *     gradient was not finite, say) and {@code state} is as it was
   * @throws FeedException if an input is missing or has a wrong length, if an input, parameter or state has a value
   *     outside its declared range, if sizes contradict each other, or if workspace or state belong to another program
   * @throws io.kotangent.type.ShapeException if a precondition on the symbolic sizes does not hold
   */
  boolean run(Workspace workspace, ModelState state);

  /**
   * Runs a program that has neither parameters nor state.
   *
   * @throws FeedException as {@link #run(Workspace, ModelState)}, and if the program needs a state
   */
  default boolean run(Workspace workspace) {
    return run(workspace, ModelState.NONE);
  }
}
