package io.kotangent.dsl;

import io.kotangent.bytecode.EarlyClasses;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A model that is being written: declares inputs, parameters and state, and gives graphs. One definition gives the
/// training graphs ([#minimize]) and the inference graph ([#graph]). Not thread-safe while it is written.
///
/// ```java
/// var mnist = Model.named("mnist");
/// var image = mnist.input("image", batch, pixels);
/// var label = mnist.ids("label", batch, digit);
/// var logits = image.dense(hidden).relu().dense(digit);
/// var training = mnist.minimize(logits.crossEntropy(label).mean(), Optimizers.adam(1e-3));
/// ```
@ModelDsl
public final class Model {
  /// Names of ports that graphs get by themselves.
  static final List<String> RESERVED = List.of("seed", "step", "rate", "ok", "loss");
  static final Port TRAINING =
      new Port("training?", Role.INPUT, TensorType.scalar(DType.BOOL));
  private static final Port SEED = new Port("seed", Role.INPUT, TensorType.scalar(DType.I64));
  static final Port STEP = new Port("step", Role.PARAM, TensorType.scalar(DType.I64));

  private final Trace trace;
  private final Declarations declared;
  private final Summary summary = new Summary();
  private Optional<Value> examples = Optional.empty();
  private boolean stabilized = true;

  private Model(String name, DType dtype) {
    this.trace = new Trace(name, dtype, Optional.of(this));
    this.declared = new Declarations(trace);
  }

  /// A new model in f32.
  public static Model named(String name) {
    return named(name, DType.F32);
  }

  /// A new model whose numbers are of that float type.
  public static Model named(String name, DType dtype) {
    if (!dtype.isFloat()) {
      throw new KotangentException("model '" + name + "': expected f32 or f64, got " + dtype);
    }
    EarlyClasses.begin();
    return new Model(Names.checked("model", name), dtype);
  }

  /// The model that a trace belongs to.
  static Model of(Trace trace) {
    return trace.model().orElseThrow(
        () -> new KotangentException("layers with parameters need a model" + trace.usedAt()));
  }

  /// The name, first in those of its graphs: `mnist_step`.
  public String name() {
    return trace.name();
  }

  /// The float type of all numbers.
  public DType dtype() {
    return trace.dtype();
  }

  Trace trace() {
    return trace;
  }

  Summary summaryTable() {
    return summary;
  }

  // ---- inputs

  /// A number that is fed for every call.
  public Scalar input(String name) {
    return new Scalar(declared.fed(name));
  }

  /// A tensor that is fed for every call; its first axis is usually symbolic.
  public <A> Vector<A> input(String name, Axis<A> a) {
    return new Vector<>(declared.fed(name, a));
  }

  /// A tensor that is fed for every call; its first axis is usually symbolic.
  public <A, B> Matrix<A, B> input(String name, Axis<A> a, Axis<B> b) {
    return new Matrix<>(declared.fed(name, a, b));
  }

  /// A tensor that is fed for every call; its first axis is usually symbolic.
  public <A, B, C> Tensor3<A, B, C> input(String name, Axis<A> a, Axis<B> b, Axis<C> c) {
    return new Tensor3<>(declared.fed(name, a, b, c));
  }

  /// A tensor that is fed for every call; its first axis is usually symbolic.
  public <A, B, C, D> Tensor4<A, B, C, D> input(String name, Axis<A> a, Axis<B> b, Axis<C> c,
      Axis<D> d) {
    return new Tensor4<>(declared.fed(name, a, b, c, d));
  }

  /// A tensor of any axes that is fed for every call.
  public Tensor untypedInput(String name, Axis<?>... axes) {
    return new Tensor(declared.fed(name, axes));
  }

  /// Positions along `target` that are fed for every call (`i32`), such as labels. Each is checked to be in range.
  public <A, V> Ids<A, V> ids(String name, Axis<A> a, Axis<V> target) {
    return new Ids<>(declared.positions(name, target, a), Extent.of(target));
  }

