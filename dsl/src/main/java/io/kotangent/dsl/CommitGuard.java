package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Guards an update graph: nothing is committed unless all of it is finite.
///
/// To look at every new value before one is written would be to compute them twice. So where it can be proved ([Interval])
/// that parameters and slots stay finite as long as no gradient is above some power of two, far above any that training is good
/// with, the guard looks at the gradients. That holds by induction: the proof finds, from slots that are zero, between which powers of two they stay, and the ports say so
/// ([Fact.Finite]); a state that was set to something else is checked by the runtime. Where there is no proof (a rate of 1e30,
/// say), and of what a model itself makes of its states, the guard looks at every new value.
final class CommitGuard {
  /// How large a gradient may be, as exponents of f32; f64 has eight times these. The largest that allows a proof is taken.
  private static final int[] GRADIENTS = {100, 80, 63, 56, 51, 45, 40, 30, 20};
  /// How large a rate may be that is fed.
  private static final int RATE = 1 << 10;
  /// Steps are counted to here.
  private static final int STEPS = 53;
  private static final int ROUNDS = 100;

  private final Graph raw;
  private final double most;
  /// What a slot may be, by its kind.
  private final Map<String, Interval> slots = new HashMap<>();
  private double limit;

  private CommitGuard(Graph raw, DType dtype) {
    this.raw = raw;
    this.most = dtype == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
  }

  /// @param raw an update graph whose guard is its input `ok`
  /// @param dtype the model's float type
  static Graph of(Graph raw, DType dtype) {
    CommitGuard guard = new CommitGuard(raw, dtype);
    return guard.guarded(guard.isProved());
  }

  // ---- proof

  private boolean isProved() {
    for (int exponent : GRADIENTS) {
      limit = Math.scalb(1.0, most == Float.MAX_VALUE ? exponent : 8 * exponent);
      slots.clear();
      if (findSlots() && stays(raw.updates())) {
        return true;
      }
    }
    return false;
  }

  /// Between which powers of two the slots of the first parameter stay, from zero.
  private boolean findSlots() {
    Optional<Graph.Update> first = raw.updates().stream()
        .filter(u -> Graph.port(u.port()).slot().isPresent()).findFirst();
    if (first.isEmpty()) {
      return true;
    }
    String owner = Graph.port(first.get().port()).slot().orElseThrow().of();
    List<Graph.Update> own = raw.updates().stream().filter(u -> Graph.port(u.port()).slot()
        .filter(slot -> slot.of().equals(owner)).isPresent()).toList();
    own.forEach(u -> slots.put(kind(u), new Interval(0, 1)));
    for (int round = 0; round < ROUNDS; round++) {
      Map<Node, Interval> known = known(own);
      boolean stays = true;
      for (Graph.Update update : own) {
        Interval next = known.get(update.value());
        if (next == null) {
          return false;
        }
        Interval now = slots.get(kind(update));
        if (!isWithin(next, now)) {
          stays = false;
          slots.put(kind(update), widened(next.hull(now)));
        }
      }
      if (stays) {
        return true;
      }
    }
    return false;
  }

  private static String kind(Graph.Update update) {
    return Graph.port(update.port()).slot().orElseThrow().kind();
  }

  private Interval widened(Interval interval) {
    double size = Math.max(-interval.low(), interval.high());
    double power = Math.min(most, Math.scalb(1.0, Math.getExponent(size) + 1));
    return new Interval(interval.low() < 0 ? -power : 0, power);
  }

  /// Whether it lies within, below the upper power of two.
  private boolean isWithin(Interval next, Interval now) {
    double power = now.high();
    return next.low() >= now.low()
        && (next.low() > -power || power == most) && (next.high() < power || power == most);
  }

  /// Whether all updates of parameters and slots are finite, and slots within what they may be.
  private boolean stays(List<Graph.Update> updates) {
    List<Graph.Update> checked = updates.stream().filter(u -> !isGiven(u)).toList();
    Map<Node, Interval> known = known(checked);
    for (Graph.Update update : checked) {
      Interval next = known.get(update.value());
      boolean slot = Graph.port(update.port()).slot().isPresent();
      if (update.port().dtype().isFloat() && (next == null || slot
          && !(slots.containsKey(kind(update)) && isWithin(next, slots.get(kind(update)))))) {
        return false;
      }
    }
    return true;
  }

