package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The same graph computed in another float type: every float, of ports, constants, casts and accumulators,
/// gets that type.
public final class RetypeFloats {
  private final DType to;
  private final Map<Graph, Graph> done = new HashMap<>();

  private RetypeFloats(DType to) {
    this.to = to;
  }

  public static Graph apply(Graph graph, DType to) {
    RetypeFloats retype = new RetypeFloats(to);
    for (Graph body : graph.withBodies()) {
      retype.done.put(body, retype.graph(body));
    }
    return retype.done.computeIfAbsent(graph, retype::graph);
  }

  private Graph graph(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    graph.requirements().forEach(builder::require);
    Map<Node, Node> copies = new IdentityHashMap<>();
    for (Node node : graph.schedule()) {
      List<Node> operands = new ArrayList<>();
      node.operands().forEach(o -> operands.add(copies.get(o)));
      builder.at(node.origin());
      copies.put(node, builder.add(op(node.op()), operands));
    }
    return new Graph(graph.name(), graph.inputs().stream().map(copies::get).toList(),
        graph.results().stream().map(r -> new Graph.Result(r.name(), copies.get(r.node())))
            .toList(),
        graph.updates().stream()
            .map(u -> new Graph.Update(copies.get(u.port()), copies.get(u.value()))).toList(),
        graph.guard().map(copies::get), builder.requirements());
  }

  private DType type(DType dtype) {
    return dtype.isFloat() ? to : dtype;
  }

  private TensorType type(TensorType type) {
    return type.as(type(type.dtype()));
  }

  private Op op(Op op) {
    return switch (op) {
      case Op.Input(var port) ->
          new Op.Input(new Port(port.name(), port.role(), type(port.type()), port.facts()));
      case Op.Constant(var value) ->
          new Op.Constant(value.type().dtype().isFloat() ? literal(value) : value);
      case Op.Iota(var shape, var axis, var dtype) -> new Op.Iota(shape, axis, type(dtype));
      case Op.Cast(var dtype) -> new Op.Cast(type(dtype));
      case Op.Reduce(var kind, var axes, var order, var accumulator) ->
          new Op.Reduce(kind, axes, order, type(accumulator));
      case Op.Contract(var left, var right, var result, var order, var accumulator) ->
          new Op.Contract(left, right, result, order, type(accumulator));
      case Op.Convolve c -> new Op.Convolve(c.data(), c.kernel(), c.result(), c.spatial(),
          c.groups(), c.batchGroups(),
          c.order(), type(c.accumulator()));
      case Op.Control control -> Bodies.map(control, done::get);
      case Op.Source _, Op.Map _, Op.Layout _, Op.Indexing _, Op.Item _ -> op;
    };
  }

  private Literal literal(Literal value) {
    Object array = to.newArray(value.length());
    for (int i = 0; i < value.length(); i++) {
      if (array instanceof float[] floats) {
        floats[i] = (float) value.real(i);
      } else if (array instanceof double[] doubles) {
        doubles[i] = value.real(i);
      }
    }
    return Literal.of(type(value.type()), array);
  }
}
