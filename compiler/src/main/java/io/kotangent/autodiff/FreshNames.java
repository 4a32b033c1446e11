package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.type.Port;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Names that are taken, and new ones beside them.
final class FreshNames {
  private final Set<String> taken;

  private FreshNames(Collection<String> taken) {
    this.taken = new HashSet<>(taken);
  }

  static FreshNames beside(Collection<String> taken) {
    return new FreshNames(taken);
  }

  static FreshNames besidePorts(Graph graph) {
    List<String> names = graph.ports().stream().map(Port::name).toList();
    return new FreshNames(names);
  }

  /// Takes that very name; whether it was free.
  boolean take(String name) {
    return taken.add(name);
  }

  /// Takes `wanted`, or with the first number behind it that makes it new.
  String fresh(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
