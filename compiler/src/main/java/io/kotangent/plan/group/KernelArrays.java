package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// How many arrays a kernel of some nodes would have: each takes two parameters of a method, which has at most 255.
final class KernelArrays {
  static final int MOST = 60;

  private final Reading reading;
  private final Uses uses;

  KernelArrays(Reading reading, Uses uses) {
    this.reading = reading;
    this.uses = uses;
  }

  boolean areMany(Group group, List<Node> more) {
    return areMany(all(group, more));
  }

  /// How many arrays a group would have with more nodes.
  int count(Group group, List<Node> more) {
    return count(all(group, more));
  }

  private static List<Node> all(Group group, List<Node> more) {
    List<Node> all = new ArrayList<>(group.nodes());
    all.addAll(more);
    return all;
  }

  /// Whether a kernel of these nodes may have to read and write too many. (Counted only if there may be.)
  boolean areMany(List<Node> nodes) {
    int most = 0;
    for (Node node : nodes) {
      most += 1 + node.operands().size();
    }
    return most > MOST && count(nodes) > MOST;
  }

  private int count(List<Node> nodes) {
    Set<Node> members = Collections.newSetFromMap(new IdentityHashMap<>());
    members.addAll(nodes);
    Set<Node> read = Collections.newSetFromMap(new IdentityHashMap<>());
    int written = 0;
    for (Node node : nodes) {
      for (View view : reading.views(node)) {
        if (!members.contains(view.base())) {
          read.add(view.base());
        }
      }
      written += uses.isRoot(node) || !members.containsAll(uses.of(node)) ? 1 : 0;
    }
    return read.size() + written;
  }
}
