package io.kotangent.plan.nest;

import io.kotangent.ir.Node;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Value;
import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Optional;

/// A kernel and what it is to be called with.
///
/// @param values what each array of the kernel holds, in order, scratch left out
/// @param ints what each int parameter gets
/// @param parts how threads can share it, if they can
public record Nest(Kernel kernel, List<Held> values, List<Dim> ints,
    Optional<Step.Share.Parts> parts) {
  /// A tensor: a node's value, or an item of its tuple.
  public record Held(Node node, int item) {
  }

  public Nest {
    values = List.copyOf(values);
    ints = List.copyOf(ints);
  }

  /// The length of a scratch array.
  public Dim dimOf(Value length) {
    return switch (length) {
      case Value.Const(_, var bits) -> Dim.of(bits);
      case Value.Ref(var local) -> ints.get(kernel.ints().indexOf(local));
      case Value.Load _, Value.Apply _ ->
          throw new KotangentException("not a scratch length: " + length);
    };
  }
}
