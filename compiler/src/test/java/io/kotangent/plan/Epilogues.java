package io.kotangent.plan;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;

/// What is done with a sum of products: elementwise, with an operand that has some of its axes.
enum Epilogues {
  /// Times the operand.
  MUL,
  /// Minus the operand, times another that has the other axes.
  SUB_MUL,
  /// Plus the operand, and the index along an axis; what is below zero is dropped.
  ADD_INDEX_RELU,
  /// Where the operand is less; the sum is a result too.
  MASK,
  /// Times the operand; the greatest of each row.
  MUL_MAX;

  /// All sets of axes of tensors of rank four, as bits.
  static final int SUBSETS = 16;

  /// The results.
  ///
  /// @param axes the axes that the operand has, as bits
  List<Graph.Result> of(GraphBuilder builder, Node sum, int axes, List<Node> inputs) {
    int rank = sum.shape().rank();
    int own = axes & (1 << rank) - 1;
    Node operand = operand(builder, sum, own, "a", inputs);
    return switch (this) {
      case MUL -> List.of(result("y", builder.map(ScalarFn.MUL, operand, sum)));
      case SUB_MUL -> List.of(result("y",
          builder.map(ScalarFn.MUL, builder.map(ScalarFn.SUB, sum, operand),
              operand(builder, sum, ~own & (1 << rank) - 1, "c", inputs))));
      case ADD_INDEX_RELU -> {
        Node total = builder.map(ScalarFn.ADD, sum, operand);
        for (int axis = 0; axis < rank; axis++) {
          if ((own & 1 << axis) != 0) {
            total = builder.map(ScalarFn.SUB, total,
                builder.iota(sum.shape(), axis, sum.dtype()));
          }
        }
        yield List.of(result("y", builder.map(ScalarFn.RELU, total)));
      }
      case MASK -> List.of(result("sum", sum), result("y", builder.map(ScalarFn.SELECT,
          builder.map(ScalarFn.LT, operand, sum), sum, builder.fill(sum.type(), 7))));
      case MUL_MAX -> {
        Node product = builder.map(ScalarFn.MUL, sum, operand);
        yield List.of(result("y", rank == 0 ? product
            : builder.reduce(Op.Reduction.MAX, product, List.of(rank - 1))));
      }
    };
  }

  private static Graph.Result result(String name, Node node) {
    return new Graph.Result(name, node);
  }

  /// An input that has some axes of the sum, broadcast to all.
  private static Node operand(GraphBuilder builder, Node sum, int axes, String name,
      List<Node> inputs) {
    List<Dim> dims = new ArrayList<>();
    List<Integer> along = new ArrayList<>();
    for (int axis = 0; axis < sum.shape().rank(); axis++) {
      if ((axes & 1 << axis) != 0) {
        dims.add(sum.shape().dim(axis));
        along.add(axis);
      }
    }
    Node input = builder.input(
        new Port(name, Role.INPUT, new TensorType(sum.dtype(), new Shape(dims))));
    inputs.add(input);
    return builder.broadcastTo(input, along, sum.shape());
  }
}
