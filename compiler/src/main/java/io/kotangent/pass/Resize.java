package io.kotangent.pass;

import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Changes the sizes that an op has, wherever it has them.
record Resize(UnaryOperator<Dim> change) {
  /// Puts sizes for symbols.
  static Resize by(Map<String, Dim> sizes) {
    return new Resize(dim -> dim.isConstant() ? dim : dim.substitute(sizes));
  }

  /// Adds the names of the symbols in an op's attributes.
  static void collectSymbols(Op op, Set<String> symbols) {
    new Resize(dim -> {
      dim.collectSymbols(symbols);
      return dim;
    }).op(op);
  }

  Op op(Op op) {
    return switch (op) {
      case Op.Input(Port port) -> new Op.Input(port(port));
      case Op.Iota(var shape, var axis, var dtype) -> new Op.Iota(shape(shape), axis, dtype);
      case Op.Size(var dim) -> new Op.Size(dim(dim));
      case Op.Random(var stream, var shape, var perExample) ->
          new Op.Random(stream, shape(shape), perExample);
      case Op.Broadcast(var axes, var to) -> new Op.Broadcast(axes, shape(to));
      case Op.Reshape(var to) -> new Op.Reshape(shape(to));
      case Op.Slice(var starts, var limits, var strides) ->
          new Op.Slice(dims(starts), dims(limits), strides);
      case Op.Pad(var low, var high, var interior) -> new Op.Pad(dims(low), dims(high), interior);
      case Op.OverlapAdd(var axes, var strides, var dilations, var lengths) ->
          new Op.OverlapAdd(axes, strides, dilations, dims(lengths));
      case Op.Convolve c ->
          new Op.Convolve(c.data(), c.kernel(), c.result(), spatial(c.spatial()), c.groups(),
              c.batchGroups(), c.order(), c.accumulator());
      case Op.Loop loop ->
          new Op.Loop(loop.body(), dim(loop.count()), loop.carried(), loop.sliced(),
              loop.reverse());
      case Op.Constant _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> op;
    };
  }

  Requirement requirement(Requirement r) {
    return new Requirement(dim(r.left()), r.relation(), dim(r.right()), r.origin());
  }

  private Dim dim(Dim dim) {
    return change.apply(dim);
  }

  private List<Dim> dims(List<Dim> dims) {
    List<Dim> result = new ArrayList<>(dims.size());
    dims.forEach(dim -> result.add(dim(dim)));
    return result;
  }

  private Shape shape(Shape shape) {
    return new Shape(dims(shape.dims()));
  }

  private Port port(Port port) {
    TensorType type = port.type();
    return new Port(port.name(), port.role(), new TensorType(type.dtype(), shape(type.shape())),
        port.facts());
  }

  private List<Op.Spatial> spatial(List<Op.Spatial> spatial) {
    List<Op.Spatial> result = new ArrayList<>(spatial.size());
    for (Op.Spatial s : spatial) {
      result.add(new Op.Spatial(s.stride(), dim(s.padLow()), dim(s.padHigh()), s.dataDilation(),
          s.kernelDilation()));
    }
    return result;
  }
}