  /// A table of positions along `target` that is fed for every call, such as the tokens of a batch of texts.
  public <A, B, V> IdMatrix<A, B, V> ids(String name, Axis<A> a, Axis<B> b, Axis<V> target) {
    return new IdMatrix<>(declared.positions(name, target, a, b), Extent.of(target));
  }

  /// Declares the input `example`, the index of each example in the data set; random numbers follow it from now on, and not
  /// the place in the batch, so that they do not depend on how examples are put into batches.
  public void numberExamples(Axis<?> batch) {
    examples = Optional.of(declared.fed("example", DType.I64, List.of(), batch));
  }

  // ---- parameters

  /// A trained number that starts at 0.
  public Scalar parameter(String name) {
    return parameter(name, Initializer.zeros());
  }

  /// A trained number.
  public Scalar parameter(String name, Initializer start) {
    return new Scalar(declared.weight(name, start, declared.extents()));
  }

  /// A trained vector that starts at 0, such as a bias.
  public <A> Vector<A> parameter(String name, Axis<A> a) {
    return parameter(name, a, Initializer.zeros());
  }

  /// A trained vector.
  public <A> Vector<A> parameter(String name, Axis<A> a, Initializer start) {
    return new Vector<>(declared.weight(name, start, declared.extents(a)));
  }

  /// A trained matrix that starts [Glorot uniform][Initializer#glorotUniform()].
  public <A, B> Matrix<A, B> parameter(String name, Axis<A> a, Axis<B> b) {
    return parameter(name, a, b, Initializer.glorotUniform());
  }

  /// A trained matrix.
  public <A, B> Matrix<A, B> parameter(String name, Axis<A> a, Axis<B> b, Initializer start) {
    return new Matrix<>(declared.weight(name, start, declared.extents(a, b)));
  }

  /// A trained tensor.
  public <A, B, C> Tensor3<A, B, C> parameter(String name, Axis<A> a, Axis<B> b, Axis<C> c,
      Initializer start) {
    return new Tensor3<>(declared.weight(name, start, declared.extents(a, b, c)));
  }

  /// A trained tensor.
  public <A, B, C, D> Tensor4<A, B, C, D> parameter(String name, Axis<A> a, Axis<B> b, Axis<C> c,
      Axis<D> d,
      Initializer start) {
    return new Tensor4<>(declared.weight(name, start, declared.extents(a, b, c, d)));
  }

  // ---- state

  /// A number that a training step may replace; starts at 0.
  public State<Scalar> state(String name) {
    return new State<>(this, new Scalar(declared.running(name, Initializer.zeros(), List.of())));
  }

  /// A vector that a training step may replace, such as a running mean; starts at 0.
  public <A> State<Vector<A>> state(String name, Axis<A> a) {
    return state(name, a, Initializer.zeros());
  }

  /// A vector that a training step may replace.
  public <A> State<Vector<A>> state(String name, Axis<A> a, Initializer start) {
    return new State<>(this, new Vector<>(declared.running(name, start, declared.extents(a))));
  }

  /// A matrix that a training step may replace; starts at 0.
  public <A, B> State<Matrix<A, B>> state(String name, Axis<A> a, Axis<B> b) {
    return new State<>(this,
        new Matrix<>(declared.running(name, Initializer.zeros(), declared.extents(a, b))));
  }

  // ---- structure

  /// A number in the model's float type.
  public Scalar constant(double number) {
    return new Scalar(trace.constant(number));
  }

  /// A constant vector; as many numbers as the axis is long.
  public <A> Vector<A> constant(Axis<A> a, double... numbers) {
    List<Extent> axes = List.of(Extent.of(a));
    if (!axes.getFirst().size().is(numbers.length)) {
      throw new ShapeException("constant: axis '" + a.name() + "' is " + a.extent()
          + ": expected as many numbers, got " + numbers.length + trace.usedAt());
    }
    TensorType type = new TensorType(DType.F64, Extent.shape(axes));
    return new Vector<>(
        trace.cast(trace.dtype(), trace.node(b -> b.constant(Literal.of(type, numbers)), axes)));
  }

