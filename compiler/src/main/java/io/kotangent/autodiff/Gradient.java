package io.kotangent.autodiff;

import io.kotangent.ir.Expansion;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reverse mode, graph to graph.
///
/// One walk backwards over what the results need: each node's cotangent (the sum of what its users contributed, in the
/// order of the walk) becomes contributions to the cotangents of its operands. What does not depend on a target by
/// differentiable ops is passed over. Gradient nodes are ordinary nodes, so gradients can be differentiated again; they
/// keep the origin of the node that they differentiate, under the scope `grad`.
public final class Gradient {
  private record Value(Node node, int item) {
  }

  private final GraphBuilder builder;
  private final LinearTranspose linear;
  private final Map<Value, Node> cotangents = new HashMap<>();

  private Gradient(GraphBuilder builder, Activity activity) {
    this.builder = builder;
    this.linear = new LinearTranspose(builder, activity);
  }

  /// The name of the result that is the derivative of `loss` with respect to `input`: `dloss_dw`.
  public static String name(String loss, String input) {
    return "d" + loss + "_d" + input;
  }

  /// The graph with the gradient of one of its results with respect to some of its inputs as more results, called
  /// [#name]. Updates and guard stay. A [GradientException] tells of an input that does not reach the loss.
  public static Graph gradients(Graph graph, String loss, List<String> inputs) {
    Expansion.check(graph);
    GraphBuilder builder = new GraphBuilder();
    GraphParts parts = GraphParts.copy(graph, builder);
    Node lossNode = parts.result(loss);
    List<Node> targets = inputs.stream().map(parts::input).toList();
    List<Node> gradients = gradients(builder, loss, lossNode, targets);
    Map<String, Node> named = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      named.put(name(loss, inputs.get(i)), gradients.get(i));
    }
    return parts.with(graph.name() + "_gradients", List.of(), named);
  }

  /// The gradients of a scalar with respect to nodes of the same builder, one for each target and of its type. A
  /// [GradientException] tells of a target that does not reach the loss, and of a loss or a target that has no gradient.
  ///
  /// @param lossName what errors call the loss
  public static List<Node> gradients(GraphBuilder builder, String lossName, Node loss,
      List<Node> targets) {
    MissingPath.checkLoss(lossName, loss);
    targets.forEach(MissingPath::checkTarget);
    Origin before = builder.at(inGradient(loss.origin()));
    Node one = builder.fill(loss.type(), 1);
    builder.at(before);
    List<Optional<Node>> found = vjp(builder, List.of(loss), List.of(Optional.of(one)), targets);
    List<Node> gradients = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Node target = targets.get(i);
      gradients.add(found.get(i).orElseThrow(() -> MissingPath.error(lossName, loss, target)));
    }
    return gradients;
  }

  /// Vector times Jacobian: the cotangents of targets from those of results, all nodes of one builder.
  ///
  /// @param seeds the cotangents of the results; empty for a result that nothing depends on
  /// @return for each target its cotangent; empty where no derivative reaches it
  public static List<Optional<Node>> vjp(GraphBuilder builder, List<Node> results,
      List<Optional<Node>> seeds,
      List<Node> targets) {
    Activity activity = Activity.of(results, targets);
    Gradient sweep = new Gradient(builder, activity);
    for (int i = 0; i < results.size(); i++) {
      Node result = results.get(i);
      seeds.get(i).ifPresent(seed -> sweep.contribute(result, 0, seed));
    }
    Origin before = builder.at(Origin.UNKNOWN);
    for (Node node : activity.order().reversed()) {
      if (activity.isActive(node)) {
        builder.at(inGradient(node));
        sweep.propagate(node, activity);
      }
    }
    builder.at(before);
    return targets.stream().map(target -> sweep.cotangent(target, 0)).toList();
  }

  /// A body with the cotangents of its `active` inputs, from those of its `live` results.
  static CotangentBody ofBody(Graph graph, BitSet active, List<Boolean> live) {
    GraphBuilder builder = new GraphBuilder();
    GraphParts parts = GraphParts.copy(graph, builder);
    List<Node> inputs = graph.inputs().stream().map(parts::of).toList();
    List<Node> results = graph.results().stream().map(r -> parts.of(r.node())).toList();
    Map<Integer, Node> seeds = new LinkedHashMap<>();
    FreshNames names = FreshNames.besidePorts(graph);
    for (int i = 0; i < results.size(); i++) {
      if (live.get(i)) {
        String name = names.fresh("d" + graph.results().get(i).name());
        seeds.put(i, builder.input(new Port(name, Role.INPUT, results.get(i).type())));
      }
    }
    List<Optional<Node>> g = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      g.add(Optional.ofNullable(seeds.get(i)));
    }
    List<Integer> targets = active.stream().boxed().toList();
    List<Optional<Node>> found =
        vjp(builder, results, g, targets.stream().map(inputs::get).toList());
    Map<Integer, Node> cotangents = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      int target = targets.get(i);
      found.get(i).ifPresent(c -> cotangents.put(target, c));
    }
    return new CotangentBody(graph, builder, inputs, results, seeds, cotangents);
  }

  /// The origin of what a node's derivative is made of. A call keeps its scope: it names the random streams inside, and
  /// the derivative must see the same draws.
  static Origin inGradient(Node node) {
    return node.op() instanceof Op.Call ? node.origin() : inGradient(node.origin());
  }

  private static Origin inGradient(Origin origin) {
    return new Origin(origin.scope().isEmpty() ? "grad" : "grad/" + origin.scope(), origin.place());
  }

  private Optional<Node> cotangent(Node node, int item) {
    return Optional.ofNullable(cotangents.get(new Value(node, item)));
  }

  private void contribute(Node node, int item, Node contribution) {
    Value value = new Value(node, item);
    Node sum = cotangents.get(value);
    Node conforming = conforming(builder, contribution, node, item);
    cotangents.put(value, sum == null ? conforming : builder.map(ScalarFn.ADD, sum, conforming));
  }

  /// A derivative in the shape of the value that it belongs to: sizes may be equal only by a requirement.
  static Node conforming(GraphBuilder builder, Node derivative, Node node, int item) {
    TensorType type = switch (node.valueType()) {
      case TensorType tensor -> tensor;
      case TupleType(var items) -> items.get(item);
    };
    return builder.reshape(derivative, type.shape());
  }

  /// Adds what a node's cotangents contribute to those of its active operands. Which ops are linear, [LinearTranspose] says.
  private void propagate(Node node, Activity activity) {
    int items = node.valueType() instanceof TupleType(var types) ? types.size() : 1;
    List<Optional<Node>> g = new ArrayList<>();
    for (int item = 0; item < items; item++) {
      g.add(activity.isActive(node, item) ? cotangent(node, item) : Optional.empty());
    }
    if (g.stream().allMatch(Optional::isEmpty)) {
      return;
    }
    switch (node.op()) {
      case Op.Item(var index) -> contribute(node.operand(0), index, g.getFirst().orElseThrow());
      case Op.Sort sort ->
          contribute(node.operand(0), 0,
              SortDerivative.transpose(builder, sort, node, g.getFirst().orElseThrow()));
      case Op.Control control -> {
        List<Optional<Node>> contributions =
            ControlTranspose.transpose(builder, control, node, activity.operands(node), g);
        for (int i = 0; i < contributions.size(); i++) {
          Node operand = node.operand(i);
          contributions.get(i).ifPresent(c -> contribute(operand, 0, c));
        }
      }
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Gather _, Op.Scatter _, Op.Sum _ -> {
        for (int i = 0; i < node.operands().size(); i++) {
          if (passes(node, i, activity)) {
            contribute(node.operand(i), 0, linear.transpose(node, i, g.getFirst().orElseThrow()));
          }
        }
      }
    }
  }

  static boolean passes(Node node, int operand, Activity activity) {
    return activity.isActive(node.operand(operand))
        && (!(node.op() instanceof Op.Map(var fn)) || fn.derivatives().get(operand).isPresent());
  }
}
