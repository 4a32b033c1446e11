package io.kotangent.bytecode.source;

import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.emit.SoftFma;
import io.kotangent.ir.Node;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.Step;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A plan as Java source: a class with `public static boolean run(Object[] arrays, int[] sizes, int thread, int threads,
/// Runnable barrier)`, and a class for each kernel. javac 17 takes it, and it yields the bits of the emitted classes.
public final class JavaSource {
  /// javac's code of a statement can be longer than what is estimated, by some.
  private static final int BUDGET = 5000;

  /// A kernel as it is run, and the steps that run it.
  private record Used(Kernel kernel, List<Step.Run> steps) {
  }

  private final Plan plan;
  private final PlanNames names;
  private final Emission emission;
  private final String program;
  private final Map<String, Used> kernels = new LinkedHashMap<>();
  private final Map<Kernel, String> texts = new IdentityHashMap<>();

  private JavaSource(Plan plan, PlanNames names, Emission emission) {
    this.plan = plan;
    this.names = names;
    this.emission = emission;
    this.program = programClass(names, emission);
    collect(plan.steps());
  }

  /// The files of a program, the one of its class first; the others are named after what the kernels do.
  public static List<SourceFile> of(Plan plan, PlanNames names, Emission emission) {
    return new JavaSource(plan, names, emission).print();
  }

  /// The file of each kernel of a plan.
  public static Map<Kernel, SourceFile> kernels(Plan plan, PlanNames names, Emission emission) {
    JavaSource source = new JavaSource(plan, names, emission);
    List<SourceFile> files = source.print();
    Map<String, SourceFile> ofText = new LinkedHashMap<>();
    int file = files.size() - source.kernels.size();
    for (String text : source.kernels.keySet()) {
      ofText.put(text, files.get(file++));
    }
    Map<Kernel, SourceFile> kernels = new IdentityHashMap<>();
    source.texts.forEach(
        (kernel, text) -> kernels.put(kernel, Objects.requireNonNull(ofText.get(text))));
    return kernels;
  }

  /// The simple name of a program's class.
  public static String programClass(PlanNames names, Emission emission) {
    String simple = emission.names().prefix() + names.className();
    return JavaNames.isTaken(simple) ? simple + "_" : simple;
  }

  private void collect(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> kernels
            .computeIfAbsent(texts.computeIfAbsent(run.kernel(), this::text),
                _ -> new Used(emitted(run.kernel()), new ArrayList<>()))
            .steps().add(run);
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> collect(repeat.body());
        case Step.When when -> {
          collect(when.then());
          collect(when.otherwise());
        }
      }
    }
  }

  private String text(Kernel kernel) {
    return KernelListing.of(kernel).text();
  }

  private Kernel emitted(Kernel kernel) {
    return emission.target().fma() ? kernel : SoftFma.rewrite(kernel);
  }

  private List<SourceFile> print() {
    String packageName = emission.names().packageName();
    for (String part : packageName.split("\\.", -1)) {
      if (JavaNames.isTaken(part)) {
        throw new KotangentException("cannot write Java into the package '" + packageName + "': '"
            + part + "' is a word of the language");
      }
    }
    Map<String, String> classes = classes();
    Set<String> own = new HashSet<>(classes.values());
    own.add(program);
    Home home = new Home(packageName, plan.name(), own);
    ArrayNames values = new ArrayNames(plan, names, home);
    int budget = Math.min(BUDGET, emission.budget());
    Map<Kernel, String> byKernel = new IdentityHashMap<>();
    texts
        .forEach((kernel, text) -> byKernel.put(kernel, Objects.requireNonNull(classes.get(text))));
    List<SourceFile> files =
        new ArrayList<>(new JavaProgram(plan, values, byKernel, home, program).print(budget));
    kernels.forEach((text, used) -> files.add(
        new JavaKernel(used.kernel(), used.steps(), values, home)
            .print(Objects.requireNonNull(classes.get(text)), budget)));
    return files;
  }

  /// The name of each kernel's class, by its text: what the first step that runs it is called.
  private Map<String, String> classes() {
    JavaNames taken = new JavaNames(Set.of(lower(program)));
    Map<String, String> classes = new LinkedHashMap<>();
    kernels.forEach((text, used) -> {
      String wanted = emission.names().prefix() + layer(used.steps())
          + JavaNames.type(used.steps().getFirst().name());
      if (Home.isOfJdk(wanted)) {
        wanted += "Kernel";
      }
      // files of names that differ in case alone are one file on some systems
      String unique = taken.unique(lower(wanted));
      classes.put(text, wanted + unique.substring(wanted.length()));
    });
    return classes;
  }

  /// The name scope that all nodes of some steps are in, as the beginning of a class name; empty if there is none.
  private static String layer(List<Step.Run> steps) {
    List<String> common = new ArrayList<>();
    boolean first = true;
    for (Step.Run step : steps) {
      for (Node node : step.nodes()) {
        List<String> scopes = List.of(node.origin().scope().split("/"));
        if (first) {
          common.addAll(scopes);
          first = false;
        }
        while (!scopes.subList(0, Math.min(common.size(), scopes.size())).equals(common)) {
          common.removeLast();
        }
      }
    }
    String scope = String.join("_", common);
    return scope.isEmpty() ? "" : JavaNames.type(scope);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
