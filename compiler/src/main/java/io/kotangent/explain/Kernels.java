package io.kotangent.explain;

import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.emit.EmittedClass;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.emit.SoftFma;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.bytecode.source.JavaSource;
import io.kotangent.bytecode.source.SourceFile;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Workload;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.Step;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.lower.Planned;
import io.kotangent.type.Dim;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Finds which kernel computes what, and which steps run it.
final class Kernels {
  private final Planned planned;
  private final PlanNames names;
  private final boolean fma;
  private final Map<String, KernelClass> classes = new HashMap<>();
  private final Map<Kernel, KernelListing> listings = new IdentityHashMap<>();
  private final Map<Kernel, SourceFile> sources;
  private final Map<Group, Integer> numbers = new IdentityHashMap<>();
  private final List<ExplainedStep> steps = new ArrayList<>();

  /// @param emission how code is emitted
  Kernels(Planned planned, GeneratedCode code, Emission emission) {
    this.planned = planned;
    this.names = new PlanNames(planned.plan());
    this.fma = emission.target().fma();
    this.sources = JavaSource.kernels(planned.plan(), names, emission);
    code.kernels().forEach(kernel -> classes.put(kernel.listing().className(), kernel));
    planned.groups().forEach(group -> numbers.put(group, numbers.size()));
    walk(planned.plan().steps(), List.of());
  }

  List<ExplainedKernel> kernels() {
    return planned.groups().stream().map(this::kernel).toList();
  }

  /// All, in the order of the listing.
  List<ExplainedStep> steps() {
    return steps;
  }

  private void walk(List<Step> block, List<String> within) {
    for (Step step : block) {
      switch (step) {
        case Step.Run run -> steps.add(step(run, within));
        case Step.Barrier _ -> {
          // runs nothing
        }
        case Step.Repeat repeat -> {
          String counter = names.symbol(repeat.counter());
          walk(repeat.body(), inside(within, "for " + counter + " < " + repeat.count()
              + (repeat.reverse() ? ", backwards" : "")));
        }
        case Step.When when -> {
          String flag = names.array(when.flag().buffer());
          walk(when.then(), when.isChoice() ? within : inside(within, "if " + flag));
          walk(when.otherwise(), when.isChoice() ? within : inside(within, "if not " + flag));
        }
      }
    }
  }

  private static List<String> inside(List<String> within, String more) {
    List<String> deeper = new ArrayList<>(within);
    deeper.add(more);
    return deeper;
  }

  private ExplainedStep step(Step.Run run, List<String> within) {
    KernelListing listing = listings.computeIfAbsent(run.kernel(),
        kernel -> KernelListing.of(fma ? kernel : SoftFma.rewrite(kernel)));
    List<String> arguments = new ArrayList<>();
    for (Step.Argument argument : run.arguments()) {
      String array = names.array(argument.buffer());
      arguments.add(argument.offset().is(0) ? array : array + " + " + argument.offset());
    }
    run.ints().forEach(size -> arguments.add(size.toString()));
    return new ExplainedStep(steps.size(), run.name(), listing.className(), within,
        switch (run.share()) {
          case Step.Share.One _ -> "one thread";
          case Step.Share.Each _ -> "each thread";
          case Step.Share.Parts _ -> "in parts";
        }, run.nodes(), arguments, listing.text(),
        Objects.requireNonNull(sources.get(run.kernel())).text(), methods(listing.className()));
  }

  private Optional<List<ExplainedStep.Method>> methods(String kernel) {
    return Optional.ofNullable(classes.get(kernel)).map(known -> {
      List<ExplainedStep.Method> methods = new ArrayList<>();
      known.emitted().methods().forEach(m -> methods.add(method("", m)));
      for (KernelClass row : known.rows()) {
        row.emitted().methods()
            .forEach(m -> methods.add(method(row.listing().className() + ".", m)));
      }
      return methods;
    });
  }

  private static ExplainedStep.Method method(String of, EmittedClass.Method method) {
    return new ExplainedStep.Method(of + method.name(), method.size());
  }

