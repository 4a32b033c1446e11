package io.kotangent.bytecode.source;

import java.util.Set;
import java.util.TreeSet;

/// Where the classes of a program are.
///
/// @param program the graph's name
/// @param own the simple names of all of them
record Home(String packageName, String program, Set<String> own) {
  /// What texts use of the JDK without an import.
  private static final Set<String> LANG = Set.of("Boolean", "Double", "Float",
      "IllegalArgumentException", "Integer", "Long", "Math", "Object", "Override", "Runnable",
      "StrictMath", "String", "SuppressWarnings", "System");
  private static final Set<String> IMPORTED =
      Set.of("java.util.Arrays", "java.nio.FloatBuffer", "java.nio.DoubleBuffer");

  Home {
    own = Set.copyOf(own);
  }

  /// Whether texts use a class of the JDK by that name.
  static boolean isOfJdk(String simple) {
    return LANG.contains(simple)
        || IMPORTED.stream().anyMatch(name -> name.endsWith("." + simple));
  }

  /// A class of `java.lang` as texts name it: in full if one of the program's has its name.
  String lang(String simple) {
    return own.contains(simple) ? "java.lang." + simple : simple;
  }

  /// Begins a file that imports what it uses of the JDK.
  SourceText begin(Set<String> used) {
    SourceText text = new SourceText();
    text.comment("Made by Kotangent from the graph '" + program + "'; not meant to be edited.");
    if (!packageName.isEmpty()) {
      text.line("package " + packageName + ";");
      text.blank();
    }
    Set<String> imported = new TreeSet<>(used);
    imported.removeIf(name -> own.contains(simple(name)));
    imported.forEach(name -> text.line("import " + name + ";"));
    if (!imported.isEmpty()) {
      text.blank();
    }
    return text;
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /// A class that files import, as they name it.
  String imported(String name) {
    return own.contains(simple(name)) ? name : simple(name);
  }

  SourceFile file(String simple, SourceText text) {
    String folder = packageName.isEmpty() ? "" : packageName.replace('.', '/') + "/";
    return new SourceFile(folder + simple + ".java", text.inAscii());
  }
}
