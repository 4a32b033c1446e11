package io.kotangent.aot;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.emit.ClassNames;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.emit.EmittedClass;
import io.kotangent.bytecode.emit.EntryEmitter;
import io.kotangent.bytecode.emit.KernelEmitter;
import io.kotangent.bytecode.emit.NeutralNames;
import io.kotangent.bytecode.emit.ProgramEmitter;
import io.kotangent.bytecode.emit.SizeSolution;
import io.kotangent.bytecode.emit.SlotTable;
import io.kotangent.bytecode.emit.SoftFma;
import io.kotangent.bytecode.source.EntrySource;
import io.kotangent.bytecode.source.JavaSource;
import io.kotangent.bytecode.source.SourceFile;
import io.kotangent.ir.Graph;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.Target;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.CodegenLimit;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The classes of a network while they are made.
final class Network {
  /// A method's program.
  private record Part(Plan plan, PlanNames names, SizeSolution solution, SlotTable table,
      Emission emission) {
  }

  /// Of kernels in one class: far from what its constants allow.
  private static final int LARGEST = 150_000;

  private final String name;
  private final Emission emission;
  private final StateLayout layout;
  private final CompileOptions options;
  private final Homes homes;
  private final Map<String, KernelListing> kernels = new HashMap<>();
  private final Map<String, Integer> bytes = new HashMap<>();
  private boolean simdEverywhere;
  private final Map<String, byte[]> classes = new LinkedHashMap<>();
  private final List<String> entries = new ArrayList<>();
  private final List<Method> methods = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  /// @param packageName of its classes; empty for the unnamed one
  Network(String packageName, String simpleName, StateLayout layout, CompileOptions options,
      Target target) {
    this.emission =
        Emission.of(target).compacted().named(new ClassNames(packageName, simpleName + "_"));
    this.name = new ClassNames(packageName, "").internal(simpleName);
    this.homes = new Homes(name);
    this.layout = layout;
    this.options = options;
  }

  /// For tests: SIMD code for all that can have it, however little it is.
  void simdEverywhere() {
    simdEverywhere = true;
  }

  List<Method> methods() {
    return methods;
  }

  /// Adds a method that runs a graph.
  void add(String method, Graph graph) {
    PlanOptions usual =
        new PlanOptions(Optional.of(layout), Set.of()).withTarget(emission.target());
    PlanOptions planning = simdEverywhere ? usual.everywhere() : usual;
    Plan plan = Planner.plan(Compiler.optimize(graph, options), planning);
    PlanNames names = new PlanNames(plan);
    Emission own = emission.named(new ClassNames(emission.names().packageName(),
        emission.names().prefix() + (parts.isEmpty() ? "" : parts.size() + "_") + method + "_"));
    SizeSolution solution = SizeSolution.of(plan.signature());
    SlotTable table = SlotTable.of(plan, method, finite(graph), layout);
    Method made = Method.of(method, methods.size(), plan.signature(), solution);
    if (made.returnsSeveral() && methods.stream().anyMatch(other -> other.returnsSeveral()
        && ResultNames.simple(other).equalsIgnoreCase(ResultNames.simple(made)))) {
      throw new KotangentException("the results of method '" + method
          + "' would have the class of another method's, " + ResultNames.simple(made)
          + "; rename one");
    }
    methods.add(made);
    parts.add(new Part(plan, names, solution, table, own));
  }

