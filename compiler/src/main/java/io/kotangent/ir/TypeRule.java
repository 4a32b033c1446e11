package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Requirement.Relation;
import io.kotangent.type.Requirement;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Infers the type of an op applied to operands, and collects what it has to assume of symbolic sizes.
final class TypeRule {
  /// Bytes, sums and limits of sizes are some times as large as these.
  private static final long MARGIN = 1 << 16;

  private final Op op;
  private final List<Node> operands;
  private final Origin origin;
  private final SizeRule sizes;

  private TypeRule(Op op, List<Node> operands, Origin origin, List<Requirement> requirements) {
    this.op = op;
    this.operands = operands;
    this.origin = origin;
    this.sizes = new SizeRule(operands, origin, requirements, this::fail);
  }

  static Type infer(Op op, List<Node> operands, Origin origin, List<Requirement> requirements) {
    TypeRule rule = new TypeRule(op, operands, origin, requirements);
    try {
      Type type = rule.infer();
      List<TensorType> tensors =
          type instanceof TupleType(var items) ? items : List.of((TensorType) type);
      for (TensorType tensor : tensors) {
        tensor.shape().size().times(MARGIN); // refuses what overflows
        rule.check(tensor.shape().isAddressable(), "at most " + Dim.LARGEST
            + " elements instead of " + tensor + " (a size of 0 counts as 1)");
      }
      return type;
    } catch (ShapeException e) {
      String where = rule.where();
      throw e.getMessage().endsWith(where) ? e
          : new ShapeException(op.mnemonic() + ": " + e.getMessage() + where);
    }
  }

  private Type infer() {
    return switch (op) {
      case Op.Input(var port) -> sources(port.type());
      case Op.Constant(var value) -> sources(value.type());
      case Op.Iota(var shape, var axis, var dtype) -> {
        check(axis >= 0 && axis < shape.rank() && dtype != DType.BOOL,
            "an axis of " + shape + " and a number type");
        yield sources(new TensorType(dtype, sizes.made(shape)));
      }
      case Op.Size(var dim) -> {
        check(!dim.isConstant() || dim.constant() <= Dim.LARGEST,
            "a size of at most " + Dim.LARGEST);
        sizes.made(dim);
        yield sources(TensorType.scalar(DType.I64));
      }
      case Op.Random random -> random(random);
      case Op.Map(var fn) -> map(fn);
      case Op.Cast(var to) -> type(only()).as(to);
      case Op.Broadcast broadcast -> broadcast(broadcast);
      case Op.Reshape(var to) -> {
        sizes.require(type(only()).shape().size(), Relation.EQUAL, to.size());
        yield new TensorType(type(0).dtype(), sizes.made(to));
      }
      case Op.Transpose(var permutation) -> {
        TensorType x = type(only());
        List<Integer> sorted = new ArrayList<>(permutation);
        Collections.sort(sorted);
        check(sorted.equals(axes(x.rank())), "a permutation of the " + x.rank() + " axes");
        yield new TensorType(x.dtype(), new Shape(permutation.stream().map(x::dim).toList()));
      }
      case Op.Reverse(var axes) -> {
        checkAxes(axes, type(only()).rank());
        yield type(0);
      }
      case Op.Slice slice -> slice(slice);
      case Op.Pad pad -> pad(pad);
      case Op.Concat(var axis) -> concat(axis);
      case Op.Windows windows -> windows(windows);
      case Op.OverlapAdd overlap -> overlapAdd(overlap);
      case Op.Gather(var axis, var batchDims) ->
          gather(axis, batchDims, type(count(2) - 2), type(1));
      case Op.Scatter(var axis, var batchDims) -> {
        count(3);
        TensorType picked = gather(axis, batchDims, type(0), type(1));
        check(type(2).dtype() == picked.dtype(), "updates of the base's type");
        sizes.requireSame(picked.shape(), type(2).shape());
        yield type(0);
      }
      case Op.Sort(var axis) -> {
        checkAxes(List.of(axis), type(only()).rank());
        yield new TupleType(List.of(type(0), type(0).as(DType.I32)));
      }
      case Op.Reduce reduce -> reduce(reduce);
      case Op.Contract contract -> ContractType.infer(contract, type(count(2) - 2), type(1),
          sizes::require, this::fail);
      case Op.Convolve convolve ->
          ConvolveType.infer(convolve, type(count(2) - 2), type(1), sizes::require, this::fail);
      case Op.Call(var callee, _) -> ControlType.call(this, callee, operands);
      case Op.Loop loop -> ControlType.loop(this, loop);
      case Op.Branch(var then, var otherwise) -> {
        check(!operands.isEmpty() && type(0).equals(TensorType.scalar(DType.BOOL)),
            "a bool scalar first");
        Type result = ControlType.call(this, then, operands.subList(1, operands.size()));
        check(
            result.equals(ControlType.call(this, otherwise, operands.subList(1, operands.size()))),
            "two graphs of one result type");
        yield result;
      }
      case Op.Item(var index) -> {
        count(1);
        if (operands.getFirst().valueType() instanceof TupleType(var items) && index >= 0
            && index < items.size()) {
          yield items.get(index);
        }
        throw fail("a tuple with an item " + index);
      }
    };
  }

