package io.kotangent.formula;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.formula.Definitions.Definition;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a result of a graph computes, as an equation for people: `∂f/∂w₀ = x₀·f·(1 − f)`.
///
/// Formulas follow the rules of real numbers (like terms are collected, a common factor is written once, e^x/Σ e^x is a softmax),
/// which floating point does not, so they are for reading only. Broadcasts and casts do not show. `ⱼ` below a function says along
/// which axis it goes (i is the first); without it, along all, and a softmax along the last.
///
/// In gradients p is a softmax and y a one-hot row; parts that a long formula has more than once get a letter. What these stand for is
/// told behind: `∂L/∂z = (p − y)/batch, where p = softmax(z), y = onehot(label)`.
public final class Formula {
  private final String name;
  private final Optional<String> by;
  private final FormulaTerm right;
  private final List<Definition> where;

  private Formula(String name, Optional<String> by, FormulaTerm right, List<Definition> where) {
    this.name = name;
    this.by = by;
    this.right = right;
    this.where = List.copyOf(where);
  }

  /// `result = …`.
  ///
  /// @param named other results of the graph, which print as their names where they occur
  /// @throws io.kotangent.type.KotangentException if it has more than 2000 parts: [#all] tells it in more than one formula
  public static Formula of(Graph graph, String result, Collection<String> named) {
    Definitions definitions = definitions(graph, named);
    FormulaTerm right = read(graph, result, named, definitions);
    return new Formula(result, Optional.empty(), definitions.withShared(right),
        definitions.readable(right));
  }

  /// `∂of/∂by = …`.
  ///
  /// @param result the result that is this derivative
  /// @param named results of the graph, which print as their names where they occur (usually those that the graph had
  /// before it was differentiated)
  public static Formula derivative(Graph graph, String result, String of, String by,
      Collection<String> named) {
    Definitions definitions = definitions(graph, named);
    FormulaTerm right = read(graph, result, named, definitions);
    FormulaTerm shortened = definitions.withShared(definitions.withTextbookNames(right));
    return new Formula(of, Optional.of(by), shortened, definitions.readable(right));
  }

  /// All that a graph computes: its results, and the next values of its state (`w′ = …`); results print as their names where
  /// they occur. Parts that are too large are equations of their own, which stand before.
  public static List<Formula> all(Graph graph) {
    List<String> results = graph.results().stream().map(Graph.Result::name).toList();
    Definitions definitions = definitions(graph, results);
    List<String> left = new ArrayList<>(results);
    List<Node> roots =
        new ArrayList<>(graph.results().stream().map(Graph.Result::node).toList());
    for (Graph.Update update : graph.updates()) {
      left.add(Graph.port(update.port()).name() + "′");
      roots.add(update.value());
    }
    List<FormulaTerm> right = Reading.readShared(roots, names(graph, results), definitions);
    List<Formula> all = new ArrayList<>();
    definitions.all().forEach(
        part -> all.add(new Formula(part.name(), Optional.empty(), part.term(), List.of())));
    for (int i = 0; i < left.size(); i++) {
      all.add(new Formula(left.get(i), Optional.empty(), right.get(i), List.of()));
    }
    return all;
  }

  private static Definitions definitions(Graph graph, Collection<String> named) {
    List<String> taken = new ArrayList<>(named);
    graph.ports().forEach(port -> taken.add(port.name()));
    return new Definitions(taken);
  }

  private static FormulaTerm read(Graph graph, String result, Collection<String> named,
      Definitions definitions) {
    Map<Node, String> names = names(graph, named);
    Node root = graph.result(result);
    if (!(root.op() instanceof Op.Input)) {
      names.remove(root);
    }
    return Reading.read(List.of(root), names, definitions).getFirst();
  }

  private static Map<Node, String> names(Graph graph, Collection<String> named) {
    Map<Node, String> names = new LinkedHashMap<>();
    for (Node input : graph.inputs()) {
      names.put(input, Graph.port(input).name());
    }
    for (String name : named) {
      names.putIfAbsent(graph.result(name), name);
    }
    return names;
  }

  /// `∂f/∂x = z`.
  public String unicode() {
    Printer printer = new Unicode();
    String left = by.map(x -> "∂" + printer.name(name) + "/∂" + printer.name(x))
        .orElseGet(() -> printer.name(name));
    return left + " = " + printer.print(right) + where(printer, ", where ", ", ");
  }

  /// `\frac{\partial f}{\partial x} = z`.
  public String latex() {
    Printer printer = new Latex();
    String left = by
        .map(x -> "\\frac{\\partial " + printer.name(name) + "}{\\partial " + printer.name(x) + "}")
        .orElseGet(() -> printer.name(name));
    return left + " = " + printer.print(right)
        + where(printer, ", \\quad \\text{where } ", ", \\; ");
  }

  private String where(Printer printer, String start, String between) {
    return where.isEmpty() ? "" : where.stream()
        .map(part -> printer.name(part.name()) + " = " + printer.print(part.term()))
        .collect(Collectors.joining(between, start, ""));
  }

  @Override
  public String toString() {
    return unicode();
  }
}
