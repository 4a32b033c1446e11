package io.kotangent.bytecode.emit;

import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import java.util.ArrayList;
import java.util.List;

/// A program's steps cut into methods.
public sealed interface StepPiece {
  /// Bytes of bytecode, about.
  int size();

  /// The line of its first step in the listing.
  int line();

  /// The last line of its steps.
  int lastLine();

  /// The pieces within it, in this method.
  List<StepPiece> inner();

  record Run(Step.Run step, int line, int size) implements StepPiece {
    @Override
    public int lastLine() {
      return line;
    }

    @Override
    public List<StepPiece> inner() {
      return List.of();
    }
  }

  record Barrier(int line) implements StepPiece {
    @Override
    public int size() {
      return 8;
    }

    @Override
    public int lastLine() {
      return line;
    }

    @Override
    public List<StepPiece> inner() {
      return List.of();
    }
  }

  record Repeat(Step.Repeat step, int line, List<StepPiece> inner, int size) implements StepPiece {
    @Override
    public int lastLine() {
      return line + PlanPrinter.lines(step) - 1;
    }
  }

  record When(Step.When step, int line, List<StepPiece> then, List<StepPiece> otherwise, int size)
      implements StepPiece {
    @Override
    public int lastLine() {
      return line + PlanPrinter.lines(step) - 1;
    }

    /// Both sides.
    @Override
    public List<StepPiece> inner() {
      List<StepPiece> both = new ArrayList<>(then);
      both.addAll(otherwise);
      return both;
    }
  }

  /// A call of a method with some steps; `counters` are those of the loops around it.
  record Part(String name, List<String> counters, List<StepPiece> body, int size)
      implements StepPiece {
    @Override
    public int line() {
      return body.getFirst().line();
    }

    @Override
    public int lastLine() {
      return body.getLast().lastLine();
    }

    @Override
    public List<StepPiece> inner() {
      return List.of();
    }
  }
}
