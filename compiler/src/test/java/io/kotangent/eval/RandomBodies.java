package io.kotangent.eval;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Calls, loops and branches with small bodies of smooth functions.
final class RandomBodies {
  private static final List<ScalarFn> SMOOTH =
      List.of(ScalarFn.TANH, ScalarFn.SIN, ScalarFn.SIGMOID, ScalarFn.NEG,
          ScalarFn.ADD, ScalarFn.SUB, ScalarFn.MUL);
  private final RandomNodes nodes;
  private int next;

  RandomBodies(RandomNodes nodes) {
    this.nodes = nodes;
  }

  /// A body that takes tensors of one type and gives as many of them as wanted; the first are bounded.
  private Graph body(TensorType type, int arguments, int results) {
    GraphBuilder builder = new GraphBuilder();
    List<Node> values = new ArrayList<>();
    for (int i = 0; i < arguments; i++) {
      values.add(builder.input(new Port(String.valueOf((char) ('p' + i)), Role.INPUT, type)));
    }
    List<Node> inputs = List.copyOf(values);
    int count = 2 + nodes.random.nextInt(4);
    for (int i = 0; i < count; i++) {
      ScalarFn fn = nodes.pick(SMOOTH);
      Node x = nodes.pick(values);
      values.add(fn.arity() == 1 ? builder.map(fn, x) : builder.map(fn, x, nodes.pick(values)));
    }
    if (nodes.errors()) {
      values.add(quotient(builder, nodes.pick(values), nodes.pick(inputs)));
    }
    List<Graph.Result> named = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      Node value = values.get(values.size() - 1 - i % values.size());
      named.add(new Graph.Result("r" + i, builder.map(ScalarFn.TANH, value)));
    }
    return builder.graph("body" + next++, inputs, named);
  }

  /// Quotients of integers, 0 for most operands; an error where the divisor is near 0.
  private static Node quotient(GraphBuilder builder, Node x, Node y) {
    Node many = builder.fill(y.type(), 4);
    Node divisor = builder.cast(DType.I32, builder.map(ScalarFn.MUL, y, many));
    Node quotient = builder.map(ScalarFn.DIV, builder.cast(DType.I32, x), divisor);
    return builder.cast(x.dtype(), quotient);
  }

  private void items(Optional<Node> tuple) {
    tuple.ifPresent(t -> {
      int count = t.valueType() instanceof TupleType(var items) ? items.size() : 0;
      for (int i = 0; i < count; i++) {
        if (!nodes.errors() || nodes.random.nextBoolean()) {
          nodes.add(new Op.Item(i), t);
        }
      }
    });
  }

  void call(Node x) {
    if (x.dtype().isFloat()) {
      Graph body = body(x.type(), 2, 1 + nodes.random.nextInt(2));
      Op call = new Op.Call(body, Optional.empty());
      items(nodes.add(call, x, nodes.ofType(x.type())));
      if (nodes.random.nextBoolean()) {
        items(nodes.add(call, nodes.ofType(x.type()), x));
      }
    }
  }

  void branch(Node x) {
    if (x.dtype().isFloat()) {
      Graph then = body(x.type(), 2, 1);
      Graph otherwise = body(x.type(), 2, 1);
      items(
          nodes.add(new Op.Branch(then, otherwise), nodes.ofType(TensorType.scalar(DType.BOOL)), x,
              nodes.ofType(x.type())));
    }
  }

  /// A loop that carries one value, reads slices of `x` and (sometimes) something that stays.
  void loop(Node x) {
    if (!x.dtype().isFloat() || x.type().rank() == 0 || x.type().rank() > 3) {
      return;
    }
    Dim count = x.type().dim(0);
    TensorType slice =
        new TensorType(x.dtype(), new Shape(x.shape().dims().subList(1, x.type().rank())));
    boolean invariant = nodes.random.nextBoolean();
    Graph body = body(slice, invariant ? 3 : 2, 1 + nodes.random.nextInt(2));
    Op loop = new Op.Loop(body, count, 1, 1, nodes.random.nextBoolean());
    Node first = nodes.ofType(slice);
    items(invariant ? nodes.add(loop, first, x, nodes.ofType(slice)) : nodes.add(loop, first, x));
  }
}
