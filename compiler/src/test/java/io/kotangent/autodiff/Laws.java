package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Axes;
import io.kotangent.autodiff.DualInterpreter.Dual;
import io.kotangent.autodiff.Subject.Case;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Verifier;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What derivatives must obey, for one function at one sampled point, in a random direction v and with random
/// cotangents u.
final class Laws {
  private final String what;
  private final Subject subject;
  private final List<Node> results;
  private final List<Node> directions = new ArrayList<>();
  private final List<Node> weights = new ArrayList<>();
  private List<Node> gradients = List.of();
  private final Map<String, TensorValue> values = new LinkedHashMap<>();

  Laws(Case subjectCase, long seed) {
    this.what = subjectCase.name() + ", seed " + seed;
    this.subject = new Subject(seed);
    this.results = subjectCase.body().apply(subject);
    values.putAll(subject.values);
    for (Node input : List.copyOf(subject.inputs)) {
      String name = Graph.port(input).name();
      directions
          .add(port("v_" + name, input, subject.sample(subject.values.get(name).dims(), -1, 1)));
    }
  }

  /// All laws.
  static void hold(Case subjectCase, long seed) {
    Laws laws = new Laws(subjectCase, seed);
    laws.firstOrder();
    laws.secondOrder();
    laws.differences();
  }

  /// All laws but those of finite differences, which are slow and weaker than those of dual numbers.
  static void holdExactly(Case subjectCase, long seed) {
    Laws laws = new Laws(subjectCase, seed);
    laws.firstOrder();
    laws.secondOrder();
  }

  private Node port(String name, Node like, TensorValue value) {
    values.put(name, value.withFloats(like.dtype()));
    return subject.b.input(new Port(name, Role.INPUT, like.type()));
  }

  private Graph graph(List<Node> more, Map<String, Node> named) {
    List<Node> inputs = new ArrayList<>(subject.inputs);
    inputs.addAll(directions);
    inputs.addAll(more);
    List<Graph.Result> all = new ArrayList<>();
    named.forEach((name, node) -> all.add(new Graph.Result(name, node)));
    Graph graph = subject.b.graph("laws", inputs, all);
    Verifier.verify(graph);
    return graph;
  }

  private Evaluation run(Graph graph) {
    Map<String, TensorValue> fed = new LinkedHashMap<>();
    graph.ports().forEach(p -> fed.put(p.name(), values.get(p.name())));
    return Interpreter.run(graph, fed, subject.symbols);
  }

