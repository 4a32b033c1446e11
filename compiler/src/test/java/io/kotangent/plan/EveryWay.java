package io.kotangent.plan;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The ways that plans of a graph run, each compared with what the graph means. (That compiled code does what its plan
/// does says nothing about the plan.)
public final class EveryWay {
  /// How a graph is planned, and by how many threads the plan is run.
  public enum Way {
    /// Each node a kernel of its own.
    NODES(PlanOptions.plain(), 1),
    /// Row form: what runs before anything is warm.
    ROWS(PlanOptions.STANDARD, 1),
    SIMD_128(everywhere().withVectors(128), 2),
    SIMD_512(everywhere().withVectors(512), 3),
    /// Sums in aligned memory.
    ALIGNED(everywhere(), 3);

    private final PlanOptions options;
    private final int threads;

    Way(PlanOptions options, int threads) {
      this.options = options;
      this.threads = threads;
    }

    private static PlanOptions everywhere() {
      return PlanOptions.STANDARD.withAligned().everywhere().withLeastPart(1);
    }

    public PlanOptions options() {
      return options;
    }

    private Function<Plan, Code> maker() {
      return plan -> threads == 1 ? new PlanInterpreter(plan)
          : new SharedRun(plan, threads, threads % 2 == 0);
    }
  }

  /// How many plans ran each way; a plan that is that of an earlier way is not run again.
  private final Map<Way, Integer> runs = new EnumMap<>(Way.class);

  public Map<Way, Integer> runs() {
    return runs;
  }

  public int total() {
    return runs.values().stream().mapToInt(i -> i).sum();
  }

  /// What is wrong with the plans of a graph; nothing if all yield what it means.
  ///
  /// @param meant a graph that means the same: `graph` itself, or what it was made of
  public List<String> faults(Graph meant, Graph graph, Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    Evaluation meaning = Interpreter.run(meant, inputs, symbols);
    List<String> faults = new ArrayList<>();
    Set<List<Step>> seen = new HashSet<>();
    for (Way way : Way.values()) {
      Plan plan = Planner.plan(graph, way.options());
      if (seen.add(plan.steps())) {
        runs.merge(way, 1, Integer::sum);
        fault(meaning, plan, way, graph, inputs, symbols)
            .ifPresent(fault -> faults.add(way + ": " + fault));
      }
    }
    return faults;
  }

  private static Optional<String> fault(Evaluation meaning, Plan plan, Way way, Graph graph,
      Map<String, TensorValue> inputs, Map<String, Long> symbols) {
    PlanRun run;
    try {
      run = PlanRun.run(plan, way.maker(), graph, inputs, symbols);
    } catch (RuntimeException e) {
      return Optional.of(e.toString());
    }
    if (run.committed() != meaning.committed()) {
      return Optional.of("committed: " + run.committed());
    }
    return difference(meaning, run.arrays());
  }

  /// The first element that is not near what it should be.
  public static Optional<String> difference(Evaluation meaning, Map<String, TensorValue> arrays) {
    double largest = Math.max(1, meaning.largest());
    for (Map.Entry<String, TensorValue> array : arrays.entrySet()) {
      String name = array.getKey();
      TensorValue value = array.getValue();
      TensorValue expected =
          meaning.results().containsKey(name) ? meaning.result(name) : meaning.state().get(name);
      double tolerance = (value.dtype() == DType.F32 ? 1e-5 : 1e-9) * largest;
      for (int i = 0; i < value.size(); i++) {
        if (!isNear(expected, value, i, tolerance)) {
          return Optional.of(name + "[" + i + "] of " + value.size() + " is "
              + (value.dtype().isFloat() ? value.real(i) : value.integer(i)) + ", not "
              + (value.dtype().isFloat() ? expected.real(i) : expected.integer(i)));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isNear(TensorValue expected, TensorValue value, int i, double tolerance) {
    if (!value.dtype().isFloat()) {
      return expected.integer(i) == value.integer(i);
    }
    double one = expected.real(i);
    double other = value.real(i);
    return Double.compare(one, other) == 0 || Math.abs(one - other) <= tolerance;
  }
}
