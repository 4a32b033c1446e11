package io.kotangent.bytecode.emit;

import io.kotangent.type.KotangentException;

/// How emitted classes are named.
///
/// @param packageName their package, `org.example.digits`; empty for the unnamed one
/// @param prefix what the simple name of each begins with
public record ClassNames(String packageName, String prefix) {
  /// The unnamed package, names as they are: kernels are then the same for all programs.
  public static final ClassNames PLAIN = new ClassNames("", "");

  public ClassNames {
    for (String part : packageName.isEmpty() ? new String[0] : packageName.split("\\.", -1)) {
      check(part, "a package", packageName);
    }
    if (!prefix.isEmpty()) {
      check(prefix, "the beginning of a class name", prefix);
    }
  }

  private static void check(String part, String what, String whole) {
    boolean valid = !part.isEmpty() && Character.isJavaIdentifierStart(part.charAt(0))
        && part.chars().allMatch(Character::isJavaIdentifierPart);
    if (!valid) {
      throw new KotangentException("cannot name classes: expected " + what
          + " of letters, digits and underscores, got '" + whole + "'");
    }
  }

  /// The name as class files write it, with slashes.
  public String internal(String simple) {
    return packageName.isEmpty() ? prefix + simple
        : packageName.replace('.', '/') + "/" + prefix + simple;
  }
}
