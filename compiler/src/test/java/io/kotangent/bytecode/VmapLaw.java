package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.eval.RandomExamples;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.Dim;
import io.kotangent.vmap.Vmap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A batch is its examples, one after the other.
public final class VmapLaw {
  private static final String ONE_FAILED = "failed";

  private VmapLaw() {
  }

  /// @param size the number of examples, or the symbol `examples`
  /// @return how many of the examples are errors
  public static int check(Graph one, List<String> batched, RandomExamples values, int examples,
      Dim size, Map<String, Long> sizes, Supplier<String> describe) {
    Graph all = Vmap.over(one, batched, size);
    assertEquals(List.of(), Verifier.violations(all), describe);
    Map<String, Long> symbols = new LinkedHashMap<>(sizes);
    symbols.put("examples", (long) examples);
    String got = run(all, values.all(), symbols);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      expected.add(run(one, values.one(i), symbols));
    }
    if (examples > 0) {
      assertEquals(expected.contains(ONE_FAILED) ? ONE_FAILED : joined(expected), got,
          () -> batched + " of " + size + "=" + examples + "\n" + describe.get() + "\nbecame\n"
              + GraphPrinter.print(all) + "\n" + values.all());
    }
    return (int) expected.stream().filter(ONE_FAILED::equals).count();
  }

  /// The bits of each result, a line each; or that it failed.
  private static String run(Graph graph, Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    Plan plan = Planner.plan(graph, PlanOptions.plain());
    PlanRuns.Outcome outcome =
        PlanRuns.run(plan, new PlanInterpreter(plan), inputs, symbols, 3);
    if (!outcome.committed().equals("true")) {
      return ONE_FAILED;
    }
    Map<String, String> results = new LinkedHashMap<>();
    for (int i = 0; i < outcome.arrays().length; i++) {
      ArraySlot slot = plan.signature().arrays().get(i);
      if (slot.kind() == ArraySlot.Kind.RESULT) {
        StringBuilder bits = new StringBuilder();
        for (int j = 0; j < slot.length().evaluateInt(symbols); j++) {
          bits.append(' ')
              .append(Long.toHexString(KernelRuns.bits(slot.dtype(), outcome.arrays()[i], j)));
        }
        results.put(slot.name(), bits.toString());
      }
    }
    StringBuilder lines = new StringBuilder();
    graph.results().forEach(r -> lines.append(r.name()).append(':')
        .append(results.get(r.name())).append('\n'));
    return lines.toString();
  }

  private static String joined(List<String> examples) {
    Map<String, StringBuilder> lines = new LinkedHashMap<>();
    for (String example : examples) {
      example.lines().forEach(line -> {
        String name = line.substring(0, line.indexOf(':'));
        lines.computeIfAbsent(name, _ -> new StringBuilder())
            .append(line.substring(name.length() + 1));
      });
    }
    StringBuilder all = new StringBuilder();
    lines.forEach((name, bits) -> all.append(name).append(':').append(bits).append('\n'));
    return all.toString();
  }
}
