package io.kotangent.autodiff;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The calling convention of the derivative of an [io.kotangent.ir.Op.Call]: operands, results, and a cotangent for each
/// float result.
final class CustomDerivative {
  private CustomDerivative() {
  }

  /// What the derivative of that call is applied to; a cotangent that is not there is zero.
  static List<Node> arguments(GraphBuilder builder, Node call, List<Optional<Node>> g) {
    List<TensorType> types = ((TupleType) call.valueType()).items();
    List<Node> arguments = new ArrayList<>(call.operands());
    for (int i = 0; i < types.size(); i++) {
      arguments.add(builder.item(call, i));
    }
    for (int i = 0; i < types.size(); i++) {
      TensorType type = types.get(i);
      if (type.dtype().isFloat()) {
        arguments.add(g.get(i).orElseGet(() -> builder.fill(type, 0)));
      }
    }
    return arguments;
  }
}