  /// Each method's plan as text, and its kernels.
  Map<String, Aot.Listing> listings() {
    Map<String, Aot.Listing> listings = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      Map<Kernel, String> names = new IdentityHashMap<>();
      Map<String, String> texts = new LinkedHashMap<>();
      list(parts.get(i).plan.steps(), names, texts);
      String plan = PlanPrinter.print(parts.get(i).plan, parts.get(i).names, names);
      listings.put(methods.get(i).name(), new Aot.Listing(methods.get(i).sizes(), plan, texts));
    }
    return listings;
  }

  private void list(List<Step> steps, Map<Kernel, String> names, Map<String, String> texts) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> names.computeIfAbsent(run.kernel(), kernel -> {
          KernelListing listing = KernelListing.of(kernel);
          texts.put(listing.className(), listing.text());
          return listing.className();
        });
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> list(repeat.body(), names, texts);
        case Step.When when -> {
          list(when.then(), names, texts);
          list(when.otherwise(), names, texts);
        }
      }
    }
  }

  /// The states that it updates and keeps finite.
  private static Set<String> finite(Graph graph) {
    Set<String> finite = new HashSet<>();
    for (Graph.Update update : graph.updates()) {
      Port port = Graph.port(update.port());
      if (port.finite().isPresent()) {
        finite.add(port.name());
      }
    }
    return finite;
  }

  private void emit(Part part) {
    Plan plan = part.plan;
    PlanNames names = part.names;
    Emission own = part.emission;
    Map<Kernel, String> kernels = new IdentityHashMap<>();
    kernels(plan.steps(), kernels);
    ProgramEmitter.Emitted program = ProgramEmitter.emit(plan, names, kernels, own);
    EmittedClass entry = EntryEmitter.emit(plan, names, part.solution,
        program.classes().getFirst().name(), part.table.text(), part.table.data(), own);
    add(entry);
    if (program.classes().size() == 1) {
      homes.move(program.classes().getFirst().name(), entry.name(), "steps");
    }
    ModelLines lines = ModelLines.of(plan, names);
    program.classes().forEach(type -> {
      add(type);
      homes.addLines(type.name(), lines);
    });
    entries.add(entry.name());
    homes.addEntry(entry.name());
  }

  private void kernels(List<Step> steps, Map<Kernel, String> names) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> names.computeIfAbsent(run.kernel(), k -> kernel(k, run.name()));
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> kernels(repeat.body(), names);
        case Step.When when -> {
          kernels(when.then(), names);
          kernels(when.otherwise(), names);
        }
      }
    }
  }

  private String kernel(Kernel kernel, String step) {
    Kernel emitted = emission.target().fma() ? kernel : SoftFma.rewrite(kernel);
    KernelListing listing = KernelListing.of(emitted);
    return once(listing, emitted.hasVectors() ? "_simd" : "_kernels",
        PlanNames.harmless(step, "step"),
        () -> KernelEmitter.emit(emitted, listing, emission, row -> {
          KernelListing rows = NeutralNames.listing(row);
          return once(rows, "_kernels", "rows",
              () -> KernelEmitter.emit(row, rows, emission, false));
        }));
  }

  /// @param home the end of the name of the class that it goes to
  private String once(KernelListing listing, String home, String step,
      Supplier<EmittedClass> emit) {
    String kernel = KernelEmitter.name(listing, emission);
    KernelListing before = kernels.putIfAbsent(kernel, listing);
    if (before == null) {
      EmittedClass emitted = emit.get();
      int full = bytes.merge(home, emitted.bytes().length, Integer::sum) / LARGEST;
      homes.move(kernel, name + home + (full == 0 ? "" : full + 1), step);
      add(emitted);
    } else if (!before.equals(listing)) {
      throw new CodegenLimit("two kernels have one name, " + listing.className()
          + ": skip a pass such as FuseElementwise, which makes other kernels");
    }
    return kernel;
  }

  private void add(EmittedClass emitted) {
    classes.put(emitted.name(), emitted.bytes());
  }

  /// All classes, by names with slashes, the network's own first.
  ///
  Map<String, byte[]> finish(Weights weights) {
    parts.forEach(this::emit);
    int version = emission.target().classVersion();
    boolean learns = learns();
    FacadeEmitter facade = new FacadeEmitter(name, entries, version, learns);
    Map<String, byte[]> all = new LinkedHashMap<>();
    Set<String> users = new HashSet<>(Set.of(name, name + "$Workspace"));
    if (learns) {
      users.add(name + "$State");
    }
    if (methods.stream().anyMatch(method -> method.takesTensors() || method.givesTensors())) {
      users.add(name + "$Tensors");
    }
    all.put(name, facade.emit(methods, SlotTable.ofState(layout, weights.names()), weights));
    for (Method method : methods) {
      if (method.returnsSeveral()) {
        all.put(FacadeMethods.resultClass(name, method),
            FacadeMethods.resultClass(name, method, version));
        users.add(FacadeMethods.resultClass(name, method));
      }
    }
    all.putAll(Support.classes());
    all.putAll(classes);
    return Members.declare(Needed.of(homes.apply(all, version), users), name);
  }

  private boolean learns() {
    return methods.stream().anyMatch(Method::updates);
  }

  /// The same as Java source, by paths.
  Map<String, String> source(Weights weights) {
    String packageName = emission.names().packageName();
    String simple = name.substring(name.lastIndexOf('/') + 1);
    List<String> names = new ArrayList<>();
    Map<String, String> all = new LinkedHashMap<>();
    for (Part part : parts) {
      JavaSource.of(part.plan, part.names, part.emission)
          .forEach(file -> all.put(file.path(), file.text()));
      SourceFile entry = EntrySource.of(part.plan, part.names, part.solution, part.table, simple,
          part.emission);
      all.put(entry.path(), entry.text());
      names.add(EntrySource.className(part.names, part.emission));
    }
    String about = "The network {@code " + simple + "}, compiled ahead of time.";
    all.put(name + ".java", new FacadeSource(simple, names, learns()).print(packageName, about,
        methods, SlotTable.ofState(layout, weights.names()), weights));
    return all;
  }
}
