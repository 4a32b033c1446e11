package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Concatenations whose parts are elementwise nodes that nobody else reads: these are computed right where they belong in the
/// whole, which then needs no kernel.
public final class ConcatParts {
  /// How many concatenations may be parts of each other.
  private static final int DEPTH = 8;

  private final Uses uses;
  private final Set<Node> kept = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Node, Lodging> parts = new IdentityHashMap<>();
  private final Set<Node> leading = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> made = Collections.newSetFromMap(new IdentityHashMap<>());

  private ConcatParts(Uses uses) {
    this.uses = uses;
    uses.roots().forEach(root -> kept.add(Reading.base(root)));
  }

  static ConcatParts none(Uses uses) {
    return new ConcatParts(uses);
  }

  static ConcatParts of(Uses uses) {
    ConcatParts parts = new ConcatParts(uses);
    for (Node node : uses.schedule().reversed()) {
      if (node.op() instanceof Op.Concat && !parts.made.contains(node)
          && !parts.kept.contains(node)) {
        Map<Node, Lodging> found = new IdentityHashMap<>();
        if (parts.find(node, Lodging.own(node), found, 0)) {
          parts.parts.putAll(found);
          parts.made.add(node);
          found.keySet().stream().filter(n -> n.op() instanceof Op.Concat)
              .forEach(parts.made::add);
        }
      }
      if (parts.isForParts(node)) {
        parts.leading.add(node);
      }
    }
    return parts;
  }

  private boolean isForParts(Node node) {
    boolean lane = node.op() instanceof Op.Map || node.op() instanceof Op.Cast;
    return lane && !kept.contains(node) && !uses.of(node).isEmpty() && uses.of(node).stream()
        .allMatch(reader -> (leading.contains(reader) || parts.containsKey(reader))
            && reader.shape().equals(node.shape()));
  }

  /// Where an elementwise node is to be computed, if it is part of such a concatenation.
  public Optional<Lodging> of(Node node) {
    return Optional.ofNullable(parts.get(node));
  }

  /// Whether an elementwise node is such a part, or only read on the way to some.
  boolean isPartOrLeadsTo(Node node) {
    return parts.containsKey(node) || leading.contains(node);
  }

  /// Whether a concatenation needs no kernel.
  public boolean isMade(Node concat) {
    return made.contains(concat);
  }

  private boolean find(Node concat, Lodging whole, Map<Node, Lodging> found, int depth) {
    int axis = ((Op.Concat) concat.op()).axis();
    Dim start = Dim.ZERO;
    for (Node operand : concat.operands()) {
      Optional<Node> base = onlyRead(operand);
      Lodging here = whole.part(axis, start);
      Optional<Lodging> lodging =
          base.flatMap(b -> here.reshaped(operand.shape(), b.shape()));
      if (lodging.isEmpty() || depth == DEPTH
          || !canBePart(base.get(), lodging.get(), found, depth)) {
        return false;
      }
      found.put(base.get(), lodging.get());
      start = start.plus(operand.shape().dim(axis));
    }
    return true;
  }

  private boolean canBePart(Node node, Lodging lodging, Map<Node, Lodging> found, int depth) {
    return switch (node.op()) {
      case Op.Concat _ -> find(node, lodging, found, depth + 1);
      case Op.Lane _ -> hasLongRuns(node, lodging);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> false;
    };
  }

  private static boolean hasLongRuns(Node node, Lodging lodging) {
    return Reading.isLong(node.shape(), lodging.low(node.shape()));
  }

  /// What an operand's elements are, under whatever shape, if it has one reader alone.
  private Optional<Node> onlyRead(Node operand) {
    Node base = operand;
    List<Node> chain = new ArrayList<>(List.of(base));
    while (base.op() instanceof Op.Reshape) {
      base = base.operand(0);
      chain.add(base);
    }
    boolean only = chain.stream().allMatch(n -> uses.of(n).size() == 1);
    return only && !kept.contains(base) ? Optional.of(base) : Optional.empty();
  }
}
