package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reverse mode through a loop: the loop once more, now also stacking what each iteration found and what is dear to compute
/// again, and then a loop in the other direction whose body is the gradient of the body. It carries the cotangents of the
/// carried values; the cotangents of the slices are its outputs. What it stacks besides becomes the cotangents of the
/// invariants, after the loop ([IterationSums]).
final class LoopTranspose {
  private final GraphBuilder builder;
  private final Op.Loop loop;
  private final Node node;
  private final List<Optional<Node>> g;
  private final Set<Integer> wanted = new LinkedHashSet<>();
  private final CotangentBody body;
  private final BodyValues values;
  private final ForwardStacks forward;

  LoopTranspose(GraphBuilder builder, Op.Loop loop, Node node, BitSet active,
      List<Optional<Node>> g) {
    this.builder = builder;
    this.loop = loop;
    this.node = node;
    this.g = g;
    Flow flow = new Flow();
    BitSet inside = flow.inside(loop, active);
    this.body = Gradient.ofBody(loop.body(), inside, live(flow, inside));
    this.values = new BodyValues(body, body.inputs().subList(firstInvariant(), inputs()));
    this.forward = new ForwardStacks(builder, loop, node, body);
    List<BitSet> items = flow.through(loop);
    for (int item = 0; item < items.size(); item++) {
      if (g.get(item).isPresent()) {
        items.get(item).stream().filter(active::get).forEach(wanted::add);
      }
    }
  }

