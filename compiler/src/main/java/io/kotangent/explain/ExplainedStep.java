package io.kotangent.explain;

import io.kotangent.ir.Node;
import java.util.List;
import java.util.Optional;

/// A step of a program: a call of a kernel class.
///
/// @param number its place among all in the listing, from 0
/// @param name as in the program's listing
/// @param kernel the name of its class
/// @param within the loops and branches around it, outermost first, as the listing has them: `for i1 < steps`; a choice between two
/// ways to the same bits is none
/// @param threads who runs it: `one thread`, `each thread`, `in parts`
/// @param nodes what it computes
/// @param arguments the arrays and sizes that it is called with
/// @param listing its loop code
/// @param java the same as Java source, a class that yields the same bits
/// @param methods those of its class, and of the row loops that it calls, with their bytes of bytecode; none as long as it is not emitted:
/// SIMD code is once it is wanted
public record ExplainedStep(int number, String name, String kernel, List<String> within,
    String threads, List<Node> nodes, List<String> arguments, String listing, String java,
    Optional<List<Method>> methods) {
  /// @param bytes those of its bytecode
  public record Method(String name, int bytes) {
  }

  public ExplainedStep {
    within = List.copyOf(within);
    nodes = List.copyOf(nodes);
    arguments = List.copyOf(arguments);
    methods = methods.map(List::copyOf);
  }

  /// `step 4 exp_sum: kernel_1f3a…`.
  @Override
  public String toString() {
    return "step " + number + " " + name + ": " + kernel;
  }
}
