package io.kotangent.bytecode.load;

import io.kotangent.bytecode.emit.SoftFma;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Step;
import io.kotangent.plan.Target;
import io.kotangent.type.CodegenLimit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The kernels of a plan: those that programs start with are loaded, SIMD code comes later.
public final class LoadedKernels {
  /// A kernel as it is emitted.
  private record Found(Kernel emitted, KernelListing listing) {
    static Found of(Kernel kernel, Target target) {
      Kernel emitted = target.fma() ? kernel : SoftFma.rewrite(kernel);
      return new Found(emitted, KernelListing.of(emitted));
    }
  }

  private final KernelCache cache;
  private final Map<Kernel, Found> found = new IdentityHashMap<>();
  private final Map<String, Found> first = new LinkedHashMap<>();
  private final Map<String, KernelClass> loaded = new ConcurrentHashMap<>();
  private final Map<String, LateKernel> late = new LinkedHashMap<>();
  private final Map<Kernel, String> names = new IdentityHashMap<>();
  private int added;

  public LoadedKernels(KernelCache cache) {
    this.cache = cache;
  }

  /// By the names of their classes, in the order of first use.
  public Map<String, KernelClass> kernels() {
    Map<String, KernelClass> kernels = new LinkedHashMap<>();
    for (String name : first.keySet()) {
      kernels.put(name, Objects.requireNonNull(loaded.get(name)));
    }
    return kernels;
  }

  public Map<String, LateKernel> late() {
    return late;
  }

  /// The name of the class of each kernel.
  public Map<Kernel, String> names() {
    return names;
  }

  /// How many kernels were not loaded before.
  public int added() {
    return added;
  }

  /// Finds names, and begins to load what programs start with; it is loaded when that is closed.
  public Together load(List<Step> steps) {
    list(steps);
    take(steps);
    List<Runnable> tasks = new ArrayList<>();
    first.forEach((name, kernel) -> {
      added += cache.has(kernel.listing()) ? 0 : 1;
      tasks.add(() -> loaded.put(name, cache.get(kernel.emitted(), kernel.listing())));
    });
    return Together.start(tasks);
  }

  /// Lists all kernels, each by any thread.
  private void list(List<Step> steps) {
    List<Kernel> kernels = new ArrayList<>();
    collect(steps, Collections.newSetFromMap(new IdentityHashMap<>()), kernels);
    Map<Kernel, Found> listed = Collections.synchronizedMap(found);
    List<Runnable> tasks = new ArrayList<>();
    for (Kernel kernel : kernels) {
      tasks.add(() -> listed.put(kernel, Found.of(kernel, cache.emission().target())));
    }
    Together.start(tasks).close();
    found.forEach((kernel, named) -> names.put(kernel, named.listing().className()));
  }

  private static void collect(List<Step> steps, Set<Kernel> known, List<Kernel> kernels) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> {
          if (known.add(run.kernel())) {
            kernels.add(run.kernel());
          }
        }
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> collect(repeat.body(), known, kernels);
        case Step.When when -> {
          collect(when.then(), known, kernels);
          collect(when.otherwise(), known, kernels);
        }
      }
    }
  }

  private void take(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> take(found(run.kernel()));
        case Step.Barrier _ -> {
          // has no kernel
        }
        case Step.Repeat repeat -> take(repeat.body());
        case Step.When when -> {
          if (!when.isChoice()) {
            take(when.then());
          }
          take(when.otherwise());
        }
      }
    }
  }

  private void take(Found kernel) {
    Found before = first.putIfAbsent(kernel.listing().className(), kernel);
    if (before != null && !before.listing().equals(kernel.listing())) {
      throw new CodegenLimit("two kernels have one name, " + kernel.listing().className()
          + ": skip a pass such as FuseElementwise, which makes other kernels");
    }
  }

  private Found found(Kernel kernel) {
    return Objects.requireNonNull(found.get(kernel));
  }

  /// A kernel that is to be loaded when it is first wanted.
  public LateKernel late(Kernel kernel) {
    Found later = found(kernel);
    return late.computeIfAbsent(later.listing().className(),
        name -> Optional.ofNullable(loaded.get(name)).filter(known -> !known.simd().hasSimd())
            .map(known -> new LateKernel(known, cache))
            .orElseGet(() -> new LateKernel(later.emitted(), later.listing(), cache)));
  }
}
