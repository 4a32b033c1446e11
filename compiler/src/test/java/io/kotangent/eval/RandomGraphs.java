package io.kotangent.eval;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Makes valid graphs of up to about forty nodes from seeds, over all ops, together with inputs; biased to what
/// breaks compilers: sizes 0 and 1, rank 0, symbolic sizes, broadcasts and reductions, layout, selects, gathers.
public final class RandomGraphs {
  /// What a graph is for.
  ///
  /// @param floats the usual float type
  /// @param careful whether values stay moderate and 1e-6 away from jumps and kinks; otherwise NaNs, infinities and
  /// ties may occur
  /// @param control whether there are calls, loops and branches
  /// @param loss whether there is a float scalar result `loss` that inputs reach
  /// @param nodes the most nodes before results are made (a loss takes some more)
  /// @param sizes how long axes are
  /// @param errors whether divisors may be zero and indices out of range, for other inputs than the graph's own
  public record Options(DType floats, boolean careful, boolean control, boolean loss, int nodes,
      RandomSizes sizes, boolean errors) {
    public static final Options CAREFUL =
        new Options(DType.F32, true, true, false, 40, RandomSizes.SMALL, false);
    public static final Options WILD =
        new Options(DType.F32, false, true, false, 40, RandomSizes.SMALL, false);
    public static final Options LOSS =
        new Options(DType.F32, true, true, true, 40, RandomSizes.SMALL, false);

    public static final Options ERRORS =
        new Options(DType.F32, false, true, false, 25, RandomSizes.SMALL, true);

    public Options withFloats(DType other) {
      return new Options(other, careful, control, loss, nodes, sizes, errors);
    }

    public Options withNodes(int most) {
      return new Options(floats, careful, control, loss, most, sizes, errors);
    }

    public Options withoutControl() {
      return new Options(floats, careful, false, loss, nodes, sizes, errors);
    }

    /// With sizes that vectors and tiles are made of, and some that no vector divides.
    public Options inWide() {
      return new Options(floats, careful, control, loss, nodes, RandomSizes.WIDE, errors);
    }

    /// With axes so long that runs along them are read where they are, and rows are cut into blocks.
    public Options inLong() {
      return new Options(floats, careful, control, loss, nodes, RandomSizes.LONG, errors);
    }
  }

  private final SplittableRandom random;
  private final Options options;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<String, Long> symbols = new LinkedHashMap<>();
  private final Map<String, TensorValue> inputs = new LinkedHashMap<>();
  private final List<Node> ports = new ArrayList<>();
  private final RandomNodes nodes;

  private RandomGraphs(long seed, Options options) {
    this.random = new SplittableRandom(seed);
    this.options = options;
    long[] sizes = {0, 1, 1, 2, 2, 3, 5, 7};
    symbols.put("batch", sizes[random.nextInt(options.loss() ? 1 : 0, sizes.length)]);
    this.nodes = new RandomNodes(builder, random, options, symbols);
  }

  public static RandomGraph generate(long seed, Options options) {
    return new RandomGraphs(seed, options).generate(seed);
  }

  private RandomGraph generate(long seed) {
    int count = random.nextInt(1, 5);
    for (int i = 0; i < count; i++) {
      input(i == 0);
    }
    int target = random.nextInt(4, options.nodes() + 1);
    for (int tries = 0; tries < 8 * target && nodes.size() < target; tries++) {
      nodes.grow();
    }
    List<Graph.Result> results = new ArrayList<>();
    Optional<Node> loss = options.loss() ? Optional.of(loss()) : Optional.empty();
    loss.ifPresent(l -> results.add(new Graph.Result("loss", l)));
    List<Graph.Update> updates = updates();
    Optional<Node> guard =
        updates.isEmpty() || random.nextBoolean() ? Optional.empty() : Optional.of(guard(updates));
    for (Node leaf : leaves(loss, updates, guard)) {
      results.add(new Graph.Result("r" + results.size(), leaf));
    }
    return new RandomGraph(seed, options, builder.graph("random", ports, results, updates, guard),
        inputs, symbols);
  }

