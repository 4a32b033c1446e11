package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The forms of a trace that are made without an expression that they were written with: a pool of a ReLU is the ReLU of a
/// pool, a loop repeats a broadcast inside. Nothing flows through such an expression, so who asks for the gradient by it
/// gets that of the form as it was written.
final class Detours {
  /// @param made the node of the form as it is
  /// @param passed what it goes round: an expression, or the node of another such form
  /// @param direct makes the same value without going round the expression that it is given
  private record Detour(Node made, Node passed, UnaryOperator<Node> direct) {
  }

  private final GraphBuilder builder;
  private final List<Detour> all = new ArrayList<>();

  Detours(GraphBuilder builder) {
    this.builder = builder;
  }

  void add(Node made, Node passed, UnaryOperator<Node> direct) {
    all.add(new Detour(made, passed, direct));
  }

  /// The nodes of such forms.
  Set<Node> made() {
    Set<Node> made = new HashSet<>();
    all.forEach(detour -> made.add(detour.made));
    return made;
  }

  /// The value of `f` by nodes of which none goes round `target`; `f` itself if none does.
  Node through(Node f, Node target) {
    Set<Node> led = new HashSet<>(Set.of(target));
    List<Detour> round = new ArrayList<>();
    for (Detour detour : all) {
      if (led.contains(detour.passed)) {
        led.add(detour.made);
        round.add(detour);
      }
    }
    Map<Node, Node> replaced = new HashMap<>();
    directs(f, target, round.reversed()).reversed()
        .forEach((made, direct) -> replaced.put(made, copy(direct, replaced)));
    return copy(f, replaced);
  }

  /// For each form that f or another of them is made of, the last first, the value as it was written.
  private static SequencedMap<Node, Node> directs(Node f, Node target, List<Detour> round) {
    SequencedMap<Node, Node> directs = new LinkedHashMap<>();
    Set<Node> needed = new HashSet<>();
    Graph.visit(f, needed, new ArrayList<>());
    for (Detour detour : round) {
      if (needed.contains(detour.made) && !directs.containsKey(detour.made)) {
        Node direct = detour.direct.apply(target);
        directs.put(detour.made, direct);
        Graph.visit(direct, needed, new ArrayList<>());
      }
    }
    return directs;
  }

  private Node copy(Node node, Map<Node, Node> replaced) {
    if (replaced.isEmpty() || replaced.containsKey(node)) {
      return replaced.getOrDefault(node, node);
    }
    Map<Node, Node> copies = new HashMap<>(replaced);
    builder.copy(List.of(node), copies);
    return copies.getOrDefault(node, node);
  }
}
