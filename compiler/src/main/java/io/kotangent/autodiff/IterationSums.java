package io.kotangent.autodiff;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The sums, over all iterations of a loop, of what each contributes to a cotangent of an invariant.
///
/// Σ over t of `contract[bi,bj->ij] x(t), d(t)` is one contraction after the loop, `contract[tbi,tbj->ij] x, d`, of what
/// the iterations stack; moving ops and additions are applied to sums. What has no such form is added up by the loop, in
/// f64.
final class IterationSums {
  private final BodyValues values;
  /// Nodes whose sum is taken after the loop.
  private final Set<Node> after = identitySet();
  /// Nodes whose sum is needed.
  private final Set<Node> wanted = identitySet();
  private final Set<Node> stacked = new LinkedHashSet<>();
  private final Set<Node> carried = new LinkedHashSet<>();

  /// @param cotangents what each iteration contributes, one for each sum
  /// @param given what is stacked whether or not a sum needs it
  IterationSums(BodyValues values, Collection<Node> cotangents, Collection<Node> given) {
    this.values = values;
    choose(cotangents, Set.copyOf(given));
    // What contractions need stacked, plain sums take from there.
    Set<Node> all = new LinkedHashSet<>(given);
    all.addAll(stacked);
    choose(cotangents, all);
  }

  private static Set<Node> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /// What must be stacked.
  Collection<Node> stacked() {
    return stacked;
  }

  /// What the loop itself adds up.
  Collection<Node> carried() {
    return carried;
  }

  private void choose(Collection<Node> cotangents, Set<Node> given) {
    after.clear();
    wanted.clear();
    stacked.clear();
    carried.clear();
    for (Node node : values.order()) {
      if (values.isVarying(node) && isAfter(node, given)) {
        after.add(node);
      }
    }
    wanted.addAll(cotangents);
    for (Node node : values.order().reversed()) {
      if (wanted.contains(node)) {
        if (!after.contains(node)) {
          carried.add(node);
        } else if (given.contains(node)) {
          stacked.add(node);
        } else {
          List<Node> operands = node.operands().stream().filter(values::isVarying).toList();
          (isProduct(node) || node.op() instanceof Op.Reduce || node.op() instanceof Op.Scatter
              ? stacked : wanted).addAll(operands);
        }
      }
    }
  }

  /// Whether all operands vary and the sum over iterations is one more summed label.
  private boolean isProduct(Node node) {
    return node.op() instanceof Op.Contract
        && node.operands().stream().allMatch(values::isVarying)
        || node.op() instanceof Op.Convolve;
  }

  private boolean isAfter(Node node, Set<Node> given) {
    return given.contains(node) || switch (node.op()) {
      case Op.Contract contract -> !isProduct(node) || label(contract) != 0;
      case Op.Convolve convolve -> convolve.groups() == 1 && convolve.data().charAt(0) == 'c'
          && convolve.kernel().charAt(0) == 'i' && convolve.order().labels().startsWith("i")
          && node.operands().stream().allMatch(values::isVarying);
      case Op.Reduce reduce -> reduce.kind() == Op.Reduction.SUM && given.contains(node.operand(0));
      case Op.Scatter(int axis, int batchDims) -> axis == 0 && batchDims == 0
          && isZero(node.operand(0)) && values.isVarying(node.operand(1))
          && values.isVarying(node.operand(2));
      case Op.Map(var fn) -> fn == ScalarFn.ADD && node.dtype().isFloat()
          && node.operands().stream().allMatch(values::isVarying)
          && node.operands().stream().anyMatch(after::contains);
      case Op.Layout _ -> node.operands().stream()
          .allMatch(operand -> values.isVarying(operand) ? after.contains(operand)
              : isZero(operand));
      case Op.Source _, Op.Cast _, Op.Indexing _, Op.Control _, Op.Item _ -> false;
    };
  }

  private static boolean isZero(Node node) {
    return switch (node.op()) {
      case Op.Constant(Literal value) -> value.isAll(0);
      case Op.Broadcast _ -> isZero(node.operand(0));
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          false;
    };
  }

  /// A label that is free for the iterations; 0 if there is none.
  private static char label(Op.Contract contract) {
    String taken = contract.left() + contract.right();
    for (char label = 't', tried = 0; tried < 26; tried++, label = label == 'z' ? 'a' : ++label) {
      if (taken.indexOf(label) < 0) {
        return label;
      }
    }
    return 0;
  }

  // ---- after the loop

  /// The sums, as nodes of the builder around the loop.
  ///
  /// @param stack what the iterations gave of a node, stacked
  /// @param sum what the loop added up of a node
  /// @param constant a node that is the same in every iteration, outside
  record Outside(GraphBuilder builder, Dim count, Function<Node, Node> stack,
      Function<Node, Node> sum, Function<Node, Node> constant) {
  }

  /// The sum for each node that one was wanted of.
  Map<Node, Node> sums(Outside outside) {
    Map<Node, Node> sums = new IdentityHashMap<>();
    Origin before = outside.builder.at(Origin.UNKNOWN);
    for (Node node : values.order()) {
      if (wanted.contains(node)) {
        outside.builder.at(node.origin());
        sums.put(node, sum(node, sums, outside));
      }
    }
    outside.builder.at(before);
    return sums;
  }

  private Node sum(Node node, Map<Node, Node> sums, Outside outside) {
    if (carried.contains(node)) {
      return outside.sum.apply(node);
    }
    GraphBuilder b = outside.builder;
    if (stacked.contains(node)) {
      return b.sum(outside.stack.apply(node), List.of(0));
    }
    return switch (node.op()) {
      case Op.Contract contract when isProduct(node) -> product(contract, node, outside);
      case Op.Convolve convolve -> b.add(convolve, joined(node.operand(0), outside),
          joined(node.operand(1), outside));
      case Op.Reduce(_, var axes, _, var accumulator) -> {
        List<Integer> all = new ArrayList<>(List.of(0));
        axes.forEach(axis -> all.add(axis + 1));
        Node stack = outside.stack.apply(node.operand(0));
        yield b.add(new Op.Reduce(Op.Reduction.SUM, all,
            SumOrder.ofReduction(all, stack.type().rank()), accumulator), stack);
      }
      case Op.Scatter scatter -> b.add(scatter, outside.constant.apply(node.operand(0)),
          outside.stack.apply(node.operand(1)), outside.stack.apply(node.operand(2)));
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> {
        List<Node> operands = new ArrayList<>();
        node.operands().forEach(operand -> operands.add(values.isVarying(operand)
            ? sums.get(operand)
            : outside.constant.apply(operand)));
        yield b.add(node.op(), operands);
      }
    };
  }

  private static Node product(Op.Contract contract, Node node, Outside outside) {
    char t = label(contract);
    String left = t + contract.left();
    String right = t + contract.right();
    SumOrder order = SumOrder.of(List.of(left, right), contract.result());
    return outside.builder.add(
        new Op.Contract(left, right, contract.result(), order, contract.accumulator()),
        outside.stack.apply(node.operand(0)), outside.stack.apply(node.operand(1)));
  }

  /// Iterations and first axis as one axis.
  private static Node joined(Node operand, Outside outside) {
    List<Dim> dims = new ArrayList<>(operand.shape().dims());
    dims.set(0, outside.count.times(dims.getFirst()));
    return outside.builder.reshape(outside.stack.apply(operand), new Shape(dims));
  }

  /// The element type that the loop adds up in.
  static DType accumulator(DType dtype) {
    return dtype == DType.F32 ? DType.F64 : dtype;
  }
}
