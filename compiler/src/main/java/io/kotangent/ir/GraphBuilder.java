package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The only way to make nodes: infers each one's type and interns it, so that equal computations are the
/// same object. Every method makes one node and is named like its op's mnemonic; none simplifies.
public final class GraphBuilder {
  /// @param stream as [Node#stream]
  private record Key(Op op, List<Node> operands, String stream) {
  }

  private final Map<Key, Node> interned = new HashMap<>();
  private final Map<String, Node> inputs = new HashMap<>();
  private final Map<Graph, Graph> bodies = new IdentityHashMap<>();
  private final List<Requirement> requirements = new ArrayList<>();
  private Origin origin = Origin.UNKNOWN;
  private int next;

  /// Sets the origin of nodes made from now on; returns the one before.
  public Origin at(Origin newOrigin) {
    Origin before = origin;
    origin = newOrigin;
    return before;
  }

  /// Adds an assumption about sizes.
  public void require(Requirement requirement) {
    requirements.add(requirement);
  }

  /// What nodes made so far assume of symbolic sizes.
  public List<Requirement> requirements() {
    return List.copyOf(requirements);
  }

  /// The node of that op applied to operands of this builder: a new one, or the equal one there is. What is declared of the
  /// ports of its bodies is forgotten: whatever they are applied to, nothing checks it.
  public Node add(Op given, List<Node> operands) {
    Op op = given instanceof Op.Control control ? withoutFacts(control) : given;
    Key key = new Key(op, List.copyOf(operands), Node.stream(op, origin));
    Node known = interned.get(key);
    if (known == null && op instanceof Op.Map(var fn) && fn.isCommutative()
        && operands.size() == 2) {
      known = interned.get(new Key(op, List.of(operands.get(1), operands.get(0)), ""));
    }
    if (known != null) {
      return known;
    }
    if (op instanceof Op.Input(var port) && inputs.containsKey(port.name())) {
      throw new KotangentException(
          "input '" + port.name() + "' is declared twice, as " + port + " and as "
              + Graph.port(inputs.get(port.name()))
              + (origin.place().isEmpty() ? "" : " at " + origin));
    }
    Type type = TypeRule.infer(op, key.operands, origin, requirements);
    check(op, type);
    Node node = new Node(next++, op, key.operands, type, origin);
    interned.put(key, node);
    if (op instanceof Op.Input(var port)) {
      inputs.put(port.name(), node);
    }
    return node;
  }

  /// What texts could not say is refused.
  private void check(Op op, Type type) {
    String at = origin.place().isEmpty() ? "" : " at " + origin;
    if (op instanceof Op.Input(var port)) {
      Graph.checkedName("input" + at, port.name());
      port.slot().ifPresent(slot -> Graph.checkedName("a slot's kind" + at, slot.kind()));
    } else if (op instanceof Op.Random(var stream, _, _)) {
      Graph.checkedName("random stream" + at, stream);
    }
    for (TensorType tensor : type instanceof TupleType(var items) ? items
        : List.of((TensorType) type)) {
      if (tensor.rank() > SumOrder.MOST_AXES) {
        throw new ShapeException(op.mnemonic() + at + ": expected at most " + SumOrder.MOST_AXES
            + " axes, got " + tensor.rank() + ": reshape neighbors into one");
      }
    }
    for (Graph body : op.bodies()) {
      if (body.depth() >= Graph.DEEPEST) {
        throw new KotangentException(op.mnemonic() + at + ": expected graphs nested at most "
            + Graph.DEEPEST + " deep, got more: call fewer from within each other");
      }
    }
  }

  /// The graph with nothing declared of its ports but their types; the same instance if nothing is.
  private static Graph withoutFacts(Graph graph) {
    if (graph.ports().stream().allMatch(port -> port.facts().isEmpty())) {
      return graph;
    }
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = new IdentityHashMap<>();
    List<Node> plain = new ArrayList<>();
    for (Node input : graph.inputs()) {
      Port port = Graph.port(input);
      Origin before = b.at(input.origin());
      plain.add(b.input(new Port(port.name(), port.role(), port.type())));
      b.at(before);
      copies.put(input, plain.getLast());
    }
    b.copy(graph.roots(), copies);
    return new Graph(graph.name(), plain,
        graph.results().stream().map(r -> new Graph.Result(r.name(), copies.get(r.node())))
            .toList(),
        graph.updates().stream()
            .map(u -> new Graph.Update(copies.get(u.port()), copies.get(u.value()))).toList(),
        graph.guard().map(copies::get), graph.requirements());
  }

  private Op withoutFacts(Op.Control control) {
    List<Graph> plain = control.bodies().stream()
        .map(body -> bodies.computeIfAbsent(body, GraphBuilder::withoutFacts)).toList();
    return plain.equals(control.bodies()) ? control : control.with(plain);
  }

  public Node add(Op op, Node... operands) {
    return add(op, List.of(operands));
  }

  // ---- sources

  public Node input(Port port) {
    return add(new Op.Input(port));
  }

  public Node constant(Literal value) {
    return add(new Op.Constant(value));
  }

  public Node scalar(DType dtype, double value) {
    return constant(Literal.scalar(dtype, value));
  }

  /// A scalar constant, broadcast to a type.
  public Node fill(TensorType type, double value) {
    return broadcastTo(scalar(type.dtype(), value), List.of(), type.shape());
  }

  public Node iota(Shape shape, int axis, DType dtype) {
    return add(new Op.Iota(shape, axis, dtype));
  }

  public Node size(Dim dim) {
    return add(new Op.Size(dim));
  }

  // ---- lanes

  public Node map(ScalarFn fn, Node... operands) {
    return add(new Op.Map(fn), operands);
  }

