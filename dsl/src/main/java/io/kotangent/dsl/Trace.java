package io.kotangent.dsl;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What is being written: one graph builder, the name scopes, and the user's line. Each method that makes nodes gives
/// them the line of the user's call; inside an [#enter entered] composition all nodes get the composition's line.
final class Trace {
  private final String name;
  private final GraphBuilder builder = new GraphBuilder();
  private final Detours detours = new Detours(builder);
  private final Bodies bodies = new Bodies();
  private final DType dtype;
  private final List<String> scopes = new ArrayList<>();
  private final Optional<Model> model;
  private Optional<Origin> entered = Optional.empty();

  /// Whether formulas are made stable before they are differentiated.
  boolean isStabilized() {
    return model.map(Model::isStabilized).orElse(true);
  }

  Trace(String name, DType dtype, Optional<Model> model) {
    this.name = name;
    this.dtype = dtype;
    this.model = model;
  }

  /// A composition or a name scope; closing it goes back to what was before.
  final class Scope implements AutoCloseable {
    private final Optional<Origin> before;

    private Scope(Optional<Origin> before) {
      this.before = before;
    }

    @Override
    public void close() {
      scopes.removeLast();
      entered = before;
    }
  }

  GraphBuilder builder() {
    return builder;
  }

  /// The forms that go round an expression.
  Detours detours() {
    return detours;
  }

  /// The bodies of recurrences.
  Bodies bodies() {
    return bodies;
  }

  /// The float type of the model.
  DType dtype() {
    return dtype;
  }

  String name() {
    return name;
  }

  /// The model that is written here; none for the graphs of optimizers.
  Optional<Model> model() {
    return model;
  }

  /// The scopes as a prefix of names: `encoder.dense1.`, or nothing.
  String prefix() {
    return scopes.isEmpty() ? "" : String.join(".", scopes) + ".";
  }

  /// Starts a composition of that name: nodes get its scope and the line of the call.
  Scope enter(String scope) {
    Optional<Origin> before = entered;
    String place = before.isPresent() ? before.get().place() : Caller.place();
    scopes.add(scope);
    entered = Optional.of(new Origin(scopePath(), place));
    return new Scope(before);
  }

  /// Starts a scope whose nodes keep their own lines.
  Scope scope(String scope) {
    Optional<Origin> before = entered;
    scopes.add(scope);
    if (before.isPresent()) {
      entered = Optional.of(new Origin(scopePath(), before.get().place()));
    }
    return new Scope(before);
  }

  /// The scopes, joined by `/`.
  String scopePath() {
    return String.join("/", scopes);
  }

  /// The origin for nodes made now.
  Origin here() {
    return entered.isPresent() ? entered.get() : new Origin(scopePath(), Caller.place());
  }

  /// `, at Model.java:7`, for messages.
  String usedAt() {
    String place = here().place();
    return place.isEmpty() ? "" : ", at " + place;
  }

  /// Checks that a value belongs here and sets the origin of the nodes that follow.
  private Origin begin(Value... values) {
    for (Value value : values) {
      checkOwn(value);
    }
    Origin here = here();
    builder.at(here);
    return here;
  }

  /// Checks that a value is made here, and of nothing that is over.
  void checkOwn(Value value) {
    if (value.trace() != this) {
      throw new KotangentException(
          "an expression of '" + value.trace().name + "'" + value.madeAt()
              + " cannot be used in '" + name + "'" + usedAt()
              + ": make it there, or pass it in as an input");
    }
    bodies.check(value, usedAt());
  }

  private Value value(Node node, List<Extent> axes, Origin origin) {
    return new Value(this, node, axes, origin);
  }

  // ---- sources

  Value input(Port port, List<Extent> axes) {
    Origin here = begin();
    return value(builder.input(port), axes, here);
  }

  /// A number in the model's float type.
  Value constant(double number) {
    Origin here = begin();
    return value(builder.scalar(dtype, number), List.of(), here);
  }

  /// A number at every place.
  Value fill(double number, List<Extent> axes) {
    return expand(constant(number), List.of(), axes);
  }

  /// The node that `make` builds from this trace's builder.
  Value node(java.util.function.Function<GraphBuilder, Node> make, List<Extent> axes,
      Value... operands) {
    Origin here = begin(operands);
    return value(make.apply(builder), axes, here);
  }

  // ---- lanes

