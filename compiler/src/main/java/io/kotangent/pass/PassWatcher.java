package io.kotangent.pass;

import io.kotangent.ir.Graph;

/// Sees what each pass makes of a graph, as a pipeline runs.
@FunctionalInterface
public interface PassWatcher {
  /// A pass has run.
  ///
  /// @param after the same object as `before` if the pass changed nothing
  void passed(Report.Line line, Graph before, Graph after);
}
