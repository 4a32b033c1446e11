package io.kotangent.plan.lower;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.form.RowForm;
import io.kotangent.rewrite.Hazards;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rewrites a graph into what the planner takes: calls inlined, the marks of differentiation gone, contractions'
/// operands transposed where their rows are not contiguous, and convolutions' data padded.
final class Prepare {
  private final PlanOptions options;
  private final GraphBuilder builder = new GraphBuilder();
  private final Hazards hazards = new Hazards();

  private Prepare(PlanOptions options) {
    this.options = options;
  }

  static Graph prepare(Graph graph, PlanOptions options) {
    return prepare(graph, options, "");
  }

  private static Graph prepare(Graph graph, PlanOptions options, String scope) {
    Prepare prepare = new Prepare(options);
    Map<Node, Node> copies = new IdentityHashMap<>();
    prepare.copy(graph.schedule(), copies, scope);
    graph.requirements().forEach(prepare.builder::require);
    List<Node> inputs = graph.inputs().stream().map(copies::get).toList();
    List<Graph.Result> results =
        graph.results().stream().map(r -> new Graph.Result(r.name(), copies.get(r.node())))
            .toList();
    List<Graph.Update> updates = graph.updates().stream()
        .map(u -> new Graph.Update(copies.get(u.port()), copies.get(u.value()))).toList();
    return prepare.builder.graph(graph.name(), inputs, results, updates,
        graph.guard().map(copies::get));
  }

  /// Copies nodes; `scope` prefixes the streams of random numbers. Tuples of calls are kept as lists of their results.
  private void copy(List<Node> schedule, Map<Node, Node> copies, String scope) {
    Map<Node, List<Node>> calls = new IdentityHashMap<>();
    for (Node node : schedule) {
      if (copies.containsKey(node)) {
        continue;
      }
      builder.at(node.origin());
      if (node.op() instanceof Op.Call(var callee, _)) {
        calls.put(node, failsAside(node, callee, schedule) ? apply(callee, node, copies, scope)
            : inline(callee, node, copies, scope));
      } else if (node.op() instanceof Op.Item(var index) && calls.containsKey(node.operand(0))) {
        copies.put(node, calls.get(node.operand(0)).get(index));
      } else {
        List<Node> operands = new ArrayList<>();
        node.operands().forEach(o -> operands.add(copies.get(o)));
        copies.put(node, copy(node, operands, scope));
      }
    }
    builder.at(Origin.UNKNOWN);
  }

  private Node copy(Node node, List<Node> operands, String scope) {
    return switch (node.op()) {
      case Op.Map(var fn) when fn == ScalarFn.STOP_GRADIENT -> operands.getFirst();
      case Op.Random random when !scope.isEmpty() ->
          builder.add(new Op.Random(scope + random.stream(), random.shape(), random.perExample()),
              operands);
      case Op.Contract contract when options.has(PlanPass.TRANSPOSE_ONCE) ->
          contract(contract, builder.add(contract, operands));
      case Op.Convolve convolve -> new ConvolveOperands(builder, options).prepare(convolve,
          operands.getFirst(), operands.getLast());
      case Op.Loop loop -> loop(loop, prepare(loop.body(), options, scope), operands);
      case Op.Branch(var then, var otherwise) ->
          builder.add(
              new Op.Branch(prepare(then, options, scope), prepare(otherwise, options, scope)),
              operands);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          builder.add(node.op(), operands);
    };
  }

  /// Whether what is taken of a call does not need all that may fail in it or in its arguments.
  private boolean failsAside(Node call, Graph callee, List<Node> schedule) {
    if (hazards.of(call).isEmpty()) {
      return false;
    }
    Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Integer> taken = new ArrayList<>();
    for (Node node : schedule) {
      if (node.op() instanceof Op.Item(var index) && node.operand(0) == call) {
        taken.add(index);
        Graph.visit(callee.results().get(index).node(), needed, new ArrayList<>());
      }
    }
    boolean argumentsAre = true;
    for (int i = 0; i < callee.inputs().size(); i++) {
      argumentsAre &= needed.contains(callee.inputs().get(i))
          || hazards.of(call.operand(i)).isEmpty();
    }
    return !argumentsAre || !Hazards.areNeeded(callee, taken);
  }

  /// A call as a graph of its own, which is computed as a whole: a branch has that.
  private List<Node> apply(Graph callee, Node call, Map<Node, Node> copies, String scope) {
    Graph whole = prepare(callee, options, inside(call, scope));
    List<Node> operands = new ArrayList<>(List.of(builder.scalar(DType.BOOL, 1)));
    call.operands().forEach(operand -> operands.add(copies.get(operand)));
    Node branch = builder.add(new Op.Branch(whole, whole), operands);
    List<Node> items = new ArrayList<>();
    for (int i = 0; i < callee.results().size(); i++) {
      items.add(builder.item(branch, i));
    }
    return items;
  }

