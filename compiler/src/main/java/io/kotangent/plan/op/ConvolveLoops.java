package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.ConvolveForm;
import io.kotangent.plan.nest.Chunks;
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
  /// The spatial labels, in the order of the kernel's.
  private final String spatial;
  private final Map<Character, Value> result = new LinkedHashMap<>();
  private final Map<Character, Value> summed = new LinkedHashMap<>();
  /// For each spatial label, the place in the data, and whether there is such a place, if that is in doubt.
  private final Map<Character, Value> places = new LinkedHashMap<>();
  private final Map<Character, Value> inside = new LinkedHashMap<>();

  private ConvolveLoops(Node node, Op.Convolve op) {
    this.op = op;
    this.data = node.operand(0);
    this.kernel = node.operand(1);
    this.dataArray = nest.read(data, false);
    this.kernelArray = nest.read(kernel, false);
    this.dtype = op.accumulator();
    this.spatial = op.spatialLabels();
  }

  static Nest of(Node node, Op.Convolve op) {
    ConvolveLoops loops = new ConvolveLoops(node, op);
    NestBuilder nest = loops.nest;
    ArrayParam target = nest.write(node, false);
    SharedLoops.over(nest, node.shape().dims(), Work.ofProducts(loops.products()), index -> {
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

  private Value kernelSize(char label) {
    return nest.dim(kernel.shape().dim(op.kernel().indexOf(label)));
  }

  /// The products of one sum.
  private Dim products() {
    Dim count = Dim.ONE;
    for (char label : op.order().labels().toCharArray()) {
      count = count.times(kernel.shape().dim(op.kernel().indexOf(label)));
    }
    return count;
  }

  private Value sum() {
    String labels = op.order().labels();
    Local total = nest.variable(zero());
    List<Dim> sizes = labels.chars()
        .mapToObj(l -> kernel.shape().dim(op.kernel().indexOf(l))).toList();
    Chunks.of(nest, sizes).each(chunk -> chunk.sum(Basic.ADD, zero(), List.of(total),
        part -> products(labels, 0, chunk.from(), chunk.to(), part.getFirst())));
    return Value.ref(total);
  }

  private void products(String labels, int depth, Value from, Value to, Local part) {
    char label = labels.charAt(depth);
    Runnable deeper = () -> {
      if (depth + 1 < labels.length()) {
        products(labels, depth + 1, Value.i32(0), kernelSize(labels.charAt(depth + 1)), part);
      } else {
        addProduct(part);
      }
    };
    nest.loop("k", from, to, 1, false, k -> {
      summed.put(label, k);
      if (spatial.indexOf(label) >= 0) {
        alongSpatial(label, k, deeper);
      } else {
        deeper.run();
      }
    });
  }

  /// Goes on where the kernel's element `k` meets no hole of the data.
  private void alongSpatial(char label, Value k, Runnable body) {
    Op.Spatial axis = op.spatial().get(spatial.indexOf(label));
    Dim size = data.shape().dim(op.data().indexOf(label));
    Value reach = nest.plus(nest.times(result.get(label), Value.i32(axis.stride())),
        nest.times(k, Value.i32(axis.kernelDilation())));
    Value at = nest.minus(reach, nest.dim(axis.padLow()));
    boolean padded = !ConvolveForm.isCrop(axis.padLow()) || !ConvolveForm.isCrop(axis.padHigh());
    Value dilation = Value.i32(axis.dataDilation());
    inside.remove(label);
    if (padded) {
      Value end = nest.dim(size.minus(1).times(axis.dataDilation()));
      inside.put(label,
          nest.let(Value.apply(Basic.AND, nest.let(Value.apply(Basic.LE, Value.i32(0), at)),
              nest.let(Value.apply(Basic.LE, at, end)))));
    }
    if (axis.dataDilation() == 1) {
      places.put(label, at);
      body.run();
      return;
    }
    Value meets = Value.apply(Basic.EQ, Value.apply(Basic.REM, at, dilation), Value.i32(0));
    Value counts =
        padded ? Value.apply(Basic.OR, meets, Value.apply(Basic.NOT, inside.get(label))) : meets;
    nest.when(counts, () -> {
      places.put(label, nest.let(Value.apply(Basic.DIV, at, dilation)));
      body.run();
    }, () -> {
    });
  }

  private void addProduct(Local part) {
    List<Value> from = new ArrayList<>();
    for (char label : op.data().toCharArray()) {
      from.add(switch (label) {
        case 'n' -> grouped(result.get('n'), op.batchGroups(),
            dataSize('n').floorDiv(Dim.of(op.batchGroups())));
        case 'c' ->
            grouped(summed.get('i'), op.groups(), kernel.shape().dim(op.kernel().indexOf('i')));
        default -> places.get(label);
      });
    }
    Value k = element(kernelArray, kernel, kernelIndex());
    if (inside.isEmpty()) {
      nest.set(part, plus(part, element(dataArray, data, from), k));
      return;
    }
    Value there = inside.values().stream().reduce((a, b) -> nest.let(Value.apply(Basic.AND, a, b)))
        .orElseThrow();
    Local x = nest.variable(zero());
    nest.when(there, () -> nest.set(x, element(dataArray, data, from)), () -> {
    });
    nest.set(part, plus(part, Value.ref(x), k));
  }

  private Dim dataSize(char label) {
    return data.shape().dim(op.data().indexOf(label));
  }

  private Value plus(Local sum, Value a, Value b) {
    return dtype.isFloat() ? Value.apply(Basic.FMA, a, b, Value.ref(sum))
        : Value.apply(Basic.ADD, Value.ref(sum), Value.apply(Basic.MUL, a, b));
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
