package io.kotangent.assertions;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Some nodes of a graph, in the order of its schedule, and of the graphs that it applies before them.
///
/// ```java
/// Nodes.of(graph).mnemonic("exp").scope("attention").size();
/// ```
public final class Nodes implements Iterable<Node> {
  private final List<Node> nodes;
  private final String asked;

  private Nodes(List<Node> nodes, String asked) {
    this.nodes = List.copyOf(nodes);
    this.asked = asked;
  }

  /// All.
  public static Nodes of(Graph graph) {
    List<Node> all = new ArrayList<>();
    graph.withBodies().forEach(body -> all.addAll(body.schedule()));
    return new Nodes(all, "nodes");
  }

  /// Those that the text form of graphs calls so: `contract`, `exp`, `reduce.sum`, `input`. `reduce` stands for each `reduce.…`.
  public Nodes mnemonic(String mnemonic) {
    return where(node -> name(node).equals(mnemonic) || name(node).startsWith(mnemonic + "."),
        mnemonic);
  }

  /// What a line of the text form calls a node.
  static String name(Node node) {
    String line = node.toString();
    int begin = line.indexOf(" = ");
    if (node.op() instanceof Op.Input || begin < 0) {
      return "input";
    }
    String rest = line.substring(begin + 3);
    int end = 0;
    while (end < rest.length() && (Character.isLetterOrDigit(rest.charAt(end))
        || rest.charAt(end) == '_' || rest.charAt(end) == '.')) {
      end++;
    }
    return rest.substring(0, end);
  }

  /// Those of a name scope or of scopes inside it: `block1`, `block1/attention`.
  public Nodes scope(String scope) {
    return where(node -> (node.origin().scope() + "/").startsWith(scope + "/")
        || ("/" + node.origin().scope() + "/").contains("/" + scope + "/"), "scope " + scope);
  }

  /// Those that a line of source made: `Model.java:42`.
  public Nodes line(String place) {
    return where(node -> node.origin().place().equals(place), "line " + place);
  }

  /// Those of an element type.
  public Nodes dtype(DType dtype) {
    return where(node -> node.valueType().toString().startsWith(dtype.toString()),
        dtype.toString());
  }

  /// Those of which something holds.
  public Nodes where(Predicate<Node> condition) {
    return where(condition, "…");
  }

  private Nodes where(Predicate<Node> condition, String more) {
    return new Nodes(nodes.stream().filter(condition).toList(), asked + ", " + more);
  }

  public int size() {
    return nodes.size();
  }

  public boolean isEmpty() {
    return nodes.isEmpty();
  }

  /// The only one.
  ///
  /// @throws AssertionError if there is none, or are several
  public Node only() {
    if (nodes.size() != 1) {
      throw new AssertionError("expected one node, got " + this);
    }
    return nodes.getFirst();
  }

  public List<Node> list() {
    return nodes;
  }

  public Stream<Node> stream() {
    return nodes.stream();
  }

  @Override
  public Iterator<Node> iterator() {
    return nodes.iterator();
  }

  /// What was asked for, and a line for each.
  @Override
  public String toString() {
    return nodes.size() + " (" + asked + ")" + nodes.stream().map(Objects::toString)
        .collect(Collectors.joining("\n  ", nodes.isEmpty() ? "" : ":\n  ", ""));
  }
}
