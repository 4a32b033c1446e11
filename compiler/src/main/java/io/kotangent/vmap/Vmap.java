package io.kotangent.vmap;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Vectorization, graph to graph: a function of one example becomes that of a batch, along a new leading axis. Each op has
/// a rule; a loop over the examples is left only where no op does the same (a branch that each example takes on its own).
/// The numbers are those of the function applied to each example, bit for bit: orders of summation are kept.
public final class Vmap {
  private final GraphBuilder builder;
  private final BatchAxis axis;
  private final Map<Node, List<Mapped>> found = new IdentityHashMap<>();

  private Vmap(GraphBuilder builder, Dim size) {
    this.builder = builder;
    this.axis = new BatchAxis(builder, size);
  }

  /// The graph of a batch: `inputs` get a leading axis, the others are the same for all examples; every result gets the
  /// axis.
  ///
  /// @param graph without updates and guard: a state is one, not one for each example
  /// @param size of the axis; a symbol that the graph has already is the same size
  /// @throws KotangentException of an input that there is not, or a draw that each of an unknown number of examples has for
  /// itself
  public static Graph over(Graph graph, Collection<String> inputs, Dim size) {
    if (!graph.updates().isEmpty() || graph.guard().isPresent()) {
      throw new KotangentException("vmap of graph " + graph.name()
          + ": expected a graph without updates and guard, got one that updates "
          + graph.updates().stream().map(u -> Graph.port(u.port()).name()).toList()
          + ": take what it computes into results");
    }
    BitSet batched = new BitSet();
    inputs.forEach(name -> batched.set(graph.inputs().indexOf(graph.input(name))));
    BitSet results = new BitSet();
    results.set(0, graph.results().size());
    return body(graph, graph.name() + "_vmap", batched, results, size);
  }

  /// What some nodes are for a whole batch, all nodes of one builder.
  ///
  /// @param batched nodes that stand for one example's values, and those of all examples: of the same type with a leading
  /// axis of that size
  /// @return for each result the values of all examples, along a leading axis
  public static List<Node> batch(GraphBuilder builder, List<Node> results,
      Map<Node, Node> batched, Dim size) {
    Vmap vmap = new Vmap(builder, size);
    batched.forEach((one, all) -> {
      TensorType expected = new TensorType(one.dtype(), vmap.axis.shape(one.shape()));
      if (!all.type().equals(expected)) {
        throw new KotangentException(
            "vmap: expected all examples as " + expected + ", got " + all.type());
      }
      vmap.found.put(one, List.of(Mapped.all(all)));
    });
    vmap.walk(results);
    return results.stream().map(vmap::all).toList();
  }

  /// A graph of a batch.
  ///
  /// @param batched which inputs have all examples
  /// @param results which results shall have all examples, at least those that depend on such inputs
  static Graph body(Graph graph, String name, BitSet batched, BitSet results, Dim size) {
    Vmap vmap = new Vmap(new GraphBuilder(), size);
    graph.requirements().forEach(vmap.builder::require);
    List<Node> inputs = new ArrayList<>();
    Origin before = vmap.builder.at(Origin.UNKNOWN);
    for (int i = 0; i < graph.inputs().size(); i++) {
      Node input = graph.inputs().get(i);
      vmap.builder.at(input.origin());
      Port port = Graph.port(input);
      Node mapped = vmap.builder.input(!batched.get(i) ? port : new Port(port.name(), port.role(),
          new TensorType(input.dtype(), vmap.axis.shape(input.shape())), port.facts()));
      inputs.add(mapped);
      vmap.found.put(input, List.of(new Mapped(mapped, batched.get(i))));
    }
    vmap.builder.at(before);
    vmap.walk(graph.results().stream().map(Graph.Result::node).toList());
    List<Graph.Result> named = IntStream.range(0, graph.results().size()).mapToObj(i -> {
      Graph.Result result = graph.results().get(i);
      return new Graph.Result(result.name(),
          results.get(i) ? vmap.all(result.node()) : vmap.one(result.node()).node());
    }).toList();
    return vmap.builder.graph(name, inputs, named);
  }

  private Mapped one(Node node) {
    return java.util.Objects.requireNonNull(found.get(node)).getFirst();
  }

  private Node all(Node node) {
    return axis.all(one(node));
  }

  private void walk(List<Node> results) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.addAll(found.keySet());
    results.forEach(result -> Graph.visit(result, seen, order));
    Origin before = builder.at(Origin.UNKNOWN);
    for (Node node : order) {
      builder.at(node.origin());
      found.put(node, node.op() instanceof Op.Item(var index)
          ? List.of(item(found.get(node.operand(0)), index))
          : values(node));
    }
    builder.at(before);
  }

  /// A tuple that is the same for all examples is one value; another's items are known one by one.
  private Mapped item(List<Mapped> tuple, int index) {
    return tuple.getFirst().node().valueType() instanceof TensorType ? tuple.get(index)
        : Mapped.same(builder.item(tuple.getFirst().node(), index));
  }

  private List<Mapped> values(Node node) {
    List<Mapped> operands = node.operands().stream().map(this::one).toList();
    if (operands.stream().noneMatch(Mapped::batched)) {
      return List.of(
          Mapped.same(builder.add(node.op(), operands.stream().map(Mapped::node).toList())));
    }
    return switch (node.op()) {
      case Op.Lane lane -> List.of(Mapped.all(builder.add(lane, allOf(operands))));
      case Op.Layout layout -> List.of(Mapped.all(new LayoutRule(axis).batched(layout, operands)));
      case Op.Gather gather ->
          List.of(Mapped.all(IndexingRule.gather(axis, gather, operands)));
      case Op.Scatter(var along, var batchDims) -> List.of(Mapped.all(
          builder.add(new Op.Scatter(along + 1, batchDims + 1), allOf(operands))));
      case Op.Sort(var along) -> {
        Node sorted = builder.add(new Op.Sort(along + 1), allOf(operands));
        yield List.of(Mapped.all(builder.item(sorted, 0)), Mapped.all(builder.item(sorted, 1)));
      }
      case Op.Reduce reduce ->
          List.of(Mapped.all(SumRule.reduce(axis, reduce, operands.getFirst().node())));
      case Op.Contract contract -> SumRule.contract(axis, contract, operands)
          .map(sum -> List.of(Mapped.all(sum))).orElseGet(() -> each(node, operands));
      case Op.Convolve convolve -> new ConvolveRule(axis, convolve)
          .batched(operands, node.shape())
          .map(sum -> List.of(Mapped.all(sum))).orElseGet(() -> each(node, operands));
      case Op.Call call -> ControlRule.call(axis, call, operands);
      case Op.Loop loop -> ControlRule.loop(axis, loop, operands);
      case Op.Branch branch -> operands.getFirst().batched() ? each(node, operands)
          : ControlRule.branch(axis, branch, operands);
      case Op.Source _, Op.Item _ -> each(node, operands);
    };
  }

  private List<Mapped> each(Node node, List<Mapped> operands) {
    return new Each(axis).apply(node, operands);
  }

  private List<Node> allOf(List<Mapped> operands) {
    return operands.stream().map(axis::all).toList();
  }
}
