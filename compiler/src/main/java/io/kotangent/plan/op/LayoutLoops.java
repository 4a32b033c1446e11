package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Ops that move elements, as plain loops: runs that stay together are copied, the rest goes element by element.
public final class LayoutLoops {
  /// Rows of a matrix that are transposed at once.
  private static final int BLOCK = 8;
  /// Elements that are sooner moved one by one than copied as a run.
  private static final long SHORT = 8;

  /// Elements of a matrix that plain loops transpose well enough.
  private static final long LEAST_BLOCKS = 4096;

  /// The source's element for an element of the result.
  private interface Source {
    List<Value> of(NestBuilder nest, List<Value> index);
  }

  private LayoutLoops() {
  }

  /// @param run the axis from which on the source's elements lie like those of the result
  private static Nest moved(Node node, int run, Source source) {
    return moved(new NestBuilder(), node, run, Value.i32(0), source);
  }

  private static Nest moved(NestBuilder nest, Node node, int run, Value offset, Source source) {
    ArrayParam from = nest.read(node.operand(0), false);
    ArrayParam target = nest.write(node, false);
    overRuns(nest, node.shape(), run, (index, length) -> {
      Value at =
          nest.plus(offset, IndexLoops.place(nest, source.of(nest, index), node.operand(0)));
      move(nest, from, at, target, IndexLoops.place(nest, index, node), length);
    });
    return nest.finish();
  }

  /// Loops over the starts of runs, which threads may share.
  private static void overRuns(NestBuilder nest, Shape shape, int run,
      BiConsumer<List<Value>, Dim> body) {
    Dim length = runLength(shape, run);
    int outer = length.is(1) ? shape.rank() : run;
    SharedLoops.over(nest, shape.dims().subList(0, outer),
        length.times(length.is(1) ? 0 : Work.MOVED).plus(Work.ELEMENT),
        index -> body.accept(start(index, shape), length));
  }

  /// The elements of a run; runs that are too short to be worth it are single elements.
  private static Dim runLength(Shape shape, int run) {
    Dim length = new Shape(shape.dims().subList(run, shape.rank())).size();
    return length.isConstant() && length.constant() < SHORT ? Dim.ONE : length;
  }

  /// The first index of a run.
  private static List<Value> start(List<Value> index, Shape shape) {
    List<Value> start = new ArrayList<>(index);
    while (start.size() < shape.rank()) {
      start.add(Value.i32(0));
    }
    return start;
  }

  /// A value copied from one place to another.
  public static Nest copy(Node node) {
    NestBuilder nest = new NestBuilder();
    Value length = nest.parameter(node.shape().size());
    ArrayParam target = nest.write(node, false);
    ArrayParam source = new ArrayParam("a0", node.dtype(), ArrayParam.Access.READ, false);
    nest.copy(source, Value.i32(0), target, Value.i32(0), length);
    Nest built = nest.finish();
    Kernel kernel = new Kernel(List.of(source, target), built.kernel().ints(), List.of(),
        built.kernel().body());
    return new Nest(kernel, List.of(), built.ints(), Optional.empty());
  }

  static Nest transpose(Node node, List<Integer> permutation) {
    if (permutation.equals(List.of(1, 0))) {
      return swapped(node);
    }
    int run = permutation.size();
    while (run > 0 && permutation.get(run - 1) == run - 1) {
      run--;
    }
    return moved(node, run, (_, index) -> {
      Value[] from = new Value[index.size()];
      for (int i = 0; i < from.length; i++) {
        from[permutation.get(i)] = index.get(i);
      }
      return List.of(from);
    });
  }

  /// A matrix transposed: some rows of the operand at once, each read from end to end; what they hold of a column goes to
  /// neighbors in the result.
  private static Nest swapped(Node node) {
    NestBuilder nest = new NestBuilder();
    ArrayParam from = nest.read(node.operand(0), false);
    ArrayParam target = nest.write(node, false);
    Value rows = nest.dim(node.shape().dim(0));
    Value columns = nest.dim(node.shape().dim(1));
    NestBuilder.Span part = nest.parallel(Dim.ZERO, node.shape().dim(0), BLOCK,
        node.shape().dim(1).times(Work.ELEMENT));
    Value whole = NestBuilder.isConstant(columns)
        ? Value.i32(NestBuilder.intOf(columns) / BLOCK * BLOCK)
        : nest.let(Value.apply(Basic.AND, columns, Value.i32(-BLOCK)));
    nest.loop("j", Value.i32(0), whole, BLOCK, false,
        j -> nest.loop("i", part.from(), part.to(), 1, false,
            i -> swap(nest, from, target, i, j, rows, columns, BLOCK)));
    if (!whole.equals(columns)) {
      nest.loop("j", whole, columns, 1, false,
          j -> nest.loop("i", part.from(), part.to(), 1, false,
              i -> swap(nest, from, target, i, j, rows, columns, 1)));
    }
    return nest.finish();
  }