  Value map(ScalarFn fn, Value... operands) {
    Origin here = begin(operands);
    Node[] nodes = new Node[operands.length];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = operands[i].node();
    }
    return value(builder.map(fn, nodes), operands[0].axes(), here);
  }

  Value binary(ScalarFn fn, Value left, Value right, Align align) {
    Origin here = begin(left, right);
    List<Integer> places = align.places(fn.toString(), left, right);
    Node spread = spread(right.node(), places, left.node().shape());
    return value(builder.map(fn, left.node(), spread), left.axes(), here);
  }

  /// `fn(left, number)`, or `fn(number, left)`.
  Value withNumber(ScalarFn fn, Value left, Number number, boolean numberFirst) {
    Origin here = begin(left);
    Node filled = builder.fill(left.node().type(), number.doubleValue());
    return value(
        numberFirst ? builder.map(fn, filled, left.node()) : builder.map(fn, left.node(), filled),
        left.axes(),
        here);
  }

  Value cast(DType to, Value x) {
    Origin here = begin(x);
    return value(builder.cast(to, x.node()), x.axes(), here);
  }

  // ---- layout

  /// `x` repeated to `axes`; axis i of x becomes axis `places[i]`.
  Value expand(Value x, List<Integer> places, List<Extent> axes) {
    Origin here = begin(x);
    return value(spread(x.node(), places, Extent.shape(axes)), axes, here);
  }

  private Node spread(Node x, List<Integer> places, Shape to) {
    List<Integer> order = new ArrayList<>();
    List<Integer> increasing = new ArrayList<>(places);
    Collections.sort(increasing);
    for (Integer place : increasing) {
      order.add(places.indexOf(place));
    }
    boolean sorted = true;
    for (int i = 0; i < order.size(); i++) {
      sorted &= order.get(i) == i;
    }
    Node turned = sorted ? x : builder.transpose(x, order);
    return builder.broadcastTo(turned, increasing, to);
  }

  Value permute(Value x, List<Integer> permutation) {
    Origin here = begin(x);
    return value(builder.transpose(x.node(), permutation),
        permutation.stream().map(x::axis).toList(), here);
  }

  Value reshape(Value x, List<Extent> axes) {
    Origin here = begin(x);
    return value(builder.reshape(x.node(), Extent.shape(axes)), axes, here);
  }

  /// The same value with other names for its axes.
  Value relabel(Value x, List<Extent> axes) {
    Origin here = begin(x);
    return value(x.node(), axes, here);
  }

  // ---- sums

  Value reduce(Op.Reduction kind, Value x, List<Integer> reduced) {
    Origin here = begin(x);
    if (reduced.isEmpty()) {
      return x;
    }
    List<Extent> kept = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (!reduced.contains(i)) {
        kept.add(x.axis(i));
      }
    }
    return value(builder.reduce(kind, x.node(), reduced), kept, here);
  }

  /// How many elements a reduction of these axes joins, in the model's float type.
  Value count(Value x, List<Integer> reduced) {
    Origin here = begin(x);
    Dim count = Dim.ONE;
    for (int axis : reduced) {
      count = count.times(x.axis(axis).size());
    }
    Node node = count.isConstant()
        ? builder.scalar(x.node().dtype(), (double) count.constant())
        : builder.cast(x.node().dtype(), builder.size(count));
    return value(node, List.of(), here);
  }

  /// A contraction by einsum labels; axes of one label are checked to be the same.
  Value contract(String what, String labels, Value left, Value right) {
    Origin here = begin(left, right);
    int comma = labels.indexOf(',');
    int arrow = labels.indexOf("->");
    String l = labels.substring(0, comma);
    String r = labels.substring(comma + 1, arrow);
    for (int i = 0; i < r.length(); i++) {
      int shared = l.indexOf(r.charAt(i));
      if (shared >= 0) {
        Align.check(what, left, shared, right, i);
      }
    }
    List<Extent> axes = new ArrayList<>();
    for (char label : labels.substring(arrow + 2).toCharArray()) {
      axes.add(l.indexOf(label) >= 0 ? left.axis(l.indexOf(label)) : right.axis(r.indexOf(label)));
    }
    return value(builder.contract(labels, left.node(), right.node()), axes, here);
  }

  /// Checks that the axis a user names at a place is the one that the value has there, in the size that it has.
  int position(String what, Object position, int index, Value value) {
    Axis<?> axis = (Axis<?>) position;
    if (!value.axis(index).name().equals(axis.name())) {
      throw new ShapeException(what + ": expected axis '" + value.axis(index).name() + "', got '"
          + axis.name() + "' for "
          + Extent.text(value.axes()) + value.madeAt() + usedAt());
    }
    value.axis(index).checkMeantBy(axis, what, value);
    return index;
  }
}
