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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes the graph that updates everything from gradients.
final class UpdateGraph {
  private final Model model;
  private final Optimizer optimizer;
  private final Trace trace;
  private final Map<String, Value> ports = new LinkedHashMap<>();
  private final List<Graph.Update> updates = new ArrayList<>();
  private final Graph graph;

  UpdateGraph(Model model, Optimizer optimizer) {
    this.model = model;
    this.optimizer = optimizer;
    this.trace = new Trace(model.name() + "_update", model.dtype(), Optional.empty());
    this.graph = CommitGuard.of(updated(), model.dtype());
  }

  Graph graph() {
    return graph;
  }

  private Graph updated() {
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
      for (Node parameter : model.declared().parameters().keySet()) {
        adjust(Graph.port(parameter), rate, number);
      }
      for (Node state : model.declared().nexts().keySet()) {
        String name = Graph.port(state).name();
        update(port(name), port(TrainingGraphs.NEXT + name));
      }
      update(step, next);
      GraphBuilder b = trace.builder();
      List<Node> inputs = new ArrayList<>();
      for (Value port : ports.values()) {
        inputs.add(port.node());
      }
      return b.graph(trace.name(), inputs, List.of(),
          updates,
          Optional.of(port(TrainingGraphs.OK).node()));
    }
  }

  /// Every port that is stored, of this graph or not.
  List<Port> allState() {
    Map<String, Port> own = new HashMap<>();
    graph.ports().forEach(port -> own.put(port.name(), port));
    return stored().stream().map(port -> own.getOrDefault(port.name(), port)).toList();
  }

  private List<Port> stored() {
    List<Port> all = new ArrayList<>();
    for (Node parameter : model.declared().parameters().keySet()) {
      all.add(stored(Graph.port(parameter)));
    }
    for (Node state : model.declared().states().keySet()) {
      all.add(stored(Graph.port(state)));
    }
    all.add(stored(Model.STEP));
    for (String kind : optimizer.slots()) {
      for (Node parameter : model.declared().parameters().keySet()) {
        all.add(slot(kind, Graph.port(parameter)));
      }
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
    for (Node parameter : model.declared().parameters().keySet()) {
      declareFed(TrainingGraphs.GRADIENT, parameter);
    }
    for (Node state : model.declared().nexts().keySet()) {
      declareFed(TrainingGraphs.NEXT, state);
    }
    if (optimizer.rate() instanceof Rate.Fed) {
      declare(new Port("rate", Role.INPUT, TensorType.scalar(model.dtype())));
    }
    Set<String> kept = new HashSet<>();
    for (Node state : model.declared().states().keySet()) {
      if (!model.declared().nexts().containsKey(state)) {
        kept.add(Graph.port(state).name());
      }
    }
    for (Port port : stored()) {
      if (!kept.contains(port.name())) {
        declare(port);
      }
    }
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
    for (String kind : optimizer.slots()) {
      slots.put(kind, new Tensor(port(slotName(kind, parameter))));
    }
    Value weight = port(parameter.name());
    Value gradient = port(TrainingGraphs.GRADIENT + parameter.name());
    Adjusted adjusted = optimizer.adjust(new Adjustment(weight, gradient, slots, rate, number));
    if (!adjusted.slots().keySet().equals(slots.keySet())) {
      throw new KotangentException(
          "optimizer " + optimizer.name() + ": expected new values of the slots " + slots.keySet()
              + ", got " + adjusted.slots().keySet());
    }
    update(weight, adjusted.weight().value());
    for (Map.Entry<String, Tensor> slot : adjusted.slots().entrySet()) {
      update(port(slotName(slot.getKey(), parameter)), slot.getValue().value());
    }
  }
}
