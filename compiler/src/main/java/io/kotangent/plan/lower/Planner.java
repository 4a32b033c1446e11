package io.kotangent.plan.lower;

import io.kotangent.ir.Expansion;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.plan.Place;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.CodegenLimit;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Lowers a graph to a plan: prepares it, groups nodes into kernels, decides where values are kept, writes the loop
/// nests, and then improves the plan as a whole.
public final class Planner {
  private static final int MOST_SYMBOLS = 1000;

  private Planner() {
  }

  /// The plan of a graph. The graph should have been through the passes; the planner needs none of them.
  public static Plan plan(Graph graph, PlanOptions options) {
    return planned(graph, options).plan();
  }

  /// The plan of a graph, and what was decided on the way.
  public static Planned planned(Graph graph, PlanOptions options) {
    Expansion.check(graph);
    Graph prepared = Prepare.prepare(graph, options);
    StateLayout layout = options.layout().orElseGet(() -> StateLayout.of(prepared.ports()));
    Storage storage = new Storage(layout);
    Map<Node, Place> inputs = new IdentityHashMap<>();
    prepared.inputs().forEach(input -> inputs.put(input, storage.port(Graph.port(input))));
    Map<Graph.Result, Place> results = new LinkedHashMap<>();
    prepared.results().forEach(r -> results.put(r, storage.result(r.name(), r.node().type())));
    Region region = new Region(prepared, inputs, storage, Dim.ZERO, options);
    List<Step> steps = List.copyOf(region.program(results));
    Plan plan =
        new Plan(graph.name(), signature(prepared, storage, steps), storage.buffers(), steps,
            region.guard());
    Plan joined = options.has(PlanPass.JOIN_NEIGHBORS) ? JoinNeighbors.apply(plan) : plan;
    ShareBuffers.Shared shared = options.has(PlanPass.SHARE_BUFFERS) ? ShareBuffers.apply(joined)
        : ShareBuffers.Shared.apart(joined);
    Plan whole = options.has(PlanPass.SHARE_WORK)
        ? ShareWork.apply(shared.plan(), options.leastPart()) : ShareWork.byOne(shared.plan());
    return new Planned(prepared, whole, region.groups(), shared.places(),
        ShareBuffers.uses(joined));
  }

  private static Signature signature(Graph graph, Storage storage, List<Step> steps) {
    Set<String> symbols = new LinkedHashSet<>();
    graph.ports().forEach(port -> collect(port.type(), symbols));
    graph.results().forEach(result -> collect(result.node().type(), symbols));
    storage.buffers().forEach(buffer -> {
      Set<String> own = new LinkedHashSet<>();
      buffer.slot().length().collectSymbols(own);
      symbols.addAll(own);
    });
    collect(steps, Set.of(), symbols);
    graph.requirements().forEach(requirement -> {
      requirement.left().collectSymbols(symbols);
      requirement.right().collectSymbols(symbols);
    });
    if (symbols.size() > MOST_SYMBOLS) {
      throw new CodegenLimit("program " + graph.name() + " has " + symbols.size()
          + " symbolic sizes: expected at most " + MOST_SYMBOLS);
    }
    List<Port> inputs = graph.ports().stream().filter(p -> p.role() == Role.INPUT).toList();
    List<Signature.Result> results =
        graph.results().stream().map(r -> new Signature.Result(r.name(), r.node().type())).toList();
    List<ArraySlot> slots = new ArrayList<>();
    storage.buffers().forEach(buffer -> slots.add(buffer.slot()));
    List<Requirement> requirements = new ArrayList<>(graph.requirements());
    requirements.addAll(Extents.of(graph));
    return new Signature(graph.name(), List.copyOf(symbols), inputs, results, storage.layout(),
        slots, requirements, storage.constants(), Dim.ZERO, !graph.updates().isEmpty());
  }

  private static void collect(TensorType type, Set<String> symbols) {
    type.shape().dims().forEach(dim -> dim.collectSymbols(symbols));
  }

  /// The sizes that steps are called with, but for the counters of the loops around them.
  private static void collect(List<Step> steps, Set<String> counters, Set<String> symbols) {
    for (Step step : steps) {
      Set<String> own = new LinkedHashSet<>();
      switch (step) {
        case Step.Run run -> {
          run.ints().forEach(dim -> dim.collectSymbols(own));
          if (run.share() instanceof Step.Share.Parts(int _, Dim item, long _, var _)) {
            item.collectSymbols(own);
          }
        }
        case Step.Barrier _ -> {
          // has no sizes
        }
        case Step.Repeat repeat -> {
          repeat.count().collectSymbols(own);
          Set<String> inner = new LinkedHashSet<>(counters);
          inner.add(repeat.counter());
          collect(repeat.body(), inner, symbols);
        }
        case Step.When when -> {
          collect(when.then(), counters, symbols);
          collect(when.otherwise(), counters, symbols);
        }
      }
      own.removeAll(counters);
      symbols.addAll(own);
    }
  }
}
