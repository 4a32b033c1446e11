package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A convolution as plain loops: one result after the other, its products in the order that the sum demands. Padding is
/// a zero that is multiplied; where a dilated axis of the data has a hole there is no product.
final class ConvolveLoops {
  private final NestBuilder nest = new NestBuilder();
  private final Op.Convolve op;
  private final Node data;
  private final Node kernel;
  private final ArrayParam dataArray;
  private final ArrayParam kernelArray;
  private final DType dtype;
  private final Map<Character, Value> result = new LinkedHashMap<>();
  private final Map<Character, Value> summed = new LinkedHashMap<>();
  private final SummedLabels labels;
  private final Holes holes;

  private ConvolveLoops(Node node, Op.Convolve op) {
    this.op = op;
    this.data = node.operand(0);
    this.kernel = node.operand(1);
    this.dataArray = nest.read(data, false);
    this.kernelArray = nest.read(kernel, false);
    this.dtype = op.accumulator();
    this.holes = new Holes(nest, op, data);
    this.labels = new SummedLabels(nest, op.order().labels(),
        label -> kernel.shape().dim(op.kernel().indexOf(label)), summed, this::pass);
  }

  static Nest of(Node node, Op.Convolve op) {
    ConvolveLoops loops = new ConvolveLoops(node, op);
    NestBuilder nest = loops.nest;
    ArrayParam target = nest.write(node, false);
    SharedLoops.over(nest, node.shape().dims(), Work.ofProducts(loops.labels.count()), index -> {
      for (int i = 0; i < index.size(); i++) {
        loops.result.put(op.result().charAt(i), index.get(i));
      }
      Value sum = nest.cast(loops.sum(), node.dtype());
      nest.store(target, IndexLoops.place(nest, index, node), sum);
    });
    return nest.finish();
  }

  private Value zero() {
    return new Value.Const(dtype, 0);
  }

  private Value sum() {
    Local total = nest.variable(zero());
    labels.chunked(labels.chunks(), Basic.ADD, zero(), List.of(total), (sum, _) -> plus(sum));
    return Value.ref(total);
  }

  /// Goes on where the kernel's element meets no hole of the data.
  private void pass(char label, Runnable body) {
    if (op.spatialLabels().indexOf(label) >= 0) {
      holes.pass(label, result.get(label), summed.get(label), body);
    } else {
      body.run();
    }
  }

  /// Adds a product.
  private Value plus(Value sum) {
    List<Value> from = new ArrayList<>();
    for (char label : op.data().toCharArray()) {
      from.add(switch (label) {
        case 'n' -> grouped(result.get('n'), op.batchGroups(),
            data.shape().dim(op.data().indexOf('n')).floorDiv(Dim.of(op.batchGroups())));
        case 'c' ->
            grouped(summed.get('i'), op.groups(), kernel.shape().dim(op.kernel().indexOf('i')));
        default -> holes.place(label);
      });
    }
    Value k = element(kernelArray, kernel, kernelIndex());
    Optional<Value> inside = holes.isInside(op.order().labels());
    if (inside.isEmpty()) {
      return plus(sum, element(dataArray, data, from), k);
    }
    Local x = nest.variable(zero());
    nest.when(inside.get(), () -> nest.set(x, element(dataArray, data, from)), () -> {
    });
    return plus(sum, Value.ref(x), k);
  }

  private Value plus(Value sum, Value a, Value b) {
    return dtype.isFloat() ? Value.apply(Basic.FMA, a, b, sum)
        : Value.apply(Basic.ADD, sum, Value.apply(Basic.MUL, a, b));
  }

  private Value element(ArrayParam array, Node tensor, List<Value> index) {
    return nest.cast(nest.load(array, IndexLoops.place(nest, index, tensor)), dtype);
  }

  private List<Value> kernelIndex() {
    List<Value> index = new ArrayList<>();
    for (char label : op.kernel().toCharArray()) {
      index.add(label == 'o' ? result.get('c') : summed.get(label));
    }
    return index;
  }

  /// An index within the group that the output feature belongs to, as one within the whole.
  private Value grouped(Value index, int groups, Dim groupSize) {
    if (groups == 1) {
      return index;
    }
    Value outputs = nest.dim(kernel.shape().dim(op.kernel().indexOf('o')).floorDiv(Dim.of(groups)));
    Value group = nest.let(Value.apply(Basic.DIV, result.get('c'), outputs));
    return nest.plus(nest.times(group, nest.dim(groupSize)), index);
  }
}
