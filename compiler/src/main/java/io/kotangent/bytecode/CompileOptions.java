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
public record CompileOptions(Set<String> skipped, boolean stabilize, boolean relaxed,
    Optional<StateLayout> layout, Dump dump, KernelCache cache, SimdUse simd) {
  public CompileOptions {
    skipped = Set.copyOf(skipped);
  }

  /// All passes, stable formulas, dumps as the system properties say.
  public static CompileOptions standard() {
    return new CompileOptions(Set.of(), true, false, Optional.empty(), Dump.ofProperties(),
        KernelCache.shared(), SimdUse.ofProperty());
  }

  /// Without the passes, rules and plan passes of these names.
  public CompileOptions without(String... names) {
    Set<String> more = new LinkedHashSet<>(skipped);
    more.addAll(List.of(names));
    return new CompileOptions(more, stabilize, relaxed, layout, dump, cache, simd);
  }

  /// With the formulas as they are written, or replaced by stable ones.
  public CompileOptions stabilize(boolean on) {
    return new CompileOptions(skipped, on, relaxed, layout, dump, cache, simd);
  }

  /// With rules that change roundings, or without.
  public CompileOptions relaxed(boolean on) {
    return new CompileOptions(skipped, stabilize, on, layout, dump, cache, simd);
  }

  /// For a program that shares a state of this layout with others.
  public CompileOptions with(StateLayout stateLayout) {
    return new CompileOptions(skipped, stabilize, relaxed, Optional.of(stateLayout), dump, cache,
        simd);
  }

  public CompileOptions with(Dump files) {
    return new CompileOptions(skipped, stabilize, relaxed, layout, files, cache, simd);
  }

  public CompileOptions with(KernelCache classes) {
    return new CompileOptions(skipped, stabilize, relaxed, layout, dump, classes, simd);
  }

  /// With SIMD code or without.
  public CompileOptions with(SimdUse use) {
    return new CompileOptions(skipped, stabilize, relaxed, layout, dump, cache, use);
  }
}