  /// A matrix transposed in blocks that SIMD code moves through registers; nothing if it is smaller than a block, of unknown
  /// size, or so small that plain loops are good enough.
  public static Optional<Nest> blocks(Node node, PlanOptions options) {
    boolean matrix = node.op() instanceof Op.Transpose(var permutation)
        && permutation.equals(List.of(1, 0)) && node.dtype().isFloat();
    if (!matrix || options.vectorBits() == 0 || !options.target().vectorSelect()
        || !node.shape().dims().stream().allMatch(Dim::isConstant)) {
      return Optional.empty();
    }
    Shape shape = node.shape();
    int block = options.vectorBits() / Byte.SIZE / node.dtype().bytes();
    long rows = shape.dim(0).constant();
    long columns = shape.dim(1).constant();
    boolean little = options.leastWork() > 0 && rows * columns < LEAST_BLOCKS;
    if (little || Math.min(rows, columns) < block || rows * columns > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    NestBuilder nest = new NestBuilder();
    ArrayParam from = nest.read(node.operand(0), false);
    ArrayParam target = nest.write(node, false);
    Dim steps = Dim.of(rows / block);
    NestBuilder.Span part =
        nest.parallel(Dim.ZERO, steps, 1, Dim.of(columns * block * Work.BLOCK_ELEMENT));
    // what is left of the rows goes with the last step
    Value left = nest.times(nest.quotient(part.to(), nest.dim(steps)),
        Value.i32((int) (rows % block)));
    Value end = nest.plus(nest.times(part.to(), Value.i32(block)), left);
    nest.emit(new Stmt.Transpose(from, target, nest.times(part.from(), Value.i32(block)), end,
        (int) rows, (int) columns, block));
    return Optional.of(nest.finish());
  }

  private static void swap(NestBuilder nest, ArrayParam from, ArrayParam target, Value i, Value j,
      Value rows, Value columns, int count) {
    Value source = nest.plus(nest.times(j, rows), i);
    Value start = nest.plus(nest.times(i, columns), j);
    List<Value> elements = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      elements.add(nest.load(from, nest.plus(source, nest.times(rows, Value.i32(n)))));
    }
    for (int n = 0; n < count; n++) {
      nest.store(target, nest.plus(start, Value.i32(n)), elements.get(n));
    }
  }

  static Nest reverse(Node node, List<Integer> axes) {
    int run = axes.isEmpty() ? 0 : axes.getLast() + 1;
    return moved(node, run, (nest, index) -> {
      List<Value> from = new ArrayList<>(index);
      for (int axis : axes) {
        from.set(axis, nest.minus(nest.dim(node.shape().dim(axis).minus(1)), index.get(axis)));
      }
      return from;
    });
  }

  /// The axis from which on elements lie like those of `x`: all but it are whole, and none has gaps.
  public static int runOf(Node node, Node x, List<Integer> strides) {
    int run = node.shape().rank();
    boolean whole = true;
    while (run > 0 && whole && strides.get(run - 1) == 1) {
      run--;
      whole = node.shape().dim(run).equals(x.shape().dim(run));
    }
    return run;
  }

  /// The place of an element, as a parameter: slices that differ in where they start are one kernel.
  private static Value offset(NestBuilder nest, Node tensor, List<Dim> index) {
    List<Dim> strides = tensor.shape().strides();
    Dim offset = Dim.ZERO;
    for (int i = 0; i < index.size(); i++) {
      offset = offset.plus(index.get(i).times(strides.get(i)));
    }
    return nest.parameter(offset);
  }

  static Nest slice(Node node, Op.Slice slice) {
    NestBuilder nest = new NestBuilder();
    Node x = node.operand(0);
    Value offset = offset(nest, x, slice.starts());
    return moved(nest, node, runOf(node, x, slice.strides()), offset, (_, index) -> {
      List<Value> from = new ArrayList<>();
      for (int i = 0; i < index.size(); i++) {
        from.add(nest.times(index.get(i), Value.i32(slice.strides().get(i))));
      }
      return from;
    });
  }

  static Nest windows(Node node, Op.Windows windows) {
    return moved(node, node.shape().rank(), (nest, index) -> {
      int rank = index.size() - windows.axes().size();
      List<Value> from = new ArrayList<>(index.subList(0, rank));
      for (int i = 0; i < windows.axes().size(); i++) {
        Value start =
            nest.times(index.get(windows.axes().get(i)), Value.i32(windows.strides().get(i)));
        Value inside = nest.times(index.get(rank + i), Value.i32(windows.dilations().get(i)));
        from.set(windows.axes().get(i), nest.plus(start, inside));
      }
      return from;
    });
  }

