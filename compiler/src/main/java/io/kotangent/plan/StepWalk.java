package io.kotangent.plan;

import io.kotangent.type.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs a plan step by step, by one thread, each kernel as somebody else says: interpreted, or compiled and looked after.
/// Immutable and thread-safe.
public final class StepWalk {
  /// Runs a step's kernel.
  public interface Kernels {
    /// @param line of the listing
    /// @param arrays those of the program
    /// @param symbols all sizes and the counters of the loops around it
    void run(Step.Run step, int line, Object[] arrays, Map<String, Long> symbols);
  }

  private final Plan plan;
  private final Kernels kernels;

  public StepWalk(Plan plan, Kernels kernels) {
    this.plan = plan;
    this.kernels = kernels;
  }

  /// The values of all sizes.
  public Map<String, Long> symbols(int[] sizes) {
    Map<String, Long> symbols = new HashMap<>();
    for (int i = 0; i < sizes.length; i++) {
      symbols.put(plan.signature().symbols().get(i), (long) sizes[i]);
    }
    return symbols;
  }

  /// Runs all steps, and returns whether the guard held.
  public boolean run(Object[] arrays, int[] sizes) {
    Map<String, Long> symbols = symbols(sizes);
    run(plan.steps(), PlanPrinter.firstLine(plan), arrays, symbols);
    return plan.guard().map(flag -> flag(flag, arrays, symbols)).orElse(true);
  }

  private void run(List<Step> steps, int firstLine, Object[] arrays, Map<String, Long> symbols) {
    int line = firstLine;
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> kernels.run(run, line, arrays, symbols);
        case Step.Barrier _ -> {
          // one thread
        }
        case Step.Repeat repeat -> repeat(repeat, line, arrays, symbols);
        case Step.When when -> {
          if (flag(when.flag(), arrays, symbols)) {
            run(when.then(), line + 1, arrays, symbols);
          } else {
            run(when.otherwise(), line + 2 + PlanPrinter.lines(when.then()), arrays, symbols);
          }
        }
      }
      line += PlanPrinter.lines(step);
    }
  }

  private void repeat(Step.Repeat repeat, int line, Object[] arrays, Map<String, Long> symbols) {
    int count = repeat.count().evaluateInt(symbols);
    for (int i = 0; i < count; i++) {
      symbols.put(repeat.counter(), (long) (repeat.reverse() ? count - 1 - i : i));
      run(repeat.body(), line + 1, arrays, symbols);
    }
    symbols.remove(repeat.counter());
  }

  /// A size as an int.
  public static int evaluate(Dim dim, Map<String, Long> symbols) {
    return dim.isConstant() ? Math.toIntExact(dim.constantTerm())
        : Math.toIntExact(dim.evaluate(symbols));
  }

  private static boolean flag(Step.Argument flag, Object[] arrays, Map<String, Long> symbols) {
    return ((boolean[]) arrays[flag.buffer().index()])[evaluate(flag.offset(), symbols)];
  }
}
