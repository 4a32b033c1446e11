package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// `loop[… log p …] (sigmoid z)` → `loop[… q …] (sigmoid z), (log(sigmoid z))`, and `log(item loop[sigmoid z])` → `item loop[sigmoid z,
/// log(sigmoid z)]`: a logarithm is taken on that side of the edge of a body where there is a stable formula for it.
///
/// Beside a value that enters, leaves or is carried goes its logarithm. Calls with a derivative of their own stay as they are.
public final class LogAcrossEdges {
  private final Graph graph;
  private final Bodies bodies;
  private final MoveAfterLog move;
  private final BiFunction<Graph, MoveAfterLog, Graph> stabilize;
  private final GraphBuilder builder = new GraphBuilder();
  private final NodeMap images = new NodeMap();
  private final Map<Node, LogSlots> slots = new IdentityHashMap<>();

  private LogAcrossEdges(Graph graph, Bodies bodies, MoveAfterLog move,
      BiFunction<Graph, MoveAfterLog, Graph> stabilize) {
    this.graph = graph;
    this.bodies = bodies;
    this.move = move;
    this.stabilize = stabilize;
  }

  /// @param move says which of the graph's own inputs have a stable logarithm outside
  /// @param stabilize brings the logarithms in a body to its inputs, where that is of use
  public static Graph apply(Graph graph, MoveAfterLog move,
      BiFunction<Graph, MoveAfterLog, Graph> stabilize) {
    return Bodies.change(graph, (inner, bodies) -> new LogAcrossEdges(inner, bodies,
        inner == graph ? move : new MoveAfterLog(), stabilize).apply());
  }

  private Graph apply() {
    if (graph.schedule().stream().noneMatch(node -> node.op() instanceof Op.Control)) {
      return graph;
    }
    boolean same = true;
    for (Node node : graph.schedule()) {
      builder.at(node.origin());
      Node image = image(node);
      same &= image.op().equals(node.op());
      images.put(node, image);
    }
    return same ? graph : images.graph(graph);
  }

  private Node image(Node node) {
    Op op = bodies.in(node.op());
    List<Node> operands = images.of(node.operands());
    if (op instanceof Op.Control control && !LogForm.hasOwnDerivative(control)) {
      LogSlots some = new LogSlots(control, operands, builder);
      wanted(node, control).forEach(some::add);
      if (some.isEmpty()) {
        return builder.add(op, operands);
      }
      slots.put(node, some);
      return some.build(stabilize);
    }
    if (op instanceof Op.Item(var index) && slots.containsKey(node.operand(0))) {
      return builder.item(operands.getFirst(), slots.get(node.operand(0)).index(index));
    }
    Optional<LogForm> form = LogForm.of(node);
    if (form.isPresent() && form.get().argument(node).op() instanceof Op.Item(var index)) {
      Node control = form.get().argument(node).operand(0);
      LogSlots some = slots.get(control);
      if (some != null && some.has(new LogSlots.Slot(true, index, form.get()))) {
        return builder.item(images.of(control), some.index(index, form.get()));
      }
    }
    return builder.add(op, operands);
  }

  /// The values beside which their logarithms are to go.
  private Set<LogSlots.Slot> wanted(Node node, Op.Control control) {
    Set<LogSlots.Slot> wanted = new LinkedHashSet<>();
    for (Node user : graph.schedule()) {
      LogForm.of(user).ifPresent(form -> {
        Node x = form.argument(user);
        if (x.op() instanceof Op.Item(var index) && x.operand(0) == node && form.isStableOf(x)) {
          wanted.add(new LogSlots.Slot(true, index, form));
        }
      });
    }
    int first = node.operands().size() - control.bodies().getFirst().inputs().size();
    int carried = control instanceof Op.Loop loop ? loop.carried() : 0;
    for (int i = 0; i < control.bodies().getFirst().inputs().size(); i++) {
      for (LogForm form : LogForm.values()) {
        boolean stable = form.reaches(node.operand(first + i), move::isGoal) || i < carried
            && form.reachesStable(control.bodies().getFirst().results().get(i).node());
        if (stable && isUsed(control, i, form)) {
          wanted.add(new LogSlots.Slot(i < carried, i, form));
        }
      }
    }
    return wanted;
  }

  /// Whether that logarithm of an input is taken inside, perhaps inside of a body there.
  private static boolean isUsed(Op.Control control, int input, LogForm form) {
    for (Graph body : control.bodies()) {
      Node port = body.inputs().get(input);
      for (Node node : body.schedule()) {
        Optional<LogForm> log = LogForm.of(node);
        if (log.isPresent() && isSeen(log.get(), log.get().argument(node), form, port)
            || node.op() instanceof Op.Control inner && isUsedWithin(inner, node, form, port)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isUsedWithin(Op.Control inner, Node node, LogForm form, Node port) {
    int first = node.operands().size() - inner.bodies().getFirst().inputs().size();
    for (int i = 0; i < inner.bodies().getFirst().inputs().size(); i++) {
      for (LogForm log : LogForm.values()) {
        if (isSeen(log, node.operand(first + i), form, port) && isUsed(inner, i, log)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether a logarithm of the root is that of the port, moved.
  private static boolean isSeen(LogForm log, Node root, LogForm form, Node port) {
    return log.reaches(root, (other, at) -> other == form && at == port);
  }
}
