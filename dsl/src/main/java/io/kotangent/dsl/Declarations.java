package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a model declares: inputs, parameters and states, each in order.
final class Declarations {
  private final Trace trace;
  private final Names names = new Names();
  private final List<Node> inputs = new ArrayList<>();
  private final Map<Node, Initializer> parameters = new LinkedHashMap<>();
  private final Map<Node, Initializer> states = new LinkedHashMap<>();
  private final Map<Node, Node> nexts = new LinkedHashMap<>();

  Declarations(Trace trace) {
    this.trace = trace;
  }

  Names names() {
    return names;
  }

  /// Inputs that are fed, without seed and step.
  List<Node> inputs() {
    return inputs;
  }

  Map<Node, Initializer> parameters() {
    return parameters;
  }

  Map<Node, Initializer> states() {
    return states;
  }

  /// What training steps replace states by.
  Map<Node, Node> nexts() {
    return nexts;
  }

  /// Axes as extents, their names checked.
  List<Extent> extents(Axis<?>... axes) {
    List<Extent> extents = new ArrayList<>();
    for (Axis<?> axis : axes) {
      names.axis(axis, trace);
      extents.add(Extent.of(axis));
    }
    return extents;
  }

  /// A fed tensor of the model's float type.
  Value fed(String name, Axis<?>... axes) {
    return fed(name, trace.dtype(), List.of(), axes);
  }

  Value fed(String name, DType dtype, List<Fact> facts, Axis<?>... axes) {
    String full = names.declare(trace, Role.INPUT.toString(), name);
    List<Extent> extents = extents(axes);
    TensorType type = type(Role.INPUT, full, dtype, extents);
    Value value = trace.input(new Port(full, Role.INPUT, type, facts), extents);
    inputs.add(value.node());
    return value;
  }

  /// Fed positions along `target`, whose range is a fact of the port.
  Value positions(String name, Axis<?> target, Axis<?>... axes) {
    names.axis(target, trace);
    List<Fact> range = target.extent().isConstant() && target.size() > 0
        ? List.of(new Fact.Range(0, target.size() - 1L)) : List.of();
    return fed(name, DType.I32, range, axes);
  }

  Value weight(String name, Initializer start, List<Extent> extents) {
    return stored(name, Role.PARAM, parameters, start, extents);
  }

  Value running(String name, Initializer start, List<Extent> extents) {
    return stored(name, Role.STATE, states, start, extents);
  }

  private Value stored(String name, Role role, Map<Node, Initializer> kind, Initializer start,
      List<Extent> extents) {
    String full = names.declare(trace, role.toString(), name);
    for (Extent extent : extents) {
      if (!extent.size().isConstant()) {
        throw new ShapeException(role + " '" + full + "': axis '" + extent.name()
            + "' has no fixed size: expected an axis with a size" + trace.usedAt());
      }
    }
    TensorType type = type(role, full, trace.dtype(), extents);
    Value value = trace.input(new Port(full, Role.PARAM, type), extents);
    kind.put(value.node(), start);
    return value;
  }

  /// The type of a declared tensor, which must fit into an array.
  private TensorType type(Role role, String full, DType dtype, List<Extent> extents) {
    Shape shape = Extent.shape(extents);
    if (!shape.isAddressable()) {
      throw new ShapeException(role + " '" + full + "': " + Extent.text(extents)
          + " has more elements than an array holds, expected at most " + Dim.LARGEST
          + "; use smaller axes" + trace.usedAt());
    }
    return new TensorType(dtype, shape);
  }

  /// A parameter by its name in full, which is there.
  Value parameter(String full, List<Extent> axes) {
    for (Node node : parameters.keySet()) {
      if (Graph.port(node).name().equals(full)) {
        return new Value(trace, node, axes, node.origin());
      }
    }
    throw new KotangentException("no parameter '" + full + "' in model '" + trace.name() + "'");
  }

  /// Declares what a training step replaces a state by.
  void next(Value state, Value value) {
    Align.SAME.places("next", state, value);
    trace.bodies().checkNone(
        "the next value of state '" + Graph.port(state.node()).name() + "'", value, trace.usedAt());
    if (nexts.putIfAbsent(state.node(), value.node()) != null) {
      throw new KotangentException(
          "state '" + Graph.port(state.node()).name() + "' already has a next value"
              + trace.usedAt());
    }
  }
}