  private void input(boolean first) {
    int kind = options.errors() ? random.nextInt(6, 9) : first ? 0 : random.nextInt(10);
    DType dtype = kind < 6 ? options.floats()
        : kind < 7 ? other() : kind < 9 ? DType.I32 : kind < 10 && random.nextBoolean()
            ? DType.I64 : DType.BOOL;
    Shape shape = nodes.shape();
    if (first && shape.dims().stream().noneMatch(d -> d.equals(Dim.symbol("batch")))) {
      List<Dim> dims = new ArrayList<>(shape.dims());
      dims.addFirst(Dim.symbol("batch"));
      shape = new Shape(dims);
    }
    boolean constant = shape.dims().stream().allMatch(Dim::isConstant);
    Role role =
        dtype.isFloat() && constant ? List.of(Role.values()).get(random.nextInt(3)) : Role.INPUT;
    List<Fact> facts =
        dtype == DType.I32 && random.nextBoolean() ? List.of(new Fact.Range(0, 3)) : List.of();
    Port port = new Port(String.valueOf((char) ('a' + ports.size())), role,
        new TensorType(dtype, shape), facts);
    TensorValue value = RandomValues.of(port, symbols, random);
    if (!options.careful()) {
      value = RandomValues.withSpecials(value, random);
    }
    Node node = builder.input(port);
    ports.add(node);
    inputs.put(port.name(), value);
    nodes.give(node, value);
  }

  private DType other() {
    return options.floats() == DType.F32 ? DType.F64 : DType.F32;
  }

  /// The mean of all float leaves, each weighted by its own constant; every float input has at least one way to it.
  private Node loss() {
    Node sum = builder.scalar(options.floats(), 0.25);
    List<Node> parts = new ArrayList<>(leaves(Optional.empty(), List.of(), Optional.empty()));
    ports.stream().filter(p -> !parts.contains(p)).forEach(parts::add);
    for (Node part : parts) {
      if (part.dtype().isFloat()) {
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < part.type().rank(); i++) {
          axes.add(i);
        }
        Node weight = builder.fill(part.type(), (float) (0.1 + random.nextDouble()));
        Node total = builder.sum(builder.map(ScalarFn.MUL, part, weight), axes);
        sum = builder.map(ScalarFn.ADD, sum, builder.cast(options.floats(), total));
      }
    }
    return sum;
  }

  private List<Graph.Update> updates() {
    List<Graph.Update> updates = new ArrayList<>();
    for (Node port : ports) {
      if (Graph.port(port).role() == Role.STATE) {
        Node step = nodes.ofType(port.type());
        Node value =
            step == port ? builder.map(ScalarFn.NEG, port) : builder.map(ScalarFn.SUB, port, step);
        updates.add(new Graph.Update(port, value));
      }
    }
    return updates;
  }

  private Node guard(List<Graph.Update> updates) {
    Node finite = builder.map(ScalarFn.IS_FINITE, updates.getFirst().value());
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < finite.type().rank(); i++) {
      axes.add(i);
    }
    return axes.isEmpty() ? finite : builder.reduce(Op.Reduction.ALL, finite, axes);
  }

  /// All tensors that nothing uses.
  private List<Node> leaves(Optional<Node> loss, List<Graph.Update> updates, Optional<Node> guard) {
    Set<Node> used = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> roots = new ArrayList<>(nodes.all());
    loss.ifPresent(roots::add);
    updates.forEach(u -> roots.add(u.value()));
    guard.ifPresent(roots::add);
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    roots.forEach(root -> Graph.visit(root, seen, order));
    order.forEach(node -> used.addAll(node.operands()));
    loss.ifPresent(used::add);
    updates.forEach(u -> used.add(u.value()));
    guard.ifPresent(used::add);
    return nodes.all().stream()
        .filter(n -> !used.contains(n) && n.valueType() instanceof TensorType).toList();
  }
}