  private static String inside(Node call, String scope) {
    return call.origin().scope().isEmpty() ? scope : scope + call.origin().scope() + "/";
  }

  private List<Node> inline(Graph callee, Node call, Map<Node, Node> copies, String scope) {
    Map<Node, Node> inner = new IdentityHashMap<>();
    for (int i = 0; i < callee.inputs().size(); i++) {
      inner.put(callee.inputs().get(i), copies.get(call.operand(i)));
    }
    copy(callee.schedule(), inner, inside(call, scope));
    return callee.results().stream().map(r -> inner.get(r.node())).toList();
  }

  // ---- transposes

  /// A loop whose invariants are transposed before it, not in each iteration.
  private Node loop(Op.Loop loop, Graph body, List<Node> operands) {
    GraphBuilder inner = new GraphBuilder();
    body.requirements().forEach(inner::require);
    Map<Node, Node> copies = new IdentityHashMap<>();
    List<Node> inputs = new ArrayList<>();
    for (Node input : body.inputs()) {
      inputs.add(inner.input(Graph.port(input)));
      copies.put(input, inputs.getLast());
    }
    List<Node> more = new ArrayList<>(operands);
    int first = loop.carried() + loop.sliced();
    for (Node node : body.schedule()) {
      if (node.op() instanceof Op.Transpose(var permutation)
          && body.inputs().indexOf(node.operand(0)) >= first) {
        int invariant = body.inputs().indexOf(node.operand(0));
        inputs.add(inner.input(new Port("transposed?" + inputs.size(), Role.INPUT, node.type())));
        copies.put(node, inputs.getLast());
        more.add(builder.transpose(operands.get(invariant), permutation));
      }
    }
    if (more.size() > operands.size()) {
      inner.copy(body.roots(), copies);
    }
    Graph whole = more.size() == operands.size() ? body
        : inner.graph(body.name(), inputs, body.results().stream()
            .map(r -> new Graph.Result(r.name(), copies.get(r.node()))).toList());
    return builder.add(
        new Op.Loop(whole, loop.count(), loop.carried(), loop.sliced(), loop.reverse()), more);
  }

  /// before: `contract[bn,kn->bk] g, w`: no free label is last in its operand and in the result;
  /// after: `contract[bn,nk->bk] g, (transpose w)`: rows of the transposed copy are contiguous.
  private Node contract(Op.Contract op, Node node) {
    boolean suits = !node.dtype().isFloat() || op.order().kind() != SumOrder.Kind.SEQUENTIAL
        || op.accumulator() != node.dtype() || op.result().isEmpty()
        || RowForm.of(node).filter(RowForm::pays).isPresent();
    if (suits) {
      return node;
    }
    for (int i = op.result().length() - 1; i >= 0; i--) {
      char label = op.result().charAt(i);
      boolean left = op.left().indexOf(label) >= 0;
      boolean right = op.right().indexOf(label) >= 0;
      if (left != right && !(node.shape().dim(i).isConstant()
          && node.shape().dim(i).constant() < RowForm.SHORT)) {
        Node candidate = rowsAlong(op, node, label, left);
        if (RowForm.of(candidate).filter(RowForm::pays).isPresent()
            && isWorthACopy(op, node, left)) {
          return candidate;
        }
      }
      if (!node.shape().dim(i).is(1)) {
        return node;
      }
    }
    return node;
  }

  /// Whether each element of the operand is used often enough: a copy costs as much as some products.
  private static boolean isWorthACopy(Op.Contract op, Node node, boolean left) {
    Dim uses = Dim.ONE;
    for (int i = 0; i < op.result().length(); i++) {
      if ((left ? op.left() : op.right()).indexOf(op.result().charAt(i)) < 0) {
        uses = uses.times(node.shape().dim(i));
      }
    }
    return !uses.isConstant() || uses.constant() >= RowForm.SHORT;
  }

  private Node rowsAlong(Op.Contract op, Node node, char label, boolean left) {
    String labels = left ? op.left() : op.right();
    Node operand = node.operand(left ? 0 : 1);
    StringBuilder moved = new StringBuilder(labels);
    moved.deleteCharAt(labels.indexOf(label)).append(label);
    List<Integer> permutation = new ArrayList<>();
    moved.chars().forEach(l -> permutation.add(labels.indexOf(l)));
    Node transposed = builder.transpose(operand, permutation);
    Op.Contract contract = left
        ? new Op.Contract(moved.toString(), op.right(), op.result(), op.order(), op.accumulator())
        : new Op.Contract(op.left(), moved.toString(), op.result(), op.order(), op.accumulator());
    return left ? builder.add(contract, transposed, node.operand(1))
        : builder.add(contract, node.operand(0), transposed);
  }
}
