package io.kotangent.plan.lower;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.pass.ConstantEvaluator;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Folds a constant by running the one-node plan of its node, so that folding cannot change a bit.
public final class PlanEvaluator implements ConstantEvaluator {
  @Override
  public Optional<Literal> evaluate(Node node) {
    GraphBuilder builder = new GraphBuilder();
    List<Node> operands = new ArrayList<>();
    for (Node operand : node.operands()) {
      if (!(operand.op() instanceof io.kotangent.ir.Op.Constant)) {
        return Optional.empty();
      }
      operands.add(builder.add(operand.op()));
    }
    Node copy = builder.add(node.op(), operands);
    if (!copy.type().shape().size().isConstant()) {
      return Optional.empty();
    }
    Graph graph = builder.graph("constant", List.of(), List.of(new Graph.Result("value", copy)));
    Plan plan = Planner.plan(graph, PlanOptions.plain());
    Object[] arrays = arrays(plan);
    new PlanInterpreter(plan).run(arrays, new int[0]);
    for (Buffer buffer : plan.buffers()) {
      if (buffer.slot().kind() == ArraySlot.Kind.RESULT) {
        return Optional.of(Literal.of(copy.type(), arrays[buffer.index()]));
      }
    }
    throw new KotangentException("the plan of " + node + " has no result");
  }

  private static Object[] arrays(Plan plan) {
    Object[] arrays = new Object[plan.buffers().size()];
    int constant = 0;
    for (int i = 0; i < arrays.length; i++) {
      ArraySlot slot = plan.buffers().get(i).slot();
      arrays[i] =
          slot.kind() == ArraySlot.Kind.CONSTANT ? plan.signature().constants().get(constant++)
              : slot.dtype().newArray(slot.length().constant());
    }
    return arrays;
  }
}
