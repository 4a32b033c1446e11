package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.StackedOp;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a loop's body computes before, in and after its iterations wait for each other.
final class LoopParts {
  /// How many times as large as what a loop reads or gives anyway may be what is stacked beside it.
  static final long MOST = 16;
  /// What a symbolic size is thought to be.
  private static final long TYPICAL = 61;

  /// A loop with its operands.
  record Looped(Op.Loop op, List<Node> operands) {
    List<Node> inputs() {
      return op.body().inputs();
    }

    int firstInvariant() {
      return op.carried() + op.sliced();
    }

    List<Graph.Result> outputs() {
      return op.body().results().subList(op.carried(), op.body().results().size());
    }
  }

  private final GraphBuilder builder;
  private final Looped loop;
  private final Set<Node> varying = identitySet();
  /// Nodes of the body, outside: constants as they are, all others stacked.
  private final Map<Node, Node> outside = new IdentityHashMap<>();

  private LoopParts(GraphBuilder builder, Looped loop) {
    this.builder = builder;
    this.loop = loop;
    varying.addAll(loop.inputs().subList(0, loop.firstInvariant()));
    for (int i = loop.op().carried(); i < loop.inputs().size(); i++) {
      outside.put(loop.inputs().get(i), loop.operands().get(i));
    }
    for (Node node : loop.op().body().schedule()) {
      if (draws(node) || node.operands().stream().anyMatch(varying::contains)) {
        varying.add(node);
      }
    }
  }

  private static Set<Node> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /// Draws differ from iteration to iteration.
  private static boolean draws(Node node) {
    return node.op() instanceof Op.Random || node.op().bodies().stream()
        .flatMap(body -> body.withBodies().stream()).flatMap(body -> body.schedule().stream())
        .anyMatch(inner -> inner.op() instanceof Op.Random);
  }

  private static boolean isProduct(Node node) {
    return node.op() instanceof Op.Contract || node.op() instanceof Op.Convolve;
  }

  private StackedOp stacked(Node node) {
    BitSet which = new BitSet();
    for (int i = 0; i < node.operands().size(); i++) {
      which.set(i, varying.contains(node.operand(i)));
    }
    return new StackedOp(node, which);
  }

