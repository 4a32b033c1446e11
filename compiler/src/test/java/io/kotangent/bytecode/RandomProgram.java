package io.kotangent.bytecode;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A random graph, compiled for the vectors of this JVM with SIMD code for all that can have it and all loops shared that
/// can be, and run as users run programs: in workspaces, by the team of the process.
///
/// A run yields a fingerprint of everything that it leaves. It must depend on the seed and the batch size alone.
final class RandomProgram {
  private static final int NARROW = 128;
  private static final int[] BATCHES = {0, 1, 2, 7, 64};
  /// So much work that several threads are always worth it.
  private static final Dim MUCH = Dim.of(1L << 50);
  private static final long MOST_ELEMENTS = 1 << 22;

  private final RandomGraph sample;
  private final Plan plan;
  private final GeneratedCode code;
  private final Program program;
  private final List<Integer> batches = new ArrayList<>();
  private final Map<Integer, Map<String, TensorValue>> inputs = new LinkedHashMap<>();
  private final Map<Integer, Workspace> workspaces = new TreeMap<>();
  private final Set<BitSet> chosen = new LinkedHashSet<>();
  private final AtomicInteger shared = new AtomicInteger();

  private RandomProgram(RandomGraph sample, int bits) {
    this.sample = sample;
    Graph graph = graph(sample);
    plan = plan(graph, bits);
    code = GeneratedCode.of(plan, KernelCache.shared(), SimdUse.ALWAYS);
    program = Program.of(worthSharing(plan.signature()), new Watched());
    inputs.put(-1, sample.inputs());
    batches.add(-1);
    for (int size : BATCHES) {
      Map<String, Long> sizes = Map.of("batch", (long) size);
      if (allowed(graph, sizes)) {
        batches.add(size);
        inputs.put(size, sample.inputs(sizes, size));
      }
    }
  }

  static RandomProgram of(long seed, int bits) {
    return new RandomProgram(sample(seed), bits);
  }

  /// Whether there is SIMD code for one of its steps, on machines that have it.
  static boolean hasSimd(long seed) {
    return hasChoice(plan(graph(sample(seed)), NARROW).steps());
  }

  /// One graph in four is of each kind: results or gradients, of few elements or of many.
  private static RandomGraph sample(long seed) {
    RandomGraphs.Options kind =
        seed % 2 == 0 ? RandomGraphs.Options.WILD : RandomGraphs.Options.LOSS;
    return RandomGraphs.generate(seed, seed % 4 < 2 ? kind.inWide().withNodes(20) : kind);
  }

  private static Graph graph(RandomGraph sample) {
    return sample.options().loss()
        ? Gradient.gradients(sample.graph(), "loss", sample.parameters()) : sample.graph();
  }

  private static Plan plan(Graph graph, int bits) {
    return Planner.plan(Compiler.optimize(graph, CompileOptions.standard()),
        PlanOptions.STANDARD.withVectors(bits).withAligned().everywhere().withLeastPart(1));
  }

  private static Signature worthSharing(Signature s) {
    return s.work().is(0) ? s : s.withWork(MUCH);
  }

  private static boolean allowed(Graph graph, Map<String, Long> sizes) {
    try {
      for (Requirement requirement : graph.requirements()) {
        requirement.check(sizes);
      }
      return graph.schedule().stream().allMatch(node -> isSmall(node, sizes));
    } catch (ShapeException e) {
      return false;
    }
  }

  /// Whether it fits into a small heap some times.
  private static boolean isSmall(Node node, Map<String, Long> sizes) {
    return !(node.valueType() instanceof TensorType tensor)
        || tensor.shape().size().evaluate(sizes) <= MOST_ELEMENTS;
  }

  /// Notes which runs take SIMD code, and which are several threads'.
  private final class Watched implements Code {
    @Override
    public void choose(boolean[] choices, int[] sizes) {
      code.choose(choices, sizes);
      BitSet simd = new BitSet();
      for (int i = 0; i < choices.length; i++) {
        simd.set(i, choices[i]);
      }
      chosen.add(simd);
    }

