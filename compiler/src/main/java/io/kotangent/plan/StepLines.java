package io.kotangent.plan;

import io.kotangent.loop.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is kept of the steps of a compiled program: their lines in the listing, for errors, and their names.
///
/// @param file the name of the listing
/// @param lines the steps that run kernels, in the order of the listing
public record StepLines(String program, String file, List<Line> lines) {
  /// A step that runs a kernel.
  ///
  /// @param kernel the name of its class, if there is one
  /// @param origins what the user wrote where
  /// @param divides whether it divides integers
  /// @param turns the choices around it, outermost first
  public record Line(int line, String step, String kernel, String origins, boolean divides,
      List<Turn> turns) {
  }

  /// A choice between two ways to the same bits, and the one that leads to a step.
  public record Turn(int flag, boolean first) {
  }

  public StepLines {
    lines = List.copyOf(lines);
  }

  /// @param kernels the names of their classes
  public static StepLines of(Plan plan, PlanNames names, Map<Kernel, String> kernels) {
    Collector collector = new Collector(kernels);
    collector.collect(plan.steps(), PlanPrinter.firstLine(plan), List.of());
    return new StepLines(plan.name(), names.fileName(), collector.lines);
  }

  /// The step at a line.
  public Optional<Line> at(int line) {
    int low = 0;
    int high = lines.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (lines.get(middle).line() < line) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < lines.size() && lines.get(low).line() == line ? Optional.of(lines.get(low))
        : Optional.empty();
  }

  private static final class Collector {
    private final Map<Kernel, String> kernels;
    private final List<Line> lines = new ArrayList<>();
    /// Equal texts are one.
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Boolean> divides = new HashMap<>();

    Collector(Map<Kernel, String> kernels) {
      this.kernels = kernels;
    }

    void collect(List<Step> steps, int firstLine, List<Turn> turns) {
      int line = firstLine;
      for (Step step : steps) {
        switch (step) {
          case Step.Run run -> lines.add(line(run, line, turns));
          case Step.Barrier _ -> {
            // runs nothing
          }
          case Step.Repeat repeat -> collect(repeat.body(), line + 1, turns);
          case Step.When when -> {
            collect(when.then(), line + 1, turned(turns, when, true));
            collect(when.otherwise(), line + 2 + PlanPrinter.lines(when.then()),
                turned(turns, when, false));
          }
        }
        line += PlanPrinter.lines(step);
      }
    }

    private static List<Turn> turned(List<Turn> turns, Step.When when, boolean first) {
      if (!when.isChoice()) {
        return turns;
      }
      List<Turn> more = new ArrayList<>(turns);
      more.add(new Turn(Math.toIntExact(when.flag().offset().constant()), first));
      return List.copyOf(more);
    }

    private Line line(Step.Run run, int line, List<Turn> turns) {
      Optional<String> name = Optional.ofNullable(kernels.get(run.kernel()));
      boolean divide = name.isEmpty() ? divides(run.kernel())
          : divides.computeIfAbsent(name.get(), _ -> divides(run.kernel()));
      return new Line(line, one(run.name()), one(name.orElse("")),
          one(PlanPrinter.origins(run.nodes())), divide, turns);
    }

    private static boolean divides(Kernel kernel) {
      return kernel.body().stream().anyMatch(IntegerDivision::in);
    }

    private String one(String text) {
      return texts.computeIfAbsent(text, t -> t);
    }
  }
}
