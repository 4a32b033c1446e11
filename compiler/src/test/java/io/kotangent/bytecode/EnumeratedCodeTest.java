package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.plan.EnumeratedContractions;
import io.kotangent.plan.EnumeratedConvolutions;
import io.kotangent.plan.EnumeratedCuts;
import io.kotangent.plan.Enumeration;
import io.kotangent.plan.EveryWay;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphPrinter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Compiled code of some of the graphs that are enumerated leaves the bits of its plan, and these are near what the graph
/// means: plain loops, SIMD code of this machine's width, and sums in aligned memory, each taken wherever it is there.
class EnumeratedCodeTest {
  private static final int NUMBERS = Integer.getInteger("kotangent.enumerated.code", 150);

  private final KernelCache cache = new KernelCache();
  private int graphs;
  private int runs;

  @Test
  void convolutions() {
    law(new EnumeratedConvolutions());
  }

  @Test
  void contractions() {
    law(new EnumeratedContractions());
  }

  @Test
  void cuts() {
    law(new EnumeratedCuts());
  }

  private void law(Enumeration enumeration) {
    for (long number : Enumeration.spread(enumeration.size(), NUMBERS)) {
      Optional<Enumeration.Member> member = enumeration.member(number);
      member.ifPresent(this::law);
    }
    System.out.println(enumeration.getClass().getSimpleName() + ": " + graphs + " graphs, " + runs
        + " compiled plans");
    assertTrue(graphs > NUMBERS / 2 && runs >= 2 * graphs, graphs + " graphs, " + runs + " runs");
  }

  private void law(Enumeration.Member member) {
    graphs++;
    Map<String, TensorValue> inputs = member.inputs();
    Evaluation meaning = Interpreter.run(member.meant(), inputs, member.symbols());
    for (PlanOptions options : ways()) {
      runs++;
      Plan plan = Planner.plan(member.graph(), options);
      PlanRun expected =
          PlanRun.interpreted(plan, member.graph(), inputs, member.symbols());
      PlanRun actual = PlanRun.run(plan, p -> GeneratedCode.of(p, cache, SimdUse.ALWAYS),
          member.graph(), inputs, member.symbols());
      assertEquals(expected, actual, () -> describe(member, plan));
      assertEquals(Optional.empty(), EveryWay.difference(meaning, actual.arrays()),
          () -> describe(member, plan));
    }
  }

  private static List<PlanOptions> ways() {
    PlanOptions rows = EveryWay.Way.ROWS.options();
    PlanOptions aligned = EveryWay.Way.ALIGNED.options();
    return Machine.target().vectorBits() == 0 ? List.of(rows, aligned)
        : List.of(rows, aligned.withVectors(Machine.target().vectorBits()), aligned);
  }

  private static String describe(Enumeration.Member member, Plan plan) {
    return member.number() + "\n" + GraphPrinter.print(member.graph()) + "\n"
        + PlanPrinter.print(plan);
  }
}
