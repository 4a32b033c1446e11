package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A loop, call or branch beside some of whose values go their logarithms. What is carried comes first among inputs and among
/// results, so a logarithm that is carried, too, moves the others by one.
final class LogSlots {
  /// A value and the logarithm that goes beside it.
  ///
  /// @param isResult whether it is a result; one that is carried is an input, too
  record Slot(boolean isResult, int index, LogForm form) {
  }

  private final Op.Control control;
  private final List<Node> operands;
  private final GraphBuilder builder;
  private final int carried;
  private final int sliced;
  private final List<Slot> carriedLogs = new ArrayList<>();
  private final List<Slot> slicedLogs = new ArrayList<>();
  private final List<Slot> otherLogs = new ArrayList<>();
  private final List<Slot> outputLogs = new ArrayList<>();

  LogSlots(Op.Control control, List<Node> operands, GraphBuilder builder) {
    this.control = control;
    this.operands = operands;
    this.builder = builder;
    this.carried = control instanceof Op.Loop loop ? loop.carried() : 0;
    this.sliced = control instanceof Op.Loop loop ? loop.sliced() : 0;
  }

  void add(Slot slot) {
    List<Slot> list = slot.index < carried ? carriedLogs
        : slot.isResult ? outputLogs : slot.index < carried + sliced ? slicedLogs : otherLogs;
    if (!list.contains(slot)) {
      list.add(slot);
    }
  }

  boolean isEmpty() {
    return carriedLogs.isEmpty() && slicedLogs.isEmpty() && otherLogs.isEmpty()
        && outputLogs.isEmpty();
  }

  boolean has(Slot slot) {
    return carriedLogs.contains(slot) || outputLogs.contains(slot);
  }

  /// Where a result went.
  int index(int result) {
    return result < carried ? result : result + carriedLogs.size();
  }

  /// Where the logarithm of a result is.
  int index(int result, LogForm form) {
    Slot slot = new Slot(true, result, form);
    return result < carried ? carried + carriedLogs.indexOf(slot)
        : control.bodies().getFirst().results().size() + carriedLogs.size()
            + outputLogs.indexOf(slot);
  }

  Node build(BiFunction<Graph, MoveAfterLog, Graph> stabilize) {
    List<Graph> after = new ArrayList<>();
    for (Graph body : control.bodies()) {
      after.add(body(body, stabilize));
    }
    int first = operands.size() - control.bodies().getFirst().inputs().size();
    List<Node> all = new ArrayList<>(operands.subList(0, first));
    all.addAll(beside(operands.subList(first, operands.size()),
        slot -> slot.form.apply(operands.get(first + slot.index), builder)));
    Op.Control op = control.with(after);
    return builder.add(op instanceof Op.Loop loop
        ? new Op.Loop(loop.body(), loop.count(), carried + carriedLogs.size(),
            sliced + slicedLogs.size(), loop.reverse())
        : op, all);
  }

  /// Things of all inputs, those of logarithms each after its kind.
  private <T> List<T> beside(List<T> inputs, Function<Slot, T> log) {
    List<T> all = new ArrayList<>(inputs.subList(0, carried));
    carriedLogs.forEach(slot -> all.add(log.apply(slot)));
    all.addAll(inputs.subList(carried, carried + sliced));
    slicedLogs.forEach(slot -> all.add(log.apply(slot)));
    all.addAll(inputs.subList(carried + sliced, inputs.size()));
    otherLogs.forEach(slot -> all.add(log.apply(slot)));
    return all;
  }

  private List<Slot> inputLogs() {
    List<Slot> all = new ArrayList<>(carriedLogs);
    all.addAll(slicedLogs);
    all.addAll(otherLogs);
    return all;
  }

  private Map<String, Set<LogForm>> ports(Graph body) {
    Map<String, Set<LogForm>> ports = new HashMap<>();
    for (Slot slot : inputLogs()) {
      ports.computeIfAbsent(Graph.port(body.inputs().get(slot.index)).name(),
          _ -> new HashSet<>()).add(slot.form);
    }
    return ports;
  }

  /// The body with the logarithms that go out among its results, and with an input for each that comes in.
  private Graph body(Graph body, BiFunction<Graph, MoveAfterLog, Graph> stabilize) {
    Graph stable = stabilize.apply(withResults(body), new MoveAfterLog(ports(body)));
    GraphBuilder b = new GraphBuilder();
    stable.requirements().forEach(b::require);
    Map<Node, Node> copies = new HashMap<>();
    List<Node> inputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Node input : stable.inputs()) {
      names.add(Graph.port(input).name());
      inputs.add(b.input(Graph.port(input)));
      copies.put(input, inputs.getLast());
    }
    Map<Slot, Node> logs = new HashMap<>();
    for (Slot slot : inputLogs()) {
      Node input = stable.inputs().get(slot.index);
      String name = name(Graph.port(input).name(), slot);
      while (!names.add(name)) {
        name += "_";
      }
      Node log = b.input(new Port(name, Role.INPUT, input.type()));
      logs.put(slot, log);
      for (Node node : stable.schedule()) {
        if (LogForm.of(node).filter(form -> form == slot.form).isPresent()
            && slot.form.argument(node) == input) {
          copies.put(node, log);
        }
      }
    }
    b.copy(stable.roots(), copies);
    List<Graph.Result> results = new ArrayList<>();
    stable.results().forEach(result -> results
        .add(new Graph.Result(result.name(), Objects.requireNonNull(copies.get(result.node())))));
    return b.graph(body.name(), beside(inputs, slot -> Objects.requireNonNull(logs.get(slot))),
        results);
  }

  private Graph withResults(Graph body) {
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = b.copy(body);
    List<Graph.Result> results = new ArrayList<>();
    for (Graph.Result result : body.results()) {
      results.add(
          new Graph.Result(result.name(), Objects.requireNonNull(copies.get(result.node()))));
    }
    List<Graph.Result> all = new ArrayList<>(results.subList(0, carried));
    carriedLogs.forEach(slot -> all.add(log(slot, results, b)));
    all.addAll(results.subList(carried, results.size()));
    outputLogs.forEach(slot -> all.add(log(slot, results, b)));
    List<Node> inputs = new ArrayList<>();
    body.inputs().forEach(input -> inputs.add(Objects.requireNonNull(copies.get(input))));
    return b.graph(body.name(), inputs, all);
  }

  private static Graph.Result log(Slot slot, List<Graph.Result> results, GraphBuilder b) {
    Graph.Result of = results.get(slot.index);
    return new Graph.Result(name(of.name(), slot), slot.form.apply(of.node(), b));
  }

  private static String name(String of, Slot slot) {
    return of + "_" + slot.form.name().toLowerCase(Locale.ROOT);
  }
}
