package io.kotangent.eval;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a graph means: slow, obvious, correct. Floats of every type are computed in f64 and never rounded to
/// a narrower one; sums are in row-major order. An oracle: its bits are not those of a program.
public final class Interpreter {
  private final Map<String, Long> symbols;
  private final long iteration;
  /// What call sites prefix to the random streams here.
  private final String scope;
  private final Map<Node, List<TensorValue>> values = new IdentityHashMap<>();

  private Interpreter(Map<String, Long> symbols, long iteration, String scope) {
    this.symbols = symbols;
    this.iteration = iteration;
    this.scope = scope;
  }

  public static Evaluation run(Graph graph, Map<String, TensorValue> inputs) {
    return run(graph, inputs, Map.of());
  }

  /// Evaluates a graph for inputs by port name.
  ///
  /// @param symbols values of symbolic sizes that no input has
  public static Evaluation run(Graph graph, Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    List<TensorValue> arguments = new ArrayList<>();
    for (Port port : graph.ports()) {
      TensorValue value = inputs.get(port.name());
      if (value == null || inputs.size() > graph.inputs().size()) {
        throw new KotangentException("graph " + graph.name() + ": expected inputs named "
            + graph.ports().stream().map(Port::name).toList() + ", got "
            + inputs.keySet().stream().sorted().toList());
      }
      checkRange(port, value);
      arguments.add(value);
    }
    Interpreter interpreter =
        new Interpreter(new SymbolBinding(symbols).bind(graph.ports(), arguments), 0, "");
    interpreter.evaluate(graph, arguments);
    return interpreter.evaluation(graph, inputs);
  }

  private static void checkRange(Port port, TensorValue value) {
    port.range().ifPresent(range -> {
      for (int i = 0; i < value.size(); i++) {
        if (!(value.real(i) >= range.low() && value.real(i) <= range.high())) {
          throw new KotangentException(
              "input '" + port.name() + "': expected elements " + range + ", got "
                  + (value.dtype().isFloat() ? String.valueOf(value.real(i))
                      : String.valueOf(value.integer(i)))
                  + " at position " + i);
        }
      }
    });
  }