  /// A node for all iterations, of whose operands that is known or can be made.
  private Node outside(Node root) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = identitySet();
    seen.addAll(outside.keySet());
    Graph.visit(root, seen, order);
    for (Node node : order) {
      builder.at(node.origin());
      List<Node> operands = node.operands().stream().map(outside::get).toList();
      outside.put(node, varying.contains(node)
          ? stacked(node).apply(builder, loop.op().count(), operands)
          : builder.add(node.op(), operands));
    }
    return outside.get(root);
  }

  private static long size(Node node) {
    Dim size = node.shape().size();
    Set<String> symbols = new HashSet<>();
    size.collectSymbols(symbols);
    Map<String, Long> typical = new HashMap<>();
    symbols.forEach(symbol -> typical.put(symbol, TYPICAL));
    return Math.max(1, size.evaluate(typical));
  }

  private static long sizes(Collection<Node> nodes) {
    return nodes.stream().mapToLong(LoopParts::size).sum();
  }

  // ---- before

  /// The loop that is given, as slices and invariants, what no carried value has a part in; empty if there is no such
  /// contraction or convolution.
  static Optional<Looped> before(GraphBuilder builder, Looped loop) {
    return new LoopParts(builder, loop).before();
  }

  private Optional<Looped> before() {
    Set<Node> early = early();
    Set<Node> lifted = identitySet();
    List<Node> open = new ArrayList<>(loop.op().body().roots());
    Set<Node> seen = identitySet();
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (seen.add(node)) {
        if (early.contains(node) && isProduct(node)) {
          lifted.add(node);
        } else {
          open.addAll(node.operands());
        }
      }
    }
    return lifted.isEmpty() ? Optional.empty() : Optional.of(given(lifted));
  }

  /// Everything that can be computed from slices and invariants for all iterations at once, without being much larger.
  private Set<Node> early() {
    Set<Node> early = identitySet();
    Map<Node, Long> read = new IdentityHashMap<>();
    for (int i = loop.op().carried(); i < loop.inputs().size(); i++) {
      Node input = loop.inputs().get(i);
      early.add(input);
      read.put(input, varying.contains(input) ? size(input) : 0);
    }
    for (Node node : loop.op().body().schedule()) {
      if (node.op() instanceof Op.Input || !early.containsAll(node.operands()) || draws(node)
          || !(node.valueType() instanceof TensorType)) {
        continue;
      }
      long slices = node.operands().stream().mapToLong(read::get).sum();
      if (!varying.contains(node) || stacked(node).exists() && size(node) <= MOST * slices) {
        early.add(node);
        read.put(node, slices);
      }
    }
    return early;
  }

  private Looped given(Set<Node> lifted) {
    Graph body = loop.op().body();
    GraphBuilder inner = new GraphBuilder();
    body.requirements().forEach(inner::require);
    Set<String> names = new HashSet<>(body.ports().stream().map(Port::name).toList());
    Map<Node, Node> copies = new IdentityHashMap<>();
    List<Node> inputs = new ArrayList<>();
    List<Node> operands = new ArrayList<>();
    int sliced = loop.op().sliced();
    for (int i = 0; i < loop.firstInvariant(); i++) {
      add(loop.inputs().get(i), loop.operands().get(i), inner, copies, inputs, operands);
    }
    List<Node> constants = new ArrayList<>();
    for (Node node : body.schedule()) {
      if (lifted.contains(node) && varying.contains(node)) {
        inputs.add(port(node, names, inner, copies));
        operands.add(outside(node));
        sliced++;
      } else if (lifted.contains(node)) {
        constants.add(node);
      }
    }
    for (int i = loop.firstInvariant(); i < loop.inputs().size(); i++) {
      add(loop.inputs().get(i), loop.operands().get(i), inner, copies, inputs, operands);
    }
    for (Node node : constants) {
      inputs.add(port(node, names, inner, copies));
      operands.add(outside(node));
    }
    List<Node> roots = body.roots();
    inner.copy(roots, copies);
    List<Graph.Result> results = body.results().stream()
        .map(r -> new Graph.Result(r.name(), copies.get(r.node()))).toList();
    Op.Loop less = new Op.Loop(inner.graph(body.name(), inputs, results), loop.op().count(),
        loop.op().carried(), sliced, loop.op().reverse());
    return new Looped(less, operands);
  }

  private static void add(Node input, Node operand, GraphBuilder inner, Map<Node, Node> copies,
      List<Node> inputs, List<Node> operands) {
    copies.put(input, inner.input(Graph.port(input)));
    inputs.add(copies.get(input));
    operands.add(operand);
  }

  private static Node port(Node node, Set<String> names, GraphBuilder inner,
      Map<Node, Node> copies) {
    String name = node.op().mnemonic();
    for (int i = 2; !names.add(name); i++) {
      name = node.op().mnemonic() + "_" + i;
    }
    Node port = inner.input(new Port(name, Role.INPUT, node.type()));
    copies.put(node, port);
    return port;
  }

  // ---- after

  /// The items of a loop of which outputs are computed after it from what it stacks; empty if there is no contraction or
  /// convolution among what they need and the loop does not.
  static Optional<List<Node>> after(GraphBuilder builder, Looped loop) {
    return new LoopParts(builder, loop).after();
  }

  private Optional<List<Node>> after() {
    Set<Node> late = late();
    List<Graph.Result> all = loop.op().body().results();
    List<Graph.Result> kept = new ArrayList<>();
    List<Node> stacks = new ArrayList<>();
    long given = 0;
    for (int i = 0; i < all.size(); i++) {
      if (i < loop.op().carried() || !late.contains(all.get(i).node())) {
        kept.add(all.get(i));
      } else {
        given += size(all.get(i).node());
      }
    }
    for (Graph.Result output : loop.outputs()) {
      if (late.contains(output.node())) {
        reached(output.node(), late, kept, stacks);
      }
    }
    return kept.size() == all.size() || sizes(stacks) > MOST * given ? Optional.empty()
        : Optional.of(items(late, kept, stacks));
  }

  /// What only outputs need, with a contraction or convolution in it, where every output that needs it can be computed
  /// after the loop.
  private Set<Node> late() {
    Graph body = loop.op().body();
    long largest = loop.outputs().stream().mapToLong(output -> size(output.node())).max().orElse(0);
    List<Node> staying = new ArrayList<>();
    body.results().subList(0, loop.op().carried()).forEach(r -> staying.add(r.node()));
    while (true) {
      Set<Node> needed = identitySet();
      staying.forEach(root -> Graph.visit(root, needed, new ArrayList<>()));
      Set<Node> late = identitySet();
      for (Node node : body.schedule()) {
        boolean product = isProduct(node) || node.operands().stream().anyMatch(late::contains);
        if (product && !needed.contains(node) && varying.contains(node)
            && node.valueType() instanceof TensorType && stacked(node).exists()
            && size(node) <= MOST * largest) {
          late.add(node);
        }
      }
      int before = staying.size();
      loop.outputs().stream().map(Graph.Result::node)
          .filter(root -> !late.contains(root) && !staying.contains(root)).forEach(staying::add);
      if (staying.size() == before) {
        return late;
      }
    }
  }

  /// Adds what a late node is computed from and the loop does not stack yet.
  private void reached(Node root, Set<Node> late, List<Graph.Result> kept, List<Node> stacks) {
    List<Node> open = new ArrayList<>(List.of(root));
    Set<Node> seen = identitySet();
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (!seen.add(node)) {
        continue;
      }
      if (late.contains(node)) {
        open.addAll(node.operands());
      } else if (varying.contains(node) && !outside.containsKey(node) && !stacks.contains(node)
          && kept.subList(loop.op().carried(), kept.size()).stream()
              .noneMatch(r -> r.node() == node)) {
                stacks.add(node);
              }
    }
  }

  private List<Node> items(Set<Node> late, List<Graph.Result> kept, List<Node> stacks) {
    Graph body = loop.op().body();
    Set<String> names = new HashSet<>(body.results().stream().map(Graph.Result::name).toList());
    List<Graph.Result> results = new ArrayList<>(kept);
    for (Node stack : stacks) {
      String name = "stack";
      for (int i = 2; !names.add(name); i++) {
        name = "stack_" + i;
      }
      results.add(new Graph.Result(name, stack));
    }
    Graph less = new Graph(body.name(), body.inputs(), results, List.of(), Optional.empty(),
        body.requirements());
    Node rest = builder.add(new Op.Loop(less, loop.op().count(), loop.op().carried(),
        loop.op().sliced(), loop.op().reverse()), loop.operands());
    Map<Graph.Result, Node> itemOf = new IdentityHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      Node item = builder.item(rest, i);
      itemOf.put(results.get(i), item);
      if (i >= loop.op().carried()) {
        outside.putIfAbsent(results.get(i).node(), item);
      }
    }
    List<Node> items = new ArrayList<>();
    for (int i = 0; i < body.results().size(); i++) {
      Graph.Result result = body.results().get(i);
      boolean after = i >= loop.op().carried() && late.contains(result.node());
      items.add(after ? outside(result.node()) : itemOf.get(result));
    }
    return items;
  }
}
