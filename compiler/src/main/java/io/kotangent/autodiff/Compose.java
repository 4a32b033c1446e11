package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Joins two graphs by names: results of the first are fed to the second. So a training step is
/// `update ∘ gradients`.
public final class Compose {
  private final Graph first;
  private final Graph second;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<Node, Node> copies = new IdentityHashMap<>();

  private Compose(Graph first, Graph second) {
    this.first = first;
    this.second = second;
  }

  /// The graph that computes `first`, feeds each of its results to the input of `second` of that name, and computes that.
  /// Ports of one name are one port: a state if either says so, with the facts of both. Inputs of `second` that no result
  /// feeds stay ports. All updates stay; the guard is both guards.
  ///
  /// @param results the results of the whole, each of `second` or else of `first`
  public static Graph compose(String name, Graph first, Graph second, List<String> results) {
    return new Compose(first, second).graph(name, results);
  }

  private Graph graph(String name, List<String> results) {
    List<Node> inputs = new ArrayList<>();
    ports().forEach((portName, port) -> inputs.add(builder.input(port)));
    join(first, Map.of(), inputs);
    Map<String, Node> fed = new LinkedHashMap<>();
    first.results().forEach(r -> fed.put(r.name(), copy(r.node())));
    join(second, fed, inputs);
    List<Graph.Result> named = results.stream().map(r -> new Graph.Result(r, result(r))).toList();
    List<Graph.Update> updates = new ArrayList<>();
    for (Graph graph : List.of(first, second)) {
      for (Graph.Update update : graph.updates()) {
        updates.add(new Graph.Update(named(inputs, Graph.port(update.port()).name()),
            copy(update.value())));
      }
    }
    Optional<Node> one = first.guard().map(this::copy);
    Optional<Node> other = second.guard().map(this::copy);
    Optional<Node> guard = one.isPresent() && other.isPresent()
        ? Optional.of(builder.map(ScalarFn.AND, one.get(), other.get()))
        : one.or(() -> other);
    return builder.graph(name, inputs, named, updates, guard);
  }

  /// The ports of the whole, those of the first graph first.
  private Map<String, Port> ports() {
    Map<String, Port> ports = new LinkedHashMap<>();
    first.ports().forEach(p -> ports.put(p.name(), p));
    for (Port port : second.ports()) {
      if (first.results().stream().noneMatch(r -> r.name().equals(port.name()))) {
        ports.merge(port.name(), port, this::merge);
      }
    }
    return ports;
  }

  private Port merge(Port one, Port other) {
    if (!one.type().equals(other.type())
        || (one.role() == Role.INPUT) != (other.role() == Role.INPUT)) {
      throw new KotangentException(
          "compose: port '" + one.name() + "' is '" + one + "' in " + first.name() + " and '"
              + other + "' in " + second.name() + ": expected one type and one role");
    }
    LinkedHashSet<Fact> facts = new LinkedHashSet<>(one.facts());
    facts.addAll(other.facts());
    Role role = one.role() == Role.PARAM ? other.role() : one.role();
    return new Port(one.name(), role, one.type(), List.copyOf(facts));
  }

  private void join(Graph graph, Map<String, Node> fed, List<Node> inputs) {
    for (Node input : graph.inputs()) {
      Port port = Graph.port(input);
      Node value =
          Optional.ofNullable(fed.get(port.name())).orElseGet(() -> named(inputs, port.name()));
      if (!value.type().equals(port.type())) {
        throw new KotangentException(
            "compose: " + second.name() + " takes '" + port + "', but " + first.name()
                + " gives " + value.type() + " of that name");
      }
      copies.put(input, value);
    }
    builder.copy(graph.roots(), copies);
    graph.requirements().forEach(builder::require);
  }

  private Node copy(Node node) {
    return Objects.requireNonNull(copies.get(node));
  }

  private static Node named(List<Node> inputs, String name) {
    return inputs.stream().filter(i -> Graph.port(i).name().equals(name)).findFirst().orElseThrow(
        () -> new KotangentException("compose: no port '" + name + "'"));
  }

  private Node result(String name) {
    for (Graph graph : List.of(second, first)) {
      Optional<Graph.Result> found =
          graph.results().stream().filter(r -> r.name().equals(name)).findFirst();
      if (found.isPresent()) {
        return copy(found.get().node());
      }
    }
    throw new KotangentException(
        "compose: neither " + first.name() + " nor " + second.name() + " has a result '" + name
            + "'");
  }
}
