package io.kotangent.aot;

import io.kotangent.bytecode.emit.SizeSolution;
import io.kotangent.runtime.Signature;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.SourceVersion;

/// A method of a network: what its caller passes and gets.
///
/// @param entry which of the network's programs it runs
/// @param sizes those that no input determines
/// @param allSizes in the order of the program
/// @param takesTensors whether it has inputs that are no arguments of their own, since their names have dots: gradients
/// @param givesTensors the same of results
/// @param updates whether it changes the state
record Method(String name, int entry, List<String> sizes, List<String> allSizes,
    List<Argument> inputs, List<Argument> results, boolean takesTensors, boolean givesTensors,
    boolean updates) {
  private static final int MOST_ARGUMENTS = 250;
  private static final Set<String> MEMBERS = Set.of("load", "withWeights", "state",
      "newWorkspace", "wait", "notify", "notifyAll", "getClass", "hashCode", "toString", "clone",
      "finalize", "equals");
  /// What the source of methods calls by these names.
  private static final Set<String> LOCALS = Set.of("workspace", "frame", "tensors", "made",
      "elements", "inputs", "results", "arrays", "sizes", "State", "Workspace", "Frame", "Entry",
      "Slots", "Layout", "Elements", "TensorFile", "Tensors", "Crew");

  /// An array, or one number.
  ///
  /// @param index among the inputs or results of the program
  record Argument(int index, String name, TensorType type) {
    DType dtype() {
      return type.dtype();
    }

    boolean isNumber() {
      return type.rank() == 0;
    }
  }

  /// @throws KotangentException if a name is none in Java, or two are the same
  static Method of(String name, int entry, Signature signature, SizeSolution solution) {
    List<Argument> inputs = new ArrayList<>();
    for (Port port : signature.inputs()) {
      add(inputs, port.name(), port.type(), signature.inputs().indexOf(port));
    }
    List<Argument> results = new ArrayList<>();
    for (Signature.Result result : signature.results()) {
      add(results, result.name(), result.type(), signature.results().indexOf(result));
    }
    Method method = new Method(name, entry, solution.given(), signature.symbols(), inputs, results,
        inputs.size() < signature.inputs().size(), results.size() < signature.results().size(),
        signature.updates());
    method.checkNames();
    return method;
  }

  /// What has a dot in its name goes into an object together: `grad.dense1.w`.
  private static void add(List<Argument> arguments, String name, TensorType type, int index) {
    if (name.indexOf('.') < 0) {
      arguments.add(new Argument(index, name, type));
    } else if (name.chars().anyMatch(c -> c <= ' ')) {
      throw new KotangentException("'" + name + "' has blanks in its name; rename it");
    }
  }

  /// Whether it returns an object of its own class.
  boolean returnsSeveral() {
    return results.size() + (givesTensors ? 1 : 0) > 1;
  }

  private void checkNames() {
    Map<String, String> taken = new HashMap<>();
    LOCALS.forEach(local -> taken.put(local, "something in its source"));
    checkName("method", name);
    if (MEMBERS.contains(name)) {
      throw new KotangentException("a method cannot be called '" + name
          + "', which every network has; rename it");
    }
    int slots = allSizes.size() + MOST_ARGUMENTS / 25;
    for (List<Argument> arguments : List.of(inputs, results)) {
      for (Argument argument : arguments) {
        slots += argument.isNumber() && argument.dtype().bytes() == Long.BYTES ? 2 : 1;
      }
    }
    if (slots > MOST_ARGUMENTS) {
      throw new KotangentException("method " + name + " would have more than the "
          + MOST_ARGUMENTS + " parameters that Java allows: names with a dot, such as x.1, go into"
          + " one object together");
    }
    allSizes.forEach(size -> checkParameter("size", size, taken));
    inputs.forEach(input -> checkParameter("input", input.name, taken));
    results.forEach(result -> checkParameter("result", result.name, taken));
  }

  private void checkParameter(String what, String parameter, Map<String, String> taken) {
    checkName(what, parameter);
    String other = taken.putIfAbsent(parameter, "its " + what);
    if (other != null || parameter.matches("result[0-9]+")) {
      throw new KotangentException("method " + name + ": its " + what + " '" + parameter
          + "' has the name of another parameter"
          + (other == null ? "" : ", " + other + (other.equals("its size")
              ? " (the name of an axis whose size is symbolic)" : ""))
          + "; rename one of them");
    }
  }

  private void checkName(String what, String text) {
    if (!SourceVersion.isName(text, SourceVersion.RELEASE_17) || text.contains(".")) {
      throw new KotangentException("method " + name + ": its " + what + " '" + text
          + "' cannot be a name in Java; rename it");
    }
  }
}
