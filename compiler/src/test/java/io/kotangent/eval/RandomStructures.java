package io.kotangent.eval;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Layout, indexing, sums and sources for [RandomNodes].
final class RandomStructures {
  private final RandomNodes nodes;
  private final RandomBodies bodies;

  RandomStructures(RandomNodes nodes) {
    this.nodes = nodes;
    this.bodies = new RandomBodies(nodes);
  }

  void grow(int kind) {
    Node x = nodes.any();
    switch (kind) {
      case 0 -> broadcast(x);
      case 1 -> reshape(x);
      case 2 -> transpose(x);
      case 3 -> reverseOrIota(x);
      case 4 -> slice(x);
      case 5 -> pad(x);
      case 6 -> concat(x);
      case 7 -> windows(x);
      case 8 -> overlapAdd(x);
      case 9 -> gather(x);
      case 10 -> scatter(x);
      case 11 -> sort(x);
      case 12, 13 -> reduce(x);
      case 14 -> contract(x);
      case 15 -> RandomConvolutions.add(nodes);
      case 16 -> bodies.call(x);
      case 17 -> bodies.loop(x);
      case 18 -> bodies.branch(x);
      default -> throw new IllegalArgumentException("kind " + kind);
    }
  }

  private int below(int bound) {
    return nodes.random.nextInt(bound);
  }

