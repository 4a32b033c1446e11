package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reverse mode through a loop: the loop once more, now also stacking what it carried into each iteration, and then a
/// loop in the other direction whose body is the gradient of the body. It carries the cotangents of the carried values
/// and the sums for the invariants; the cotangents of the slices are its outputs.
final class LoopTranspose {
  private final GraphBuilder builder;
  private final Op.Loop loop;
  private final Node node;
  private final BitSet active;
  private final List<Optional<Node>> g;
  private final CotangentBody body;

  LoopTranspose(GraphBuilder builder, Op.Loop loop, Node node, BitSet active,
      List<Optional<Node>> g) {
    this.builder = builder;
    this.loop = loop;
    this.node = node;
    this.active = active;
    this.g = g;
    BitSet inside = Activity.insideLoop(loop, active);
    List<Boolean> live = live(inside);
    this.body = CotangentBody.of(loop.body(), inside, live);
  }

  /// Which results of the body have a cotangent in some iteration: those that have one after the loop, and carried
  /// values from which one of these gets a derivative.
  private List<Boolean> live(BitSet inside) {
    List<Boolean> live = new ArrayList<>(g.stream().map(Optional::isPresent).toList());
    boolean grown = true;
    while (grown) {
      grown = false;
      for (int i = 0; i < loop.carried(); i++) {
        if (!live.get(i) && inside.get(i) && reachesLive(i, live)) {
          live.set(i, true);
          grown = true;
        }
      }
    }
    return live;
  }

  private boolean reachesLive(int input, List<Boolean> live) {
    Activity from = Activity.of(loop.body().roots(), List.of(loop.body().inputs().get(input)));
    List<Graph.Result> results = loop.body().results();
    for (int i = 0; i < results.size(); i++) {
      if (live.get(i) && from.isActive(results.get(i).node())) {
        return true;
      }
    }
    return false;
  }

  /// Whether a derivative flows from this operand alone, in all iterations, to an item that has a cotangent.
  private boolean reachesItem(int operand) {
    BitSet alone = new BitSet();
    alone.set(operand);
    return Activity.throughLoop(loop, alone).stream().anyMatch(item -> g.get(item).isPresent());
  }

  private int firstInvariant() {
    return loop.carried() + loop.sliced();
  }

  private boolean isInvariant(int input) {
    return input >= firstInvariant();
  }

  private boolean isSliced(int input) {
    return input >= loop.carried() && !isInvariant(input);
  }

  /// What the gradient loop is put together from: parallel lists of body ports and operands, and named results.
  private final class Parts {
    final List<Node> carried = new ArrayList<>();
    final List<Node> sliced = new ArrayList<>();
    final List<Node> invariant = new ArrayList<>();
    final List<Node> carriedPorts = new ArrayList<>();
    final List<Node> slicedPorts = new ArrayList<>();
    final List<Node> invariantPorts = new ArrayList<>();
    final List<Graph.Result> carriedResults = new ArrayList<>();
    final List<Graph.Result> outputs = new ArrayList<>();
    final Map<Integer, Integer> itemOfOperand = new LinkedHashMap<>();

    Node loop() {
      List<Node> ports = Axes.join(carriedPorts, slicedPorts, invariantPorts);
      Graph graph = body.builder().graph(loop.body().name() + "_grad", ports,
          Axes.join(carriedResults, outputs));
      return builder.add(
          new Op.Loop(graph, loop.count(), carried.size(), sliced.size(), !loop.reverse()),
          Axes.join(carried, sliced, invariant));
    }
  }

  /// The contributions to the cotangents of the loop's operands.
  List<Optional<Node>> contributions() {
    Parts parts = new Parts();
    carryCotangents(parts);
    sumInvariants(parts);
    stackSlices(parts);
    feedForwardValues(parts);
    feedOutputCotangents(parts);
    List<Optional<Node>> result =
        new ArrayList<>(Collections.nCopies(node.operands().size(), Optional.empty()));
    Node gradient = parts.loop();
    parts.itemOfOperand.forEach((operand, item) -> {
      if (active.get(operand) && reachesItem(operand)) {
        boolean output = isSliced(operand);
        result.set(operand,
            Optional.of(builder.item(gradient, output ? parts.carried.size() + item : item)));
      }
    });
    return result;
  }

