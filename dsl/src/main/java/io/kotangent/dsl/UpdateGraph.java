package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the graph that updates everything from gradients.
final class UpdateGraph {
  private final Model model;
  private final Optimizer optimizer;
  private final Trace trace;
  private final Map<String, Value> ports = new LinkedHashMap<>();
  private final List<Graph.Update> updates = new ArrayList<>();

  UpdateGraph(Model model, Optimizer optimizer) {
    this.model = model;
    this.optimizer = optimizer;
    this.trace = new Trace(model.name() + "_update", model.dtype(), Optional.empty());
  }

  Graph graph() {
    try (var _ = trace.enter(optimizer.name())) {
      declare();
      Value step = port("step");
      Value next = trace.node(b -> b.map(ScalarFn.ADD, step.node(), b.scalar(DType.I64, 1)),
          List.of(), step);
      Value number = trace.cast(DType.F64, next);
      Value rate = switch (optimizer.rate()) {
        case Rate.Constant(var value) -> trace.node(b -> b.scalar(DType.F64, value), List.of());
        case Rate.Fed _ -> port("rate");
      };
      model.parameters().keySet().forEach(p -> adjust(Graph.port(p), rate, number));
      for (Node state : model.nexts().keySet()) {
        String name = Graph.port(state).name();
        update(port(name), port(TrainingGraphs.NEXT + name));
      }
      update(step, next);
      GraphBuilder b = trace.builder();
      return b.graph(trace.name(), ports.values().stream().map(Value::node).toList(), List.of(),
          updates,
          Optional.of(port(TrainingGraphs.OK).node()));
    }
  }

  /// Every port that is stored, of this graph or not.
  List<Port> allState() {
    List<Port> all = new ArrayList<>();
    model.parameters().keySet().forEach(n -> all.add(stored(Graph.port(n))));
    model.states().keySet().forEach(n -> all.add(stored(Graph.port(n))));
    all.add(stored(Model.STEP));
    for (String kind : optimizer.slots()) {
      model.parameters().keySet().forEach(n -> all.add(slot(kind, Graph.port(n))));
    }
    return all;
  }

  private static Port stored(Port port) {
    return new Port(port.name(), Role.STATE, port.type(), port.facts());
  }

  private Port slot(String kind, Port parameter) {
    return new Port(slotName(kind, parameter), Role.STATE, parameter.type(),
        List.of(new Fact.Slot(kind, parameter.name())));
  }

  private String slotName(String kind, Port parameter) {
    return optimizer.name() + "." + kind + "." + parameter.name();
  }

  /// In the order of ports: what is fed, parameters, states, `step`, slots.
  private void declare() {
    declare(new Port(TrainingGraphs.OK, Role.INPUT, TensorType.scalar(DType.BOOL)));
    model.parameters().keySet().forEach(n -> declareFed(TrainingGraphs.GRADIENT, n));
    model.nexts().keySet().forEach(n -> declareFed(TrainingGraphs.NEXT, n));
    if (optimizer.rate() instanceof Rate.Fed) {
      declare(new Port("rate", Role.INPUT, TensorType.scalar(model.dtype())));
    }
    List<Port> unused = model.states().keySet().stream().filter(n -> !model.nexts().containsKey(n))
        .map(n -> stored(Graph.port(n))).toList();
    allState().stream().filter(port -> !unused.contains(port)).forEach(this::declare);
  }

  private void declareFed(String prefix, Node stored) {
    declare(new Port(prefix + Graph.port(stored).name(), Role.INPUT, stored.type()));
  }

  /// Axes are numbered: names of a model do not matter here.
  private void declare(Port port) {
    List<Extent> axes = new ArrayList<>();
    for (Dim dim : port.type().shape().dims()) {
      axes.add(new Extent("axis" + axes.size(), dim));
    }
    ports.put(port.name(), trace.input(port, axes));
  }

  private Value port(String name) {
    Value value = ports.get(name);
    if (value == null) {
      throw new KotangentException(
          "the update graph has no port '" + name + "': expected one of " + ports.keySet());
    }
    return value;
  }

  private void update(Value state, Value value) {
    updates.add(new Graph.Update(state.node(), value.node()));
  }

  private void adjust(Port parameter, Value rate, Value number) {
    Map<String, Tensor> slots = new LinkedHashMap<>();
    optimizer.slots().forEach(kind -> slots.put(kind, new Tensor(port(slotName(kind, parameter)))));
    Value weight = port(parameter.name());
    Value gradient = port(TrainingGraphs.GRADIENT + parameter.name());
    Adjusted adjusted = optimizer.adjust(new Adjustment(weight, gradient, slots, rate, number));
    if (!adjusted.slots().keySet().equals(slots.keySet())) {
      throw new KotangentException(
          "optimizer " + optimizer.name() + ": expected new values of the slots " + slots.keySet()
              + ", got " + adjusted.slots().keySet());
    }
    update(weight, adjusted.weight().value());
    adjusted.slots()
        .forEach((kind, value) -> update(port(slotName(kind, parameter)), value.value()));
  }
}
