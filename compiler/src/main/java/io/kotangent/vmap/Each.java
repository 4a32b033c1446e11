package io.kotangent.vmap;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// One example after the other, where no op does all at once: by a loop, and where each draws random bits (which a loop
/// would number by its iterations) one beside the other.
record Each(BatchAxis axis) {
  /// The most examples that are written out.
  private static final int MOST = 1024;

  List<Mapped> apply(Node node, List<Mapped> operands) {
    boolean draws = node.op() instanceof Op.Random
        || node.op().bodies().stream().anyMatch(Graph::draws);
    return draws ? writtenOut(node, operands) : loop(node, operands);
  }

  private static List<TensorType> types(Type type) {
    return type instanceof TupleType(var items) ? items : List.of((TensorType) type);
  }

  private List<Mapped> loop(Node node, List<Mapped> operands) {
    GraphBuilder inside = new GraphBuilder();
    inside.at(node.origin());
    List<Node> ports = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      ports.add(inside.input(new Port("x" + i, Role.INPUT, node.operand(i).type())));
    }
    List<Integer> sliced = places(operands, true);
    List<Integer> order = new ArrayList<>(sliced);
    order.addAll(places(operands, false));
    List<Node> items = items(inside, inside.add(node.op(), ports));
    Graph body = inside.graph("each", order.stream().map(ports::get).toList(),
        IntStream.range(0, items.size())
            .mapToObj(i -> new Graph.Result("y" + i, items.get(i))).toList());
    Node loop = axis.builder().add(new Op.Loop(body, axis.size(), 0, sliced.size(), false),
        order.stream().map(i -> operands.get(i).node()).toList());
    return IntStream.range(0, items.size())
        .mapToObj(i -> Mapped.all(axis.builder().item(loop, i))).toList();
  }

  private static List<Integer> places(List<Mapped> operands, boolean batched) {
    return IntStream.range(0, operands.size()).filter(i -> operands.get(i).batched() == batched)
        .boxed().toList();
  }

  private static List<Node> items(GraphBuilder builder, Node node) {
    return node.valueType() instanceof TupleType(var items)
        ? IntStream.range(0, items.size()).mapToObj(i -> builder.item(node, i)).toList()
        : List.of(node);
  }

  private List<Mapped> writtenOut(Node node, List<Mapped> operands) {
    Dim size = axis.size();
    if (!size.isConstant() || size.constant() > MOST) {
      throw new KotangentException("vmap: expected at most " + MOST + " examples, a known number,"
          + " where each has a random draw of its own (" + node + "), got " + size
          + ": draw for all at once outside, or give all the same seed and step");
    }
    GraphBuilder b = axis.builder();
    List<TensorType> types = types(node.valueType());
    List<List<Node>> values = new ArrayList<>();
    types.forEach(_ -> values.add(new ArrayList<>()));
    for (int example = 0; example < size.constant(); example++) {
      int place = example;
      List<Node> items = items(b, b.add(node.op(), operands.stream()
          .map(x -> x.batched() ? example(x.node(), place) : x.node()).toList()));
      for (int i = 0; i < items.size(); i++) {
        values.get(i).add(b.reshape(items.get(i),
            new Shape(BatchAxis.before(Dim.ONE, items.get(i).shape().dims()))));
      }
    }
    return IntStream.range(0, types.size())
        .mapToObj(i -> Mapped.all(joined(types.get(i), values.get(i)))).toList();
  }

  private Node joined(TensorType one, List<Node> examples) {
    return examples.isEmpty()
        ? axis.builder().fill(new TensorType(one.dtype(), axis.shape(one.shape())), 0)
        : axis.builder().add(new Op.Concat(0), examples);
  }

  private Node example(Node all, int place) {
    Shape shape = all.shape();
    List<Dim> starts = new ArrayList<>(Collections.nCopies(shape.rank(), Dim.ZERO));
    starts.set(0, Dim.of(place));
    List<Dim> limits = new ArrayList<>(shape.dims());
    limits.set(0, Dim.of(place + 1L));
    Node row = axis.builder().add(
        new Op.Slice(starts, limits, Collections.nCopies(shape.rank(), 1)), all);
    return axis.builder().reshape(row, new Shape(shape.dims().subList(1, shape.rank())));
  }
}