  /// ⟨J·v, u⟩ = ⟨v, Jᵀ·u⟩; J·v is what dual numbers give, and nearly what differences give.
  private void firstOrder() {
    Graph plain = graph(List.of(), named("r", results));
    Evaluation forward = run(plain);
    List<Node> u = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      u.add(port("u" + i, results.get(i), subject.sample(forward.result("r" + i).dims(), -1, 1)));
    }
    List<Optional<Node>> jv = Tangent.jvp(subject.b, results, subject.inputs, directions);
    List<Optional<Node>> jtu =
        Gradient.vjp(subject.b, results, u.stream().map(Optional::of).toList(), subject.inputs);
    for (int i = 0; i < jtu.size(); i++) {
      Node input = subject.inputs.get(i);
      jtu.get(i)
          .ifPresent(g -> assertEquals(input.type(), g.type(), what + ": the gradient's type"));
      Activity activity = Activity.of(results, List.of(input));
      assertEquals(results.stream().anyMatch(activity::isActive), jtu.get(i).isPresent(),
          what + ": a gradient of " + Graph.port(input).name()
              + " exactly where a derivative flows");
    }
    Graph both = graph(u, join(named("r", results), present("jv", jv), present("jtu", jtu)));
    Evaluation evaluation = run(both);
    List<TensorValue> tangents = orZeros("jv", jv, evaluation, i -> evaluation.result("r" + i));
    List<TensorValue> cotangents = orZeros("jtu", jtu, evaluation, i -> values.get("x" + i));
    double left = dot(tangents, u.stream().map(n -> values.get(Graph.port(n).name())).toList());
    double right =
        dot(directions.stream().map(n -> values.get(Graph.port(n).name())).toList(), cotangents);
    assertClose(left, right, 1e-12, what + ": <Jv,u> = <v,JTu>", both);
    List<Dual> duals = duals(plain);
    for (int i = 0; i < results.size(); i++) {
      assertClose(duals.get(i).value(), evaluation.result("r" + i), 1e-12,
          what + ": dual value " + i, plain);
      assertClose(duals.get(i).change(), tangents.get(i), 1e-12,
          what + ": dual numbers, result " + i, both);
    }
  }

  /// The changes of results, and of gradients of Σ u·sin(r), by dual numbers are nearly what differences give.
  private void differences() {
    List<Node> all = new ArrayList<>(results);
    all.addAll(gradients);
    Graph plain = graph(gradients.isEmpty() ? List.of() : weights, named("r", all));
    List<Dual> duals = duals(plain);
    for (int i = 0; i < all.size(); i++) {
      assertClose(difference(plain, "r" + i), duals.get(i).change(), 1e-5,
          what + ": differences " + i, plain);
    }
  }

  private List<Dual> duals(Graph graph) {
    List<Dual> arguments = new ArrayList<>();
    for (Port port : graph.ports()) {
      TensorValue value = values.get(port.name());
      TensorValue direction = values.get("v_" + port.name());
      arguments.add(direction == null ? Dual.constant(value) : new Dual(value, direction));
    }
    return DualInterpreter.run(graph, arguments, subject.symbols);
  }

  /// Central differences, extrapolated to no step (Richardson).
  private TensorValue difference(Graph graph, String result) {
    int levels = 4;
    TensorValue[] table = new TensorValue[levels];
    double step = 1e-3;
    for (int level = 0; level < levels; level++, step /= 2) {
      table[level] = combine(moved(graph, result, step), moved(graph, result, -step),
          1 / (2 * step), -1 / (2 * step));
    }
    double factor = 4;
    for (int order = 1; order < levels; order++, factor *= 4) {
      for (int level = levels - 1; level >= order; level--) {
        table[level] =
            combine(table[level], table[level - 1], factor / (factor - 1), -1 / (factor - 1));
      }
    }
    return table[levels - 1];
  }

  private TensorValue moved(Graph graph, String result, double step) {
    Map<String, TensorValue> fed = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      TensorValue value = values.get(port.name());
      TensorValue direction = values.get("v_" + port.name());
      fed.put(port.name(), direction == null ? value : combine(value, direction, 1, step));
    }
    return Interpreter.run(graph, fed, subject.symbols).result(result);
  }

  private static TensorValue combine(TensorValue x, TensorValue y, double a, double b) {
    double[] elements = new double[x.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = a * x.real(i) + b * y.real(i);
    }
    return TensorValue.f64(x.dims(), elements).withFloats(x.dtype());
  }

  /// For the loss Σ u·sin(r): the change of its gradient along v by dual numbers, by forward mode over reverse mode, and
  /// by reverse mode over reverse mode (of ⟨gradient, v⟩) are one and the same Hessian times v.
  private void secondOrder() {
    Node loss = subject.b.scalar(DType.F64, 0);
    for (int i = 0; i < results.size(); i++) {
      Node sine = subject.b.map(ScalarFn.SIN, subject.b.cast(DType.F64, results.get(i)));
      Node weight = subject.b.input(new Port("u" + i, Role.INPUT, results.get(i).type()));
      loss = subject.b.map(ScalarFn.ADD, loss, total(subject.b.map(ScalarFn.MUL, sine,
          subject.b.cast(DType.F64, weight))));
    }
    for (int i = 0; i < results.size(); i++) {
      weights.add(subject.b.input(new Port("u" + i, Role.INPUT, results.get(i).type())));
    }
    Node one = subject.b.scalar(DType.F64, 1);
    List<Optional<Node>> slopes =
        Gradient.vjp(subject.b, List.of(loss), List.of(Optional.of(one)), subject.inputs);
    List<Node> found = slopes.stream().flatMap(Optional::stream).toList();
    gradients = found;
    if (found.isEmpty()) {
      return;
    }
    Node slope = subject.b.scalar(DType.F64, 0);
    for (int i = 0; i < slopes.size(); i++) {
      Node direction = directions.get(i);
      if (slopes.get(i).isPresent()) {
        slope = subject.b.map(ScalarFn.ADD, slope,
            total(subject.b.map(ScalarFn.MUL, slopes.get(i).get(), direction)));
      }
    }
    List<Optional<Node>> reverse =
        Gradient.vjp(subject.b, List.of(slope), List.of(Optional.of(one)), subject.inputs);
    List<Optional<Node>> forward = Tangent.jvp(subject.b, found, subject.inputs, directions);
    Graph all =
        graph(weights, join(named("g", found), present("f", forward), present("h", reverse)));
    Graph plain = graph(weights, named("g", found));
    Evaluation evaluation = run(all);
    List<Dual> duals = duals(plain);
    int next = 0;
    for (int i = 0; i < slopes.size(); i++) {
      if (slopes.get(i).isPresent()) {
        TensorValue expected = duals.get(next).change();
        TensorValue mixed = forward.get(next).isPresent() ? evaluation.result("f" + next)
            : DualInterpreter.filled(expected, 0);
        TensorValue twice = reverse.get(i).isPresent() ? evaluation.result("h" + i)
            : DualInterpreter.filled(expected, 0);
        assertClose(expected, mixed, 1e-11,
            what + ": second order, forward over reverse, input " + i, all);
        assertClose(expected, twice, 1e-10,
            what + ": second order, reverse over reverse, input " + i, all);
        next++;
      }
    }
  }

  private Node total(Node x) {
    return subject.b.sum(x, Axes.all(x.type().rank()));
  }

  private static Map<String, Node> named(String prefix, List<Node> nodes) {
    Map<String, Node> named = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      named.put(prefix + i, nodes.get(i));
    }
    return named;
  }

  private static Map<String, Node> present(String prefix, List<Optional<Node>> nodes) {
    Map<String, Node> named = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      String name = prefix + i;
      nodes.get(i).ifPresent(n -> named.put(name, n));
    }
    return named;
  }

  @SafeVarargs
  private static Map<String, Node> join(Map<String, Node>... maps) {
    Map<String, Node> all = new LinkedHashMap<>();
    for (Map<String, Node> map : maps) {
      all.putAll(map);
    }
    return all;
  }

  private static List<TensorValue> orZeros(String prefix, List<Optional<Node>> nodes,
      Evaluation evaluation,
      java.util.function.IntFunction<TensorValue> like) {
    List<TensorValue> tensors = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      tensors.add(nodes.get(i).isPresent()
          ? evaluation.result(prefix + i)
          : DualInterpreter.filled(like.apply(i), 0));
    }
    return tensors;
  }

  private static double dot(List<TensorValue> x, List<TensorValue> y) {
    double sum = 0;
    for (int k = 0; k < x.size(); k++) {
      assertEquals(x.get(k).size(), y.get(k).size());
      for (int i = 0; i < x.get(k).size(); i++) {
        sum += x.get(k).real(i) * y.get(k).real(i);
      }
    }
    return sum;
  }

  private static void assertClose(TensorValue expected, TensorValue actual, double tolerance,
      String message,
      Graph graph) {
    assertEquals(expected.type(), actual.type(), message);
    for (int i = 0; i < expected.size(); i++) {
      assertClose(expected.real(i), actual.real(i), tolerance, message + " at " + i, graph);
    }
  }

  private static void assertClose(double expected, double actual, double tolerance, String message,
      Graph graph) {
    double scale = Math.max(1, Math.max(Math.abs(expected), Math.abs(actual)));
    assertTrue(
        Math.abs(expected - actual) <= tolerance * scale
            || Double.isNaN(expected) && Double.isNaN(actual),
        () -> message + ": expected " + expected + ", got " + actual + "\n"
            + GraphPrinter.print(graph));
  }
}
