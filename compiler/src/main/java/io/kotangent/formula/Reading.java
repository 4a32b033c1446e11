package io.kotangent.formula;

import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.LiteralText;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.OpPrinter;
import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Bracket;
import io.kotangent.formula.FormulaTerm.Choice;
import io.kotangent.formula.FormulaTerm.Fenced;
import io.kotangent.formula.FormulaTerm.Index;
import io.kotangent.formula.FormulaTerm.Name;
import io.kotangent.formula.FormulaTerm.Related;
import io.kotangent.type.DType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Reads the formula that a node computes. Broadcasts and casts do not show; what has no notation shows as a function of its
/// name.
final class Reading {
  /// Larger parts of a formula get a name.
  private static final int MOST = 120;
  /// And in lists of formulas those of this size, if they are needed more than once.
  private static final int SHARED = 8;

  private static final OpPrinter OPS =
      new OpPrinter(body -> "@" + body.name(), LiteralText.LONGEST, new ConcurrentHashMap<>());

  private final Map<Node, FormulaTerm> terms = new IdentityHashMap<>();
  private final Map<FormulaTerm, Name> names = new HashMap<>();
  private final Definitions definitions;

  private final Map<Node, Integer> uses = new IdentityHashMap<>();

  private Reading(Definitions definitions) {
    this.definitions = definitions;
  }

  /// What some nodes compute.
  ///
  /// @param named nodes that stand for themselves by a name wherever they, or what is equal to them, occur
  /// @param definitions gets the names of parts that are too large
  static List<FormulaTerm> read(List<Node> roots, Map<Node, String> named,
      Definitions definitions) {
    return new Reading(definitions).all(roots, named);
  }

  /// The same, where parts that are needed more than once have a name, too.
  static List<FormulaTerm> readShared(List<Node> roots, Map<Node, String> named,
      Definitions definitions) {
    Reading reading = new Reading(definitions);
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    roots.forEach(node -> Graph.visit(node, seen, order));
    order.forEach(node -> node.operands().forEach(o -> reading.uses.merge(o, 1, Integer::sum)));
    return reading.all(roots, named);
  }

