package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where derivatives flow: for each item of a value the numbered sources that it depends on by differentiable ops. Every
/// graph is walked once, the bodies inside it too: what a call, branch or loop lets through is a relation between its
/// operands and its items, exact for each of them.
final class Flow {
  /// After how many iterations of a loop what flows is no longer followed one by one.
  private static final int LONGEST_TRACE = 64;
  private static final BitSet NOTHING = new BitSet();

  private final Map<Graph, List<BitSet>> bodies = new IdentityHashMap<>();
  private int walked;

  /// How many nodes have been looked at.
  int walked() {
    return walked;
  }

  /// Where the items of each node come from.
  ///
  /// @param order nodes, operands first
  /// @param sources the numbers of the nodes that are sources
  Map<Node, List<BitSet>> through(Collection<Node> order, Map<Node, BitSet> sources) {
    Map<Node, List<BitSet>> found = new IdentityHashMap<>();
    for (Node node : order) {
      walked++;
      List<BitSet> items = items(node, found);
      BitSet own = sources.get(node);
      found.put(node, own == null ? items : List.of(union(own, items.getFirst())));
    }
    return found;
  }

  /// For each result of a graph the inputs that a derivative flows from.
  List<BitSet> through(Graph graph) {
    List<BitSet> known = bodies.get(graph);
    if (known == null) {
      Map<Node, BitSet> sources = new IdentityHashMap<>();
      graph.inputs().forEach(input -> sources.put(input, bit(sources.size())));
      List<Node> order = new ArrayList<>();
      Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
      graph.results().forEach(result -> Graph.visit(result.node(), seen, order));
      Map<Node, List<BitSet>> found = through(order, sources);
      known = graph.results().stream().map(r -> found.get(r.node()).getFirst()).toList();
      bodies.put(graph, known);
    }
    return known;
  }

  /// The sources of each item, from those of the operands.
  private List<BitSet> items(Node node, Map<Node, List<BitSet>> found) {
    List<BitSet> operands = new ArrayList<>(node.operands().size());
    boolean any = false;
    for (Node operand : node.operands()) {
      // Of a tuple an item picks its own; nothing else takes one.
      BitSet from = node.op() instanceof Op.Item(var index) ? found.get(operand).get(index)
          : found.get(operand).getFirst();
      any |= !from.isEmpty();
      operands.add(from);
    }
    List<Type> types = types(node);
    if (!any) {
      return Collections.nCopies(Math.max(1, types.size()), NOTHING);
    }
    return switch (node.op()) {
      case Op.Control control -> control(control, types, operands);
      case Op.Map(var fn) -> {
        BitSet passing = NOTHING;
        for (int i = 0; i < operands.size() && node.dtype().isFloat(); i++) {
          passing = fn.derivatives().get(i).isPresent() ? union(passing, operands.get(i)) : passing;
        }
        yield List.of(passing);
      }
      // The first item is the sorted values; the other one their places.
      case Op.Sort _ -> List.of(operands.getFirst(), NOTHING);
      case Op.Item _ -> operands;
      case Op.Source _, Op.Cast _, Op.Layout _, Op.Gather _, Op.Scatter _, Op.Sum _ ->
          List.of(node.dtype().isFloat() ? union(operands) : NOTHING);
    };
  }

  private static List<Type> types(Node node) {
    return node.valueType() instanceof TupleType(var items) ? List.copyOf(items)
        : List.of(node.valueType());
  }

  private List<BitSet> control(Op.Control op, List<Type> types, List<BitSet> operands) {
    if (op instanceof Op.Call(_, var derivative) && derivative.isPresent()) {
      BitSet all = union(operands);
      return types.stream()
          .map(t -> t instanceof TensorType tensor && tensor.dtype().isFloat() ? all : NOTHING)
          .toList();
    }
    return through(op).stream().map(item -> union(item, operands)).toList();
  }