  /// Whether the new value is an input: what the model itself makes of a state.
  private static boolean isGiven(Graph.Update update) {
    return update.value().op() instanceof Op.Input;
  }

  private Map<Node, Interval> known(Collection<Graph.Update> updates) {
    Map<Node, Interval> known = new HashMap<>();
    List<Node> order = new ArrayList<>();
    Set<Node> seen = new HashSet<>();
    updates.forEach(update -> Graph.visit(update.value(), seen, order));
    for (Node node : order) {
      Optional<Interval> interval = node.op() instanceof Op.Input(var port) ? port(port)
          : Interval.of(node, known);
      interval.ifPresent(found -> known.put(node, found));
    }
    return known;
  }

  private Optional<Interval> port(Port port) {
    if (port.slot().isPresent()) {
      return Optional.ofNullable(slots.get(port.slot().get().kind()));
    }
    if (port.name().startsWith(TrainingGraphs.GRADIENT)) {
      return Optional.of(Interval.upTo(limit));
    }
    if (port.role() == Role.INPUT) {
      return port.name().equals("rate") ? Optional.of(Interval.upTo(RATE)) : Optional.empty();
    }
    return Optional.of(port.type().dtype().isFloat() ? Interval.upTo(most)
        : new Interval(0, Math.scalb(1.0, STEPS)));
  }

  // ---- the graph

  private Graph guarded(boolean proved) {
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = new LinkedHashMap<>();
    Set<Node> given = raw.updates().stream().filter(CommitGuard::isGiven).map(Graph.Update::port)
        .collect(Collectors.toSet());
    for (Node input : raw.inputs()) {
      Port port = Graph.port(input);
      boolean declares = proved && port.role() != Role.INPUT && !given.contains(input);
      b.at(input.origin());
      copies.put(input, b.input(declares ? declared(port) : port));
    }
    List<Node> inputs = List.copyOf(copies.values());
    b.copy(raw.roots(), copies);
    b.at(new Origin("guard", ""));
    Node ok = copies.get(raw.guard().orElseThrow());
    for (Node input : inputs) {
      String name = Graph.port(input).name();
      if (name.startsWith(TrainingGraphs.GRADIENT)) {
        ok = and(b, ok, proved ? within(b, input, limit) : b.map(ScalarFn.IS_FINITE, input));
      } else if (name.equals("rate") && proved) {
        ok = and(b, ok, within(b, input, RATE));
      }
    }
    Predicate<Graph.Update> open = update -> !proved || isGiven(update);
    for (Graph.Update update : raw.updates()) {
      if (update.port().dtype().isFloat() && open.test(update)) {
        ok = and(b, ok, b.map(ScalarFn.IS_FINITE, copies.get(update.value())));
      }
    }
    return b.graph(raw.name(), inputs, List.of(), raw.updates().stream()
        .map(u -> new Graph.Update(copies.get(u.port()), copies.get(u.value()))).toList(),
        Optional.of(ok));
  }

  private static Node within(GraphBuilder b, Node x, double limit) {
    return b.map(ScalarFn.LT, b.map(ScalarFn.ABS, x), b.fill(x.type(), limit));
  }

  private static Node and(GraphBuilder b, Node ok, Node holds) {
    List<Integer> axes = Statistics.axesBefore(holds.type().rank());
    return b.map(ScalarFn.AND, ok,
        axes.isEmpty() ? holds : b.reduce(Op.Reduction.ALL, holds, axes));
  }

  /// What the proof says of a port of the state.
  private Port declared(Port port) {
    Interval within = port(port).orElseThrow();
    List<Fact> facts = new ArrayList<>(port.facts());
    facts.add(new Fact.Finite(within.low() < 0,
        Math.getExponent(within.high()) + (within.high() == most ? 1 : 0)));
    return new Port(port.name(), port.role(), port.type(), facts);
  }
}
