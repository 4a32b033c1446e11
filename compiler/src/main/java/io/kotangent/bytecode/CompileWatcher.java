package io.kotangent.bytecode;

import io.kotangent.pass.PassWatcher;
import io.kotangent.plan.lower.Planned;

/// Sees a compilation from inside: what each pass makes, and what is decided on the way to the plan. A compilation keeps nothing of it.
public interface CompileWatcher extends PassWatcher {
  /// The plan is made.
  void planned(Planned planned);
}
