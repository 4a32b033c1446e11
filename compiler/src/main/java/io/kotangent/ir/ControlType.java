package io.kotangent.ir;

import io.kotangent.type.Dim;
import io.kotangent.type.Requirement.Relation;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.List;

/// The type rules of the ops that have bodies.
final class ControlType {
  private ControlType() {
  }

  /// The results of a graph applied to arguments.
  static Type call(TypeRule rule, Graph callee, List<Node> arguments) {
    rule.check(callee.updates().isEmpty() && callee.guard().isEmpty(),
        "a graph without updates and guard");
    rule.check(callee.inputs().size() == arguments.size(),
        "as many arguments as " + callee.name() + " has inputs");
    for (int i = 0; i < arguments.size(); i++) {
      TensorType wanted = callee.inputs().get(i).type();
      rule.check(wanted.dtype() == arguments.get(i).dtype(),
          "argument " + i + " of type " + wanted);
      rule.sizes().requireSame(wanted.shape(), arguments.get(i).shape());
    }
    rule.assume(callee.requirements());
    return new TupleType(callee.results().stream().map(r -> r.node().type()).toList());
  }

  static Type loop(TypeRule rule, Op.Loop loop) {
    List<Node> operands = rule.operands();
    Graph body = loop.body();
    rule.sizes().made(loop.count());
    int outputs = body.results().size() - loop.carried();
    rule.check(
        loop.carried() + loop.sliced() <= operands.size() && body.inputs().size() == operands.size()
            && outputs >= 0,
        "carried, sliced and invariant operands as the body's inputs");
    for (int i = 0; i < operands.size(); i++) {
      TensorType wanted = body.inputs().get(i).type();
      boolean sliced = i >= loop.carried() && i < loop.carried() + loop.sliced();
      rule.check(
          wanted.dtype() == operands.get(i).type().dtype()
              && (!sliced || operands.get(i).type().rank() > 0),
          "operand " + i + " for " + wanted);
      Shape shape = operands.get(i).type().shape();
      if (sliced) {
        rule.sizes().require(loop.count(), Relation.EQUAL, shape.dim(0));
        shape = new Shape(shape.dims().subList(1, shape.rank()));
      }
      rule.sizes().requireSame(wanted.shape(), shape);
    }
    rule.assume(body.requirements());
    List<TensorType> items = new ArrayList<>();
    for (int i = 0; i < body.results().size(); i++) {
      TensorType type = body.results().get(i).node().type();
      if (i < loop.carried()) {
        rule.check(type.equals(body.inputs().get(i).type()),
            "carried value " + i + " to keep its type");
        items.add(type);
      } else {
        List<Dim> dims = new ArrayList<>(List.of(loop.count()));
        dims.addAll(type.shape().dims());
        items.add(new TensorType(type.dtype(), new Shape(dims)));
      }
    }
    return new TupleType(items);
  }
}
