package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.text.FormulaTerm.Bracket;
import io.kotangent.text.FormulaTerm.Choice;
import io.kotangent.text.FormulaTerm.Fenced;
import io.kotangent.text.FormulaTerm.Name;
import io.kotangent.text.FormulaTerm.Power;
import io.kotangent.text.FormulaTerm.Product;
import io.kotangent.text.FormulaTerm.Related;
import io.kotangent.type.DType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Reads the formula that a node computes. Broadcasts and casts do not show; contractions of vectors and matrices are
/// matrix products; any other structural op shows as a function of its name.
final class FormulaReader {
  private final Map<Node, FormulaTerm> terms = new IdentityHashMap<>();

  private FormulaReader() {
  }

  /// @param named nodes that stand for themselves by a name
  static FormulaTerm read(Node root, Map<Node, String> named) {
    FormulaReader reader = new FormulaReader();
    named.forEach((node, name) -> {
      if (node != root) {
        reader.terms.put(node, new Name(name, node.op() instanceof Op.Input, node.type().rank()));
      }
    });
    List<Node> order = new ArrayList<>();
    var seen = Collections.<Node>newSetFromMap(new IdentityHashMap<>());
    seen.addAll(reader.terms.keySet());
    Graph.visit(root, seen, order);
    for (Node node : order) {
      if (!(node.valueType() instanceof TupleType)) {
        reader.terms.put(node, reader.term(node));
      }
    }
    return reader.operand(root);
  }

  private FormulaTerm operand(Node node) {
    return Objects.requireNonNull(terms.get(node));
  }

  private FormulaTerm term(Node node) {
    return switch (node.op()) {
      case Op.Input(var port) -> new Name(port.name(), true, port.type().rank());
      case Op.Constant(var literal) -> constant(literal);
      case Op.Size(var dim) -> dim.isConstant()
          ? FormulaAlgebra.number((double) dim.constant())
          : new Name(dim.toString(), true, 0);
      case Op.Map(var fn) ->
          FormulaFunctions.of(fn, node.operands().stream().map(this::operand).toList());
      case Op.Cast _, Op.Broadcast _ -> operand(node.operand(0));
      case Op.Reduce(var kind, var axes, var _, var _) when kind == Op.Reduction.SUM ->
          sum(node, axes);
      case Op.Contract(var left, var right, var result, var _, var _) ->
          contract(left, right, result, operand(node.operand(0)), operand(node.operand(1)), node);
      case Op.Transpose(var permutation) -> permutation.equals(List.of(1, 0))
          ? FormulaAlgebra.transposed(operand(node.operand(0)))
          : other(node);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> other(node);
    };
  }

  private static FormulaTerm constant(Literal literal) {
    if (literal.length() > 0) {
      double first = literal.type().dtype() == DType.F32
          ? Double.parseDouble(Float.toString((float) literal.real(0)))
          : literal.real(0);
      if (literal.isAll(literal.real(0))) {
        return FormulaAlgebra.number(first);
      }
    }
    return new Name("constant", true, literal.type().rank());
  }

  /// A sum; over everything, of squares, it is the square of a norm. Numbers stand before it.
  private FormulaTerm sum(Node node, List<Integer> axes) {
    FormulaTerm x = operand(node.operand(0));
    Product product = FormulaAlgebra.asProduct(x);
    if (product.factors().isEmpty()) {
      return FormulaAlgebra.product(x,
          FormulaAlgebra.applied("Σ", node.type().rank(), List.of(FormulaAlgebra.number(1))));
    }
    FormulaTerm plain = FormulaAlgebra
        .product(FormulaAlgebra.divide(x, FormulaAlgebra.number(product.coefficient())));
    boolean all = axes.size() == node.operand(0).type().rank();
    boolean squares = product.factors().stream().allMatch(f -> f.exponent() == 2);
    FormulaTerm sum = all && squares
        ? squaredNorm(FormulaAlgebra
            .product(product.factors().stream().map(Power::base).toArray(FormulaTerm[]::new)))
        : FormulaAlgebra.applied("Σ", node.type().rank(), List.of(plain));
    return FormulaAlgebra.product(FormulaAlgebra.number(product.coefficient()), sum);
  }