    @Override
    public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
      if (thread > 0) {
        shared.incrementAndGet();
      }
      return code.run(arrays, sizes, thread, threads, barrier);
    }
  }

  /// The batch sizes that it can be run with; −1 stands for the sample's own, with special values among its inputs.
  List<Integer> batches() {
    return batches;
  }

  Plan plan() {
    return plan;
  }

  GeneratedCode code() {
    return code;
  }

  String describe() {
    return sample.describe();
  }

  /// Whether a run took SIMD code.
  boolean usedSimd() {
    return chosen.stream().anyMatch(simd -> !simd.isEmpty());
  }

  /// How often a thread other than the caller had a part in a run.
  int shared() {
    return shared.get();
  }

  /// Runs once; the same arrays again in every run of as many threads.
  long run(int threads, int size) {
    Map<String, TensorValue> values = inputs.get(size);
    ModelState state = program.newState();
    for (Port port : state.ports()) {
      state.set(port.name(), values.get(port.name()).toArray());
    }
    Workspace workspace =
        workspaces.computeIfAbsent(threads, count -> program.newWorkspace().threads(count));
    for (String symbol : program.signature().symbols()) {
      workspace.size(symbol, Math.toIntExact(size < 0 ? sample.symbols().get(symbol) : size));
    }
    for (Port port : program.signature().inputs()) {
      workspace.feedArray(port.name(), values.get(port.name()).toArray());
    }
    try {
      return fingerprint(workspace, state, program.run(workspace, state));
    } catch (KotangentException e) {
      return e.getClass().getName().hashCode();
    }
  }

  private long fingerprint(Workspace workspace, ModelState state, boolean committed) {
    long hash = committed ? 1 : 2;
    for (Signature.Result result : program.signature().results()) {
      hash = mix(hash, result.type().dtype(), workspace.array(result.name()));
    }
    for (Port port : state.ports()) {
      if (port.role() == Role.STATE) {
        hash = mix(hash, port.type().dtype(), state.array(port.name()));
      }
    }
    return hash;
  }

  static long mix(long hash, DType dtype, Object array) {
    long mixed = hash;
    for (int i = 0; i < Array.getLength(array); i++) {
      mixed = (mixed ^ KernelRuns.bits(dtype, array, i)) * 0x9E3779B97F4A7C15L;
      mixed ^= mixed >>> 29;
    }
    return mixed;
  }

  // ---- kernels

  /// The classes of the kernels that were called, but for those on a side of a branch that depends on values.
  Set<String> kernels() {
    Set<String> names = new LinkedHashSet<>();
    for (BitSet simd : chosen.isEmpty() ? Set.of(new BitSet()) : chosen) {
      collect(plan.steps(), simd, names);
    }
    return names;
  }

  /// The classes of the row loops that such kernels share with others.
  Set<String> rowsOf(Set<String> names) {
    Set<String> rows = new LinkedHashSet<>();
    for (KernelClass kernel : code.kernels()) {
      if (names.contains(kernel.listing().className())) {
        kernel.rows().forEach(row -> rows.add(row.listing().className()));
      }
    }
    return rows;
  }

  private static boolean hasChoice(List<Step> steps) {
    return steps.stream().anyMatch(step -> step instanceof Step.When when
        && when.isChoice());
  }

  private static void collect(List<Step> steps, BitSet simd, Set<String> names) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> names.add(KernelListing.of(run.kernel()).className());
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> {
          if (repeat.count().isConstant() && repeat.count().constant() > 0) {
            collect(repeat.body(), simd, names);
          }
        }
        case Step.When when -> {
          if (when.isChoice()) {
            boolean first = simd.get(Math.toIntExact(when.flag().offset().constant()));
            collect(first ? when.then() : when.otherwise(), simd, names);
          }
        }
      }
    }
  }
}