  static Nest pad(Node node, Op.Pad pad) {
    NestBuilder nest = new NestBuilder();
    Node x = node.operand(0);
    ArrayParam source = nest.read(x, false);
    Value padding = node.operand(1).op() instanceof Op.Constant(var value)
        ? new Value.Const(value.type().dtype(), value.bits(0))
        : nest.load(nest.read(node.operand(1), false), Value.i32(0));
    ArrayParam target = nest.write(node, false);
    Value offset = offset(nest, node, pad.low());
    int run = runOf(pad);
    Dim length = runLength(x.shape(), run);
    int outer = length.is(1) ? x.shape().rank() : run;
    Consumer<List<Value>> copy = index -> {
      List<Value> from = start(index, x.shape());
      List<Value> to = new ArrayList<>();
      for (int i = 0; i < from.size(); i++) {
        to.add(nest.times(from.get(i), Value.i32(pad.interior().get(i) + 1)));
      }
      Value at = nest.plus(offset, IndexLoops.place(nest, to, node));
      move(nest, source, IndexLoops.place(nest, from, x), target, at, length);
    };
    if (outer == 0 || !isUntouched(pad, 0)) {
      nest.fill(target, nest.dim(node.shape().size()), padding);
      SharedLoops.nested(nest, x.shape().dims().subList(0, outer), new ArrayList<>(), copy);
      return nest.finish();
    }
    Dim slab = inner(node, 1);
    SharedLoops.over(nest, node.shape().dims().subList(0, 1), slab.times(Work.MOVED), index -> {
      Value from = nest.times(index.getFirst(), nest.dim(slab));
      nest.emit(new Stmt.Fill(target, from, nest.dim(slab), padding));
      SharedLoops.nested(nest, x.shape().dims().subList(1, outer), new ArrayList<>(index), copy);
    });
    return nest.finish();
  }

  private static void move(NestBuilder nest, ArrayParam from, Value at, ArrayParam to, Value there,
      Dim length) {
    if (length.is(1)) {
      nest.store(to, there, nest.load(from, at));
    } else {
      nest.copy(from, at, to, there, nest.dim(length));
    }
  }

  /// Whether nothing is put around or between elements along an axis.
  private static boolean isUntouched(Op.Pad pad, int axis) {
    return pad.interior().get(axis) == 0 && pad.low().get(axis).is(0)
        && pad.high().get(axis).is(0);
  }

  /// The first axis from which on elements stay together: the last one that is padded, unless between elements.
  private static int runOf(Op.Pad pad) {
    int axis = pad.low().size();
    while (axis > 0) {
      axis--;
      if (pad.interior().get(axis) > 0) {
        return axis + 1;
      }
      if (!isUntouched(pad, axis)) {
        return axis;
      }
    }
    return 0;
  }

  /// The number of elements from an axis inwards.
  private static Dim inner(Node node, int axis) {
    return new Shape(node.shape().dims().subList(axis, node.shape().rank())).size();
  }

  /// For each result, the sum of the windows that cover it, in row-major order, from +0.0.
  static Nest overlapAdd(Node node, Op.OverlapAdd op) {
    NestBuilder nest = new NestBuilder();
    Node x = node.operand(0);
    ArrayParam source = nest.read(x, false);
    ArrayParam target = nest.write(node, false);
    SharedLoops.over(nest, node.shape().dims(), Dim.of(4L * Work.ELEMENT), index -> {
      Local sum = nest.variable(new Value.Const(node.dtype(), 0));
      Value[] at = new Value[x.shape().rank()];
      for (int i = 0; i < index.size(); i++) {
        at[i] = index.get(i);
      }
      overWindows(nest, x, op, index, at, 0, () -> {
        Value element = nest.load(source, IndexLoops.place(nest, List.of(at), x));
        nest.set(sum, Value.apply(Basic.ADD, Value.ref(sum), element));
      });
      nest.store(target, IndexLoops.place(nest, index, node), Value.ref(sum));
    });
    return nest.finish();
  }

  /// The windows that cover place p along an axis: w·stride + k·dilation = p for some element k of the window.
  private static void overWindows(NestBuilder nest, Node x, Op.OverlapAdd op, List<Value> index,
      Value[] at, int depth,
      Runnable body) {
    if (depth == op.axes().size()) {
      body.run();
      return;
    }
    int axis = op.axes().get(depth);
    int within = index.size() + depth;
    Value stride = Value.i32(op.strides().get(depth));
    Value dilation = Value.i32(op.dilations().get(depth));
    Value place = index.get(axis);
    Value last = nest.let(Value.apply(Basic.DIV, place, stride));
    Value end = nest.min(nest.plus(last, Value.i32(1)), nest.dim(x.shape().dim(axis)));
    Value reach = nest.dim(x.shape().dim(within).minus(1).times(op.dilations().get(depth)));
    Value before = nest.minus(nest.plus(place, nest.minus(stride, Value.i32(1))), reach);
    Value first =
        nest.let(Value.apply(Basic.DIV, Value.apply(Basic.MAX, before, Value.i32(0)), stride));
    nest.loop("w", first, end, 1, false, w -> {
      Value inside = nest.minus(place, nest.times(w, stride));
      at[axis] = w;
      if (op.dilations().get(depth) == 1) {
        at[within] = inside;
        overWindows(nest, x, op, index, at, depth + 1, body);
      } else {
        nest.when(Value.apply(Basic.EQ, Value.apply(Basic.REM, inside, dilation), Value.i32(0)),
            () -> {
              at[within] = nest.let(Value.apply(Basic.DIV, inside, dilation));
              overWindows(nest, x, op, index, at, depth + 1, body);
            }, () -> {
            });
      }
    });
  }
}