  private static FormulaTerm squaredNorm(FormulaTerm x) {
    return FormulaAlgebra.power(new Fenced(true, x, 0, FormulaAlgebra.size(List.of(x))), 2);
  }

  /// A contraction in matrix notation: one summed label, no batch labels; a vector is a column.
  private FormulaTerm contract(String left, String right, String result, FormulaTerm x,
      FormulaTerm y, Node node) {
    String summed = left.chars().filter(c -> result.indexOf(c) < 0)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    boolean shared = result.chars().anyMatch(c -> left.indexOf(c) >= 0 && right.indexOf(c) >= 0);
    if (result.isEmpty() && left.equals(right) && x.equals(y)) {
      return squaredNorm(x);
    }
    if (left.isEmpty() || right.isEmpty()) {
      return FormulaAlgebra.product(x, y);
    }
    boolean outer = summed.isEmpty() && left.length() == 1 && right.length() == 1;
    if (shared || left.length() > 2 || right.length() > 2 || summed.length() != 1 && !outer) {
      return other(node);
    }
    if (result.length() == 2 && right.indexOf(result.charAt(0)) >= 0) {
      return contract(right, left, result, y, x, node);
    }
    if (outer) {
      return FormulaAlgebra.matrices(x, FormulaAlgebra.transposed(y), 2);
    }
    if (left.length() == 1 && right.length() == 2) {
      return matrixVector(right, summed, y, x, result.length());
    }
    if (left.length() == 2 && right.length() == 1) {
      return matrixVector(left, summed, x, y, result.length());
    }
    FormulaTerm first =
        left.endsWith(summed) && left.length() == 2 ? x : FormulaAlgebra.transposed(x);
    FormulaTerm second = right.startsWith(summed) ? y : FormulaAlgebra.transposed(y);
    return FormulaAlgebra.matrices(first, second, result.length());
  }

  private static FormulaTerm matrixVector(String labels, String summed, FormulaTerm matrix,
      FormulaTerm vector,
      int rank) {
    return FormulaAlgebra.matrices(
        labels.endsWith(summed) ? matrix : FormulaAlgebra.transposed(matrix), vector, rank);
  }

  /// Any other op, as a function of its tensor operands.
  private FormulaTerm other(Node node) {
    Node source = node.op() instanceof Op.Item ? node.operand(0) : node;
    String name = switch (source.op()) {
      case Op.Reduce reduce -> reduce.kind().toString();
      case Op.Contract contract -> "contract[" + contract.labels() + "]";
      case Op.Convolve _ -> "convolve";
      case Op.Call(var callee, var _) -> callee.name();
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Loop _, Op.Branch _, Op.Item _ ->
          source.op().mnemonic();
    };
    String item = node.op() instanceof Op.Item(var index) && index > 0 ? "." + index : "";
    List<FormulaTerm> arguments = source.operands().stream().map(this::operand).toList();
    return FormulaAlgebra.applied(name + item, node.type().rank(), arguments);
  }

  /// A choice where one side is zero is the other times a bracket.
  static FormulaTerm choice(FormulaTerm condition, FormulaTerm then, FormulaTerm otherwise) {
    if (FormulaAlgebra.isNumber(otherwise, 0)) {
      return FormulaAlgebra.product(then, bracket(condition));
    }
    if (FormulaAlgebra.isNumber(then, 0)) {
      return FormulaAlgebra.product(otherwise, bracket(negated(condition)));
    }
    List<FormulaTerm> parts = List.of(condition, then, otherwise);
    return new Choice(condition, then, otherwise, Math.max(then.rank(), otherwise.rank()),
        FormulaAlgebra.size(parts));
  }

  private static FormulaTerm bracket(FormulaTerm condition) {
    return new Bracket(condition, condition.rank(), FormulaAlgebra.size(List.of(condition)));
  }

  static FormulaTerm negated(FormulaTerm condition) {
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
    return FormulaAlgebra.applied("¬", condition);
  }

  static FormulaTerm related(String sign, FormulaTerm left, FormulaTerm right) {
    List<FormulaTerm> parts = List.of(left, right);
    return new Related(sign, left, right, Math.max(left.rank(), right.rank()),
        FormulaAlgebra.size(parts));
  }

  static FormulaTerm absolute(FormulaTerm x) {
    return new Fenced(false, x, x.rank(), FormulaAlgebra.size(List.of(x)));
  }

}
