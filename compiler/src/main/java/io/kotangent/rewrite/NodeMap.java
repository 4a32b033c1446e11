package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Requirement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// What the nodes of a graph become in another.
public final class NodeMap {
  private final Map<Node, Node> images = new IdentityHashMap<>();

  public void put(Node node, Node image) {
    images.put(node, image);
  }

  public boolean has(Node node) {
    return images.containsKey(node);
  }

  public Node of(Node node) {
    Node image = images.get(node);
    if (image == null) {
      throw new KotangentException("no image of " + node);
    }
    return image;
  }

  public List<Node> of(List<Node> nodes) {
    List<Node> result = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      result.add(of(node));
    }
    return result;
  }

  /// The graph with images for its nodes.
  public Graph graph(Graph graph) {
    return graph(graph, of(graph.inputs()), graph.requirements());
  }

  public Graph graph(Graph graph, List<Node> inputs, List<Requirement> requirements) {
    List<Graph.Result> results = new ArrayList<>();
    for (Graph.Result result : graph.results()) {
      results.add(new Graph.Result(result.name(), of(result.node())));
    }
    List<Graph.Update> updates = new ArrayList<>();
    for (Graph.Update update : graph.updates()) {
      updates.add(new Graph.Update(of(update.port()), of(update.value())));
    }
    return new Graph(graph.name(), inputs, results, updates, graph.guard().map(this::of),
        requirements);
  }
}
