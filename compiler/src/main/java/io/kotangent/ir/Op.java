package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a node does: attributes only, never operands. Type rules are the cases of [TypeRule]; each other
/// concern (evaluation, derivative, printing, lowering) is one exhaustive switch in one file.
///
/// Ops come in families. A switch names the ops that it treats each on its own, and then the family for those that it
/// treats alike: a new op is asked for only where it makes a difference.
public sealed interface Op
    permits Op.Source, Op.Lane, Op.Layout, Op.Indexing, Op.Sum, Op.Control, Op.Item {

  // ---- sources

  /// A value made of attributes alone, or ([Random]) of integers: no derivative passes.
  sealed interface Source extends Op {
  }

  /// A port's value.
  record Input(Port port) implements Source {
  }

  record Constant(Literal value) implements Source {
  }

  /// The index along `axis`, at every place of a tensor of that shape.
  record Iota(Shape shape, int axis, DType dtype) implements Source {
  }

  /// A size as an `i64` scalar.
  record Size(Dim dim) implements Source {
  }

  /// 32 random bits for every element, from Philox4x32-10 (ARCHITECTURE 5). Operands: seed `i64`, step `i64`
  /// and, optionally, `i64[batch]` global example indices.
  ///
  /// @param stream the scope path that names the stream; two draws are equal only if they name the same
  /// @param perExample whether the first axis numbers examples (otherwise the whole tensor is example 0)
  record Random(String stream, Shape shape, boolean perExample) implements Source {
  }

  // ---- lanes

  /// One value for each element, which depends on that element of the operands alone.
  sealed interface Lane extends Op {
  }

  /// A scalar function, lane by lane; all operands have one shape.
  record Map(ScalarFn fn) implements Lane {
  }

  /// Java's cast between numbers; a bool becomes 0 or 1; to bool is `x != 0`.
  record Cast(DType to) implements Lane {
  }

  // ---- layout

  /// Elements moved, repeated, left out, or put among others ([OverlapAdd] adds those that meet). All operands are of the
  /// result's dtype, and the result is linear in all of them together.
  sealed interface Layout extends Op {
  }

  /// Repeats along new axes: operand axis i becomes result axis `axes[i]` (increasing), of the same size.
  record Broadcast(List<Integer> axes, Shape to) implements Layout {
    public Broadcast {
      axes = List.copyOf(axes);
    }
  }

  record Reshape(Shape to) implements Layout {
  }

  /// Result axis i is operand axis `permutation[i]`.
  record Transpose(List<Integer> permutation) implements Layout {
    public Transpose {
      permutation = List.copyOf(permutation);
    }
  }

  record Reverse(List<Integer> axes) implements Layout {
    public Reverse {
      axes = List.copyOf(axes);
    }
  }

  /// Elements `start, start + stride, …` below `limit`, for every axis.
  record Slice(List<Dim> starts, List<Dim> limits, List<Integer> strides) implements Layout {
    public Slice {
      starts = List.copyOf(starts);
      limits = List.copyOf(limits);
      strides = List.copyOf(strides);
    }
  }

  /// Puts the second operand (a scalar) before, after and between the elements of the first.
  record Pad(List<Dim> low, List<Dim> high, List<Integer> interior) implements Layout {
    public Pad {
      low = List.copyOf(low);
      high = List.copyOf(high);
      interior = List.copyOf(interior);
    }
  }

  record Concat(int axis) implements Layout {
  }

  /// Sliding windows over some axes, without padding. These axes become window positions; the window's own
  /// axes are appended, in the same order. All four lists are parallel.
  record Windows(List<Integer> axes, List<Integer> sizes, List<Integer> strides,
      List<Integer> dilations) implements Layout {
    public Windows {
      axes = List.copyOf(axes);
      sizes = List.copyOf(sizes);
      strides = List.copyOf(strides);
      dilations = List.copyOf(dilations);
    }
  }

  /// The transpose of [Windows]: adds each window into its place; `lengths` are the sizes of the result's `axes`.
  record OverlapAdd(List<Integer> axes, List<Integer> strides, List<Integer> dilations,
      List<Dim> lengths)
      implements Layout {
    public OverlapAdd {
      axes = List.copyOf(axes);
      strides = List.copyOf(strides);
      dilations = List.copyOf(dilations);
      lengths = List.copyOf(lengths);
    }
  }

  // ---- indexing

  /// Places that are known only when the program runs.
  sealed interface Indexing extends Op {
  }

  /// Picks along `axis` of the first operand by the integers in the second. The first `batchDims` axes of
  /// both are batch axes. Result: `data[..axis] + indices[batchDims..] + data[axis+1..]`. An index out of
  /// range is an error.
  record Gather(int axis, int batchDims) implements Indexing {
  }

  /// The base (operand 0) with updates (operand 2) added at indices (operand 1), one source at a time in row-major
  /// order; the transpose of [Gather], with the same attributes.
  record Scatter(int axis, int batchDims) implements Indexing {
  }

  /// A tuple: sorted along `axis`, ascending and stable, NaNs last; and the `i32` positions they came from.
  record Sort(int axis) implements Indexing {
  }

  // ---- sums

  /// Many elements become one: what has an order of summation and an accumulator.
  sealed interface Sum extends Op {
  }

  enum Reduction {
    SUM, PRODUCT, MAX, MIN, ALL, ANY, ARGMAX, ARGMIN;

    public boolean isArg() {
      return this == ARGMAX || this == ARGMIN;
    }

    /// Whether the result depends on the order.
    public boolean isOrdered() {
      return this == SUM || this == PRODUCT;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Removes `axes` (increasing). MAX and MIN of nothing are −∞ and ∞ (for integers the least and greatest). ARGMAX and
  /// ARGMIN take one axis and give the lowest `i32` index; the first NaN wins; over nothing they are an error.
  ///
  /// @param order the order of a SUM or PRODUCT; labels are the letters of the operand's axes
  /// @param accumulator what partial results are kept in
  record Reduce(Reduction kind, List<Integer> axes, SumOrder order, DType accumulator)
      implements Sum {
    public Reduce {
      axes = List.copyOf(axes);
    }
  }

  /// A sum of products by einsum labels: `bk,kn->bn`. A label in neither result nor the other operand is not
  /// allowed; nor is one twice in an operand.
  record Contract(String left, String right, String result, SumOrder order, DType accumulator)
      implements Sum {
    /// `bk,kn->bn`.
    public String labels() {
      return left + "," + right + "->" + result;
    }
  }

  /// One spatial axis of a convolution. Padding may be negative (it crops). Dilation d puts d−1 holes between
  /// elements.
  record Spatial(int stride, Dim padLow, Dim padHigh, int dataDilation, int kernelDilation) {
  }

  /// Cross-correlation. In `data` and `result` the label `n` is the batch and `c` the features; in `kernel` `i` are
  /// the input and `o` the output features; all other labels (each in all three) are spatial: `nhwc,hwio->nhwc`.
  ///
  /// @param spatial one for each spatial label, in the order of the kernel's labels
  /// @param groups splits `c` of the data and `o` into that many independent groups; `i` is c / groups
  /// @param batchGroups splits `n` and `o` into that many groups (kernel gradients of grouped convolutions): output
  /// feature `g·(o / batchGroups) + …` reads the batch rows `g·(n / batchGroups) + …`; with groups = 1
  /// @param order labels of the kernel that are summed, outermost first (`hwi`)
  record Convolve(String data, String kernel, String result, List<Spatial> spatial, int groups,
      int batchGroups,
      SumOrder order, DType accumulator) implements Sum {
    public Convolve {
      spatial = List.copyOf(spatial);
    }

    public String labels() {
      return data + "," + kernel + "->" + result;
    }

    /// The spatial labels, in the order of the kernel's: `hw`.
    public String spatialLabels() {
      return SumOrder.spatialLabels(kernel);
    }
  }

  // ---- control

  /// Graphs applied; the type is a tuple, of which an [Item] is a part.
  sealed interface Control extends Op {
    @Override
    List<Graph> bodies();

    /// The op with other graphs in the places of its [#bodies()].
    Control with(List<Graph> bodies);
  }

  /// The results of a graph applied to operands.
  ///
  /// @param derivative if present, the custom derivative: a graph from (operands, results, a cotangent for each float
  /// result) to a cotangent for each float operand
  record Call(Graph callee, Optional<Graph> derivative) implements Control {
    @Override
    public List<Graph> bodies() {
      return derivative.map(d -> List.of(callee, d)).orElseGet(() -> List.of(callee));
    }

    @Override
    public Call with(List<Graph> bodies) {
      return new Call(bodies.getFirst(), derivative.map(_ -> bodies.getLast()));
    }
  }

  /// `count` iterations of a body from (carried, slices, invariants) to (carried, outputs). Operands: first values of
  /// the carried, tensors whose leading axis (of size `count`) is sliced, invariants. Result: last carried values,
  /// outputs stacked along a new leading axis. `reverse` runs from the last slice to the first (outputs are stacked at
  /// their slice's place).
  record Loop(Graph body, Dim count, int carried, int sliced, boolean reverse) implements Control {
    @Override
    public List<Graph> bodies() {
      return List.of(body);
    }

    @Override
    public Loop with(List<Graph> bodies) {
      return new Loop(bodies.getFirst(), count, carried, sliced, reverse);
    }
  }

  /// Operand 0 is a bool scalar; the rest are the arguments of the graph that it chooses.
  record Branch(Graph then, Graph otherwise) implements Control {
    @Override
    public List<Graph> bodies() {
      return List.of(then, otherwise);
    }

    @Override
    public Branch with(List<Graph> bodies) {
      return new Branch(bodies.getFirst(), bodies.getLast());
    }
  }

  /// One part of a tuple.
  record Item(int index) implements Op {
  }

  /// The graphs that this op applies; only [Control] has any.
  default List<Graph> bodies() {
    return List.of();
  }

  /// The name in texts, which is also that of the builder's method.
  default String mnemonic() {
    return switch (this) {
      case Input _ -> "input";
      case Constant _ -> "constant";
      case Iota _ -> "iota";
      case Size _ -> "size";
      case Random _ -> "random";
      case Map map -> map.fn().toString();
      case Cast _ -> "cast";
      case Broadcast _ -> "broadcast";
      case Reshape _ -> "reshape";
      case Transpose _ -> "transpose";
      case Reverse _ -> "reverse";
      case Slice _ -> "slice";
      case Pad _ -> "pad";
      case Concat _ -> "concat";
      case Windows _ -> "windows";
      case OverlapAdd _ -> "overlap_add";
      case Gather _ -> "gather";
      case Scatter _ -> "scatter";
      case Sort _ -> "sort";
      case Reduce reduce -> "reduce." + reduce.kind();
      case Contract _ -> "contract";
      case Convolve _ -> "convolve";
      case Call _ -> "call";
      case Loop _ -> "loop";
      case Branch _ -> "branch";
      case Item _ -> "item";
    };
  }
}
