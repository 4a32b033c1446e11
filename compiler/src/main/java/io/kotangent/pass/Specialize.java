package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Bodies;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.NodeMap;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fixes inputs to constants (`training` to `false`) and symbolic sizes to numbers; what then is constant, later passes fold.
/// Fixed inputs are ports no more. Names that the graph does not have change nothing.
///
/// @param inputs values by port name
/// @param sizes numbers by symbol
public record Specialize(Map<String, Literal> inputs, Map<String, Long> sizes) implements Pass {
  public Specialize {
    inputs = Map.copyOf(inputs);
    sizes = Map.copyOf(sizes);
  }

  public static Specialize input(String name, Literal value) {
    return new Specialize(Map.of(name, value), Map.of());
  }

  public static Specialize size(String symbol, long size) {
    return new Specialize(Map.of(), Map.of(symbol, size));
  }

  @Override
  public boolean keepsSignature() {
    return false;
  }

  @Override
  public Graph apply(Graph graph, Hits hits) {
    Map<String, Dim> dims = new LinkedHashMap<>();
    sizes.forEach((symbol, size) -> dims.put(symbol, Dim.of(size)));
    Resize resize = Resize.by(dims);
    Graph result = Bodies.change(graph,
        (inner, bodies) -> specialize(inner, inner == graph ? inputs : Map.of(), resize, bodies));
    if (result != graph) {
      hits.add(name());
    }
    return result;
  }

  private static Graph specialize(Graph graph, Map<String, Literal> fixed, Resize resize,
      Bodies bodies) {
    GraphBuilder builder = new GraphBuilder();
    NodeMap images = new NodeMap();
    boolean same = true;
    for (Node node : graph.schedule()) {
      builder.at(node.origin());
      Op op = resize.op(bodies.in(node.op()));
      if (op instanceof Op.Input(Port port)) {
        Literal value = fixed.get(port.name());
        op = value == null ? op : new Op.Constant(checked(port, value));
      }
      same &= op.equals(node.op());
      images.put(node, builder.add(op, images.of(node.operands())));
    }
    return same ? graph : image(graph, images, resize);
  }

  private static Literal checked(Port port, Literal value) {
    if (port.role() != Role.INPUT || !port.type().equals(value.type())) {
      throw new KotangentException("cannot fix port '" + port + "' to a " + value.type()
          + ": expected an input of that type");
    }
    return value;
  }

  private static Graph image(Graph graph, NodeMap images, Resize resize) {
    List<Node> inputs = new ArrayList<>();
    for (Node input : images.of(graph.inputs())) {
      if (input.op() instanceof Op.Input) {
        inputs.add(input);
      }
    }
    List<Requirement> requirements = new ArrayList<>();
    for (Requirement requirement : graph.requirements()) {
      Requirement resized = resize.requirement(requirement);
      if (!resized.left().isConstant() || !resized.right().isConstant()) {
        requirements.add(resized);
      } else {
        check(resized);
      }
    }
    return images.graph(graph, inputs, requirements);
  }

  private static void check(Requirement requirement) {
    try {
      requirement.check(Map.of());
    } catch (ShapeException e) {
      throw new ShapeException("these sizes do not fit: " + e.getMessage());
    }
  }
}