  static List<Integer> range(int count) {
    List<Integer> range = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      range.add(i);
    }
    return range;
  }

  private List<Integer> shuffled(List<Integer> list) {
    List<Integer> shuffled = new ArrayList<>(list);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      Collections.swap(shuffled, i, below(i + 1));
    }
    return shuffled;
  }

  private List<Integer> someAxes(int rank) {
    return range(rank).stream().filter(_ -> nodes.random.nextBoolean()).toList();
  }

  /// A random axis whose size is a constant of at least `least`.
  private Optional<Integer> axis(Node x, int least) {
    List<Integer> axes = range(x.type().rank()).stream()
        .filter(a -> x.type().dim(a).isConstant() && x.type().dim(a).constant() >= least).toList();
    return axes.isEmpty() ? Optional.empty() : Optional.of(nodes.pick(axes));
  }

  private void broadcast(Node x) {
    if (x.type().rank() > 2) {
      return;
    }
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    List<Integer> axes = new ArrayList<>(range(dims.size()));
    int at = below(dims.size() + 1);
    dims.add(at, nodes.pick(nodes.sizes().repeats()));
    axes.replaceAll(a -> a >= at ? a + 1 : a);
    nodes.add(new Op.Broadcast(axes, new Shape(dims)), x);
  }

  private void reshape(Node x) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    if (dims.size() > 1 && nodes.random.nextBoolean()) {
      int at = below(dims.size() - 1);
      dims.set(at, dims.get(at).times(dims.remove(at + 1)));
    } else if (dims.contains(Dim.of(4))) {
      int at = dims.indexOf(Dim.of(4));
      dims.set(at, Dim.of(2));
      dims.add(at, Dim.of(2));
    } else if (dims.size() < 4) {
      dims.add(below(dims.size() + 1), Dim.ONE);
    }
    nodes.add(new Op.Reshape(new Shape(dims)), x);
  }

  private void transpose(Node x) {
    nodes.add(new Op.Transpose(shuffled(range(x.type().rank()))), x);
  }

  private void reverseOrIota(Node x) {
    switch (below(4)) {
      case 0 -> nodes.add(new Op.Size(RandomNodes.BATCH.plus(below(2))))
          .ifPresent(size -> nodes.add(new Op.Cast(nodes.floats()), size));
      case 1 -> {
        Shape shape = nodes.shape();
        if (shape.rank() > 0) {
          DType dtype = nodes.pick(List.of(nodes.floats(), DType.I32, DType.I64));
          nodes.add(new Op.Iota(shape, below(shape.rank()), dtype));
        }
      }
      case 2 -> random();
      default -> nodes.add(new Op.Reverse(someAxes(x.type().rank())), x);
    }
  }

  /// Random bits, and the uniform numbers that they make.
  private void random() {
    Shape shape = nodes.shape();
    boolean perExample = shape.rank() > 0 && nodes.random.nextBoolean();
    Node seed = nodes.fill(TensorType.scalar(DType.I64), below(100));
    Op.Random op = new Op.Random("draw/" + below(3), shape, perExample);
    Optional<Node> indices = perExample && nodes.random.nextBoolean()
        ? nodes.add(new Op.Iota(Shape.of(shape.dim(0)), 0, DType.I64)) : Optional.empty();
    Optional<Node> bits =
        indices.isPresent() ? nodes.add(op, seed, seed, indices.get()) : nodes.add(op, seed, seed);
    bits.flatMap(b -> nodes.map(ScalarFn.USHR, b, nodes.fill(b.type(), 8)))
        .flatMap(b -> nodes.add(new Op.Cast(DType.F64), b))
        .ifPresent(b -> nodes.map(ScalarFn.MUL, b, nodes.fill(b.type(), 0x1p-24)));
  }

  /// Where axes are long, mostly a long run, and of an index as often as of something else.
  private void longSlice(Node x) {
    if (x.type().rank() == 0) {
      return;
    }
    int axis = below(x.type().rank());
    Dim dim = x.type().dim(axis);
    int start = below(3);
    int end = below(3);
    if (!dim.isConstant() || dim.constant() < start + end) {
      return;
    }
    List<Dim> starts = new ArrayList<>(Collections.nCopies(x.type().rank(), Dim.ZERO));
    List<Dim> limits = new ArrayList<>(x.shape().dims());
    List<Integer> strides = new ArrayList<>(Collections.nCopies(x.type().rank(), 1));
    starts.set(axis, Dim.of(start));
    limits.set(axis, dim.minus(end));
    strides.set(axis, 1 + below(4) / 3);
    Optional<Node> whole = nodes.random.nextBoolean() ? Optional.of(x)
        : nodes.add(new Op.Iota(x.shape(), below(x.type().rank()), nodes.floats()));
    whole.flatMap(w -> nodes.add(new Op.Slice(starts, limits, strides), w))
        .filter(s -> s.dtype().isFloat())
        .ifPresent(s -> nodes.map(ScalarFn.MUL, s, nodes.ofType(s.type())));
  }

  private void slice(Node x) {
    if (nodes.sizes() == RandomSizes.LONG && below(3) > 0) {
      longSlice(x);
      return;
    }
    List<Dim> starts = new ArrayList<>();
    List<Dim> limits = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    for (Dim dim : x.shape().dims()) {
      int size = dim.isConstant() ? (int) dim.constant() : 0;
      int start = dim.isConstant() ? below(size + 1) : 0;
      starts.add(Dim.of(start));
      limits.add(dim.isConstant() ? Dim.of(start + below(size - start + 1)) : dim);
      strides.add(1 + below(2) * below(3));
    }
    nodes.add(new Op.Slice(starts, limits, strides), x);
  }

  /// A slice of a concatenation that does not take x, or takes some of it.
  void cut(Node x) {
    axis(x, 1).ifPresent(axis -> nodes.add(new Op.Concat(axis), x, nodes.ofType(x.type()))
        .ifPresent(both -> {
          List<Dim> starts = new ArrayList<>(Collections.nCopies(x.type().rank(), Dim.ZERO));
          starts.set(axis, x.type().dim(axis).minus(below(2)));
          nodes.add(new Op.Slice(starts, both.shape().dims(),
              Collections.nCopies(x.type().rank(), 1)), both);
        }));
  }

  /// A broadcast that has no elements, and a sum of it.
  void repeatedNever(Node x) {
    if (x.type().rank() < 3) {
      List<Dim> dims = new ArrayList<>(x.shape().dims());
      dims.add(nodes.random.nextBoolean() ? Dim.ZERO : RandomNodes.BATCH);
      nodes.add(new Op.Broadcast(range(x.type().rank()), new Shape(dims)), x)
          .filter(b -> b.dtype() != DType.BOOL)
          .ifPresent(b -> nodes.map(ScalarFn.NEG, b).ifPresent(this::reduce));
    }
  }

  private void pad(Node x) {
    List<Dim> low = new ArrayList<>();
    List<Dim> high = new ArrayList<>();
    List<Integer> interior = new ArrayList<>();
    for (Dim dim : x.shape().dims()) {
      low.add(Dim.of(below(3)));
      high.add(Dim.of(below(2)));
      interior.add(dim.isConstant() && dim.constant() > 0 ? below(2) : 0);
    }
    nodes.add(new Op.Pad(low, high, interior), x, nodes.constant(TensorType.scalar(x.dtype())));
  }

  private void concat(Node x) {
    if (x.type().rank() == 0) {
      return;
    }
    int axis = below(x.type().rank());
    Node y = nodes
        .any(n -> n.dtype() == x.dtype() && n.type().rank() == x.type().rank()
            && range(x.type().rank())
                .stream().allMatch(a -> a == axis || n.type().dim(a).equals(x.type().dim(a))))
        .orElse(x);
    if (nodes.random.nextBoolean()) {
      nodes.add(new Op.Concat(axis), x, y);
    } else {
      nodes.add(new Op.Concat(axis), y, nodes.ofType(x.type()), x);
    }
  }

  private void windows(Node x) {
    axis(x, 2).ifPresent(axis -> {
      int length = (int) x.type().dim(axis).constant();
      int size = 1 + below(Math.min(3, length));
      int dilation = size > 1 && (size - 1) * 2 < length ? 1 + below(2) : 1;
      nodes
          .add(new Op.Windows(List.of(axis), List.of(size), List.of(1 + below(2)),
              List.of(dilation)), x)
          .filter(w -> x.dtype() != DType.BOOL).ifPresent(w -> {
            if (nodes.random.nextBoolean()) {
              reduce(w);
            }
          });
    });
  }

  private void overlapAdd(Node x) {
    int last = x.type().rank() - 1;
    if (last < 1 || x.dtype() == DType.BOOL || !x.type().dim(last).isConstant()
        || x.type().dim(last).is(0)) {
      return;
    }
    axis(x, 1).filter(a -> a < last).ifPresent(axis -> {
      int stride = 1 + below(2);
      int dilation = 1 + below(2);
      long length = (x.type().dim(axis).constant() - 1) * stride
          + (x.type().dim(last).constant() - 1) * dilation + 1;
      nodes.add(new Op.OverlapAdd(List.of(axis), List.of(stride), List.of(dilation),
          List.of(Dim.of(length + below(stride)))), x);
    });
  }

  /// Integers from 0 to `size − 1` of a random shape that begins with `batch`.
  private Optional<Node> indices(List<Dim> batch, int size) {
    List<Dim> dims = new ArrayList<>(batch);
    if (batch.size() < 2 && nodes.random.nextBoolean()) {
      dims.add(nodes.pick(List.of(RandomNodes.BATCH, Dim.of(2), Dim.of(3))));
    }
    TensorType type = new TensorType(nodes.pick(List.of(DType.I32, DType.I64)), new Shape(dims));
    if (nodes.errors() && below(4) > 0) {
      return Optional.of(nodes.ofType(type));
    }
    return nodes.map(ScalarFn.MAX, nodes.ofType(type), nodes.fill(type, 0))
        .flatMap(i -> nodes.map(ScalarFn.MIN, i, nodes.fill(type, size - 1)));
  }

  private void gather(Node x) {
    axis(x, 1).ifPresent(axis -> {
      int batchDims = axis > 0 ? below(2) : 0;
      indices(x.shape().dims().subList(0, batchDims), (int) x.type().dim(axis).constant())
          .ifPresent(i -> {
            Optional<Node> made = nodes.add(new Op.Gather(axis, batchDims), x, i);
            if (nodes.errors()) {
              nodes.dropped(made);
            }
          });
    });
  }

  private void scatter(Node x) {
    if (x.dtype() == DType.BOOL) {
      return;
    }
    axis(x, 1).ifPresent(axis -> {
      int batchDims = axis > 0 ? below(2) : 0;
      indices(x.shape().dims().subList(0, batchDims), (int) x.type().dim(axis).constant())
          .ifPresent(i -> {
            List<Dim> dims = new ArrayList<>(x.shape().dims().subList(0, axis));
            dims.addAll(i.shape().dims().subList(batchDims, i.type().rank()));
            dims.addAll(x.shape().dims().subList(axis + 1, x.type().rank()));
            TensorType updates = new TensorType(x.dtype(), new Shape(dims));
            if (dims.size() < 5 && nodes.isSmall(updates)) {
              nodes.add(new Op.Scatter(axis, batchDims), x, i, nodes.ofType(updates));
            }
          });
    });
  }

  private void sort(Node x) {
    if (x.type().rank() == 0 || x.dtype() == DType.BOOL) {
      return;
    }
    nodes.add(new Op.Sort(below(x.type().rank())), x).ifPresent(sorted -> {
      nodes.add(new Op.Item(0), sorted);
      if (nodes.random.nextBoolean()) {
        nodes.add(new Op.Item(1), sorted);
      }
    });
  }

  private void reduce(Node x) {
    List<Integer> axes = someAxes(x.type().rank());
    if (x.dtype() == DType.BOOL) {
      nodes.add(reduce(nodes.pick(List.of(Op.Reduction.ALL, Op.Reduction.ANY)), axes, x), x);
    } else if (below(5) == 0) {
      axis(x, 1).ifPresent(axis -> nodes.add(
          reduce(nodes.pick(List.of(Op.Reduction.ARGMAX, Op.Reduction.ARGMIN)), List.of(axis), x),
          x));
    } else {
      nodes.add(reduce(
          nodes.pick(List.of(Op.Reduction.SUM, Op.Reduction.SUM, Op.Reduction.MAX, Op.Reduction.MIN,
              Op.Reduction.PRODUCT)),
          axes, x), x);
    }
  }

  /// A reduction in the usual order, or (once in four) in another.
  private Op reduce(Op.Reduction kind, List<Integer> axes, Node x) {
    String labels = SumOrder.axisLabels(x.type().rank());
    StringBuilder kept = new StringBuilder();
    range(x.type().rank()).stream().filter(a -> !axes.contains(a))
        .forEach(a -> kept.append(labels.charAt(a)));
    SumOrder usual = SumOrder.of(List.of(labels), kept.toString());
    StringBuilder shuffled = new StringBuilder();
    shuffled(range(axes.size())).forEach(i -> shuffled.append(usual.labels().charAt(i)));
    SumOrder order =
        below(4) == 0 ? new SumOrder(SumOrder.Kind.SEQUENTIAL, shuffled.toString()) : usual;
    return new Op.Reduce(kind, axes, order, x.dtype());
  }

  private void contract(Node x) {
    Optional<Node> partner = nodes.any(n -> n.dtype() == x.dtype() && n.shape().dims().stream()
        .anyMatch(x.shape().dims()::contains));
    if (x.dtype() == DType.BOOL || partner.isEmpty()) {
      return;
    }
    Node y = partner.get();
    String left = SumOrder.axisLabels(x.type().rank());
    StringBuilder right = new StringBuilder();
    List<Integer> kept = new ArrayList<>(range(left.length()));
    for (int i = 0; i < y.type().rank(); i++) {
      char label = (char) ('n' + i);
      for (int j = 0; j < left.length(); j++) {
        boolean free = right.indexOf(left.substring(j, j + 1)) < 0;
        if (label >= 'n' && free && x.type().dim(j).equals(y.type().dim(i)) && below(3) > 0) {
          label = left.charAt(j);
          if (below(3) > 0) {
            kept.remove((Integer) j);
          }
        }
      }
      right.append(label);
      if (label >= 'n') {
        kept.add(100 + i);
      }
    }
    StringBuilder result = new StringBuilder();
    shuffled(kept).forEach(k -> result.append(k >= 100 ? right.charAt(k - 100) : left.charAt(k)));
    if (result.length() < 5) {
      nodes.add(new Op.Contract(left, right.toString(), result.toString(),
          SumOrder.of(List.of(left, right.toString()), result.toString()), x.dtype()), x, y);
    }
  }
}
