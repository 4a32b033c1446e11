package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.loop.Kernel;
import io.kotangent.type.Dim;
import java.util.List;

/// One step of a plan.
public sealed interface Step {
  /// A buffer and where in it an argument starts; the offset may depend on symbolic sizes and on the counters of
  /// enclosing [Repeat]s (symbols of their names).
  record Argument(Buffer buffer, Dim offset) {
  }

  /// Runs a kernel.
  ///
  /// @param name for listings: the fused functions, `contract_relu`
  /// @param arguments one for each array of the kernel, scratch included (offset zero)
  /// @param ints one for each int parameter
  /// @param nodes what it computes, for origins
  record Run(String name, Kernel kernel, List<Argument> arguments, List<Dim> ints, List<Node> nodes)
      implements Step {
    public Run {
      arguments = List.copyOf(arguments);
      ints = List.copyOf(ints);
      nodes = List.copyOf(nodes);
    }
  }

  /// Runs steps `count` times; `counter` names a symbol that offsets and ints inside may use. A reversed loop counts down.
  record Repeat(String counter, Dim count, boolean reverse, List<Step> body) implements Step {
    public Repeat {
      body = List.copyOf(body);
    }
  }

  /// Chooses by the first element of a bool buffer.
  record When(Argument flag, List<Step> then, List<Step> otherwise) implements Step {
    public When {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }
}
