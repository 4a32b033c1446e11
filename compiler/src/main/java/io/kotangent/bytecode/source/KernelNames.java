package io.kotangent.bytecode.source;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.plan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The names of a kernel's parameters: those of what all steps pass for them, if that has a name, else what they are for.
final class KernelNames {
  private static final String SPILL = "spilled";

  private final Map<String, String> arrays = new HashMap<>();
  private final Map<String, String> offsets = new HashMap<>();
  private final Map<String, String> ints = new HashMap<>();
  private final JavaNames names;
  private final Set<String> taken = new HashSet<>();

  /// @param steps that run it
  /// @param values the names of what the program's arrays hold
  KernelNames(Kernel kernel, List<Step.Run> steps, ArrayNames values, Home home) {
    names = new JavaNames(home.own());
    taken.addAll(home.own());
    taken(names.unique(SPILL));
    for (int i = 0; i < kernel.arrays().size(); i++) {
      ArrayParam array = kernel.arrays().get(i);
      List<Optional<String>> passed = new ArrayList<>();
      for (Step.Run step : steps) {
        passed.add(values.meaning(step.arguments().get(i)));
      }
      String name = taken(names.unique(common(passed).orElse(purpose(array))));
      arrays.put(array.name(), name);
      if (!array.whole()) {
        offsets.put(array.name(), taken(names.unique(name + "At")));
      }
    }
    for (int i = 0; i < kernel.ints().size(); i++) {
      Local local = kernel.ints().get(i);
      List<Optional<String>> passed = new ArrayList<>();
      for (Step.Run step : steps) {
        passed.add(values.meaning(step.ints().get(i)));
      }
      boolean range = local.name().equals("from") || local.name().equals("to");
      ints.put(local.name(), range ? local.name().equals("from") ? "begin" : "end"
          : common(passed).orElse("size"));
    }
  }

  private String taken(String name) {
    taken.add(name);
    return name;
  }

  private static Optional<String> common(List<Optional<String>> all) {
    Set<Optional<String>> distinct = new HashSet<>(all);
    return distinct.size() == 1 ? all.getFirst() : Optional.empty();
  }

  private static String purpose(ArrayParam array) {
    return switch (array.access()) {
      case READ -> "in";
      case WRITE -> "out";
      case UPDATE -> "inOut";
      case SCRATCH -> "scratch";
      case ALIGNED -> "aligned";
    };
  }

  /// Names that no local may have.
  Set<String> taken() {
    return taken;
  }

  String array(ArrayParam array) {
    return of(arrays, array.name());
  }

  String offset(ArrayParam array) {
    return of(offsets, array.name());
  }

  private static String of(Map<String, String> names, String name) {
    return Optional.ofNullable(names.get(name))
        .orElseThrow(() -> new IllegalStateException("no array '" + name + "' here"));
  }

  /// What a size is called, if it is a parameter of the kernel.
  Optional<String> parameter(String local) {
    return Optional.ofNullable(ints.get(local));
  }

  /// The array that passes locals between methods.
  String spill() {
    return SPILL;
  }
}
