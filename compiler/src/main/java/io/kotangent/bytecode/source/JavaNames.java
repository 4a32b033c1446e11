package io.kotangent.bytecode.source;

import io.kotangent.plan.PlanNames;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Makes names that Java takes, each once.
final class JavaNames {
  /// Also words that are keywords in some places only, and the package whose classes are named in full where need be.
  private static final Set<String> TAKEN = Set.of("_", "abstract", "assert", "boolean", "break",
      "byte", "case", "catch", "char", "class", "const", "continue", "default", "do", "double",
      "else", "enum", "exports", "extends", "false", "final", "finally", "float", "for", "goto",
      "if", "implements", "import", "instanceof", "int", "interface", "java", "long", "module",
      "native", "new", "non", "null", "open", "opens", "package", "permits", "private", "protected",
      "provides", "public", "record", "requires", "return", "sealed", "short", "static", "strictfp",
      "super", "switch", "synchronized", "this", "throw", "throws", "to", "transient", "transitive",
      "true", "try", "uses", "var", "void", "volatile", "when", "while", "with", "yield");

  private final Set<String> taken = new HashSet<>();

  /// @param others names that are taken, too
  JavaNames(Set<String> others) {
    taken.addAll(others);
  }

  static boolean isTaken(String name) {
    return TAKEN.contains(name);
  }

  /// A name that was not given before: the wanted one if possible.
  String unique(String wanted) {
    String name = wanted;
    for (int i = 2; isTaken(name) || !taken.add(name); i++) {
      name = isTaken(wanted) && i == 2 ? wanted + "_" : numbered(wanted, i);
    }
    return name;
  }

  private static String numbered(String name, int number) {
    boolean digit = !name.isEmpty() && Character.isDigit(name.charAt(name.length() - 1));
    return name + (digit ? "_" : "") + number;
  }

  /// The name may be given again.
  void free(String name) {
    taken.remove(name);
  }

  /// `dense1.w` as a variable: `dense1W`.
  static String variable(String name) {
    String camel = camel(name);
    return camel.substring(0, 1).toLowerCase(Locale.ROOT) + camel.substring(1);
  }

  /// `contract_add_relu` as a class: `ContractAddRelu`.
  static String type(String name) {
    String camel = camel(name);
    return camel.substring(0, 1).toUpperCase(Locale.ROOT) + camel.substring(1);
  }

  private static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    for (String word : PlanNames.harmless(name, "v").split("_", -1)) {
      camel.append(camel.isEmpty() || word.isEmpty() ? word
          : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    boolean digit = !camel.isEmpty() && Character.isDigit(camel.charAt(0));
    return camel.isEmpty() ? "v" : digit ? "v" + camel : camel.toString();
  }
}
