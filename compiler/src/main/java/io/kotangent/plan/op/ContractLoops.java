package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.LaneTree;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// A contraction as plain loops: one result after the other, in the order that the sum demands. What short rows and
/// dot products get, and what the row form is held against.
final class ContractLoops {
  /// Results whose sums run side by side.
  private static final int TOGETHER = 8;

  private final NestBuilder nest = new NestBuilder();
  private final Node node;
  private final Op.Contract op;
  private final DType dtype;
  private final Map<Character, Value> at = new HashMap<>();
  private final SummedLabels summed;

  private ContractLoops(Node node, Op.Contract op) {
    this.node = node;
    this.op = op;
    this.dtype = op.accumulator();
    this.summed = new SummedLabels(nest, op.order().labels(), this::size, at,
        SummedLabels.Gate.OPEN);
  }

  static Nest of(Node node, Op.Contract op) {
    return new ContractLoops(node, op).build();
  }

  /// Results along one label are taken eight at a time, so that their sums do not wait for each other.
  private Nest build() {
    Dim work = Work.ofProducts(summed.count());
    String order = loopOrder();
    List<Dim> dims = new ArrayList<>();
    order.chars().forEach(l -> dims.add(size((char) l)));
    if (op.order().kind() == SumOrder.Kind.LANES || order.isEmpty()) {
      SharedLoops.over(nest, dims, work, index -> {
        put(order, index);
        results(Optional.empty(), 1);
      });
      return nest.finish();
    }
    char last = order.charAt(order.length() - 1);
    SharedLoops.ranges(nest, dims, TOGETHER, work, (index, range) -> {
      put(order, index);
      Value rest =
          nest.let(Value.apply(Basic.AND, nest.minus(range.to(), range.from()),
              Value.i32(TOGETHER - 1)));
      Value even = nest.minus(range.to(), rest);
      nest.loop("i", range.from(), even, TOGETHER, false, i -> {
        at.put(last, i);
        results(Optional.of(last), TOGETHER);
      });
      nest.loop("i", even, range.to(), 1, false, i -> {
        at.put(last, i);
        results(Optional.of(last), 1);
      });
    });
    return nest.finish();
  }

  /// The labels of the result with the longest one last.
  private String loopOrder() {
    String labels = op.result();
    char longest = 0;
    for (char label : labels.toCharArray()) {
      boolean longer = longest == 0 || !size(label).isConstant() || size(longest).isConstant()
          && size(label).constant() > size(longest).constant();
      longest = longer ? label : longest;
    }
    return longest == 0 ? labels : labels.replace(String.valueOf(longest), "") + longest;
  }

  private void put(String labels, List<Value> index) {
    for (int i = 0; i < index.size(); i++) {
      at.put(labels.charAt(i), index.get(i));
    }
  }

  /// Consecutive results along a label.
  private void results(Optional<Character> label, int count) {
    List<Point> places = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      Map<Character, Value> point = new HashMap<>(at);
      int offset = t;
      label.ifPresent(l -> point.put(l, nest.plus(at.get(l), Value.i32(offset))));
      places.add(new Point(base(op.left(), node.operand(0), point),
          base(op.right(), node.operand(1), point), base(op.result(), node, point)));
    }
    ArrayParam target = nest.write(node, false);
    List<Value> sums = op.order().labels().isEmpty() ? places.stream().map(this::product).toList()
        : op.order().kind() == SumOrder.Kind.LANES ? List.of(lanes(places.getFirst()))
            : sequential(places);
    for (int t = 0; t < count; t++) {
      nest.store(target, places.get(t).result, nest.cast(sums.get(t), node.dtype()));
    }
  }

  /// Where the first elements of a sum and its result are.
  private record Point(Value left, Value right, Value result) {
  }

  /// The index, but for the labels that are summed.
  private Value base(String labels, Node tensor, Map<Character, Value> point) {
    return along(SumOrder.summed(labels, op.order().labels()), labels, tensor, point);
  }

  /// How far some labels lead in a tensor.
  private Value along(String some, String labels, Node tensor, Map<Character, Value> point) {
    Value index = Value.i32(0);
    for (char label : some.toCharArray()) {
      index = nest.plus(index,
          nest.times(point.get(label), nest.dim(RowForm.stride(label, labels, tensor))));
    }
    return index;
  }

  private Value product(Point place) {
    return nest.let(plus(zero(), place));
  }

  private Value element(int operand, Value base) {
    String labels = operand == 0 ? op.left() : op.right();
    Node tensor = node.operand(operand);
    Value index = nest.plus(base, along(op.order().labels(), labels, tensor, at));
    return nest.cast(nest.load(nest.read(tensor, false), index), dtype);
  }

  private Value zero() {
    return new Value.Const(dtype, 0);
  }

  private Dim size(char label) {
    int place = op.left().indexOf(label);
    return place >= 0 ? node.operand(0).shape().dim(place)
        : node.operand(1).shape().dim(op.right().indexOf(label));
  }

  private Value plus(Value sum, Point place) {
    Value a = element(0, place.left);
    Value b = element(1, place.right);
    return dtype.isFloat() ? Value.apply(Basic.FMA, a, b, sum)
        : Value.apply(Basic.ADD, sum, nest.let(Value.apply(Basic.MUL, a, b)));
  }

  // ---- sequential

  private List<Value> sequential(List<Point> places) {
    Chunks chunks = summed.chunks();
    List<Local> totals = places.stream().map(_ -> nest.variable(zero())).toList();
    SummedLabels.Step step = (sum, t) -> plus(sum, places.get(t));
    if (chunks.isOne()) {
      summed.whole(totals, step);
    } else {
      summed.chunked(chunks, Basic.ADD, zero(), totals, step);
    }
    return totals.stream().map(Value::ref).toList();
  }

  // ---- lanes

  private Value lanes(Point place) {
    Dim k = summed.count();
    LaneTree tree = new LaneTree(nest, Basic.ADD, zero());
    BiFunction<Value, Value, Value> step = (sum, position) -> {
      spread(op.order().labels(), position);
      return plus(sum, place);
    };
    if (k.isConstant() && k.constant() <= SumOrder.LANES) {
      return tree.few(Value.i32(0), (int) k.constant(), !dtype.isFloat(), step);
    }
    Value length = nest.dim(k);
    ArrayParam lane = nest.lanes(dtype);
    return tree.chunks(lane, length, chunk -> {
      Value rest = nest.minus(length, chunk.from());
      tree.add(lane, chunk.from(), nest.min(rest, Value.i32(SumOrder.LANE_CHUNK)), step);
    });
  }

  /// Splits a row-major position into the indices of the labels; a constant one is split here.
  private void spread(String labels, Value position) {
    Value rest = position;
    for (int i = labels.length() - 1; i > 0; i--) {
      Value size = nest.dim(size(labels.charAt(i)));
      at.put(labels.charAt(i), nest.remainder(rest, size));
      rest = nest.quotient(rest, size);
    }
    at.put(labels.charAt(0), rest);
  }
}