  private List<FormulaTerm> all(List<Node> roots, Map<Node, String> named) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    named.keySet().forEach(node -> Graph.visit(node, seen, order));
    roots.forEach(node -> Graph.visit(node, seen, order));
    Map<Node, FormulaTerm> whole = new IdentityHashMap<>();
    for (Node node : order) {
      if (node.valueType() instanceof TupleType) {
        continue;
      }
      FormulaTerm term = term(node);
      whole.put(node, term);
      String name = named.get(node);
      if (name != null) {
        Name stands = new Name(name, node.op() instanceof Op.Input, node.type().rank());
        terms.put(node, stands);
        names.putIfAbsent(term, stands);
      } else {
        terms.put(node, within(node, term, roots));
      }
    }
    return roots.stream().map(root -> {
      FormulaTerm term = Objects.requireNonNull(whole.get(root));
      Map<FormulaTerm, Name> others = new HashMap<>(names);
      others.remove(term);
      return Terms.named(term, others);
    }).toList();
  }

  /// The term, or the name that it has or gets.
  private FormulaTerm within(Node node, FormulaTerm term, List<Node> roots) {
    Name known = names.get(term);
    if (known != null) {
      return known;
    }
    int most = uses.getOrDefault(node, 0) > 1 ? SHARED : MOST;
    if (term.size() <= most || roots.contains(node)) {
      return term;
    }
    Name name = definitions.define("v", term);
    names.put(term, name);
    return name;
  }

  private FormulaTerm operand(Node node) {
    return Objects.requireNonNull(terms.get(node));
  }

  private FormulaTerm term(Node node) {
    return switch (node.op()) {
      case Op.Input(var port) -> new Name(port.name(), true, port.type().rank());
      case Op.Constant(var literal) -> constant(literal, definitions);
      case Op.Size(var dim) -> Reductions.size(dim);
      case Op.Iota(var shape, var axis, var _) -> new Index(axis, shape.rank());
      case Op.Map(var fn) ->
          Functions.of(fn, node.operands().stream().map(this::operand).toList());
      case Op.Cast(var to) -> cast(operand(node.operand(0)), node.operand(0).dtype(), to);
      case Op.Broadcast(var axes, var to) ->
          Reductions.spread(operand(node.operand(0)), axes, to.rank());
      case Op.Reduce(var kind, var axes, var _, var _) when kind == Op.Reduction.SUM ->
          Reductions.sum(operand(node.operand(0)), axes, node.operand(0).shape());
      case Op.Reduce(var kind, var axes, var _, var _) -> Reductions.reduced(
          kind == Op.Reduction.PRODUCT ? "Π" : kind.toString(), operand(node.operand(0)), axes,
          node.operand(0).shape());
      case Op.Contract contract -> Contractions.of(contract, node,
          operand(node.operand(0)), operand(node.operand(1)));
      case Op.Transpose(var permutation) -> isLastTwo(permutation)
          ? Algebra.transposed(operand(node.operand(0)))
          : other(node);
      case Op.Slice slice -> Indexing.slice(slice, node, operand(node.operand(0)));
      case Op.Gather gather -> Indexing.gather(gather, node, operand(node.operand(0)),
          operand(node.operand(1)));
      case Op.Scatter scatter -> Indexing.scatter(scatter, node,
          node.operands().stream().map(this::operand).toList()).orElseGet(() -> other(node));
      case Op.Item(var index) -> item(node, index);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _ -> other(node);
    };
  }

  /// Between floats nothing shows; a condition is 1 or 0.
  private static FormulaTerm cast(FormulaTerm x, DType from, DType to) {
    if (from == DType.BOOL) {
      return to == DType.BOOL ? x : bracket(x);
    }
    return to == DType.BOOL ? related("≠", x, Algebra.number(0))
        : from.isFloat() && to.isInteger() ? Algebra.applied("trunc", x) : x;
  }

  /// The last two axes change places.
  private static boolean isLastTwo(List<Integer> permutation) {
    int rank = permutation.size();
    return rank >= 2 && permutation.get(rank - 1) == rank - 2
        && permutation.get(rank - 2) == rank - 1
        && Axes.isIdentity(permutation.subList(0, rank - 2));
  }

  /// A number, or else a name of its own.
  private static FormulaTerm constant(Literal literal, Definitions definitions) {
    if (literal.length() > 0) {
      double first = literal.type().dtype() == DType.F32
          ? Double.parseDouble(Float.toString((float) literal.real(0)))
          : literal.real(0);
      if (literal.isAll(literal.real(0))) {
        return Algebra.number(first);
      }
    }
    return new Name(definitions.constant(literal), true, literal.type().rank());
  }

  /// Any other op, as a function of its tensor operands.
  private FormulaTerm other(Node node) {
    return byName(node, node.operands().stream().map(this::operand).toList());
  }

  /// An op as a function of its name and attributes: what differs in these is not the same.
  static FormulaTerm byName(Node node, List<FormulaTerm> arguments) {
    String shape = node.op() instanceof Op.Random random ? random.shape().toString() : "";
    return Algebra.applied(OPS.print(node) + shape, node.type().rank(), arguments);
  }

  /// An item of a tuple: what a call's graph computes, a choice of what two do, a loop or a sort by its name.
  private FormulaTerm item(Node node, int index) {
    Node source = node.operand(0);
    List<FormulaTerm> arguments = source.operands().stream().map(this::operand).toList();
    return switch (source.op()) {
      case Op.Call(var callee, var _) -> body(callee, index, arguments);
      case Op.Branch(var then, var otherwise) -> {
        List<FormulaTerm> rest = arguments.subList(1, arguments.size());
        yield choice(arguments.getFirst(), body(then, index, rest),
            body(otherwise, index, rest));
      }
      case Op.Loop loop -> {
        String name = define(loop.body());
        String text = new OpPrinter(_ -> name, 0, new HashMap<>()).print(source);
        yield Algebra.applied(text + "." + loop.body().results().get(index).name(),
            node.type().rank(), arguments);
      }
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Item _ ->
          Algebra.applied(OPS.print(source) + (index == 0 ? "" : "." + index),
              node.type().rank(), arguments);
    };
  }

  private FormulaTerm body(Graph graph, int result, List<FormulaTerm> arguments) {
    Reading inside = new Reading(definitions);
    for (int i = 0; i < arguments.size(); i++) {
      inside.terms.put(graph.inputs().get(i), arguments.get(i));
    }
    Node root = graph.results().get(result).node();
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.addAll(inside.terms.keySet());
    Graph.visit(root, seen, order);
    for (Node node : order) {
      if (!(node.valueType() instanceof TupleType)) {
        inside.terms.put(node, inside.within(node, inside.term(node), List.of()));
      }
    }
    return inside.operand(root);
  }

  /// What a step of a loop makes of its state, slices and invariants; the name of its body.
  private String define(Graph body) {
    return definitions.body(body, () -> {
      List<FormulaTerm> inputs = body.ports().stream().<FormulaTerm>map(
          port -> new Name(port.name(), true, port.type().rank())).toList();
      List<FormulaTerm> results = new ArrayList<>();
      for (int i = 0; i < body.results().size(); i++) {
        results.add(body(body, i, inputs));
      }
      return results;
    });
  }

  /// A choice where one side is zero is the other times a bracket.
  static FormulaTerm choice(FormulaTerm condition, FormulaTerm then, FormulaTerm otherwise) {
    Optional<Boolean> known = ofReals(condition);
    if (known.isPresent()) {
      return known.get() ? then : otherwise;
    }
    if (Algebra.isNumber(otherwise, 0)) {
      return Algebra.product(then, bracket(condition));
    }
    if (Algebra.isNumber(then, 0)) {
      return Algebra.product(otherwise, bracket(negated(condition)));
    }
    List<FormulaTerm> parts = List.of(condition, then, otherwise);
    return new Choice(condition, then, otherwise, Math.max(then.rank(), otherwise.rank()),
        Algebra.size(parts));
  }

  /// Whether a condition holds for all real numbers, or for none.
  private static Optional<Boolean> ofReals(FormulaTerm condition) {
    return switch (condition) {
      case Applied a when a.name().equals("is_finite") -> Optional.of(true);
      case Applied a when a.name().equals("is_nan") -> Optional.of(false);
      case Related(var sign, var left, var right, _, _) when sign.equals("∨") ->
          either(ofReals(left), ofReals(right), true);
      case Related(var sign, var left, var right, _, _) when sign.equals("∧") ->
          either(ofReals(left), ofReals(right), false);
      case FormulaTerm _ -> Algebra.number(condition).map(number -> number != 0);
    };
  }

  /// What one of them decides, or both.
  private static Optional<Boolean> either(Optional<Boolean> left, Optional<Boolean> right,
      boolean decides) {
    return left.equals(Optional.of(decides)) || right.equals(Optional.of(decides))
        ? Optional.of(decides)
        : left.isPresent() && right.isPresent() ? Optional.of(!decides) : Optional.empty();
  }

  private static FormulaTerm bracket(FormulaTerm condition) {
    Optional<Boolean> known = ofReals(condition);
    if (known.isPresent()) {
      return Algebra.number(known.get() ? 1 : 0);
    }
    return Textbook.oneHot(condition).orElseGet(
        () -> new Bracket(condition, condition.rank(), Algebra.size(List.of(condition))));
  }

  static FormulaTerm negated(FormulaTerm condition) {
    Optional<Double> known = Algebra.number(condition);
    if (known.isPresent()) {
      return Algebra.number(1 - known.get());
    }
    if (condition instanceof Related r) {
      Optional<String> opposite = switch (r.sign()) {
        case "<" -> Optional.of("≥");
        case "≥" -> Optional.of("<");
        case ">" -> Optional.of("≤");
        case "≤" -> Optional.of(">");
        case "=" -> Optional.of("≠");
        case "≠" -> Optional.of("=");
        default -> Optional.empty();
      };
      if (opposite.isPresent()) {
        return new Related(opposite.get(), r.left(), r.right(), r.rank(), r.size());
      }
    }
    return Algebra.applied("¬", condition);
  }

  /// No real number is infinite: what asks that is known.
  static FormulaTerm related(String sign, FormulaTerm left, FormulaTerm right) {
    boolean infinite = Algebra.number(left).or(() -> Algebra.number(right))
        .filter(x -> Double.isInfinite(x)).isPresent();
    boolean isFalse = Algebra.isNumber(left, 0) || Algebra.isNumber(right, 0);
    if (infinite && sign.equals("=") || isFalse && sign.equals("∧")) {
      return Algebra.number(0);
    }
    if (infinite && sign.equals("≠")) {
      return Algebra.number(1);
    }
    List<FormulaTerm> parts = List.of(left, right);
    return new Related(sign, left, right, Math.max(left.rank(), right.rank()),
        Algebra.size(parts));
  }

  static FormulaTerm absolute(FormulaTerm x) {
    return new Fenced(false, x, x.rank(), Algebra.size(List.of(x)));
  }

}
