package io.kotangent.plan.lower;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Place;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.Reading;
import io.kotangent.plan.group.View;
import io.kotangent.runtime.ArraySlot.Kind;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Which updates may be written over the state they replace, and how what they read is to be laid out.
final class Updates {
  private final Grouping grouping;
  private final PlanOptions options;
  /// What reads each state that is updated, once the guard holds.
  private final Map<Node, List<Read>> reads = new IdentityHashMap<>();
  /// States whose old value is the new one of others.
  private final Set<Node> moved = Collections.newSetFromMap(new IdentityHashMap<>());

  /// A view of a state.
  ///
  /// @param lane whether element by element, in the order of the group's domain
  private record Read(Group group, View view, boolean lane) {
    boolean isInStepWith(Graph.Update update, Group maker) {
      return group == maker && lane && view.base() == update.port()
          && update.value().shape().equals(group.domain())
          && view.isIdentity(group.domain().rank());
    }
  }

  Updates(Graph graph, Grouping grouping, PlanOptions options) {
    this.grouping = grouping;
    this.options = options;
    for (Graph.Update update : graph.updates()) {
      reads.put(update.port(), new ArrayList<>());
      Node base = Reading.base(update.value());
      if (base != update.port()) {
        moved.add(base);
      }
    }
    for (Group group : grouping.groups()) {
      if (group.commits()) {
        group.nodes().forEach(node -> addReads(group, node));
      }
    }
  }

  private void addReads(Group group, Node node) {
    boolean lane = (group.kind() == Group.Kind.ROWS || group.kind() == Group.Kind.SCALARS)
        && !(node.op() instanceof Op.Reduce) && !(node.op() instanceof Op.Gather);
    List<View> views = lane ? grouping.reading().views(node)
        : node.operands().stream().map(grouping.reading()::view).toList();
    for (View view : views) {
      List<Read> ofState = reads.get(Reading.base(view.base()));
      if (ofState != null) {
        ofState.add(new Read(group, view, lane));
      }
    }
  }

  /// Whether nobody reads the old value after the new one is written, nor out of step with it.
  boolean isInPlace(Graph.Update update) {
    Node value = update.value();
    Optional<Group> maker = grouping.makerOf(value);
    if (!options.has(PlanPass.UPDATE_IN_PLACE) || maker.isEmpty() || !maker.get().commits()
        || !maker.get().outputs().contains(value) || moved.contains(update.port())) {
      return false;
    }
    for (Read read : Objects.requireNonNull(reads.get(update.port()))) {
      if (read.group().order() >= maker.get().order()
          && !read.isInStepWith(update, maker.get())) {
        return false;
      }
    }
    return true;
  }

  /// Gives workspace values that an elementwise update reads the offset of the state that it writes, so that its loop has
  /// one index. What the n-th operand of every such update is shares one array.
  void align(Map<Node, Place> taken, Storage storage) {
    Map<String, Buffer> arrays = new HashMap<>();
    for (Group group : grouping.groups()) {
      Optional<Dim> offset = offsetOf(group, taken);
      if (offset.isEmpty()) {
        continue;
      }
      int ordinal = 0;
      for (Node operand : operandsOf(group)) {
        boolean mine = grouping.makerOf(operand).isPresent() && !taken.containsKey(operand);
        if (mine) {
          String dtype = operand.dtype().toString();
          String key = dtype + "#" + ordinal++;
          Dim length = lengthOf(group, taken);
          Buffer buffer = arrays.computeIfAbsent(key,
              _ -> storage.buffer("aligned" + arrays.size(), operand.dtype(), length,
                  Kind.WORKSPACE));
          taken.put(operand, new Place(buffer, offset.get()));
        }
      }
    }
  }

  /// The offset of the states that a flat group updates: an elementwise one, of which every output has all of the domain.
  private Optional<Dim> offsetOf(Group group, Map<Node, Place> taken) {
    if (!group.commits() || group.kind() != Group.Kind.ROWS || group.split() != 0
        || group.fixed() != Group.OPEN || group.outputs().isEmpty()) {
      return Optional.empty();
    }
    Set<Dim> offsets = new LinkedHashSet<>();
    for (Node output : group.outputs()) {
      Place place = taken.get(output);
      if (place == null || place.buffer().slot().kind() != Kind.STATE) {
        return Optional.empty();
      }
      offsets.add(place.offset());
    }
    return offsets.size() == 1 ? Optional.of(offsets.iterator().next()) : Optional.empty();
  }

  private Dim lengthOf(Group group, Map<Node, Place> taken) {
    long length = 0;
    for (Node output : group.outputs()) {
      length = Math.max(length, taken.get(output).buffer().slot().length().constant());
    }
    return Dim.of(length);
  }

  /// What a flat group reads element by element, in order.
  private List<Node> operandsOf(Group group) {
    Set<Node> operands = new LinkedHashSet<>();
    for (Node node : group.nodes()) {
      for (View view : grouping.reading().views(node)) {
        if (!group.contains(view.base()) && view.base().shape().equals(group.domain())
            && view.isIdentity(group.domain().rank()) && !view.axes().isEmpty()) {
          operands.add(view.base());
        }
      }
    }
    return new ArrayList<>(operands);
  }
}
