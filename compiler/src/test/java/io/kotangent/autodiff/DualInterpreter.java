package io.kotangent.autodiff;

import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Dual numbers, written without the code under test: every value is a tensor with its change in one direction. Derivatives
/// of scalar functions are written out here; what is linear is applied to the changes.
final class DualInterpreter {
  /// A value and its change; integers and bools do not change.
  record Dual(TensorValue value, TensorValue change) {
    static Dual constant(TensorValue value) {
      return new Dual(value, value.dtype().isFloat() ? filled(value, 0) : value);
    }
  }

  private final Map<String, Long> symbols;
  private final Map<Node, List<Dual>> values = new IdentityHashMap<>();

  private DualInterpreter(Map<String, Long> symbols) {
    this.symbols = symbols;
  }

  static List<Dual> run(Graph graph, List<Dual> arguments, Map<String, Long> symbols) {
    DualInterpreter interpreter = new DualInterpreter(symbols);
    for (int i = 0; i < arguments.size(); i++) {
      interpreter.values.put(graph.inputs().get(i), List.of(arguments.get(i)));
    }
    for (Node node : graph.schedule().subList(arguments.size(), graph.schedule().size())) {
      List<Dual> operands = new ArrayList<>();
      node.operands().forEach(o -> operands.add(interpreter.values.get(o).getFirst()));
      interpreter.values.put(node, interpreter.evaluate(node, operands));
    }
    return graph.results().stream().map(r -> interpreter.values.get(r.node()).getFirst()).toList();
  }

  static TensorValue filled(TensorValue like, double value) {
    double[] elements = new double[like.size()];
    Arrays.fill(elements, value);
    return of(like.dims(), elements).withFloats(like.dtype());
  }

  private static TensorValue of(int[] dims, double[] elements) {
    return TensorValue.f64(dims, elements);
  }

  private List<Dual> evaluate(Node node, List<Dual> x) {
    return switch (node.op()) {
      case Op.Call(var callee, var _) -> run(callee, x, symbols);
      case Op.Branch(var then, var otherwise) ->
          run(x.getFirst().value().bool(0) ? then : otherwise, x.subList(1, x.size()), symbols);
      case Op.Loop loop -> loop(loop, x);
      case Op.Item(var index) -> List.of(values.get(node.operand(0)).get(index));
      case Op.Sort(var axis) -> sort(axis, x.getFirst());
      case Op.Map(var fn) -> List.of(map(fn, node, x));
      case Op.Reduce reduce when node.type().dtype().isFloat()
          && reduce.kind() != Op.Reduction.SUM ->
          List.of(reduce(reduce, node, x.getFirst()));
      case Op.Contract _, Op.Convolve _ ->
          List.of(new Dual(apply(node, List.of(x.get(0).value(), x.get(1).value())),
              sum(apply(node, List.of(x.get(0).change(), x.get(1).value())),
                  apply(node, List.of(x.get(0).value(), x.get(1).change())))));
      case Op.Input _, Op.Constant _, Op.Iota _, Op.Size _, Op.Random _ ->
          List.of(Dual.constant(apply(node, x.stream().map(Dual::value).toList())));
      case Op.Cast _, Op.Broadcast _, Op.Reshape _, Op.Transpose _, Op.Reverse _, Op.Slice _, Op.Pad _, Op.Concat _, Op.Windows _, Op.OverlapAdd _, Op.Gather _, Op.Scatter _, Op.Reduce _ ->
          linear(node, x);
    };
  }

  private List<Dual> linear(Node node, List<Dual> x) {
    TensorValue value = apply(node, x.stream().map(Dual::value).toList());
    boolean moves = node.dtype().isFloat() && x.stream().anyMatch(d -> d.value().dtype().isFloat());
    return List.of(
        moves ? new Dual(value, apply(node, x.stream().map(Dual::change).toList()))
            : Dual.constant(value));
  }

  private static TensorValue sum(TensorValue x, TensorValue y) {
    double[] elements = new double[x.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = x.real(i) + y.real(i);
    }
    return of(x.dims(), elements).withFloats(x.dtype());
  }

