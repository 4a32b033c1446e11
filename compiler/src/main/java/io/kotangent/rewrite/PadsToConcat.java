package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// `pad a + pad b` where each fills the gaps of the other with its own elements → both concatenated element by element.
///
/// This is the gradient of a pool: each place of its windows was a strided slice. Every element of the sum is one element
/// and zeros, so `0 + a` keeps the bits (−0 becomes 0).
public record PadsToConcat() implements Rewrite {
  private static final int MOST = 64;

  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!isSum(node) || !isPad(node.operand(0)) && !isPad(node.operand(1))) {
      return Optional.empty();
    }
    List<Node> pads = terms(node);
    return pads.isEmpty() ? Optional.empty() : Interleaved.of(pads).map(i -> i.build(builder));
  }

  private static boolean isSum(Node node) {
    return node.op() instanceof Op.Map(var fn) && fn == ScalarFn.ADD;
  }

  /// Elements with zeros between them.
  private static boolean isPad(Node node) {
    return node.op() instanceof Op.Pad pad && Uniform.is(node.operand(1), 0)
        && pad.interior().stream().anyMatch(between -> between > 0);
  }

  /// The terms of a sum; none if one of them is no such pad.
  private static List<Node> terms(Node sum) {
    List<Node> pads = new ArrayList<>();
    Deque<Node> rest = new ArrayDeque<>(List.of(sum));
    while (!rest.isEmpty()) {
      Node node = rest.pop();
      if (isSum(node)) {
        node.operands().forEach(rest::push);
      } else if (isPad(node)) {
        pads.add(node);
      } else {
        return List.of();
      }
      if (pads.size() + rest.size() > MOST) {
        return List.of();
      }
    }
    return pads;
  }

  /// Pads that together have an element for each place between the first and the last.
  ///
  /// @param low what comes before the first element of all
  /// @param high what comes after the last
  /// @param steps the distance of neighboring elements of one pad
  /// @param parts what is padded, by the place of the first element in row-major order of the axes
  private record Interleaved(List<Dim> low, List<Dim> high, List<Integer> steps, Node zero,
      List<Node> parts) {
    static Optional<Interleaved> of(List<Node> pads) {
      Op.Pad first = (Op.Pad) pads.getFirst().op();
      Shape shape = pads.getFirst().operand(0).shape();
      List<Integer> steps = first.interior().stream().map(between -> between + 1).toList();
      List<Dim> low = new ArrayList<>(first.low());
      long count = 1;
      for (int axis = 0; axis < steps.size(); axis++) {
        count *= steps.get(axis);
        for (Node pad : pads) {
          Dim other = ((Op.Pad) pad.op()).low().get(axis);
          if (low.get(axis).minus(other).isAtLeast(0)) {
            low.set(axis, other);
          }
        }
      }
      if (count != pads.size()) {
        return Optional.empty();
      }
      List<Node> parts = new ArrayList<>(Collections.nCopies(pads.size(), pads.getFirst()));
      boolean[] taken = new boolean[pads.size()];
      for (Node pad : pads) {
        int place = place((Op.Pad) pad.op(), low, steps);
        if (place < 0 || taken[place] || !pad.operand(0).shape().equals(shape)
            || !((Op.Pad) pad.op()).interior().equals(first.interior())) {
          return Optional.empty();
        }
        taken[place] = true;
        parts.set(place, pad.operand(0));
      }
      List<Dim> high = new ArrayList<>();
      for (int axis = 0; axis < steps.size(); axis++) {
        Dim used = low.get(axis).plus(shape.dim(axis).times(steps.get(axis)));
        high.add(pads.getFirst().shape().dim(axis).minus(used));
      }
      return high.stream().allMatch(dim -> dim.isAtLeast(0))
          ? Optional.of(new Interleaved(low, high, steps, pads.getFirst().operand(1), parts))
          : Optional.empty();
    }

    /// Which of the parts a pad is; −1 if it is none.
    private static int place(Op.Pad pad, List<Dim> low, List<Integer> steps) {
      int place = 0;
      for (int axis = 0; axis < steps.size(); axis++) {
        Dim at = pad.low().get(axis).minus(low.get(axis));
        if (!at.isConstant() || at.constant() < 0 || at.constant() >= steps.get(axis)) {
          return -1;
        }
        place = place * steps.get(axis) + (int) at.constant();
      }
      return place;
    }

    Node build(GraphBuilder builder) {
      Shape shape = parts.getFirst().shape();
      List<Dim> apart = new ArrayList<>();
      List<Dim> together = new ArrayList<>();
      for (int axis = 0; axis < steps.size(); axis++) {
        apart.add(shape.dim(axis));
        if (steps.get(axis) > 1) {
          apart.add(Dim.ONE);
        }
        together.add(shape.dim(axis).times(steps.get(axis)));
      }
      List<Node> rest = new ArrayList<>();
      for (Node part : parts) {
        Node sum = builder.map(ScalarFn.ADD, part, builder.fill(part.type(), 0));
        rest.add(builder.reshape(sum, new Shape(apart)));
      }
      int at = apart.size();
      for (int axis = steps.size() - 1; axis >= 0; axis--) {
        at--;
        int step = steps.get(axis);
        if (step > 1) {
          rest = concat(builder, rest, step, at);
          at--;
        }
      }
      Node joined = builder.reshape(rest.getFirst(), new Shape(together));
      List<Integer> between = Collections.nCopies(steps.size(), 0);
      boolean padded =
          !low.stream().allMatch(d -> d.is(0)) || !high.stream().allMatch(d -> d.is(0));
      return padded ? builder.add(new Op.Pad(low, high, between), joined, zero) : joined;
    }

    /// Concatenates each run of `step` nodes.
    private static List<Node> concat(GraphBuilder builder, List<Node> nodes, int step, int axis) {
      List<Node> joined = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i += step) {
        joined.add(builder.add(new Op.Concat(axis), nodes.subList(i, i + step)));
      }
      return joined;
    }
  }
}
