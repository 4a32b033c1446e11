package io.kotangent.plan;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;

/// A graph of [EnumeratedCuts] that is being built: something of `shape` is made, cut and read.
record CutSite(GraphBuilder builder, Shape shape, DType dtype, List<Node> inputs,
    List<Graph.Result> results, List<Graph.Update> updates) {
  static CutSite of(Shape shape, DType dtype) {
    return new CutSite(new GraphBuilder(), shape, dtype, new ArrayList<>(), new ArrayList<>(),
        new ArrayList<>());
  }

  TensorType type() {
    return new TensorType(dtype, shape);
  }

  /// A new input, named by its number.
  Node input(TensorType type, Fact... facts) {
    return input(Role.INPUT, type, facts);
  }

  Node input(Role role, TensorType type, Fact... facts) {
    Node node =
        builder.input(new Port("x" + inputs.size(), role, type, List.of(facts)));
    inputs.add(node);
    return node;
  }

  void result(Node node) {
    results.add(new Graph.Result("y" + results.size(), node));
  }

  /// The sizes of a node, with another along one axis.
  static Shape with(Shape shape, int axis, Dim dim) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.set(axis, dim);
    return new Shape(dims);
  }

  static Shape without(Shape shape, int axis) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.remove(axis);
    return new Shape(dims);
  }

  static List<Integer> axesBut(int rank, int axis) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (i != axis) {
        axes.add(i);
      }
    }
    return axes;
  }

  static int last(Node node) {
    return node.shape().rank() - 1;
  }
}
