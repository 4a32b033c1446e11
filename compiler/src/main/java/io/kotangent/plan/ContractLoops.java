package io.kotangent.plan;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A contraction as plain loops: one result after the other, in the order that the sum demands. What short rows and
/// dot products get, and what the row form is held against.
final class ContractLoops {
  private final NestBuilder nest = new NestBuilder();
  private final Node node;
  private final Op.Contract op;
  private final DType dtype;
  private final Map<Character, Value> at = new HashMap<>();

  private ContractLoops(Node node, Op.Contract op) {
    this.node = node;
    this.op = op;
    this.dtype = op.accumulator();
  }

  static Nest of(Node node, Op.Contract op) {
    ContractLoops loops = new ContractLoops(node, op);
    ArrayParam left = loops.nest.read(node.operand(0), false);
    ArrayParam right = loops.nest.read(node.operand(1), false);
    ArrayParam target = loops.nest.write(node, false);
    Dim products = Dim.ONE;
    for (char label : op.order().labels().toCharArray()) {
      products = products.times(loops.size(label));
    }
    SharedLoops.over(loops.nest, node.shape().dims(), Work.ofProducts(products), index -> {
      for (int i = 0; i < index.size(); i++) {
        loops.at.put(op.result().charAt(i), index.get(i));
      }
      Value sum = loops.sum(left, right);
      loops.nest.store(target, loops.index(op.result(), node), loops.nest.cast(sum, node.dtype()));
    });
    return loops.nest.finish();
  }

  private Value sum(ArrayParam left, ArrayParam right) {
    if (op.order().labels().isEmpty()) {
      return product(left, right);
    }
    return op.order().kind() == SumOrder.Kind.LANES ? lanes(left, right) : sequential(left, right);
  }

  private Value product(ArrayParam left, ArrayParam right) {
    return nest.let(plus(zero(), left, right));
  }

  private Value element(ArrayParam array, String labels, int operand) {
    return nest.cast(nest.load(array, index(labels, node.operand(operand))), dtype);
  }

  private Value zero() {
    return new Value.Const(dtype, 0);
  }

  private Value index(String labels, Node tensor) {
    Value index = Value.i32(0);
    for (char label : labels.toCharArray()) {
      index = nest.plus(index,
          nest.times(at.get(label), nest.dim(RowForm.stride(label, labels, tensor))));
    }
    return index;
  }

  private Dim size(char label) {
    int place = op.left().indexOf(label);
    return place >= 0 ? node.operand(0).shape().dim(place)
        : node.operand(1).shape().dim(op.right().indexOf(label));
  }

  private Value plus(Value sum, ArrayParam left, ArrayParam right) {
    Value a = element(left, op.left(), 0);
    Value b = element(right, op.right(), 1);
    return dtype.isFloat() ? Value.apply(Basic.FMA, a, b, sum)
        : Value.apply(Basic.ADD, sum, nest.let(Value.apply(Basic.MUL, a, b)));
  }

  // ---- sequential

  private Value sequential(ArrayParam left, ArrayParam right) {
    String labels = op.order().labels();
    Local total = nest.variable(zero());
    Value outermost = nest.dim(size(labels.charAt(0)));
    Value steps =
        Chunks.steps(nest, labels.substring(1).chars().mapToObj(l -> size((char) l)).toList());
    nest.loop("c", Value.i32(0), Chunks.count(nest, outermost, steps), 1, false, c -> {
      Value from = nest.times(c, steps);
      Local part = nest.variable(zero());
      inner(labels, 0, from, nest.min(outermost, nest.plus(from, steps)),
          () -> nest.set(part, plus(Value.ref(part), left, right)));
      nest.when(Value.apply(Basic.EQ, c, Value.i32(0)), () -> nest.set(total, Value.ref(part)),
          () -> nest.set(total, Value.apply(Basic.ADD, Value.ref(total), Value.ref(part))));
    });
    return Value.ref(total);
  }

  private void inner(String labels, int depth, Value from, Value to, Runnable body) {
    nest.loop("k", from, to, 1, false, k -> {
      at.put(labels.charAt(depth), k);
      if (depth + 1 < labels.length()) {
        inner(labels, depth + 1, Value.i32(0), nest.dim(size(labels.charAt(depth + 1))), body);
      } else {
        body.run();
      }
    });
  }

  // ---- lanes

  private Value lanes(ArrayParam left, ArrayParam right) {
    String labels = op.order().labels();
    Dim k = Dim.ONE;
    for (char label : labels.toCharArray()) {
      k = k.times(size(label));
    }
    Value length = nest.dim(k);
    ArrayParam lane = nest.lanes(dtype);
    Local total = nest.variable(zero());
    nest.loop("c", Value.i32(0), length, SumOrder.LANE_CHUNK, false, c -> {
      nest.fill(lane, Value.i32(SumOrder.LANES), zero());
      Value end = nest.min(length, nest.plus(c, Value.i32(SumOrder.LANE_CHUNK)));
      nest.loop("k", c, end, 1, false, position -> {
        spread(labels, position);
        Value l = nest.let(Value.apply(Basic.AND, position, Value.i32(SumOrder.LANES - 1)));
        nest.store(lane, l, plus(nest.load(lane, l), left, right));
      });
      Sums.halve(nest, lane, Basic.ADD);
      Value sum = nest.load(lane, Value.i32(0));
      nest.when(Value.apply(Basic.EQ, c, Value.i32(0)), () -> nest.set(total, sum),
          () -> nest.set(total, Value.apply(Basic.ADD, Value.ref(total), sum)));
    });
    return Value.ref(total);
  }

  /// Splits a row-major position into the indices of the labels.
  private void spread(String labels, Value position) {
    List<Character> names = labels.chars().mapToObj(l -> (char) l).toList();
    Value rest = position;
    for (int i = names.size() - 1; i > 0; i--) {
      Value size = nest.dim(size(names.get(i)));
      at.put(names.get(i), nest.let(Value.apply(Basic.REM, rest, size)));
      rest = nest.let(Value.apply(Basic.DIV, rest, size));
    }
    at.put(names.getFirst(), rest);
  }
}
