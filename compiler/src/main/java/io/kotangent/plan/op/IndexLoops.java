package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// Gather and scatter as plain loops over what is picked; an index out of range is an error.
final class IndexLoops {
  private IndexLoops() {
  }

  static Nest gather(Node node, int axis, int batchDims) {
    NestBuilder nest = new NestBuilder();
    Node data = node.operand(0);
    Node indices = node.operand(1);
    ArrayParam source = nest.read(data, false);
    ArrayParam target = nest.write(node, false);
    SharedLoops.over(nest, node.shape().dims(), Dim.of(2L * Work.ELEMENT), index -> {
      Value from = picked(nest, data, indices, axis, batchDims, index);
      nest.store(target, place(nest, index, node), nest.load(source, from));
    });
    return nest.finish();
  }

  static Nest scatter(Node node, int axis, int batchDims) {
    NestBuilder nest = new NestBuilder();
    Node base = node.operand(0);
    Node indices = node.operand(1);
    Node updates = node.operand(2);
    ArrayParam source = nest.read(base, false);
    ArrayParam added = nest.read(updates, false);
    ArrayParam target = nest.write(node, false);
    nest.copy(source, Value.i32(0), target, Value.i32(0), nest.dim(base.shape().size()));
    SharedLoops.nested(nest, updates.shape().dims(), new ArrayList<>(), index -> {
      Value to = picked(nest, base, indices, axis, batchDims, index);
      Value update = nest.load(added, place(nest, index, updates));
      nest.store(target, to, Value.apply(Basic.ADD, nest.load(target, to), update));
    });
    return nest.finish();
  }

  /// The place in `data` that an element of what is picked comes from.
  private static Value picked(NestBuilder nest, Node data, Node indices, int axis, int batchDims,
      List<Value> index) {
    int count = indices.shape().rank() - batchDims;
    List<Value> where = new ArrayList<>(index.subList(0, batchDims));
    where.addAll(index.subList(axis, axis + count));
    Value picked =
        nest.cast(nest.load(nest.read(indices, false), place(nest, where, indices)), DType.I64);
    Value size = nest.cast(nest.dim(data.shape().dim(axis)), DType.I64);
    Value low = Value.apply(Basic.LE, new Value.Const(DType.I64, 0), picked);
    Value high = Value.apply(Basic.LT, picked, size);
    nest.emit(new io.kotangent.loop.Stmt.Check(Value.apply(Basic.AND, low, high),
        "index out of range along axis " + axis + ": expected 0 to the size less 1"));
    List<Value> from = new ArrayList<>(index.subList(0, axis));
    from.add(nest.cast(picked, DType.I32));
    from.addAll(index.subList(axis + count, index.size()));
    return place(nest, from, data);
  }

  /// The row-major place of an element.
  static Value place(NestBuilder nest, List<Value> index, Node tensor) {
    List<Dim> strides = tensor.shape().strides();
    Value place = Value.i32(0);
    for (int i = 0; i < index.size(); i++) {
      place = nest.plus(place, nest.times(index.get(i), nest.dim(strides.get(i))));
    }
    return place;
  }
}
