package io.kotangent.bytecode;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Step;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The kernels of a plan: those that programs start with are loaded, SIMD code comes later.
final class LoadedKernels {
  private final KernelCache cache;
  private final List<String> symbols;
  private final Map<String, KernelClass> kernels = new LinkedHashMap<>();
  private final Map<String, LateKernel> late = new LinkedHashMap<>();
  private final Map<Kernel, String> names = new IdentityHashMap<>();
  private final Map<Long, Choice> choices = new TreeMap<>();
  private int added;

  /// @param symbols the names of sizes, in the order in which programs are called with them
  LoadedKernels(KernelCache cache, List<String> symbols) {
    this.cache = cache;
    this.symbols = symbols;
  }

  /// By the names of their classes.
  Map<String, KernelClass> kernels() {
    return kernels;
  }

  Map<String, LateKernel> late() {
    return late;
  }

  /// The name of the class of each kernel.
  Map<Kernel, String> names() {
    return names;
  }

  /// In the order of their flags.
  Choice[] choices() {
    return choices.values().toArray(Choice[]::new);
  }

  /// How many kernels were not loaded before.
  int added() {
    return added;
  }

  void load(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> {
          if (!kernels.containsKey(names.getOrDefault(run.kernel(), ""))) {
            names.put(run.kernel(), load(run.kernel()));
          }
        }
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> load(repeat.body());
        case Step.When when -> {
          if (Choice.isChoice(when)) {
            load(when.otherwise());
            choice(when, List.of());
          } else {
            load(when.then());
            load(when.otherwise());
          }
        }
      }
    }
  }

  private String load(Kernel kernel) {
    Kernel emitted = emitted(kernel);
    KernelListing listing = KernelListing.of(emitted);
    boolean known = cache.has(listing);
    KernelClass loaded = cache.get(emitted, listing);
    KernelClass before = kernels.putIfAbsent(listing.className(), loaded);
    if (before != null && before != loaded) {
      throw new CodegenLimit("two kernels have one name, " + listing.className()
          + ": skip a pass such as FuseElementwise, which makes other kernels");
    }
    added += known ? 0 : 1;
    return listing.className();
  }

  private static Kernel emitted(Kernel kernel) {
    return SoftFma.isNeeded() ? SoftFma.rewrite(kernel) : kernel;
  }

  // ---- choices

  private void choice(Step.When when, List<Choice.Least> others) {
    List<Choice.Least> least = Choice.least(when, symbols);
    List<Step> otherwise = when.otherwise();
    for (Step step : when.otherwise()) {
      if (step instanceof Step.When again && Choice.isChoice(again)) {
        choice(again, least);
        otherwise = again.otherwise();
      }
    }
    List<Choice.Way> simd = ways(when.then());
    simd.removeIf(way -> !way.kernel().hasSimd());
    choices.put(when.flag().offset().constant(),
        new Choice(simd, ways(otherwise), least, others));
  }

  private List<Choice.Way> ways(List<Step> steps) {
    List<Choice.Way> ways = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Run run) {
        ways.add(new Choice.Way(run, late(run.kernel())));
      }
    }
    return ways;
  }

  private LateKernel late(Kernel kernel) {
    Kernel emitted = emitted(kernel);
    KernelListing listing = KernelListing.of(emitted);
    names.putIfAbsent(kernel, listing.className());
    return late.computeIfAbsent(listing.className(),
        _ -> new LateKernel(emitted, listing, cache));
  }
}