  private void carryCotangents(Parts parts) {
    body.seeds().forEach((result, seed) -> {
      if (result < loop.carried()) {
        TensorType type = seed.type();
        parts.itemOfOperand.put(result, parts.carried.size());
        parts.carried.add(g.get(result).orElseGet(() -> builder.fill(type, 0)));
        parts.carriedPorts.add(seed);
        Node next = Optional.ofNullable(body.cotangents().get(result))
            .orElseGet(() -> body.builder().fill(type, 0));
        parts.carriedResults.add(new Graph.Result("d" + body.inputName(result), next));
      }
    });
  }

  private void sumInvariants(Parts parts) {
    body.cotangents().forEach((input, cotangent) -> {
      if (isInvariant(input)) {
        TensorType type = node.operand(input).type();
        parts.itemOfOperand.put(input, parts.carried.size());
        parts.carried.add(builder.fill(type, 0));
        Node sum = body.port("sum_d" + body.inputName(input), type);
        parts.carriedPorts.add(sum);
        parts.carriedResults.add(new Graph.Result("d" + body.inputName(input),
            body.builder().map(ScalarFn.ADD, sum, cotangent)));
      }
    });
  }

  private void stackSlices(Parts parts) {
    body.cotangents().forEach((input, cotangent) -> {
      if (isSliced(input)) {
        parts.itemOfOperand.put(input, parts.outputs.size());
        parts.outputs.add(new Graph.Result("d" + body.inputName(input), cotangent));
      }
    });
  }

  /// Gives the gradient's body what it needs of the forward body's inputs.
  private void feedForwardValues(Parts parts) {
    Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> order = new ArrayList<>();
    Axes.join(parts.carriedResults, parts.outputs)
        .forEach(r -> Graph.visit(r.node(), needed, order));
    List<Integer> stacked = new ArrayList<>();
    for (int i = 0; i < loop.carried(); i++) {
      if (needed.contains(body.inputs().get(i))) {
        stacked.add(i);
        parts.slicedPorts.add(body.inputs().get(i));
      }
    }
    parts.sliced.addAll(stacked(stacked));
    for (int i = loop.carried(); i < body.inputs().size(); i++) {
      if (needed.contains(body.inputs().get(i))) {
        (isSliced(i) ? parts.slicedPorts : parts.invariantPorts).add(body.inputs().get(i));
        (isSliced(i) ? parts.sliced : parts.invariant).add(node.operand(i));
      }
    }
  }

  private void feedOutputCotangents(Parts parts) {
    body.seeds().forEach((result, seed) -> {
      if (result >= loop.carried()) {
        parts.slicedPorts.add(seed);
        parts.sliced.add(g.get(result).orElseThrow());
      }
    });
  }

  /// Carried values as each iteration found them: outputs that the loop has, or those of the forward loop with more
  /// outputs.
  private List<Node> stacked(List<Integer> inputs) {
    Graph forward = loop.body();
    List<Graph.Result> results = new ArrayList<>(forward.results());
    FreshNames names = FreshNames.beside(results.stream().map(Graph.Result::name).toList());
    List<Integer> items = new ArrayList<>();
    for (int input : inputs) {
      Node carried = forward.inputs().get(input);
      int item = loop.carried();
      while (item < results.size() && results.get(item).node() != carried) {
        item++;
      }
      if (item == results.size()) {
        results.add(new Graph.Result(
            names.fresh("before_" + forward.ports().get(input).name()), carried));
      }
      items.add(item);
    }
    Node source = node;
    if (results.size() > forward.results().size()) {
      Graph more = new Graph(forward.name() + "_stacked", forward.inputs(), results, List.of(),
          Optional.empty(),
          forward.requirements());
      source =
          builder.add(
              new Op.Loop(more, loop.count(), loop.carried(), loop.sliced(), loop.reverse()),
              node.operands());
    }
    Node from = source;
    return items.stream().map(item -> builder.item(from, item)).toList();
  }
}
