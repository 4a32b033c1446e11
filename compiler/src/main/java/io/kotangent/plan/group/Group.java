package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The nodes of one kernel, while they are being chosen.
///
/// A `ROWS` group covers a domain: outer axes, then a row. A node is *full* when it has the domain's shape, *outer* when
/// it has one value for each row. `split` is where the row begins; reductions fix it, broadcasts bound it from below.
public final class Group {
  public enum Kind {
    /// Elementwise nodes and reductions over rows.
    ROWS,
    /// A contraction by rows and its epilogue.
    CONTRACTION,
    /// A reduction over leading axes, by rows, and its epilogue.
    COLUMNS,
    /// Scalars, and reductions to scalars.
    SCALARS,
    /// One node with a nest of its own.
    SINGLE,
    /// A loop or branch: several steps.
    CONTROL
  }

  public static final int OPEN = -1;
  private static final int NAMED = 4;
  /// Primitives of a lane, and elements, from which plain loops, cut into several, may be slower.
  static final int HEAVY = 24;

  private final int order;
  private final Kind kind;
  private final boolean commits;
  private final Shape domain;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<Node> members =
      java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
  private final Set<Node> outputs = new LinkedHashSet<>();
  private int low;
  private int fixed = OPEN;
  private int weight;
  private Optional<Apart> apart = Optional.empty();

  Group(int order, Kind kind, boolean commits, Shape domain) {
    this.order = order;
    this.kind = kind;
    this.commits = commits;
    this.domain = domain;
  }

  /// Its place among all groups; what it reads was made by groups of smaller order.
  public int order() {
    return order;
  }

  public Kind kind() {
    return kind;
  }

  /// Whether it runs only once the guard is known to hold.
  public boolean commits() {
    return commits;
  }

  public Shape domain() {
    return domain;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public boolean contains(Node node) {
    return members.contains(node);
  }

  void add(Node node, int cost) {
    nodes.add(node);
    members.add(node);
    weight += cost;
  }

  /// Nodes that others than this group read, in order.
  public Set<Node> outputs() {
    return outputs;
  }

  public int weight() {
    return weight;
  }

  int low() {
    return low;
  }

  void raise(int bound) {
    low = Math.max(low, bound);
  }

  /// Why its first nodes did not join the group of an operand; nothing if no operand is made by one, or they have loops of their own.
  public Optional<Apart> apart() {
    return apart;
  }

  void keptApart(Optional<Apart> why) {
    apart = why;
  }

  /// Where the row begins, or [#OPEN].
  public int fixed() {
    return fixed;
  }

  void fix(int split) {
    fixed = split;
  }

  /// Where the row begins once nothing more is added: as early as possible, so that rows are long.
  public int split() {
    return fixed != OPEN ? fixed : low;
  }

  /// Picoseconds for one element of the domain of a group of rows, about.
  public Dim laneWork() {
    Costs costs = new Costs();
    long lane = Work.STREAM;
    for (Node node : nodes) {
      lane += (long) Work.PRIMITIVE * costs.of(node);
    }
    return Dim.of(lane + (long) Work.STREAM * outputs.size());
  }

  /// Whether it has many primitives for each of `many` elements or more, or of who knows how many.
  public boolean isHeavy(int many) {
    Dim size = domain.size();
    return weight >= HEAVY && (!size.isConstant() || size.constant() >= many);
  }

  /// Whether a node (a member) has one value a row.
  public boolean isOuter(Node node) {
    return fixed != OPEN && node.shape().rank() == fixed && fixed < domain.rank();
  }

  /// What a contraction's group does with the sum, as a group of its own; nothing if that is all.
  public Optional<Group> epilogue() {
    if (nodes.size() == 1) {
      return Optional.empty();
    }
    Group rest = new Group(order, Kind.ROWS, commits, domain);
    nodes.subList(1, nodes.size()).forEach(node -> rest.add(node, 0));
    rest.outputs.addAll(outputs);
    rest.outputs.remove(nodes.getFirst());
    rest.low = low;
    return Optional.of(rest);
  }

  /// What its step is called: the first few ops.
  public String stepName() {
    StringBuilder name = new StringBuilder();
    String last = "";
    int parts = 0;
    for (Node node : nodes) {
      String part = node.op().mnemonic().replace('.', '_');
      if (!part.equals(last) && parts < NAMED) {
        name.append(parts == 0 ? "" : "_").append(part);
        parts++;
      }
      last = part;
    }
    return name.toString();
  }

  @Override
  public String toString() {
    return kind + "#" + order + " " + nodes;
  }
}