  private TensorType sources(TensorType type) {
    count(0);
    return type;
  }

  private TensorType random(Op.Random random) {
    check(operands.size() == 2 || operands.size() == 3,
        "a seed, a step and perhaps example indices");
    TensorType i64 = TensorType.scalar(DType.I64);
    check(type(0).equals(i64) && type(1).equals(i64), "seed and step as i64 scalars");
    check(!random.perExample() || random.shape().rank() > 0,
        "a first axis that numbers the examples");
    if (operands.size() == 3) {
      check(random.perExample() && type(2).dtype() == DType.I64 && type(2).rank() == 1,
          "a per-example draw and i64[batch] example indices");
      sizes.require(random.shape().dim(0), Relation.EQUAL, type(2).dim(0));
    }
    return new TensorType(DType.I32, sizes.made(random.shape()));
  }

  private TensorType map(ScalarFn fn) {
    count(fn.arity());
    List<DType> dtypes = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      dtypes.add(type(i).dtype());
      sizes.requireSame(type(0).shape(), type(i).shape());
    }
    check(fn.fits(dtypes), fn.expected());
    return new TensorType(fn.infer(dtypes), type(0).shape());
  }

  private TensorType broadcast(Op.Broadcast broadcast) {
    TensorType x = type(only());
    if (broadcast.axes().size() != x.rank()) {
      throw fail("a result axis for each of the " + x.rank() + " operand axes");
    }
    checkAxes(broadcast.axes(), broadcast.to().rank());
    for (int i = 0; i < x.rank(); i++) {
      sizes.require(x.dim(i), Relation.EQUAL, broadcast.to().dim(broadcast.axes().get(i)));
    }
    return new TensorType(x.dtype(), sizes.made(broadcast.to()));
  }

  private TensorType slice(Op.Slice slice) {
    TensorType x = type(only());
    check(
        slice.starts().size() == x.rank() && slice.limits().size() == x.rank()
            && slice.strides().size() == x.rank()
            && slice.strides().stream().allMatch(s -> s > 0),
        "start, limit and positive stride for each axis");
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      Dim start = slice.starts().get(i);
      Dim limit = slice.limits().get(i);
      sizes.requireAtLeast(start, Dim.ZERO);
      sizes.requireAtLeast(limit, start);
      sizes.requireAtLeast(x.dim(i), limit);
      dims.add(limit.minus(start).ceilDiv(Dim.of(slice.strides().get(i))));
    }
    return new TensorType(x.dtype(), new Shape(dims));
  }

  private TensorType pad(Op.Pad pad) {
    TensorType x = type(count(2) - 2);
    check(type(1).equals(TensorType.scalar(x.dtype())),
        "a scalar of the operand's type to pad with");
    check(
        pad.low().size() == x.rank() && pad.high().size() == x.rank()
            && pad.interior().size() == x.rank()
            && pad.interior().stream().allMatch(i -> i >= 0),
        "low, high and interior padding for each axis");
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      sizes.requireAtLeast(pad.low().get(i), Dim.ZERO);
      sizes.requireAtLeast(pad.high().get(i), Dim.ZERO);
      Dim holes = x.dim(i).minus(1).times(pad.interior().get(i));
      Dim padded = pad.low().get(i).plus(x.dim(i)).plus(holes).plus(pad.high().get(i));
      dims.add(pad.interior().get(i) > 0 ? sizes.made(padded) : padded);
    }
    return new TensorType(x.dtype(), new Shape(dims));
  }

  private TensorType concat(int axis) {
    check(!operands.isEmpty(), "at least one operand");
    checkAxes(List.of(axis), type(0).rank());
    List<Dim> dims = new ArrayList<>(type(0).shape().dims());
    for (int i = 1; i < operands.size(); i++) {
      TensorType x = type(i);
      check(x.dtype() == type(0).dtype() && x.rank() == type(0).rank(),
          "operands of one element type and rank");
      for (int d = 0; d < x.rank(); d++) {
        if (d == axis) {
          dims.set(d, dims.get(d).plus(x.dim(d)));
        } else {
          sizes.require(type(0).dim(d), Relation.EQUAL, x.dim(d));
        }
      }
    }
    return new TensorType(type(0).dtype(), new Shape(dims));
  }

  private TensorType windows(Op.Windows w) {
    TensorType x = type(only());
    checkAxes(w.axes(), x.rank());
    check(w.sizes().size() == w.axes().size() && w.strides().size() == w.axes().size()
        && w.dilations().size() == w.axes().size(),
        "size, stride and dilation for each window axis");
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    for (int i = 0; i < w.axes().size(); i++) {
      check(w.sizes().get(i) > 0 && w.strides().get(i) > 0 && w.dilations().get(i) > 0,
          "positive window parameters");
      Dim extent = Dim.of((w.sizes().get(i) - 1L) * w.dilations().get(i) + 1);
      sizes.requireAtLeast(x.dim(w.axes().get(i)), extent);
      dims.set(w.axes().get(i),
          x.dim(w.axes().get(i)).minus(extent).floorDiv(Dim.of(w.strides().get(i))).plus(1));
      dims.add(Dim.of(w.sizes().get(i)));
    }
    return new TensorType(x.dtype(), new Shape(dims));
  }

  private TensorType overlapAdd(Op.OverlapAdd o) {
    TensorType x = type(only());
    int rank = x.rank() - o.axes().size();
    checkAxes(o.axes(), rank);
    check(o.strides().size() == o.axes().size() && o.dilations().size() == o.axes().size()
        && o.lengths().size() == o.axes().size() && x.dtype() != DType.BOOL,
        "stride, dilation and length for each axis");
    List<Dim> dims = new ArrayList<>(x.shape().dims().subList(0, rank));
    for (int i = 0; i < o.axes().size(); i++) {
      Dim extent = x.dim(rank + i).minus(1).times(o.dilations().get(i)).plus(1);
      sizes.requireAtLeast(o.lengths().get(i), extent);
      sizes.require(o.lengths().get(i).minus(extent).floorDiv(Dim.of(o.strides().get(i))).plus(1),
          Relation.EQUAL,
          x.dim(o.axes().get(i)));
      dims.set(o.axes().get(i), sizes.made(o.lengths().get(i)));
    }
    return new TensorType(x.dtype(), new Shape(dims));
  }

  private TensorType gather(int axis, int batchDims, TensorType data, TensorType indices) {
    check(indices.dtype().isInteger(), "integer indices");
    check(batchDims >= 0 && batchDims <= axis && axis < data.rank() && batchDims <= indices.rank(),
        "an axis at or after the " + batchDims + " batch axes");
    for (int i = 0; i < batchDims; i++) {
      sizes.require(data.dim(i), Relation.EQUAL, indices.dim(i));
    }
    List<Dim> dims = new ArrayList<>(data.shape().dims().subList(0, axis));
    dims.addAll(indices.shape().dims().subList(batchDims, indices.rank()));
    dims.addAll(data.shape().dims().subList(axis + 1, data.rank()));
    return new TensorType(data.dtype(), new Shape(dims));
  }

  private TensorType reduce(Op.Reduce reduce) {
    TensorType x = type(only());
    checkAxes(reduce.axes(), x.rank());
    boolean fits = switch (reduce.kind()) {
      case SUM, PRODUCT, MAX, MIN -> x.dtype() != DType.BOOL;
      case ALL, ANY -> x.dtype() == DType.BOOL;
      case ARGMAX, ARGMIN -> x.dtype() != DType.BOOL && reduce.axes().size() == 1;
    };
    check(fits, "an operand and axes that " + reduce.kind() + " can reduce");
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (!reduce.axes().contains(i)) {
        dims.add(x.dim(i));
      } else if (reduce.kind().isArg()) {
        sizes.requireAtLeast(x.dim(i), Dim.ONE);
      }
    }
    return new TensorType(reduce.kind().isArg() ? DType.I32 : x.dtype(), new Shape(dims));
  }

  static boolean distinct(String labels) {
    for (int i = 1; i < labels.length(); i++) {
      if (labels.lastIndexOf(labels.charAt(i), i - 1) >= 0) {
        return false;
      }
    }
    return true;
  }

  // ---- checks

  List<Node> operands() {
    return operands;
  }

  SizeRule sizes() {
    return sizes;
  }

  /// Takes over what a body assumes of sizes.
  void assume(List<Requirement> others) {
    sizes.requirements().addAll(others);
  }

  private TensorType type(int operand) {
    check(operand < operands.size(), "more operands");
    return operands.get(operand).type();
  }

  private int only() {
    count(1);
    return 0;
  }

  private int count(int count) {
    if (operands.size() != count) {
      throw fail(count + " operands");
    }
    return count;
  }

  private static List<Integer> axes(int rank) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      axes.add(i);
    }
    return axes;
  }

  private void checkAxes(List<Integer> axes, int rank) {
    for (int i = 0; i < axes.size(); i++) {
      check(axes.get(i) >= 0 && axes.get(i) < rank && (i == 0 || axes.get(i - 1) < axes.get(i)),
          "increasing axes below " + rank + " instead of " + axes);
    }
  }

  void check(boolean fits, String expected) {
    if (!fits) {
      throw fail(expected);
    }
  }

  private ShapeException fail(String expected) {
    List<String> came = new ArrayList<>();
    for (Node operand : operands) {
      String place = operand.origin().place();
      came.add(operand.valueType() + (place.isEmpty() ? "" : " (" + place + ")"));
    }
    return new ShapeException(op.mnemonic() + ": expected " + expected
        + (came.isEmpty() ? "" : ", got " + came) + where());
  }

  private String where() {
    String text = origin.toString();
    return text.isEmpty() ? "" : " at " + text;
  }
}
