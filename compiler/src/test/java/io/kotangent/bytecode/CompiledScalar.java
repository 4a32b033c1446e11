package io.kotangent.bytecode;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.QuickMeaning;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Ulps;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Code;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A scalar function of f32 as a compiled kernel, and how far its results are from what the function means.
final class CompiledScalar {
  /// The worst result of a run.
  record Worst(double ulps, float a, float b) {
    static final Worst NONE = new Worst(0, 0, 0);

    Worst or(Worst other) {
      return other.ulps > ulps ? other : this;
    }
  }

  private final ScalarFn fn;
  private final Code code;
  private final List<ArraySlot> slots;

  CompiledScalar(ScalarFn fn) {
    this.fn = fn;
    GraphBuilder builder = new GraphBuilder();
    TensorType type = TensorType.of(DType.F32, Dim.symbol("n"));
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < fn.arity(); i++) {
      inputs.add(builder.input(new Port("x" + i, Role.INPUT, type, List.of())));
    }
    Node y = builder.map(fn, inputs.toArray(new Node[0]));
    Graph graph = builder.graph(fn.toString(), inputs, List.of(new Graph.Result("y", y)));
    GeneratedCode generated =
        GeneratedCode.of(Planner.plan(graph, PlanOptions.STANDARD), new KernelCache());
    this.code = generated;
    this.slots = Planner.plan(graph, PlanOptions.STANDARD).signature().arrays();
  }

  /// The results for these operands.
  Object apply(float[] a, float[] b) {
    Object[] arrays = new Object[slots.size()];
    for (int i = 0; i < arrays.length; i++) {
      ArraySlot slot = slots.get(i);
      arrays[i] = slot.kind() == ArraySlot.Kind.INPUT ? slot.name().equals("x0") ? a : b
          : slot.dtype()
              .newArray(slot.length().evaluateInt(Collections.singletonMap("n", (long) a.length)));
    }
    code.run(arrays, new int[] {a.length});
    for (int i = 0; i < arrays.length; i++) {
      if (slots.get(i).kind() == ArraySlot.Kind.RESULT) {
        return arrays[i];
      }
    }
    throw new AssertionError("no result");
  }

  /// Compares all results with [ScalarFn#ofReals].
  Worst measure(float[] a, float[] b) {
    double worst = 0;
    int at = 0;
    Object results = apply(a, b);
    for (int i = 0; i < a.length; i++) {
      double meant = fn.ofReals(a[i], b[i], 0);
      double error =
          Ulps.error(meant, results instanceof float[] y ? y[i] : ((boolean[]) results)[i] ? 1 : 0);
      if (error > worst) {
        worst = error;
        at = i;
      }
    }
    return new Worst(worst, a[at], b[at]);
  }

  /// The worst of all results, if it is worse than `floor`, compared with [QuickMeaning] first, and with [ScalarFn#ofReals] where the
  /// error is near the worst so far. Whatever is nearer than [QuickMeaning#DOUBT] counts as exact.
  Worst screen(float[] x, Worst floor) {
    Worst worst = floor;
    Object results = apply(x, x);
    for (int i = 0; i < x.length; i++) {
      double got = results instanceof float[] y ? y[i] : ((boolean[]) results)[i] ? 1 : 0;
      double quick = QuickMeaning.of(fn, x[i]);
      double least = Math.max(worst.ulps() - QuickMeaning.DOUBT, QuickMeaning.DOUBT);
      float nearest = (float) quick;
      boolean ordinary = Float.isFinite(nearest) && got * quick > 0;
      if (ordinary && Math.abs(got - quick) <= least * Math.ulp(nearest)) {
        continue;
      }
      if (Ulps.error(quick, got) > least) {
        double error = Ulps.error(fn.ofReals(x[i], 0, 0), got);
        worst = worst.or(new Worst(error, x[i], x[i]));
      }
    }
    return worst;
  }
}