  private Evaluation evaluation(Graph graph, Map<String, TensorValue> inputs) {
    Map<String, TensorValue> results = new LinkedHashMap<>();
    graph.results().forEach(r -> results.put(r.name(), values.get(r.node()).getFirst()));
    boolean committed = graph.guard().map(g -> values.get(g).getFirst().bool(0)).orElse(true)
        && graph.updates().stream().allMatch(this::mayBeCommitted);
    Map<String, TensorValue> state = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      if (port.role() == Role.STATE) {
        state.put(port.name(), inputs.get(port.name()));
      }
    }
    if (committed) {
      graph.updates()
          .forEach(u -> state.put(Graph.port(u.port()).name(), values.get(u.value()).getFirst()));
    }
    return new Evaluation(results, state, committed, values);
  }

  /// Whether an update is finite, if it must be.
  private boolean mayBeCommitted(Graph.Update update) {
    if (Graph.port(update.port()).finite().isEmpty() || !update.port().dtype().isFloat()) {
      return true;
    }
    TensorValue value = values.get(update.value()).getFirst();
    for (int i = 0; i < value.size(); i++) {
      double x = value.real(i);
      if (!Double.isFinite(update.port().dtype() == DType.F32 ? (float) x : x)) {
        return false;
      }
    }
    return true;
  }

  /// For graphs that are evaluated while they are built: give each input its value, then compute each node.
  static Interpreter growing(Map<String, Long> symbols) {
    return new Interpreter(symbols, 0, "");
  }

  void give(Node input, TensorValue value) {
    values.put(input, List.of(value));
  }

  /// Computes and keeps the value of a node whose operands have theirs; several for a tuple.
  List<TensorValue> compute(Node node) {
    List<TensorValue> operands = new ArrayList<>();
    node.operands().forEach(o -> operands.add(values.get(o).getFirst()));
    try {
      List<TensorValue> value = evaluate(node, operands);
      values.put(node, value);
      return value;
    } catch (EvaluationException e) {
      throw e;
    } catch (KotangentException e) {
      throw new EvaluationException(node, e);
    }
  }

  private void evaluate(Graph graph, List<TensorValue> arguments) {
    graph.requirements().forEach(this::check);
    for (int i = 0; i < arguments.size(); i++) {
      give(graph.inputs().get(i), arguments.get(i));
    }
    for (Node node : graph.schedule().subList(arguments.size(), graph.schedule().size())) {
      compute(node);
    }
  }

  private void check(Requirement requirement) {
    requirement.check(symbols);
  }

  /// The value of a node; several for a tuple.
  private List<TensorValue> evaluate(Node node, List<TensorValue> operands) {
    return switch (node.op()) {
      case Op.Call(var callee, _) -> {
        String site = node.origin().scope();
        yield call(callee, operands, iteration, site.isEmpty() ? scope : scope + site + "/");
      }
      case Op.Loop loop -> loop(loop, operands);
      case Op.Branch(var then, var otherwise) ->
          call(operands.getFirst().bool(0) ? then : otherwise, operands.subList(1, operands.size()),
              iteration, scope);
      case Op.Sort(var axis) -> Layouts.sort(axis, operands.getFirst());
      case Op.Item(var index) -> List.of(values.get(node.operand(0)).get(index));
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _ ->
          List.of(tensor(node.op(), operands, node.type()));
    };
  }

  private TensorValue tensor(Op op, List<TensorValue> operands, TensorType type) {
    int[] dims = type.shape().evaluate(symbols);
    return switch (op) {
      case Op.Input(var port) ->
          throw new KotangentException("'" + port.name() + "' is no input of this graph");
      case Op.Constant(var value) -> TensorValue.of(value);
      case Op.Iota(_, var axis, var dtype) -> Layouts.iota(dtype, dims, axis);
      case Op.Size(var dim) ->
          TensorValue.of(DType.I64, dims, new long[] {dim.evaluateInt(symbols)});
      case Op.Random random -> random(random, operands, dims);
      case Op.Map(var fn) -> Lanes.map(fn, operands, type.dtype());
      case Op.Cast(var to) -> Lanes.cast(to, operands.getFirst());
      case Op.Broadcast broadcast -> Layouts.broadcast(broadcast, operands.getFirst(), dims);
      case Op.Reshape _ -> operands.getFirst().reshaped(dims);
      case Op.Transpose transpose -> Layouts.transpose(transpose, operands.getFirst());
      case Op.Reverse reverse -> Layouts.reverse(reverse, operands.getFirst());
      case Op.Slice(var starts, _, var strides) ->
          Layouts.slice(ints(starts), strides, operands.getFirst(), dims);
      case Op.Pad(var low, _, var interior) ->
          Layouts.pad(ints(low), interior, operands.getFirst(), operands.get(1), dims);
      case Op.Concat(var axis) -> Layouts.concat(axis, operands, dims);
      case Op.Windows windows -> Layouts.windows(windows, operands.getFirst(), dims);
      case Op.OverlapAdd overlap -> Layouts.overlapAdd(overlap, operands.getFirst(), dims);
      case Op.Gather gather -> Layouts.gather(gather, operands.getFirst(), operands.get(1), dims);
      case Op.Scatter scatter ->
          Layouts.scatter(scatter, operands.getFirst(), operands.get(1), operands.get(2));
      case Op.Reduce reduce -> Reductions.reduce(reduce, operands.getFirst(), dims);
      case Op.Contract contract ->
          Reductions.contract(contract, operands.getFirst(), operands.get(1), dims);
      case Op.Convolve convolve -> new Convolution(convolve, operands.getFirst(), operands.get(1),
          ints(convolve.spatial().stream().map(Op.Spatial::padLow).toList())).result(dims);
      case Op.Sort _, Op.Control _, Op.Item _ ->
          throw new KotangentException(op.mnemonic() + " is no single tensor");
    };
  }

  private int[] ints(List<Dim> sizes) {
    return sizes.stream().mapToInt(this::place).toArray();
  }

  private int place(Dim dim) {
    long place = dim.evaluate(symbols);
    if (place != (int) place) {
      throw new ShapeException("the place " + dim + " is " + place + " for " + symbols
          + ": expected an int");
    }
    return (int) place;
  }

  private TensorValue random(Op.Random random, List<TensorValue> operands, int[] dims) {
    int[] key =
        Philox.drawKey(scope + random.stream(), operands.get(0).integer(0),
            operands.get(1).integer(0));
    TensorValue result = TensorValue.zeros(DType.I32, dims);
    int example =
        random.perExample() && dims[0] > 0 ? result.size() / dims[0] : Math.max(1, result.size());
    for (int i = 0; i < result.size(); i++) {
      long number = operands.size() == 3 ? operands.get(2).integer(i / example) : i / example;
      result.put(i, (long) Philox.bits(key, i % example, iteration, number));
    }
    return result;
  }

  private List<TensorValue> call(Graph body, List<TensorValue> arguments, long bodyIteration,
      String bodyScope) {
    Interpreter inner =
        new Interpreter(new SymbolBinding(symbols).bind(body.ports(), arguments),
            bodyIteration, bodyScope);
    inner.evaluate(body, arguments);
    return body.results().stream().map(r -> inner.values.get(r.node()).getFirst()).toList();
  }

  private List<TensorValue> loop(Op.Loop loop, List<TensorValue> operands) {
    int count = loop.count().evaluateInt(symbols);
    List<TensorValue> carried = operands.subList(0, loop.carried());
    List<List<TensorValue>> outputs = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      int place = loop.reverse() ? count - 1 - step : step;
      List<TensorValue> arguments = new ArrayList<>(carried);
      for (int i = loop.carried(); i < operands.size(); i++) {
        boolean sliced = i < loop.carried() + loop.sliced();
        arguments.add(sliced ? part(operands.get(i), place) : operands.get(i));
      }
      List<TensorValue> results = call(loop.body(), arguments, iteration * count + place, scope);
      carried = results.subList(0, loop.carried());
      List<TensorValue> output = results.subList(loop.carried(), results.size());
      outputs.add(loop.reverse() ? 0 : outputs.size(), output);
    }
    List<TensorValue> result = new ArrayList<>(carried);
    for (int i = loop.carried(); i < loop.body().results().size(); i++) {
      int output = i - loop.carried();
      result.add(stacked(loop.body().results().get(i).node().type(), count,
          outputs.stream().map(o -> o.get(output)).toList()));
    }
    return result;
  }

  /// One slice of the leading axis.
  private static TensorValue part(TensorValue x, int place) {
    int[] dims = java.util.Arrays.copyOfRange(x.dims(), 1, x.rank());
    TensorValue part = TensorValue.zeros(x.dtype(), dims);
    for (int i = 0; i < part.size(); i++) {
      part.put(i, x, place * part.size() + i);
    }
    return part;
  }

  private TensorValue stacked(TensorType type, int count, List<TensorValue> parts) {
    List<Dim> dims = new ArrayList<>(List.of(Dim.of(count)));
    dims.addAll(type.shape().dims());
    TensorValue result = TensorValue.zeros(type.dtype(), new Shape(dims).evaluate(symbols));
    int next = 0;
    for (TensorValue part : parts) {
      for (int i = 0; i < part.size(); i++) {
        result.put(next++, part, i);
      }
    }
    return result;
  }
}