  private ExplainedKernel kernel(Group group) {
    Set<Node> members = Collections.newSetFromMap(new IdentityHashMap<>());
    members.addAll(group.nodes());
    List<ExplainedStep> own = steps.stream()
        .filter(step -> step.nodes().stream().anyMatch(members::contains)
            && !step.name().equals("copy"))
        .toList();
    Workload work = Workload.NONE;
    for (Node node : group.nodes()) {
      work = work.plus(Workload.of(node));
    }
    Optional<KeptApart> apart = group.apart().map(why -> new KeptApart(number(why.other()),
        why.other().stepName(), why.reason().toString(), why.had(), why.limit()));
    return new ExplainedKernel(number(group), group.stepName(),
        group.kind().name().toLowerCase(Locale.ROOT), group.nodes(),
        List.copyOf(group.outputs()), apart, work, moved(group, members), own);
  }

  private int number(Group group) {
    return numbers.getOrDefault(group, -1);
  }

  /// What comes from outside and goes there, each once. What a broadcast or a reshape is of is what comes.
  private static Dim moved(Group group, Set<Node> members) {
    Map<Node, Dim> values = new LinkedHashMap<>();
    for (Node node : group.nodes()) {
      for (Node operand : node.operands()) {
        Node read = operand;
        while (!members.contains(read)
            && (read.op() instanceof Op.Broadcast || read.op() instanceof Op.Reshape)) {
          read = read.operand(0);
        }
        if (!members.contains(read)) {
          values.put(read, bytes(read.valueType()));
        }
      }
    }
    List<Dim> all = new ArrayList<>(values.values());
    group.outputs().forEach(output -> all.add(bytes(output.valueType())));
    return Dim.sum(all);
  }

  private static Dim bytes(Type type) {
    return switch (type) {
      case TensorType tensor -> tensor.shape().size().times(tensor.dtype().bytes());
      case TupleType tuple -> Dim.sum(tuple.items().stream().map(Kernels::bytes).toList());
    };
  }

  List<ExplainedArray> arrays() {
    Plan plan = planned.plan();
    List<Integer> firsts = firsts(plan.steps());
    List<ExplainedArray> arrays = new ArrayList<>();
    for (var buffer : plan.buffers()) {
      List<ExplainedArray.Lodger> lodgers = new ArrayList<>();
      planned.shared().forEach((before, now) -> {
        Planned.Use use = planned.uses().get(before);
        if (now.index() == buffer.index() && use != null) {
          lodgers.add(new ExplainedArray.Lodger(before.slot().name(), before.slot().length(),
              firsts.get(use.first()), last(firsts, use.last())));
        }
      });
      lodgers.sort(java.util.Comparator.comparingInt(ExplainedArray.Lodger::first));
      arrays.add(new ExplainedArray(names.array(buffer),
          buffer.slot().kind().name().toLowerCase(Locale.ROOT), buffer.slot().dtype(),
          buffer.slot().length(), lodgers));
    }
    return arrays;
  }

  /// The number of the first run in each top-level step, and of all runs at the end.
  private static List<Integer> firsts(List<Step> steps) {
    List<Integer> firsts = new ArrayList<>();
    int runs = 0;
    for (Step step : steps) {
      if (!(step instanceof Step.Barrier)) {
        firsts.add(runs);
        runs += runs(step);
      }
    }
    firsts.add(runs);
    return firsts;
  }

  private static int last(List<Integer> firsts, int step) {
    return Math.max(0, firsts.get(Math.min(step + 1, firsts.size() - 1)) - 1);
  }

  private static int runs(Step step) {
    return switch (step) {
      case Step.Run _ -> 1;
      case Step.Barrier _ -> 0;
      case Step.Repeat repeat -> runs(repeat.body());
      case Step.When when -> runs(when.then()) + runs(when.otherwise());
    };
  }

  private static int runs(List<Step> steps) {
    return steps.stream().mapToInt(Kernels::runs).sum();
  }
}
