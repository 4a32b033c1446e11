package io.kotangent.bytecode;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.pass.Dump;
import io.kotangent.runtime.StateLayout;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How to compile. Everything but `stabilize` and `relaxed` leaves every bit of the results alone.
///
/// @param skipped names of passes, rules and plan passes that are not to act
/// @param stabilize replaces formulas that overflow or cancel by ones that do not
/// @param relaxed allows rules that change roundings
/// @param layout where the model's parameters lie, when programs share a state; by default as the graph's own ports demand
/// @param dump what to write to files
/// @param cache the kernel classes that may be shared
/// @param simd whether heavy kernels also get SIMD code, and when that is taken
/// @param checked whether each operation is a step of its own after which a run looks for NaN and infinities
public record CompileOptions(Set<String> skipped, boolean stabilize, boolean relaxed,
    Optional<StateLayout> layout, Dump dump, KernelCache cache, SimdUse simd, boolean checked) {
  public CompileOptions {
    skipped = Set.copyOf(skipped);
  }

  /// All passes, stable formulas, dumps as the system properties say.
  public static CompileOptions standard() {
    return new CompileOptions(Set.of(), true, false, Optional.empty(), Dump.ofProperties(),
        KernelCache.shared(), SimdUse.ofProperty(), false);
  }

  /// Without the passes, rules and plan passes of these names.
  public CompileOptions without(String... names) {
    Set<String> more = new LinkedHashSet<>(skipped);
    more.addAll(List.of(names));
    return new CompileOptions(more, stabilize, relaxed, layout, dump, cache, simd, checked);
  }

  /// With the formulas as they are written, or replaced by stable ones.
  public CompileOptions stabilize(boolean on) {
    return new CompileOptions(skipped, on, relaxed, layout, dump, cache, simd, checked);
  }

  /// With rules that change roundings, or without.
  public CompileOptions relaxed(boolean on) {
    return new CompileOptions(skipped, stabilize, on, layout, dump, cache, simd, checked);
  }

  /// For a program that shares a state of this layout with others.
  public CompileOptions with(StateLayout stateLayout) {
    return new CompileOptions(skipped, stabilize, relaxed, Optional.of(stateLayout), dump, cache,
        simd, checked);
  }

  public CompileOptions with(Dump files) {
    return new CompileOptions(skipped, stabilize, relaxed, layout, files, cache, simd, checked);
  }

  public CompileOptions with(KernelCache classes) {
    return new CompileOptions(skipped, stabilize, relaxed, layout, dump, classes, simd, checked);
  }

  /// With SIMD code or without.
  public CompileOptions with(SimdUse use) {
    return new CompileOptions(skipped, stabilize, relaxed, layout, dump, cache, use, checked);
  }

  /// For debugging: a run stops at the first number that is not finite, with a [NonFiniteValue] that names the operation, its line, the
  /// place and what it was computed from; nothing is updated then. The bits are the same; it is much slower, by one thread.
  public CompileOptions checked(boolean on) {
    return new CompileOptions(skipped, stabilize, relaxed, layout, dump, cache, simd, on);
  }
}
