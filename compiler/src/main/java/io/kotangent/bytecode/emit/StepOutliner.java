package io.kotangent.bytecode.emit;

import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// Cuts a program into methods of at most `budget` bytes, about. Each unpacks the arrays and sizes that it uses, so a part needs
/// only the counters of the loops around it.
public final class StepOutliner {
  private static final int LOOP_SIZE = 60;
  private static final int ROUNDS = 30;

  private final int budget;
  private int parts;

  public StepOutliner(int budget) {
    this.budget = budget;
  }

  public List<StepPiece> entry(Plan plan) {
    return fit(block(plan.steps(), PlanPrinter.firstLine(plan), List.of()), budget - LOOP_SIZE,
        List.of());
  }

  private List<StepPiece> block(List<Step> steps, int firstLine, List<String> counters) {
    List<StepPiece> pieces = new ArrayList<>();
    int line = firstLine;
    for (Step step : steps) {
      pieces.add(piece(step, line, counters));
      line += PlanPrinter.lines(step);
    }
    return pieces;
  }

  private StepPiece piece(Step step, int line, List<String> counters) {
    return switch (step) {
      case Step.Run run -> new StepPiece.Run(run, line, size(run));
      case Step.Barrier _ -> new StepPiece.Barrier(line);
      case Step.Repeat repeat -> {
        List<String> inner = new ArrayList<>(counters);
        inner.add(repeat.counter());
        List<StepPiece> body =
            fit(block(repeat.body(), line + 1, inner), budget - 2 * LOOP_SIZE, inner);
        yield new StepPiece.Repeat(repeat, line, body,
            size(body) + LOOP_SIZE + size(repeat.count()));
      }
      case Step.When when -> {
        int limit = budget / 2 - LOOP_SIZE;
        List<StepPiece> then = fit(block(when.then(), line + 1, counters), limit, counters);
        List<StepPiece> otherwise =
            fit(block(when.otherwise(), line + 2 + PlanPrinter.lines(when.then()), counters), limit,
                counters);
        yield new StepPiece.When(when, line, then, otherwise,
            size(then) + size(otherwise) + LOOP_SIZE);
      }
    };
  }

  /// Counts the unpacking of each array with its use.
  private static int size(Step.Run run) {
    int size = 6;
    for (Step.Argument argument : run.arguments()) {
      size += 14 + size(argument.offset());
    }
    for (Dim dim : run.ints()) {
      size += size(dim);
    }
    return size + switch (run.share()) {
      case Step.Share.One(int thread, var _) -> thread == 0 ? 4 : 8;
      case Step.Share.Each _ -> 0;
      case Step.Share.Parts parts -> 40 + size(run.ints().getLast()) + size(parts.work(run));
    };
  }

  private static int size(Dim dim) {
    if (dim.isConstant()) {
      return 3;
    }
    int size = 10;
    for (Dim.Product product : dim.products()) {
      size += 10;
      for (Dim.Atom atom : product.atoms()) {
        size += 12 + (atom instanceof Dim.Applied a ? 12 + size(a.left()) + size(a.right()) : 0);
      }
    }
    return size;
  }

  private static int size(List<StepPiece> pieces) {
    int size = 0;
    for (StepPiece piece : pieces) {
      size += piece.size();
    }
    return size;
  }

  private List<StepPiece> fit(List<StepPiece> block, int limit, List<String> counters) {
    List<StepPiece> pieces = block;
    for (int round = 0; round < ROUNDS && size(pieces) > limit; round++) {
      List<StepPiece> shorter = group(pieces, limit, counters);
      if (size(shorter) >= size(pieces)) {
        break;
      }
      pieces = shorter;
    }
    return pieces;
  }

  private List<StepPiece> group(List<StepPiece> pieces, int limit, List<String> counters) {
    List<StepPiece> result = new ArrayList<>();
    int start = 0;
    int size = 0;
    for (int i = 0; i <= pieces.size(); i++) {
      if (i == pieces.size() || size > 0 && size + pieces.get(i).size() > limit) {
        int call = 8 + 2 * counters.size();
        List<StepPiece> run = List.copyOf(pieces.subList(start, i));
        if (size <= call) {
          result.addAll(run);
        } else {
          result.add(new StepPiece.Part("part" + ++parts, counters, run, call));
        }
        start = i;
        size = 0;
      }
      size += i < pieces.size() ? pieces.get(i).size() : 0;
    }
    return result;
  }
}
