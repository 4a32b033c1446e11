package io.kotangent.explain;

import io.kotangent.autodiff.Gradient;
import io.kotangent.data.TextFile;
import io.kotangent.formula.Formula;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A formula to play with, as one page: a slider for each input, the value of each node and the gradient of the result by it as they
/// change, a plot with its tangent, and steps of gradient descent. The page computes in f64, by JavaScript that is made of the
/// same graph and its symbolic gradient, as they are written: it shows the overflow that a program avoids, whose formulas are made
/// stable first.
///
/// LECTURES F1, F2: the interactive playground.
public final class Playground {
  /// The most nodes of a formula.
  static final int MOST = 200;

  private final Graph graph;
  private final Map<String, Double> start;

  private Playground(Graph graph, Map<String, Double> start) {
    this.graph = graph;
    this.start = start;
  }

  /// The playground of the first result of a graph of numbers. Floats of any type are f64 in it; inputs start at 1.
  ///
  /// @param graph without state that it updates, of scalars only, with at most 200 nodes
  /// @throws KotangentException that names what is none of this
  public static Playground of(Graph graph) {
    if (graph.results().isEmpty() || !graph.results().getFirst().node().dtype().isFloat()) {
      throw new KotangentException("a playground is of a graph whose first result is a float, not"
          + " of " + graph.name());
    }
    if (graph.schedule().size() > MOST) {
      throw new KotangentException("a playground has at most " + MOST + " nodes, graph "
          + graph.name() + " has " + graph.schedule().size());
    }
    Graph numbers = numbers(graph);
    Map<String, Double> start = new LinkedHashMap<>();
    numbers.ports().forEach(port -> start.put(port.name(), 1.0));
    return new Playground(numbers, start);
  }

  /// The same, where inputs start at these values.
  ///
  /// @throws KotangentException if there is no such input
  public Playground at(Map<String, Double> values) {
    Map<String, Double> all = new LinkedHashMap<>(start);
    values.forEach((name, value) -> {
      graph.input(name);
      all.put(name, value);
    });
    return new Playground(graph, all);
  }

  /// The formula, in f64: the needed inputs, one result.
  public Graph graph() {
    return graph;
  }

  Map<String, Double> start() {
    return start;
  }

  /// The page; it needs no network and no server.
  public String html() {
    return PlaygroundPage.of(this);
  }

  /// Writes [#html] to a file, wholly or not at all.
  ///
  /// @throws io.kotangent.data.DataException if it cannot be written; what was there before is untouched
  public void write(Path file) {
    TextFile.write(file, html());
  }

  /// The formula, and where its inputs start.
  @Override
  public String toString() {
    return Formula.of(graph, graph.results().getFirst().name(), List.of()) + ", at " + start;
  }

  /// Only floats of one type, and only what the first result needs.
  private static Graph numbers(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Node root = graph.results().getFirst().node();
    List<Node> order = new ArrayList<>();
    Graph.visit(root, java.util.Collections.newSetFromMap(new IdentityHashMap<>()), order);
    Map<Node, Node> wide = new IdentityHashMap<>();
    for (Node node : order) {
      b.at(node.origin());
      wide.put(node, number(b, node, wide));
    }
    return b.graph(graph.name(),
        graph.inputs().stream().filter(wide::containsKey)
            .map(input -> Objects.requireNonNull(wide.get(input))).toList(),
        List.of(new Graph.Result(graph.results().getFirst().name(),
            Objects.requireNonNull(wide.get(root)))));
  }

  private static Node number(GraphBuilder b, Node node, Map<Node, Node> wide) {
    boolean isNumber = node.valueType() instanceof TensorType type && type.isScalar()
        && (type.dtype().isFloat() || type.dtype() == DType.BOOL);
    if (!isNumber) {
      throw new KotangentException("a playground is of numbers, not of " + node
          + ": reduce tensors to floats, or look at them by Explanation");
    }
    List<Node> operands =
        node.operands().stream().map(o -> Objects.requireNonNull(wide.get(o))).toList();
    return switch (node.op()) {
      case Op.Input(var port) when node.dtype().isFloat() ->
          b.input(new Port(port.name(), Role.INPUT, TensorType.scalar(DType.F64)));
      case Op.Constant(var literal) when node.dtype().isFloat() ->
          b.constant(Literal.scalar(DType.F64, literal.real(0)));
      case Op.Cast(var to) when to.isFloat() -> b.cast(DType.F64, operands.getFirst());
      case Op.Constant _, Op.Cast _, Op.Map _ -> b.add(node.op(), operands);
      case Op _ -> throw new KotangentException(
          "a playground is of inputs, constants and functions of floats, not of " + node);
    };
  }

  /// The graph with its gradient by each of its floats.
  ///
  /// @param values the nodes of [#graph], copied
  /// @param gradients for each of them, if any reaches it
  record WithGradients(Graph graph, List<Node> values, List<Optional<Node>> gradients) {
  }

  WithGradients withGradients() {
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = b.copy(graph);
    List<Node> values = graph.schedule().stream().map(copies::get).toList();
    List<Node> floats = values.stream().filter(node -> node.dtype().isFloat()
        && !(node.op() instanceof Op.Constant)).toList();
    Node result = Objects.requireNonNull(copies.get(graph.results().getFirst().node()));
    List<Optional<Node>> found = floats.contains(result)
        ? Gradient.vjp(b, List.of(result), List.of(Optional.of(b.scalar(DType.F64, 1))), floats)
        : List.of();
    List<Optional<Node>> gradients = new ArrayList<>();
    List<Graph.Result> results = new ArrayList<>();
    for (Node value : values) {
      int at = floats.indexOf(value);
      Optional<Node> gradient = at < 0 || found.isEmpty() ? Optional.empty() : found.get(at);
      gradients.add(gradient);
      results.add(new Graph.Result("value" + results.size(), value));
      gradient.ifPresent(g -> results.add(new Graph.Result("gradient" + results.size(), g)));
    }
    return new WithGradients(b.graph(graph.name() + "_gradients",
        graph.inputs().stream().map(copies::get).toList(), results), values, gradients);
  }
}