  /// A cast; the operand itself if it has that type.
  public Node cast(DType to, Node x) {
    return x.dtype() == to ? x : add(new Op.Cast(to), x);
  }

  // ---- layout

  public Node broadcast(Node x, List<Integer> axes, Shape to) {
    return add(new Op.Broadcast(axes, to), x);
  }

  /// A broadcast; the operand itself if it has that shape.
  public Node broadcastTo(Node x, List<Integer> axes, Shape to) {
    return x.shape().equals(to) ? x : broadcast(x, axes, to);
  }

  /// A reshape; the operand itself if it has that shape.
  public Node reshape(Node x, Shape to) {
    return x.shape().equals(to) ? x : add(new Op.Reshape(to), x);
  }

  public Node transpose(Node x, List<Integer> permutation) {
    return add(new Op.Transpose(permutation), x);
  }

  // ---- sums

  /// A reduction of axes (increasing) in the order that a new one gets.
  public Node reduce(Op.Reduction kind, Node x, List<Integer> axes) {
    SumOrder order = SumOrder.ofReduction(axes, x.type().rank());
    return add(new Op.Reduce(kind, axes, order, x.dtype()), x);
  }

  /// A sum over axes; the operand itself if there are none.
  public Node sum(Node x, List<Integer> axes) {
    return axes.isEmpty() ? x : reduce(Op.Reduction.SUM, x, axes);
  }

  /// A contraction by einsum labels, `bk,kn->bn`, in the order that a new one gets.
  public Node contract(String labels, Node x, Node y) {
    int comma = labels.indexOf(',');
    int arrow = labels.indexOf("->");
    if (comma < 0 || arrow < comma) {
      throw new KotangentException(
          "contract: expected labels such as bk,kn->bn, got '" + labels + "'");
    }
    String left = labels.substring(0, comma);
    String right = labels.substring(comma + 1, arrow);
    String result = labels.substring(arrow + 2);
    SumOrder order = SumOrder.of(List.of(left, right), result);
    return add(new Op.Contract(left, right, result, order, x.dtype()), x, y);
  }

  // ---- tuples

  public Node item(Node tuple, int index) {
    return add(new Op.Item(index), tuple);
  }

  // ---- whole formulas and graphs

  /// The node that computes a formula.
  ///
  /// @param args what the term's arguments stand for
  /// @param result what `y` stands for
  /// @param seed what `g` stands for
  /// @param type the type that numbers in the formula get
  public Node instantiate(Term term, List<Node> args, Optional<Node> result, Optional<Node> seed,
      TensorType type) {
    return instantiate(term, args, result, seed, type, new IdentityHashMap<>());
  }

  private Node instantiate(Term term, List<Node> args, Optional<Node> result, Optional<Node> seed,
      TensorType type,
      Map<Term, Node> done) {
    Node known = done.get(term);
    if (known != null) {
      return known;
    }
    Node node = switch (term) {
      case Term.Arg(var index) -> args.get(index);
      case Term.Result _ ->
          result.orElseThrow(() -> new KotangentException("a formula without a result: " + term));
      case Term.Seed _ ->
          seed.orElseThrow(() -> new KotangentException("a formula without a seed: " + term));
      case Term.Num(var value) -> fill(type, value);
      case Term.Fn(var fn, var terms) -> {
        List<Node> operands = new ArrayList<>();
        for (Term t : terms) {
          operands.add(instantiate(t, args, result, seed, type, done));
        }
        yield add(new Op.Map(fn), operands);
      }
      case Term.Lit _, Term.Prim _ ->
          throw new KotangentException("a lowering is no formula of nodes: " + term);
    };
    done.put(term, node);
    return node;
  }

  /// Copies into this builder what `roots` need; nodes that are keys of `replaced` stand for their values.
  /// All copies are added to `replaced`. Origins are kept.
  public void copy(Collection<Node> roots, Map<Node, Node> replaced) {
    List<Node> order = new ArrayList<>();
    java.util.Set<Node> seen = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
    seen.addAll(replaced.keySet());
    roots.forEach(root -> Graph.visit(root, seen, order));
    Origin before = origin;
    for (Node node : order) {
      origin = node.origin();
      List<Node> operands = new ArrayList<>(node.operands().size());
      node.operands().forEach(o -> operands.add(replaced.get(o)));
      replaced.put(node, add(node.op(), operands));
    }
    origin = before;
  }

  /// Copies a whole graph, inputs included; the map from its nodes to this builder's.
  public Map<Node, Node> copy(Graph graph) {
    Map<Node, Node> copies = new IdentityHashMap<>();
    requirements.addAll(graph.requirements());
    copy(graph.schedule(), copies);
    return copies;
  }

  /// Copies a graph's computation with arguments for its inputs; its results.
  public List<Node> inline(Graph graph, List<Node> arguments) {
    Map<Node, Node> copies = new IdentityHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      copies.put(graph.inputs().get(i), arguments.get(i));
    }
    requirements.addAll(graph.requirements());
    List<Node> roots = graph.results().stream().map(Graph.Result::node).toList();
    copy(roots, copies);
    return roots.stream().map(copies::get).toList();
  }

  /// A graph of nodes of this builder.
  public Graph graph(String name, List<Node> graphInputs, List<Graph.Result> results,
      List<Graph.Update> updates,
      Optional<Node> guard) {
    return new Graph(name, graphInputs, results, updates, guard, requirements);
  }

  /// A graph without updates.
  public Graph graph(String name, List<Node> graphInputs, List<Graph.Result> results) {
    return graph(name, graphInputs, results, List.of(), Optional.empty());
  }
}
