package io.kotangent.plan.lower;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.plan.form.TileShape;
import io.kotangent.type.Dim;
import io.kotangent.type.Requirement;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// That places in all tensors of a graph, and the sizes that it computes with, are ints, whatever its symbols are: kernels compute
/// with ints that wrap. A size of 0 counts as 1, since other sizes are multiplied where nothing is stored too.
final class Extents {
  private final Set<Shape> seen = new HashSet<>();
  /// Of those that differ in a factor only, the largest.
  private final Map<Object, Requirement> largest = new LinkedHashMap<>();

  private Extents() {
  }

  static List<Requirement> of(Graph graph) {
    Extents extents = new Extents();
    for (Graph body : graph.withBodies()) {
      for (Node node : body.schedule()) {
        if (node.op() instanceof Op.Size(Dim dim)) {
          extents.add(Shape.of(dim), node);
        }
        switch (node.valueType()) {
          case TensorType type -> extents.add(type.shape(), node);
          case TupleType(var items) -> items.forEach(item -> extents.add(item.shape(), node));
        }
      }
    }
    return new ArrayList<>(extents.largest.values());
  }

  private void add(Shape shape, Node node) {
    boolean one = shape.rank() == 1 && TileShape.isSymbol(shape.dim(0));
    if (!seen.add(shape) || one) {
      return; // a symbol itself is never larger
    }
    Dim extent = Dim.ONE;
    for (Dim dim : shape.dims()) {
      extent = extent.times(dim.max(Dim.ONE));
    }
    if (extent.isConstant()) {
      return;
    }
    Requirement requirement = new Requirement(Dim.of(Dim.LARGEST), Requirement.Relation.AT_LEAST,
        extent, node.origin().toString());
    boolean single = extent.products().size() == 1 && extent.constantTerm() == 0;
    largest.merge(single ? extent.products().getFirst().atoms() : extent, requirement,
        (a, b) -> single && b.right().products().getFirst().coefficient() > a.right().products()
            .getFirst().coefficient() ? b : a);
  }
}
