package io.kotangent.bytecode.emit;

import io.kotangent.loop.Kernel;
import io.kotangent.plan.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The methods that [StepOutliner] cut out of a program, and the classes that they are in.
public final class ProgramParts {
  private static final int CONSTANTS_BUDGET = 50_000;

  private final Map<Kernel, String> kernelNames;
  private final List<List<StepPiece.Part>> groups = new ArrayList<>();

  private ProgramParts(Map<Kernel, String> kernelNames) {
    this.kernelNames = kernelNames;
  }

  /// Gives every part a class, a new one when the constants of one would become too many. The first has the entry, and may have no
  /// part.
  public static List<List<StepPiece.Part>> assign(List<StepPiece> entry,
      Map<Kernel, String> kernelNames) {
    ProgramParts parts = new ProgramParts(kernelNames);
    parts.assign(entry);
    return parts.groups;
  }

  private void assign(List<StepPiece> entry) {
    groups.add(new ArrayList<>());
    Set<String> kernels = new HashSet<>();
    int constants = constants(entry, kernels);
    Deque<StepPiece.Part> pending = new ArrayDeque<>();
    collect(entry, pending);
    while (!pending.isEmpty()) {
      StepPiece.Part part = pending.poll();
      int more = constants(part.body(), kernels);
      if (constants + more > CONSTANTS_BUDGET) {
        groups.add(new ArrayList<>());
        kernels.clear();
        constants = 0;
        more = constants(part.body(), kernels);
      }
      constants += more;
      groups.getLast().add(part);
      collect(part.body(), pending);
    }
  }

  private static void collect(List<StepPiece> pieces, Deque<StepPiece.Part> parts) {
    for (StepPiece piece : pieces) {
      if (piece instanceof StepPiece.Part part) {
        parts.add(part);
      } else {
        collect(piece.inner(), parts);
      }
    }
  }

  /// Constant pool entries, about: six for a kernel's first call, two for each size.
  private int constants(List<StepPiece> pieces, Set<String> kernels) {
    int count = 0;
    for (StepPiece piece : pieces) {
      count += 6 + constants(piece.inner(), kernels);
      if (piece instanceof StepPiece.Run(Step.Run run, int _, int _)) {
        count += 2 * (run.arguments().size() + run.ints().size());
        count += kernels.add(kernelNames.get(run.kernel())) ? 6 : 0;
      }
    }
    return count;
  }
}
