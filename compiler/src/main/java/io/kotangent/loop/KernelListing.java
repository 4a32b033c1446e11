package io.kotangent.loop;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A kernel's text and the name that follows from it. Equal kernels have equal listings, whichever program
/// they come from.
///
/// @param id twelve hexadecimal digits of a hash of the text
public record KernelListing(String id, String text) {
  public static KernelListing of(Kernel kernel) {
    String text = KernelPrinter.print(kernel);
    return new KernelListing(hash(text), text);
  }

  /// The name of the class: `kernel_1f3a…`.
  public String className() {
    return "kernel_" + id;
  }

  /// The name of the listing as a file: `kernel-1f3a….ir`.
  public String fileName() {
    return "kernel-" + id + ".ir";
  }

  /// FNV-1a with a final mix, 48 of its 64 bits: short names that do not meet by chance. Whoever loads classes
  /// by these names compares the texts as well.
  private static String hash(String text) {
    long hash = fnv(text.getBytes(StandardCharsets.UTF_8));
    hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
    hash ^= hash >>> 29;
    String digits = Long.toHexString(hash | 1L << 63).toLowerCase(Locale.ROOT);
    return digits.substring(digits.length() - 12);
  }

  /// An array, and a method that has nothing else: C2 compiles it in each start, as soon as it has run for a while.
  private static long fnv(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : bytes) {
      hash = (hash ^ each & 0xff) * 0x100000001b3L;
    }
    return hash;
  }
}
