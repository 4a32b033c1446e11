package io.kotangent.bytecode;

import io.kotangent.plan.Step;
import java.util.List;

/// A program's steps cut into methods.
sealed interface StepPiece {
  /// Bytes of bytecode, about.
  int size();

  record Run(Step.Run step, int line, int size) implements StepPiece {
  }

  record Repeat(Step.Repeat step, int line, List<StepPiece> body, int size) implements StepPiece {
  }

  record When(Step.When step, int line, List<StepPiece> then, List<StepPiece> otherwise, int size)
      implements StepPiece {
  }

  /// A call of a method with the steps of lines `first` to `last`; `counters` are those of the loops around it.
  record Part(String name, List<String> counters, List<StepPiece> body, int first, int last,
      int size) implements StepPiece {
  }

  /// The line of a piece's first step.
  static int firstLine(StepPiece piece) {
    return switch (piece) {
      case Run run -> run.line();
      case Repeat repeat -> repeat.line();
      case When when -> when.line();
      case Part part -> part.first();
    };
  }
}