  /// For each item the operands that a derivative flows from.
  List<BitSet> through(Op.Control op) {
    return switch (op) {
      case Op.Call(var callee, _) -> through(callee);
      case Op.Branch(var then, var otherwise) -> {
        List<BitSet> one = through(then);
        List<BitSet> other = through(otherwise);
        List<BitSet> items = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
          BitSet arguments = union(one.get(i), other.get(i));
          BitSet operands = new BitSet();
          arguments.stream().forEach(argument -> operands.set(argument + 1));
          items.add(operands);
        }
        yield items;
      }
      case Op.Loop loop -> loop(loop);
    };
  }

  // ---- loops

  /// For each item of a loop the operands: exact where the count is known and small, or what flows settles; otherwise what
  /// flows in some number of iterations.
  private List<BitSet> loop(Op.Loop loop) {
    List<BitSet> body = through(loop.body());
    Optional<List<BitSet>> exact =
        loop.count().isConstant() ? afterAll(loop, body) : Optional.empty();
    return exact.orElseGet(() -> {
      List<BitSet> inside = inside(loop);
      List<BitSet> items = new ArrayList<>();
      for (int i = 0; i < body.size(); i++) {
        BitSet after = through(body.get(i), inside);
        boolean perhapsBefore = i < loop.carried() && !loop.count().isAtLeast(1);
        items.add(perhapsBefore ? union(after, inside.get(i)) : after);
      }
      return items;
    });
  }

  private static Optional<List<BitSet>> afterAll(Op.Loop loop, List<BitSet> body) {
    List<BitSet> items = new ArrayList<>();
    for (int i = 0; i < body.size(); i++) {
      items.add(i < loop.carried() ? bit(i) : NOTHING);
    }
    for (int step = 0; step < loop.count().constant(); step++) {
      List<BitSet> carried = items.subList(0, loop.carried());
      List<BitSet> next = new ArrayList<>();
      for (int i = 0; i < body.size(); i++) {
        BitSet now = through(body.get(i), carried);
        next.add(i < loop.carried() ? now : union(now, items.get(i)));
      }
      if (next.equals(items)) {
        return Optional.of(items);
      }
      if (step == LONGEST_TRACE) {
        return Optional.empty();
      }
      items = next;
    }
    return Optional.of(items);
  }

  /// For each carried value the operands that a derivative flows from in some iteration.
  private List<BitSet> inside(Op.Loop loop) {
    List<BitSet> body = through(loop.body());
    List<BitSet> inside = new ArrayList<>();
    for (int i = 0; i < loop.carried(); i++) {
      inside.add(bit(i));
    }
    boolean grown = true;
    for (boolean up = true; grown; up = !up) {
      grown = false;
      // Up and down in turn: values that each go to a neighbor settle in two sweeps.
      for (int k = 0; k < loop.carried(); k++) {
        int i = up ? k : loop.carried() - 1 - k;
        BitSet more = union(inside.get(i), through(body.get(i), inside));
        grown |= !more.equals(inside.get(i));
        inside.set(i, more);
      }
    }
    return inside;
  }

  /// Which inputs of a loop's body a derivative from these operands flows into, in some iteration.
  BitSet inside(Op.Loop loop, BitSet operands) {
    BitSet inputs = (BitSet) operands.clone();
    List<BitSet> inside = inside(loop);
    for (int i = 0; i < loop.carried(); i++) {
      inputs.set(i, inside.get(i).intersects(operands));
    }
    return inputs;
  }

  /// What `inputs` of a body come from, if the carried ones among them come from this.
  private static BitSet through(BitSet inputs, List<BitSet> carried) {
    BitSet from = new BitSet();
    for (int i = inputs.nextSetBit(0); i >= 0; i = inputs.nextSetBit(i + 1)) {
      if (i < carried.size()) {
        from.or(carried.get(i));
      } else {
        from.set(i);
      }
    }
    return from;
  }

  // ---- sets

  private static BitSet bit(int index) {
    BitSet result = new BitSet(index + 1);
    result.set(index);
    return result;
  }

  private static BitSet union(BitSet x, BitSet y) {
    if (x.isEmpty() || x == y) {
      return y;
    }
    if (y.isEmpty()) {
      return x;
    }
    BitSet both = (BitSet) x.clone();
    both.or(y);
    return both;
  }

  private static BitSet union(List<BitSet> sets) {
    return sets.stream().reduce(NOTHING, Flow::union);
  }

  /// What the operands of these numbers come from.
  private static BitSet union(BitSet numbers, List<BitSet> operands) {
    BitSet from = NOTHING;
    for (int i = numbers.nextSetBit(0); i >= 0; i = numbers.nextSetBit(i + 1)) {
      from = union(from, operands.get(i));
    }
    return from;
  }
}