  /// One op applied to values.
  private TensorValue apply(Node node, List<TensorValue> operands) {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    Map<String, TensorValue> named = new java.util.LinkedHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      TensorType type = node.operand(i).type();
      inputs.add(b.input(new Port("x" + i, Role.INPUT, type)));
      named.put("x" + i, operands.get(i));
    }
    Graph graph = b.graph("one", inputs, List.of(new Graph.Result("y", b.add(node.op(), inputs))));
    return Interpreter.run(graph, named, symbols).result("y");
  }

  private Dual map(ScalarFn fn, Node node, List<Dual> x) {
    TensorValue value = apply(node, x.stream().map(Dual::value).toList());
    if (!node.dtype().isFloat()) {
      return Dual.constant(value);
    }
    double[] change = new double[value.size()];
    for (int i = 0; i < change.length; i++) {
      double[] a = new double[3];
      double[] d = new double[3];
      for (int k = 0; k < x.size(); k++) {
        a[k] = x.get(k).value().real(i);
        d[k] = x.get(k).value().dtype().isFloat() ? x.get(k).change().real(i) : 0;
      }
      change[i] = derivative(fn, a, d);
    }
    return new Dual(value, of(value.dims(), change).withFloats(value.dtype()));
  }

  private static double derivative(ScalarFn fn, double[] a, double[] d) {
    double x = a[0];
    return switch (fn) {
      case NEG -> -d[0];
      case ABS -> x == 0 ? 0 : x > 0 ? d[0] : -d[0];
      case SQRT -> d[0] * 0.5 / Math.sqrt(x);
      case CBRT -> d[0] / (3 * Math.pow(x, 2.0 / 3));
      case EXP, EXPM1 -> d[0] * Math.exp(x);
      case LOG -> d[0] / x;
      case LOG1P -> d[0] / (1 + x);
      case LOG1MEXP -> -d[0] * Math.exp(x) / -Math.expm1(x);
      case SIGMOID -> d[0] * logistic(x) * logistic(-x);
      case LOG_SIGMOID -> d[0] * logistic(-x);
      case SOFTPLUS -> d[0] * logistic(x);
      case TANH -> d[0] / (Math.cosh(x) * Math.cosh(x));
      case SIN -> d[0] * Math.cos(x);
      case COS -> -d[0] * Math.sin(x);
      case TAN -> d[0] / (Math.cos(x) * Math.cos(x));
      case ATAN -> d[0] / (1 + x * x);
      case ERF -> d[0] * 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
      case RELU -> x > 0 ? d[0] : 0;
      case STOP_GRADIENT, SIGN, FLOOR, CEIL, ROUND -> 0;
      case ADD -> d[0] + d[1];
      case SUB, ZERO_SUB -> d[0] - d[1];
      case MUL, ZERO_MUL -> d[0] * a[1] + x * d[1];
      case DIV, ZERO_DIV -> (d[0] * a[1] - x * d[1]) / (a[1] * a[1]);
      case MIN -> x <= a[1] ? d[0] : d[1];
      case MAX -> x >= a[1] ? d[0] : d[1];
      case POW -> d[0] * a[1] * Math.pow(x, a[1] - 1)
          + (x == 0 ? 0 : d[1] * Math.pow(x, a[1]) * Math.log(x));
      case SELECT -> x != 0 ? d[1] : d[2];
      case REM, AND, OR, XOR, NOT, SHL, SHR, USHR, LT, LE, GT, GE, EQ, NE, IS_NAN, IS_FINITE ->
          throw new AssertionError(fn + " gives no float");
    };
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /// PRODUCT, MAX and MIN, element by element in row-major order.
  private Dual reduce(Op.Reduce op, Node node, Dual x) {
    TensorValue value = apply(node, List.of(x.value()));
    double[] change = new double[value.size()];
    double[] best = new double[value.size()];
    boolean[] seen = new boolean[value.size()];
    Arrays.fill(best, 1);
    int[] dims = x.value().dims();
    for (int i = 0; i < x.value().size(); i++) {
      int to = place(i, dims, op.axes());
      double v = x.value().real(i);
      double d = x.change().real(i);
      if (op.kind() == Op.Reduction.PRODUCT) {
        change[to] = change[to] * v + best[to] * d;
        best[to] *= v;
      } else {
        boolean better = op.kind() == Op.Reduction.MAX ? v > best[to] : v < best[to];
        if (!seen[to] || better || Double.isNaN(v) && !Double.isNaN(best[to])) {
          best[to] = v;
          change[to] = d;
        }
      }
      seen[to] = true;
    }
    return new Dual(value, of(value.dims(), change).withFloats(value.dtype()));
  }

  /// Where element `i` goes when `axes` are removed.
  private static int place(int i, int[] dims, List<Integer> axes) {
    int place = 0;
    int rest = i;
    int[] index = new int[dims.length];
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      index[axis] = rest % dims[axis];
      rest /= dims[axis];
    }
    for (int axis = 0; axis < dims.length; axis++) {
      if (!axes.contains(axis)) {
        place = place * dims[axis] + index[axis];
      }
    }
    return place;
  }

  private static List<Dual> sort(int axis, Dual x) {
    int[] dims = x.value().dims();
    int inner = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      inner *= dims[i];
    }
    int step = inner;
    double[] values = new double[x.value().size()];
    double[] changes = new double[values.length];
    int[] positions = new int[values.length];
    for (int start = 0; start < values.length; start++) {
      if (start / step % dims[axis] != 0) {
        continue;
      }
      int from = start;
      List<Integer> order = new ArrayList<>();
      for (int k = 0; k < dims[axis]; k++) {
        order.add(k);
      }
      order.sort((p, q) -> Double.compare(x.value().real(from + p * step),
          x.value().real(from + q * step)));
      for (int k = 0; k < dims[axis]; k++) {
        values[from + k * step] = x.value().real(from + order.get(k) * step);
        changes[from + k * step] = x.change().real(from + order.get(k) * step);
        positions[from + k * step] = order.get(k);
      }
    }
    DType dtype = x.value().dtype();
    TensorValue sorted = dtype.isFloat()
        ? of(dims, values).withFloats(dtype)
        : integers(dtype, dims, Arrays.stream(values).mapToLong(v -> (long) v).toArray());
    TensorValue moved = dtype.isFloat() ? of(dims, changes).withFloats(dtype) : sorted;
    return List.of(new Dual(sorted, moved),
        Dual.constant(TensorValue.of(DType.I32, dims, positions)));
  }

  private List<Dual> loop(Op.Loop loop, List<Dual> x) {
    int count = loop.count().evaluateInt(symbols);
    List<Dual> carried = List.copyOf(x.subList(0, loop.carried()));
    List<List<Dual>> outputs = new ArrayList<>(java.util.Collections.nCopies(count, List.of()));
    for (int step = 0; step < count; step++) {
      int at = loop.reverse() ? count - 1 - step : step;
      List<Dual> arguments = new ArrayList<>(carried);
      for (int i = loop.carried(); i < x.size(); i++) {
        arguments.add(i < loop.carried() + loop.sliced() ? row(x.get(i), at) : x.get(i));
      }
      List<Dual> results = run(loop.body(), arguments, symbols);
      carried = results.subList(0, loop.carried());
      outputs.set(at, results.subList(loop.carried(), results.size()));
    }
    List<Dual> all = new ArrayList<>(carried);
    for (int i = loop.carried(); i < loop.body().results().size(); i++) {
      int output = i - loop.carried();
      int[] dims = loop.body().results().get(i).node().shape().evaluate(symbols);
      all.add(new Dual(stack(outputs.stream().map(o -> o.get(output).value()).toList(), dims),
          stack(outputs.stream().map(o -> o.get(output).change()).toList(), dims)));
    }
    return all;
  }

  private static Dual row(Dual x, int at) {
    return new Dual(row(x.value(), at), row(x.change(), at));
  }

  private static TensorValue row(TensorValue x, int at) {
    int[] dims = Arrays.copyOfRange(x.dims(), 1, x.rank());
    int size = Arrays.stream(dims).reduce(1, (p, q) -> p * q);
    if (!x.dtype().isFloat()) {
      return integers(x.dtype(), dims, java.util.stream.LongStream.range(0, size)
          .map(i -> x.integer(at * size + (int) i)).toArray());
    }
    double[] elements = new double[size];
    for (int i = 0; i < size; i++) {
      elements[i] = x.real(at * size + i);
    }
    return of(dims, elements).withFloats(x.dtype());
  }

  private static TensorValue integers(DType dtype, int[] dims, long[] elements) {
    Object array = dtype.newArray(elements.length);
    for (int i = 0; i < elements.length; i++) {
      switch (array) {
        case int[] a -> a[i] = (int) elements[i];
        case long[] a -> a[i] = elements[i];
        case boolean[] a -> a[i] = elements[i] != 0;
        default -> throw new AssertionError(dtype);
      }
    }
    return TensorValue.of(dtype, dims, array);
  }

  private static TensorValue stack(List<TensorValue> rows, int[] rowDims) {
    int[] dims = new int[rowDims.length + 1];
    dims[0] = rows.size();
    System.arraycopy(rowDims, 0, dims, 1, rowDims.length);
    if (!rows.isEmpty() && !rows.getFirst().dtype().isFloat()) {
      return integers(rows.getFirst().dtype(), dims, rows.stream().flatMapToLong(
          r -> java.util.stream.IntStream.range(0, r.size()).mapToLong(r::integer)).toArray());
    }
    double[] elements = rows.stream().flatMapToDouble(
        r -> java.util.stream.IntStream.range(0, r.size()).mapToDouble(r::real)).toArray();
    return rows.isEmpty() ? of(dims, elements)
        : of(dims, elements).withFloats(rows.getFirst().dtype());
  }
}
