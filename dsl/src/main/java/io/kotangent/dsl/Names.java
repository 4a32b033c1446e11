package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.type.KotangentException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/// The names of a model: ports, layers, axes; each means one thing.
final class Names {
  private final Set<String> ports = new HashSet<>();
  private final Map<String, Integer> layers = new HashMap<>();
  private final Map<Object, String> used = new IdentityHashMap<>();
  private final Map<String, Class<?>> axes = new HashMap<>();

  /// The name of a layer and whether it is new.
  record Use(String name, boolean isFirst) {
  }

  static String checked(String what, String name) {
    Graph.checkedName(what, name);
    if (!isName(name)) {
      throw new KotangentException(
          what + " '" + name + "': expected a name of letters, digits and underscores");
    }
    return name;
  }

  private static boolean isName(String name) {
    boolean good = !name.isEmpty() && !Character.isDigit(name.codePointAt(0));
    for (int i = 0; i < name.length() && good; i += Character.charCount(name.codePointAt(i))) {
      good = Character.isLetterOrDigit(name.codePointAt(i)) || name.codePointAt(i) == '_';
    }
    return good;
  }

  /// The full name of a new port; `name` may have dots.
  String declare(Trace trace, String what, String name) {
    for (String part : name.split("\\.", -1)) {
      checked(what, part);
    }
    String full = Graph.checkedName(what, trace.prefix() + name);
    if (Model.RESERVED.contains(full)) {
      throw new KotangentException(
          what + " '" + full + "': this name is taken by every training step; choose another"
              + trace.usedAt());
    }
    if (!ports.add(full)) {
      throw new KotangentException(
          what + " '" + full + "' is declared twice in model '" + trace.name()
              + "'; give it another name or declare it in a scope" + trace.usedAt());
    }
    return full;
  }

  /// A name for a new layer, numbered within its scope.
  String layer(Trace trace, String kind) {
    return kind + layers.merge(trace.prefix() + kind, 1, Integer::sum);
  }

  /// The name of a layer object: made at its first use, shared by later ones.
  Use use(Object layer, Trace trace, String kind) {
    String known = used.get(layer);
    if (known != null) {
      return new Use(known, false);
    }
    String name = layer(trace, kind);
    used.put(layer, trace.prefix() + name);
    return new Use(name, true);
  }

  /// Checks that an axis name always has the same tag.
  void axis(Axis<?> axis, Trace trace) {
    Class<?> before = axes.putIfAbsent(axis.name(), axis.tag());
    if (before != null && before != axis.tag()) {
      throw new KotangentException(
          "axis '" + axis.name() + "' has two tags in model '" + trace.name() + "', "
              + before.getName() + " and " + axis.tag().getName() + ": give one another name"
              + trace.usedAt());
    }
  }
}
