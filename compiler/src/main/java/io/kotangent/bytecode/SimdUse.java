package io.kotangent.bytecode;

import io.kotangent.plan.Target;
import io.kotangent.type.KotangentException;

/// Whether programs get SIMD code beside their plain loops, which yield the same bits.
public enum SimdUse {
  /// Only plain loops, which C2 vectorizes by itself.
  NEVER("never"),
  /// Plain loops first; SIMD code kernel by kernel, as soon as C2 has compiled it and it is measured to be faster. Where the Vector
  /// API is not there, the same with loops over aligned memory, which C2 makes SIMD code of.
  WHEN_FASTER("when-faster"),
  /// SIMD code for everything that can have it, from the first run, however slow it is before C2 has compiled it; for
  /// tests.
  ALWAYS("always");

  private final String text;

  SimdUse(String text) {
    this.text = text;
  }

  /// What the system property `kotangent.simd` says; by default [#WHEN_FASTER].
  static SimdUse ofProperty() {
    String wanted = System.getProperty("kotangent.simd", WHEN_FASTER.text);
    for (SimdUse use : values()) {
      if (use.text.equals(wanted)) {
        return use;
      }
    }
    throw new KotangentException("-Dkotangent.simd=" + wanted
        + ": expected never, when-faster or always");
  }

  /// What plans for a machine are made for.
  Target target(Target machine) {
    return this == NEVER || !machine.fma() ? machine.withVectors(0) : machine;
  }

  /// Whether plans for a machine are to have sums by rows in aligned memory.
  boolean isAligned(Target machine) {
    return this != NEVER && machine.fma() && machine.vectorBits() == 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