  /// What `body` makes, with `scope` before the names of its parameters, draws and layers.
  public <R> R scope(String scope, Supplier<R> body) {
    try (var _ = trace.scope(Names.checked("scope", scope))) {
      return body.get();
    }
  }

  /// `inTraining` in the training graphs, `inInference` in the others. The other side is not computed.
  public <T extends Expr<T>> T whenTraining(T inTraining, T inInference) {
    return inTraining.like(whenTraining(inTraining.value(), inInference.value()));
  }

  Value whenTraining(Value inTraining, Value inInference) {
    Align.SAME.places("whenTraining", inTraining, inInference);
    Value flag = trace.expand(trace.input(TRAINING, List.of()), List.of(), inTraining.axes());
    return trace.map(ScalarFn.SELECT, flag, inTraining, inInference);
  }

  /// The node that tells training graphs from others; no finished graph has it.
  static boolean isTrainingFlag(Node node) {
    return node.op() instanceof io.kotangent.ir.Op.Input(Port port) && port.equals(TRAINING);
  }

  /// factor · Σ w² over all weights declared so far, that is, parameters of two axes or more: to be added to a loss.
  public Scalar l2(double factor) {
    try (var _ = trace.enter("l2")) {
      Scalar sum = constant(0);
      for (Node weight : declared.parameters().keySet()) {
        if (weight.type().rank() > 1) {
          List<Extent> axes = new ArrayList<>();
          weight.shape().dims().forEach(size -> axes.add(new Extent("axis" + axes.size(), size)));
          sum = sum.plus(new Tensor(new Value(trace, weight, axes, trace.here())).square().sum());
        }
      }
      return sum.times(factor);
    }
  }

  /// A name for a new layer of that kind: `dense1`, `dense2`, numbered within its scope.
  String layer(String kind) {
    return declared.names().layer(trace, kind);
  }

  /// The name of a layer object in this model, and whether this is its first use.
  Names.Use use(Object layer, String kind) {
    return declared.names().use(layer, trace, kind);
  }

  Value dropout(Value x, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new KotangentException(
          "dropout: expected a rate from 0 to below 1, got " + rate + trace.usedAt());
    }
    try (var _ = trace.enter(layer("dropout"))) {
      summary.add(x, List.of());
      Value seed = trace.input(SEED, List.of());
      Value step = trace.input(STEP, List.of());
      return whenTraining(Draws.dropped(x, rate, List.of(seed, step), examples), x);
    }
  }

  // ---- graphs

  /// What was declared so far.
  Declarations declared() {
    return declared;
  }

  /// The names of the parameters, in the order of their declaration.
  public List<String> parameterNames() {
    return declared.parameters().keySet().stream().map(n -> Graph.port(n).name()).toList();
  }

  /// Differentiates formulas just as they are written, though they may overflow or divide zero by zero. Normally
  /// `log(softmax(x))` and its like are first replaced by stable formulas (`docs/lectures.md`, B3 and B4).
  public Model withoutStabilizing() {
    stabilized = false;
    return this;
  }

  boolean isStabilized() {
    return stabilized;
  }

  /// The graphs that train all parameters to make `loss` small.
  public Training minimize(Scalar loss, Optimizer optimizer) {
    return Training.of(this, loss, optimizer);
  }

  /// The inference graph of some results; parameters are `param` ports, inputs that no result needs are left out.
  public Graph graph(String name, Output... results) {
    return ModelGraphs.inference(this, Names.checked("graph", name), List.of(results));
  }

  /// The inference graph of one result, which has the name of the graph.
  public Graph graph(String name, Expr<?> result) {
    return graph(name, result.named(name));
  }

  /// The graph from an `i64` seed to the first values of all parameters and states, named like them.
  public Graph initGraph() {
    return ModelGraphs.init(this);
  }

  /// A table of the layers: name, output shape, number of parameters; and their total.
  public String summary() {
    return summary.text(this);
  }

  @Override
  public String toString() {
    return "model " + name();
  }
}
