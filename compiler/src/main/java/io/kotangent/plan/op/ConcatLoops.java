package io.kotangent.plan.op;

import io.kotangent.ir.Node;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Concatenations: for each operand, runs of all that lies from the axis inwards. Kernels take as many operands as a method of the
/// JVM has parameters for, and write side by side.
final class ConcatLoops {
  /// Of 255, what is left by the result, the range of a part and the sizes of a row.
  private static final int PARAMETERS = 248;
  /// Terms of the sizes that one call is given: with each, a method of the program grows.
  private static final int TERMS = 300;

  private final Node node;
  private final Dim outer;
  private final Dim row;
  private final int axis;
  private final List<Nest> nests = new ArrayList<>();

  private ConcatLoops(Node node, int axis) {
    this.node = node;
    this.axis = axis;
    this.outer = new Shape(node.shape().dims().subList(0, axis)).size();
    this.row = inner(node);
  }

  static List<Nest> of(Node node, int axis) {
    ConcatLoops loops = new ConcatLoops(node, axis);
    loops.cut();
    return loops.nests;
  }

  private void cut() {
    List<Node> parts = new ArrayList<>();
    Dim first = Dim.ZERO;
    Dim start = Dim.ZERO;
    int parameters = 0;
    int terms = 0;
    for (Node part : node.operands()) {
      Dim length = inner(part);
      int places = terms(start) + terms(length);
      int taken = 2 + (start.isConstant() ? 0 : 1) + (length.isConstant() ? 0 : 1);
      if (!parts.isEmpty() && (parameters + taken > PARAMETERS || terms + places > TERMS)) {
        nests.add(nest(parts, first));
        parts.clear();
        first = start;
        parameters = 0;
        terms = 0;
      }
      parts.add(part);
      parameters += taken;
      terms += places;
      start = start.plus(length);
    }
    nests.add(nest(parts, first));
  }

  private static int terms(Dim dim) {
    return dim.products().size();
  }

  /// @param first where the first of these parts begins in a row
  private Nest nest(List<Node> parts, Dim first) {
    NestBuilder nest = new NestBuilder();
    ArrayParam target = nest.write(node, false);
    List<ArrayParam> sources = parts.stream().map(o -> nest.read(o, false)).toList();
    Dim copied = Dim.ZERO;
    for (Node part : parts) {
      copied = copied.plus(inner(part));
    }
    Dim work = copied.times(Work.MOVED).plus(Work.ELEMENT);
    SharedLoops.over(nest, List.of(outer), work, index -> {
      Value i = index.getFirst();
      Dim start = first;
      for (int part = 0; part < sources.size(); part++) {
        Dim length = inner(parts.get(part));
        nest.copy(sources.get(part), nest.times(i, nest.dim(length)), target,
            nest.plus(nest.times(i, nest.dim(row)), nest.dim(start)), nest.dim(length));
        start = start.plus(length);
      }
    });
    return nest.finish();
  }

  /// The number of elements from the axis inwards.
  private Dim inner(Node part) {
    return new Shape(part.shape().dims().subList(axis, part.shape().rank())).size();
  }
}
