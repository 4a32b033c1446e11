package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Verifier;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Requirement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Applies rules and rewrites to a graph, and to the graphs inside it, from the operands up until none fits.
///
/// Deterministic: at each node the rules are tried first, in their order, then the rewrites. A replaced node stays as it
/// is for its other users, so nothing has to be asked about them. New nodes get the origin of the node they replace.
public final class FixedPoint {
  private record Fit(String name, Node replacement) {
  }

  private final RuleSet rules;
  private final List<Rewrite> rewrites;

  public FixedPoint(RuleSet rules, List<Rewrite> rewrites) {
    this.rules = rules;
    this.rewrites = List.copyOf(rewrites);
  }

  public Graph rewrite(Graph graph) {
    return rewrite(graph, new Hits());
  }

  /// The rewritten graph; the same instance if nothing fits.
  public Graph rewrite(Graph graph, Hits hits) {
    return Bodies.change(graph, (inner, bodies) -> bodies.changesIn(inner) || fitsSomewhere(inner)
        ? new Run(inner, hits, bodies).rewrite() : inner);
  }

  /// Whether there is anything to do. Most graphs that a pass sees are as it wants them: this is much cheaper than to make
  /// them anew and find them equal.
  private boolean fitsSomewhere(Graph graph) {
    GraphBuilder scratch = new GraphBuilder();
    Optional<Hazards> hazards = hazards(graph);
    for (Node node : graph.schedule()) {
      if (fit(node, scratch, hazards).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// What to ask whether errors are kept; nothing if there can be none.
  private static Optional<Hazards> hazards(Graph graph) {
    return Hazard.isIn(graph) ? Optional.of(new Hazards()) : Optional.empty();
  }

  /// The first rule or rewrite that fits a node with final operands.
  private Optional<Fit> fit(Node node, GraphBuilder builder, Optional<Hazards> hazards) {
    if (node.op() instanceof Op.Map map) {
      for (Rule rule : rules.at(map.fn())) {
        Optional<Node> replacement = rule.apply(node, builder);
        if (replacement.isPresent() && isProper(node, replacement.get(), hazards)) {
          return Optional.of(new Fit(rule.name(), replacement.get()));
        }
      }
    }
    for (Rewrite rewrite : rewrites) {
      Optional<Node> replacement = rewrite.apply(node, builder);
      if (replacement.isPresent() && isProper(node, replacement.get(), hazards)) {
        return Optional.of(new Fit(rewrite.name(), replacement.get()));
      }
    }
    return Optional.empty();
  }

  /// Sizes that are equal only by a requirement could change the type, and what is left out could be an error: then the node
  /// stays.
  private static boolean isProper(Node node, Node replacement, Optional<Hazards> hazards) {
    return node != replacement && node.valueType().equals(replacement.valueType())
        && (hazards.isEmpty() || hazards.get().areKept(node, replacement));
  }

  /// One graph being rewritten.
  private final class Run {
    private final Graph graph;
    private final Hits hits;
    private final Bodies bodies;
    private final int budget;
    private final GraphBuilder builder = new GraphBuilder();
    private final Optional<Hazards> hazards;
    /// The final form of nodes of the builder.
    private final NodeMap done = new NodeMap();
    /// What takes the place of nodes of the builder that are not final yet.
    private final NodeMap replacements = new NodeMap();

    Run(Graph graph, Hits hits, Bodies bodies) {
      this.graph = graph;
      this.hits = hits;
      this.bodies = bodies;
      this.hazards = hazards(graph);
      this.budget = hits.total() + 1000 + 100 * graph.schedule().size();
    }

    Graph rewrite() {
      int before = hits.total();
      NodeMap images = new NodeMap();
      for (Node node : graph.schedule()) {
        builder.at(node.origin());
        images.put(node, settle(builder.add(bodies.in(node.op()), images.of(node.operands()))));
      }
      return hits.total() == before && !bodies.changesIn(graph) ? graph
          : complete(images.graph(graph));
    }

    /// What new nodes assume of sizes is assumed by the graph, too, if it does not follow from what that assumes already.
    private Graph complete(Graph made) {
      if (builder.requirements().isEmpty()) {
        return made;
      }
      List<Requirement> all = new ArrayList<>(made.requirements());
      all.addAll(Verifier.missing(made));
      return all.size() == made.requirements().size() ? made
          : new Graph(made.name(), made.inputs(), made.results(), made.updates(), made.guard(),
              all);
    }

    /// The final form of a node whose operands may not be final.
    private Node settle(Node root) {
      Deque<Node> stack = new ArrayDeque<>();
      stack.push(root);
      while (!stack.isEmpty()) {
        Node node = stack.peek();
        if (done.has(node)) {
          stack.pop();
        } else if (replacements.has(node)) {
          // Without a final form the replacement itself waits for this node, which then stays as it is.
          Node replacement = replacements.of(node);
          done.put(node, done.has(replacement) ? done.of(replacement) : node);
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
      return done.of(root);
    }

    private boolean pushOperands(Node node, Deque<Node> stack) {
      boolean pushed = false;
      for (Node operand : node.operands()) {
        if (!done.has(operand)) {
          stack.push(operand);
          pushed = true;
        }
      }
      return pushed;
    }

    /// What a node with final operands becomes next; itself if it is final.
    private Node step(Node node) {
      builder.at(node.origin());
      Node rebuilt = builder.add(node.op(), done.of(node.operands()));
      if (rebuilt != node) {
        return rebuilt;
      }
      Optional<Fit> fit = fit(node, builder, hazards);
      if (fit.isEmpty()) {
        return node;
      }
      hits.add(fit.get().name);
      if (hits.total() > budget) {
        throw new KotangentException(
            "rewriting graph " + graph.name() + " does not end; applied so far: " + hits);
      }
      return fit.get().replacement;
    }
  }
}
