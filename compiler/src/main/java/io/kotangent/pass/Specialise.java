package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Bodies;
import io.kotangent.rewrite.Hits;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fixes inputs to constants (`training` to `false`) and symbolic sizes to numbers; what then is constant, later passes fold.
/// Fixed inputs are ports no more. Names that the graph does not have change nothing.
///
/// @param inputs values by port name
/// @param sizes numbers by symbol
public record Specialise(Map<String, Literal> inputs, Map<String, Long> sizes) implements Pass {
  public Specialise {
    inputs = Map.copyOf(inputs);
    sizes = Map.copyOf(sizes);
  }

  public static Specialise input(String name, Literal value) {
    return new Specialise(Map.of(name, value), Map.of());
  }

  public static Specialise size(String symbol, long size) {
    return new Specialise(Map.of(), Map.of(symbol, size));
  }

  @Override
  public boolean keepsSignature() {
    return false;
  }

  @Override
  public Graph apply(Graph graph, Hits hits) {
    Map<String, Dim> dims = new LinkedHashMap<>();
    sizes.forEach((symbol, size) -> dims.put(symbol, Dim.of(size)));
    Resize resize = new Resize(dims);
    Map<Graph, Graph> changed = new IdentityHashMap<>();
    for (Graph inner : Bodies.innermostFirst(graph)) {
      changed.put(inner, specialise(inner, inner == graph ? inputs : Map.of(), resize, changed));
    }
    Graph result = changed.get(graph);
    if (result != graph) {
      hits.add(name());
    }
    return result;
  }

  private static Graph specialise(Graph graph, Map<String, Literal> fixed, Resize resize,
      Map<Graph, Graph> bodies) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new IdentityHashMap<>();
    boolean same = true;
    for (Node node : graph.schedule()) {
      builder.at(node.origin());
      Op op = resize.op(Bodies.map(node.op(), body -> bodies.getOrDefault(body, body)));
      if (op instanceof Op.Input(Port port) && fixed.containsKey(port.name())) {
        op = new Op.Constant(value(port, fixed.get(port.name())));
      }
      same &= op.equals(node.op());
      List<Node> operands = new ArrayList<>();
      node.operands().forEach(operand -> operands.add(images.get(operand)));
      images.put(node, builder.add(op, operands));
    }
    return same ? graph : image(graph, images, resize);
  }

  private static Literal value(Port port, Literal value) {
    if (port.role() != Role.INPUT || !port.type().equals(value.type())) {
      throw new KotangentException("cannot fix port '" + port + "' to a " + value.type()
          + ": expected an input of that type");
    }
    return value;
  }

  private static Graph image(Graph graph, Map<Node, Node> images, Resize resize) {
    List<Node> inputs = new ArrayList<>();
    for (Node input : graph.inputs()) {
      if (images.get(input).op() instanceof Op.Input) {
        inputs.add(images.get(input));
      }
    }
    List<Graph.Result> results = new ArrayList<>();
    graph.results().forEach(r -> results.add(new Graph.Result(r.name(), images.get(r.node()))));
    List<Graph.Update> updates = new ArrayList<>();
    graph.updates()
        .forEach(u -> updates.add(new Graph.Update(images.get(u.port()), images.get(u.value()))));
    List<Requirement> requirements = new ArrayList<>();
    for (Requirement requirement : graph.requirements()) {
      Requirement resized = resize.requirement(requirement);
      if (!resized.left().isConstant() || !resized.right().isConstant()) {
        requirements.add(resized);
      } else {
        check(resized);
      }
    }
    return new Graph(graph.name(), inputs, results, updates, graph.guard().map(images::get),
        requirements);
  }

  private static void check(Requirement requirement) {
    try {
      requirement.check(Map.of());
    } catch (ShapeException e) {
      throw new ShapeException("these sizes do not fit: " + e.getMessage());
    }
  }
}
