package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.KotangentException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Applies rules and rewrites to a graph, and to the graphs inside it, from the operands up until none fits.
///
/// Deterministic: at each node the rules are tried first, in their order, then the rewrites. A replaced node stays as it
/// is for its other users, so nothing has to be asked about them. New nodes get the origin of the node they replace.
public final class Rewriter {
  private final RuleSet rules;
  private final List<Rewrite> rewrites;

  public Rewriter(RuleSet rules, List<Rewrite> rewrites) {
    this.rules = rules;
    this.rewrites = List.copyOf(rewrites);
  }

  /// The rewritten graph; the same instance if nothing fits.
  public Graph rewrite(Graph graph, Hits hits) {
    Map<Graph, Graph> changed = new IdentityHashMap<>();
    for (Graph inner : Bodies.innermostFirst(graph)) {
      changed.put(inner, new Run(hits, changed).rewrite(inner));
    }
    return known(changed, graph);
  }

  private static <K, V> V known(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }

  public Graph rewrite(Graph graph) {
    return rewrite(graph, new Hits());
  }

  /// One graph being rewritten.
  private final class Run {
    private final GraphBuilder builder = new GraphBuilder();
    private final Hits hits;
    private final Map<Graph, Graph> bodies;
    /// The final form of nodes of the builder.
    private final Map<Node, Node> done = new IdentityHashMap<>();
    /// What takes the place of nodes of the builder that are not final yet.
    private final Map<Node, Node> replacements = new IdentityHashMap<>();
    private String name = "";
    private long budget;

    Run(Hits hits, Map<Graph, Graph> bodies) {
      this.hits = hits;
      this.bodies = bodies;
    }

    Graph rewrite(Graph graph) {
      int before = hits.total();
      boolean sameBodies = true;
      Map<Node, Node> images = new IdentityHashMap<>();
      List<Node> schedule = graph.schedule();
      budget = before + 1000 + 100L * schedule.size();
      name = graph.name();
      for (Node node : schedule) {
        builder.at(node.origin());
        Op op = Bodies.map(node.op(), body -> bodies.getOrDefault(body, body));
        sameBodies &= op == node.op();
        images.put(node, settle(builder.add(op, through(node.operands(), images))));
      }
      return hits.total() == before && sameBodies ? graph : image(graph, images);
    }

    /// The final form of a node whose operands may not be final.
    private Node settle(Node root) {
      Deque<Node> stack = new ArrayDeque<>();
      stack.push(root);
      while (!stack.isEmpty()) {
        Node node = stack.peek();
        if (done.containsKey(node)) {
          stack.pop();
        } else if (replacements.containsKey(node)) {
          // Without a final form the replacement itself waits for this node, which then stays as it is.
          Node replacement = replacements.get(node);
          done.put(node, done.getOrDefault(replacement, node));
        } else if (!pushOperands(node, stack)) {
          Node replacement = step(node);
          if (replacement == node) {
            done.put(node, node);
          } else {
            replacements.put(node, replacement);
            stack.push(replacement);
          }
        }
      }
      return known(done, root);
    }

    private boolean pushOperands(Node node, Deque<Node> stack) {
      boolean pushed = false;
      for (Node operand : node.operands()) {
        if (!done.containsKey(operand)) {
          stack.push(operand);
          pushed = true;
        }
      }
      return pushed;
    }

    /// What a node with final operands becomes next; itself if it is final.
    private Node step(Node node) {
      builder.at(node.origin());
      Node rebuilt = builder.add(node.op(), through(node.operands(), done));
      return rebuilt == node ? replace(node) : rebuilt;
    }

    private Node replace(Node node) {
      if (node.op() instanceof Op.Map map) {
        for (Rule rule : rules.at(map.fn())) {
          Optional<Node> replacement = rule.apply(node, builder);
          if (replacement.isPresent() && fits(node, replacement.get())) {
            count(rule.name());
            return replacement.get();
          }
        }
      }
      for (Rewrite rewrite : rewrites) {
        Optional<Node> replacement = rewrite.apply(node, builder);
        if (replacement.isPresent() && fits(node, replacement.get())) {
          count(rewrite.name());
          return replacement.get();
        }
      }
      return node;
    }

    private void count(String applied) {
      hits.add(applied);
      if (hits.total() > budget) {
        throw new KotangentException(
            "rewriting graph " + name + " does not end; applied so far: " + hits);
      }
    }

    /// Sizes that are equal only by a requirement could change the type; then the node stays.
    private static boolean fits(Node node, Node replacement) {
      return node != replacement && node.valueType().equals(replacement.valueType());
    }

    private static List<Node> through(List<Node> nodes, Map<Node, Node> images) {
      List<Node> result = new ArrayList<>(nodes.size());
      for (Node node : nodes) {
        result.add(known(images, node));
      }
      return result;
    }

    private static Graph image(Graph graph, Map<Node, Node> images) {
      List<Graph.Result> results = new ArrayList<>();
      graph.results()
          .forEach(r -> results.add(new Graph.Result(r.name(), known(images, r.node()))));
      List<Graph.Update> updates = new ArrayList<>();
      graph.updates().forEach(u -> updates.add(
          new Graph.Update(known(images, u.port()), known(images, u.value()))));
      return new Graph(graph.name(), through(graph.inputs(), images), results, updates,
          graph.guard().map(images::get),
          graph.requirements());
    }
  }
}
