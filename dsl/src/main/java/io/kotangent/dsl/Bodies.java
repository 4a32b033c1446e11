package io.kotangent.dsl;

import io.kotangent.ir.Node;
import io.kotangent.type.KotangentException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The bodies of the recurrences of a trace. What a body makes of its state or its slice has a value only in an iteration: outside
/// there is nothing that it could be.
final class Bodies {
  /// One body, open while its function runs.
  static final class Body implements AutoCloseable {
    private final String name;
    private final String place;
    private boolean open = true;

    private Body(String name, String place) {
      this.name = name;
      this.place = place;
    }

    @Override
    public void close() {
      open = false;
    }

    @Override
    public String toString() {
      return "the body of " + name + (place.isEmpty() ? "" : " (" + place + ")");
    }
  }

  /// The bodies whose state or slice a node needs; nodes that are older than all of these need none and are not here.
  private final Map<Node, Set<Body>> needed = new HashMap<>();
  private int oldest = Integer.MAX_VALUE;

  /// Begins a body.
  Body open(String name, String place) {
    return new Body(name, place);
  }

  /// A state or the slice of a body.
  void add(Body body, Node placeholder) {
    oldest = Math.min(oldest, placeholder.id());
    needed.put(placeholder, Set.of(body));
  }

  /// Refuses a value of a body that is over.
  void check(Value value, String usedAt) {
    for (Body body : of(value.node())) {
      if (!body.open) {
        throw new KotangentException("an expression" + value.madeAt() + " of " + body
            + " cannot be used outside of it" + usedAt
            + ": make it part of the state, and take last() or all() of the scan");
      }
    }
  }

  /// Refuses a value of any body, also of one that is not over yet.
  ///
  /// @param what it would be
  void checkNone(String what, Value value, String usedAt) {
    for (Body body : of(value.node())) {
      throw new KotangentException(what + value.madeAt() + " is made in " + body
          + ", of which only its states come out" + usedAt
          + ": make it of what is outside, such as last() or all() of the scan");
    }
  }

  private Set<Body> of(Node root) {
    Deque<Node> open = new ArrayDeque<>(List.of(root));
    while (!isKnown(root)) {
      Node node = open.element();
      List<Node> unknown = node.operands().stream().filter(o -> !isKnown(o)).toList();
      if (unknown.isEmpty()) {
        needed.put(node, union(node.operands()));
        open.pop();
      } else {
        unknown.forEach(open::push);
      }
    }
    return needed.getOrDefault(root, Set.of());
  }

  private boolean isKnown(Node node) {
    return node.id() < oldest || needed.containsKey(node);
  }

  private Set<Body> union(List<Node> operands) {
    Set<Body> union = Set.of();
    for (Node operand : operands) {
      Set<Body> more = needed.getOrDefault(operand, Set.of());
      if (!union.containsAll(more)) {
        union = new LinkedHashSet<>(union);
        union.addAll(more);
      }
    }
    return union;
  }
}
