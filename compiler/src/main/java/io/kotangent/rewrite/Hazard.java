package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import io.kotangent.type.Type;
import java.util.List;
import java.util.Optional;

/// Why computing a node may be an error: integers are divided by what may be zero, an index may be out of range, or a graph
/// inside it may fail. (What is assumed of sizes is a requirement, which is checked before anything is computed.)
///
/// Nodes may share one: picking from x and from log(x) by the same indices fails for the same inputs.
///
/// @param cause the divisor, the indices, or the node with the graph inside
/// @param size what indices must be below
/// @param elements how often it is tried; where there are no elements, nothing fails
public record Hazard(Node cause, Optional<Dim> size, Type elements) {
  /// Why computing this node, its operands being computed, may fail; nothing if it surely does not.
  public static Optional<Hazard> of(Node node) {
    return switch (node.op()) {
      case Op.Map(var fn) when fn == ScalarFn.DIV || fn == ScalarFn.REM ->
          node.dtype().isFloat() || isNonZero(node.operand(1)) ? Optional.empty()
              : some(node, node.operand(1), Optional.empty(), node.shape());
      case Op.Gather(var axis, _) -> ofIndices(node, axis, node.shape());
      case Op.Scatter(var axis, _) -> ofIndices(node, axis, node.operand(2).shape());
      case Op.Control control -> bodies(control).stream().anyMatch(Hazard::isIn)
          ? Optional.of(new Hazard(node, Optional.empty(), node.valueType())) : Optional.empty();
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Sort _, Op.Sum _, Op.Item _ -> Optional.empty();
    };
  }

  /// The graphs that run when a node is computed: a custom derivative does not.
  static List<Graph> bodies(Op.Control control) {
    return control instanceof Op.Call(var callee, _) ? List.of(callee) : control.bodies();
  }

  /// Whether computing some node of a graph may fail.
  public static boolean isIn(Graph graph) {
    return graph.schedule().stream().anyMatch(node -> of(node).isPresent());
  }

  private static Optional<Hazard> ofIndices(Node node, int axis, Shape picked) {
    Dim size = node.operand(0).shape().dim(axis);
    Node indices = node.operand(1);
    return IndexRange.isWithin(indices, size) ? Optional.empty()
        : some(node, indices, Optional.of(size), picked);
  }

  private static Optional<Hazard> some(Node node, Node cause, Optional<Dim> size, Shape elements) {
    return elements.size().is(0) ? Optional.empty()
        : Optional.of(new Hazard(cause, size, new TensorType(node.dtype(), elements)));
  }

  /// Whether surely no element is 0.
  private static boolean isNonZero(Node divisor) {
    Node at = divisor;
    while (IndexRange.keepsRange(at)) {
      at = at.operand(0);
    }
    return switch (at.op()) {
      case Op.Constant(Literal literal) -> isNonZero(literal);
      case Op.Input(Port port) -> port.range().isPresent()
          && (port.range().get().low() > 0 || port.range().get().high() < 0);
      case Op.Size(Dim dim) -> dim.isAtLeast(1);
      case Op.Map(var fn) -> fn == ScalarFn.OR
          && at.operands().stream().anyMatch(o -> Uniform.bits(o).orElse(0) != 0);
      case Op.Source _, Op.Cast _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          false;
    };
  }

  private static boolean isNonZero(Literal literal) {
    for (int i = 0; i < literal.length(); i++) {
      if (literal.bits(i) == 0) {
        return false;
      }
    }
    return true;
  }
}
