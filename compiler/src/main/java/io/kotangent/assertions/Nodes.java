package io.kotangent.assertions;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.text.NodeLines;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Some nodes of a graph, in the order of its schedule, and of the graphs that it applies before them.
///
/// ```java
/// Nodes.of(graph).mnemonic("exp").scope("attention").size();
/// ```
public final class Nodes implements Iterable<Node> {
  /// What is no scalar function.
  private static final Set<String> STRUCTURAL = structural();

  private final Graph graph;
  private final List<Node> nodes;
  private final String asked;
  /// What there is instead of what was asked for last; nothing if there is some.
  private final String instead;

  private Nodes(Graph graph, List<Node> nodes, String asked, String instead) {
    this.graph = graph;
    this.nodes = List.copyOf(nodes);
    this.asked = asked;
    this.instead = instead;
  }

  private static Set<String> structural() {
    Set<String> names = new LinkedHashSet<>(List.of("input", "constant", "iota", "size", "random",
        "cast", "broadcast", "reshape", "transpose", "reverse", "slice", "pad", "concat", "windows",
        "overlap_add", "gather", "scatter", "sort", "reduce", "contract", "convolve", "call",
        "loop", "branch", "item"));
    for (Op.Reduction kind : Op.Reduction.values()) {
      names.add("reduce." + kind);
    }
    return names;
  }

  /// All.
  public static Nodes of(Graph graph) {
    List<Node> all = new ArrayList<>();
    graph.withBodies().forEach(body -> all.addAll(body.schedule()));
    return new Nodes(graph, all, "nodes", "");
  }

  /// Those that the text form of graphs calls so: `contract`, `exp`, `reduce.sum`, `input`. `reduce` stands for each `reduce.…`.
  ///
  /// @throws KotangentException if nothing is called so
  public Nodes mnemonic(String mnemonic) {
    boolean known = STRUCTURAL.contains(mnemonic) || ScalarFn.find(mnemonic).isPresent();
    if (!known) {
      List<String> names = new ArrayList<>(STRUCTURAL);
      for (ScalarFn fn : ScalarFn.values()) {
        names.add(fn.toString());
      }
      throw new KotangentException("there is no operation '" + mnemonic + "': expected "
          + Nearest.of(mnemonic, names));
    }
    return where(node -> node.op().mnemonic().equals(mnemonic)
        || node.op().mnemonic().startsWith(mnemonic + "."), mnemonic);
  }

  /// Those of a name scope or of scopes inside it: `block1`, `block1/attention`.
  public Nodes scope(String scope) {
    return where(node -> (node.origin().scope() + "/").startsWith(scope + "/")
        || ("/" + node.origin().scope() + "/").contains("/" + scope + "/"), "scope " + scope)
        .orNearest("scope", scope, nodes.stream().map(node -> node.origin().scope()));
  }

  /// Those that a line of source made: `Model.java:42`.
  public Nodes line(String place) {
    return where(node -> node.origin().place().equals(place), "line " + place)
        .orNearest("line", place, nodes.stream().map(node -> node.origin().place()));
  }

  private Nodes orNearest(String what, String asked, Stream<String> there) {
    Set<String> names = there.filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
    return nodes.isEmpty() ? new Nodes(graph, nodes, this.asked, "; there is no " + what + " '"
        + asked + "': expected " + Nearest.of(asked, names)) : this;
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
    return new Nodes(graph, nodes.stream().filter(condition).toList(), asked + ", " + more,
        instead);
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
      throw new AssertionError("expected one node, got " + this + instead);
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

  /// The line of a node, as the text of its graph has it.
  String line(Node node) {
    return graph.withBodies().stream().filter(each -> each.schedule().contains(node)).findFirst()
        .map(each -> new NodeLines(each).line(node)).orElseGet(node::toString);
  }

  /// What was asked for, and a line for each, as the text of its graph has it.
  @Override
  public String toString() {
    Map<Node, String> lines = new IdentityHashMap<>();
    for (Graph each : graph.withBodies()) {
      NodeLines all = new NodeLines(each);
      each.schedule().forEach(node -> lines.put(node, all.line(node)));
    }
    return nodes.size() + " (" + asked + ")" + nodes.stream().map(lines::get)
        .collect(Collectors.joining("\n  ", nodes.isEmpty() ? "" : ":\n  ", ""));
  }
}
