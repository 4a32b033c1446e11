package io.kotangent.vmap;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Which results of a graph depend on which inputs, by whatever ops.
final class Dependence {
  /// An item of a node; of one that is no tuple, the first.
  private record Value(Node node, int item) {
  }

  /// The results that depend on any of those inputs.
  BitSet results(Graph graph, BitSet inputs) {
    Set<Value> dependent = new HashSet<>();
    for (Node node : graph.schedule()) {
      if (node.op() instanceof Op.Input) {
        if (inputs.get(graph.inputs().indexOf(node))) {
          dependent.add(new Value(node, 0));
        }
      } else {
        items(node, dependent).stream().forEach(i -> dependent.add(new Value(node, i)));
      }
    }
    return matching(graph.results(),
        result -> dependent.contains(new Value(result.node(), 0)));
  }

  /// The inputs of a loop's body that depend on the operands in some iteration.
  BitSet inside(Op.Loop loop, BitSet operands) {
    BitSet inside = (BitSet) operands.clone();
    for (int before = -1; before < inside.cardinality();) {
      before = inside.cardinality();
      BitSet results = results(loop.body(), inside);
      results.stream().filter(i -> i < loop.carried()).forEach(inside::set);
    }
    return inside;
  }

  private BitSet items(Node node, Set<Value> dependent) {
    if (node.op() instanceof Op.Item(var index)) {
      return dependent.contains(new Value(node.operand(0), index)) ? first(1) : new BitSet();
    }
    BitSet operands =
        matching(node.operands(), operand -> dependent.contains(new Value(operand, 0)));
    if (operands.isEmpty()) {
      return operands;
    }
    return switch (node.op()) {
      case Op.Call(var callee, var derivative) ->
          derivative.isPresent() ? first(callee.results().size()) : results(callee, operands);
      case Op.Loop loop -> {
        BitSet inside = inside(loop, operands);
        BitSet results = results(loop.body(), inside);
        IntStream.range(0, loop.carried()).filter(inside::get).forEach(results::set);
        yield results;
      }
      case Op.Branch(var then, var otherwise) -> {
        if (operands.get(0)) {
          yield first(then.results().size());
        }
        BitSet arguments = operands.get(1, operands.length());
        BitSet results = results(then, arguments);
        results.or(results(otherwise, arguments));
        yield results;
      }
      case Op.Sort _ -> first(2);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Item _ -> first(1);
    };
  }

  private static BitSet first(int count) {
    BitSet all = new BitSet();
    all.set(0, count);
    return all;
  }

  private static <T> BitSet matching(List<T> of, java.util.function.Predicate<T> predicate) {
    BitSet found = new BitSet();
    IntStream.range(0, of.size()).filter(i -> predicate.test(of.get(i))).forEach(found::set);
    return found;
  }
}
