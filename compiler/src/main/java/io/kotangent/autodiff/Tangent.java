package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Forward mode, graph to graph: one walk forwards, from the tangents of some nodes to those of the results. The formulas
/// are those of reverse mode; the nodes it makes keep the origin of the node that they differentiate, under the scope
/// `grad`.
public final class Tangent {
  private record Value(Node node, int item) {
  }

  private final GraphBuilder builder;
  private final TangentRule rule;
  private final Map<Value, Node> tangents = new HashMap<>();

  private Tangent(GraphBuilder builder) {
    this.builder = builder;
    this.rule = new TangentRule(builder);
  }

  /// The name of the tangent of an input or result: `dx`.
  public static String name(String input) {
    return "d" + input;
  }

  /// The graph with an input more for each of `inputs`, its tangent, and a result more for each of `results`, its
  /// tangent; called [#name]. A [GradientException] tells of a result that none of the inputs reaches.
  public static Graph tangents(Graph graph, List<String> results, List<String> inputs) {
    GraphBuilder builder = new GraphBuilder();
    GraphParts parts = GraphParts.copy(graph, builder);
    List<Node> targets = inputs.stream().map(parts::input).toList();
    targets.forEach(MissingPath::checkTarget);
    List<Node> outputs = results.stream().map(parts::result).toList();
    FreshNames names = FreshNames.besidePorts(graph);
    List<Node> seeds = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      String name = name(inputs.get(i));
      if (!names.take(name)) {
        throw new GradientException(
            "graph " + graph.name() + " already has an input `" + name + "`: rename it");
      }
      seeds.add(builder.input(new Port(name, Role.INPUT, targets.get(i).type())));
    }
    List<Optional<Node>> found = jvp(builder, outputs, targets, seeds);
    Map<String, Node> named = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      String result = results.get(i);
      Node output = outputs.get(i);
      named.put(name(result),
          found.get(i).orElseThrow(() -> MissingPath.error(result, output, targets)));
    }
    return parts.with(graph.name() + "_tangents", seeds, named);
  }

  /// Jacobian times vector: the tangents of results from those of targets, all nodes of one builder. The transpose of
  /// [Gradient#vjp]: what depends on a target may be a target, too; its tangent is then the sum of both.
  ///
  /// @return for each result its tangent; empty where no derivative reaches it
  public static List<Optional<Node>> jvp(GraphBuilder builder, List<Node> results,
      List<Node> targets,
      List<Node> seeds) {
    Tangent sweep = new Tangent(builder);
    Activity activity = Activity.of(results, targets);
    for (int i = 0; i < targets.size(); i++) {
      sweep.tangents.put(new Value(targets.get(i), 0), seeds.get(i));
    }
    Origin before = builder.at(Origin.UNKNOWN);
    for (Node node : activity.order()) {
      if (activity.isActive(node)) {
        builder.at(Gradient.inGradient(node));
        sweep.propagate(node, activity);
      }
    }
    builder.at(before);
    return results.stream().map(result -> sweep.tangent(result, 0)).toList();
  }

  private Optional<Node> tangent(Node node, int item) {
    return Optional.ofNullable(tangents.get(new Value(node, item)));
  }

  private void propagate(Node node, Activity activity) {
    List<Optional<Node>> t = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      t.add(Gradient.passes(node, i, activity) ? tangent(node.operand(i), 0) : Optional.empty());
    }
    if (t.stream().allMatch(Optional::isEmpty) && !(node.op() instanceof Op.Item)) {
      return;
    }
    List<Optional<Node>> results = switch (node.op()) {
      case Op.Item(var index) -> List.of(tangent(node.operand(0), index));
      case Op.Control control -> ControlTangent.forward(builder, control, node, t);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _ ->
          List.of(Optional.of(rule.forward(node, t)));
    };
    for (int i = 0; i < results.size(); i++) {
      int item = i;
      results.get(i).ifPresent(r -> tangents.merge(new Value(node, item),
          Gradient.conforming(builder, r, node, item),
          (seed, more) -> builder.map(ScalarFn.ADD, seed, more)));
    }
  }
}