  /// Which results of the body have a cotangent in some iteration: those that have one after the loop, and carried
  /// values from which one of these gets a derivative.
  private List<Boolean> live(Flow flow, BitSet inside) {
    List<BitSet> from = flow.through(loop.body());
    List<Boolean> live = new ArrayList<>(g.stream().map(Optional::isPresent).toList());
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < live.size(); i++) {
      if (live.get(i)) {
        open.add(i);
      }
    }
    while (!open.isEmpty()) {
      BitSet inputs = from.get(open.removeLast());
      for (int i = inputs.nextSetBit(0); i >= 0 && i < loop.carried(); i =
          inputs.nextSetBit(i + 1)) {
        if (inside.get(i) && !live.get(i)) {
          live.set(i, true);
          open.add(i);
        }
      }
    }
    return live;
  }

  private int inputs() {
    return loop.body().inputs().size();
  }

  private int firstInvariant() {
    return loop.carried() + loop.sliced();
  }

  private boolean isInvariant(int input) {
    return input >= firstInvariant();
  }

  /// One of the gradient loop's operands, with its port in the body.
  private record Fed(Node operand, Node port) {
  }

  /// What the gradient loop is put together from; nodes of the body are not yet those of its final graph.
  private final class Parts {
    final List<Fed> carried = new ArrayList<>();
    final List<Graph.Result> carriedResults = new ArrayList<>();
    final List<Graph.Result> outputs = new ArrayList<>();
    final FreshNames ports = FreshNames.beside(body.seeds().values().stream()
        .map(seed -> Graph.port(seed).name()).toList());
    final FreshNames results = FreshNames.beside(List.of());
    /// Where a carried value or output of a node is found.
    final Map<Integer, Integer> itemOfInput = new LinkedHashMap<>();
    final Map<Node, Integer> itemOfSum = new IdentityHashMap<>();
    final Map<Node, Integer> outputOf = new IdentityHashMap<>();

    private Parts() {
      body.inputs().forEach(input -> ports.take(Graph.port(input).name()));
    }

    Node port(String wanted, TensorType type) {
      return body.builder().input(new Port(ports.fresh(wanted), Role.INPUT, type));
    }

    void output(String name, Node value) {
      outputOf.put(value, outputs.size());
      outputs.add(new Graph.Result(results.fresh(name), value));
    }

    List<Node> roots() {
      return Axes.join(carriedResults, outputs).stream().map(Graph.Result::node).toList();
    }
  }

  /// The contributions to the cotangents of the loop's operands.
  List<Optional<Node>> contributions() {
    List<Optional<Node>> result = new ArrayList<>(Collections.nCopies(inputs(), Optional.empty()));
    Map<Integer, Node> invariants = new LinkedHashMap<>(body.cotangents());
    invariants.keySet().removeIf(input -> !isInvariant(input) || !wanted.contains(input));
    IterationSums sums = new IterationSums(values, invariants.values(), given());
    Parts parts = new Parts();
    carryCotangents(parts);
    carrySums(parts, sums.carried());
    stackSlices(parts);
    for (Node value : sums.stacked()) {
      if (!isStacked(value)) {
        parts.output("stack", value);
      }
    }
    Node gradient = loop(parts, sums.stacked().stream().filter(values::isForward).toList());
    Map<Node, Node> summed = sums.sums(new IterationSums.Outside(builder, loop.count(),
        value -> stack(value, gradient, parts),
        value -> builder.cast(value.dtype(),
            builder.item(gradient, parts.itemOfSum.get(value))),
        this::outside));
    for (int input : wanted) {
      Optional<Node> sum = Optional.ofNullable(invariants.get(input)).map(summed::get);
      Optional<Integer> item = Optional.ofNullable(parts.itemOfInput.get(input));
      result.set(input, sum.or(() -> item.map(i -> builder.item(gradient, i))));
    }
    return result;
  }

  // ---- what is stacked

  /// What is stacked whether or not a sum needs it: slices, and cotangents of outputs.
  private List<Node> given() {
    List<Node> given = new ArrayList<>(body.inputs().subList(loop.carried(), firstInvariant()));
    body.seeds().forEach((result, seed) -> {
      if (result >= loop.carried()) {
        given.add(seed);
      }
    });
    return given;
  }

  /// Whether a value is stacked by something else than the gradient loop.
  private boolean isStacked(Node value) {
    return values.isForward(value) || seedOf(value) >= loop.carried();
  }

  /// The result whose cotangent this is; −1 if it is none.
  private int seedOf(Node value) {
    for (Map.Entry<Integer, Node> seed : body.seeds().entrySet()) {
      if (seed.getValue() == value) {
        return seed.getKey();
      }
    }
    return -1;
  }

  private Node stack(Node value, Node gradient, Parts parts) {
    if (values.isForward(value)) {
      return forward.of(value);
    }
    int seed = seedOf(value);
    return seed >= loop.carried()
        ? g.get(seed).orElseThrow()
        : builder.item(gradient, parts.carried.size() + parts.outputOf.get(value));
  }

  /// A value that is the same in every iteration, computed around the loop.
  private Node outside(Node value) {
    Map<Node, Node> replaced = new IdentityHashMap<>();
    for (int i = firstInvariant(); i < inputs(); i++) {
      replaced.put(body.inputs().get(i), node.operand(i));
    }
    builder.copy(List.of(value), replaced);
    return replaced.get(value);
  }

  // ---- the gradient loop

  private void carryCotangents(Parts parts) {
    body.seeds().forEach((result, seed) -> {
      if (result < loop.carried()) {
        TensorType type = seed.type();
        parts.itemOfInput.put(result, parts.carried.size());
        parts.carried.add(new Fed(g.get(result).orElseGet(() -> builder.fill(type, 0)), seed));
        Node next = Optional.ofNullable(body.cotangents().get(result))
            .orElseGet(() -> body.builder().fill(type, 0));
        parts.carriedResults.add(new Graph.Result(
            parts.results.fresh("d" + body.inputName(result)), next));
      }
    });
  }

  private void carrySums(Parts parts, Collection<Node> sums) {
    for (Node value : sums) {
      DType accumulator = IterationSums.accumulator(value.dtype());
      TensorType type = value.type().as(accumulator);
      parts.itemOfSum.put(value, parts.carried.size());
      Node before = parts.port("sum", type);
      parts.carried.add(new Fed(builder.fill(type, 0), before));
      GraphBuilder b = body.builder();
      parts.carriedResults.add(new Graph.Result(parts.results.fresh("sum"),
          b.map(ScalarFn.ADD, before, b.cast(accumulator, value))));
    }
  }

  private void stackSlices(Parts parts) {
    int carried = parts.carried.size();
    body.cotangents().forEach((input, cotangent) -> {
      if (wanted.contains(input) && !isInvariant(input) && input >= loop.carried()) {
        parts.itemOfInput.put(input, carried + parts.outputs.size());
        parts.output("d" + body.inputName(input), cotangent);
      }
    });
  }

  /// @param kept forward values that are stacked for the sums
  private Node loop(Parts parts, List<Node> kept) {
    List<Node> read = new ForwardValues(values, forward).toRead(parts.roots(), kept);
    List<Fed> sliced = new ArrayList<>();
    List<Fed> invariant = new ArrayList<>();
    GraphBuilder b = new GraphBuilder();
    body.builder().requirements().forEach(b::require);
    Map<Node, Node> replaced = new IdentityHashMap<>();
    forward.stackAll(Axes.join(kept, read));
    for (Node value : read) {
      int input = body.inputs().indexOf(value);
      Port port = input >= 0 ? Graph.port(value)
          : new Port(parts.ports.fresh(value.op().mnemonic()), Role.INPUT, value.type());
      replaced.put(value, b.input(port));
      if (isInvariant(input)) {
        invariant.add(new Fed(node.operand(input), value));
      } else {
        sliced.add(new Fed(forward.of(value), value));
      }
    }
    body.seeds().forEach((result, seed) -> {
      if (result >= loop.carried()) {
        sliced.add(new Fed(g.get(result).orElseThrow(), seed));
      }
    });
    b.copy(parts.roots(), replaced);
    List<Fed> all = Axes.join(parts.carried, sliced, invariant);
    b.copy(all.stream().map(Fed::port).toList(), replaced);
    List<Graph.Result> results = Axes.join(parts.carriedResults, parts.outputs).stream()
        .map(r -> new Graph.Result(r.name(), replaced.get(r.node()))).toList();
    Graph graph = b.graph(loop.body().name() + "_grad",
        all.stream().map(fed -> replaced.get(fed.port())).toList(), results);
    return builder.add(
        new Op.Loop(graph, loop.count(), parts.carried.size(), sliced.size(), !loop.reverse()),
        all.stream().map(Fed::operand).toList());
  }
}
