package io.kotangent.vmap;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Calls, branches and loops of all examples at once.
final class ControlRule {
  private ControlRule() {
  }

  static List<Mapped> call(BatchAxis axis, Op.Call call, List<Mapped> operands) {
    if (call.derivative().isPresent()) {
      return custom(axis, call, call.derivative().get(), operands);
    }
    BitSet batched = batched(operands);
    BitSet results = new Dependence().results(call.callee(), batched);
    Graph callee = body(call.callee(), batched, results, axis.size());
    return items(axis, axis.builder().add(new Op.Call(callee, Optional.empty()), nodes(operands)),
        callee, results);
  }

  /// Everything has all examples: so the derivative of what is repeated sums theirs.
  private static List<Mapped> custom(BatchAxis axis, Op.Call call, Graph derivative,
      List<Mapped> operands) {
    Graph callee = whole(call.callee(), axis.size());
    Op.Call all = new Op.Call(callee, Optional.of(whole(derivative, axis.size())));
    return items(axis, axis.builder().add(all, operands.stream().map(axis::all).toList()), callee,
        first(callee.results().size()));
  }

  private static Graph whole(Graph graph, Dim size) {
    return body(graph, first(graph.inputs().size()), first(graph.results().size()), size);
  }

  /// A condition that all examples share.
  static List<Mapped> branch(BatchAxis axis, Op.Branch branch, List<Mapped> operands) {
    BitSet batched = batched(operands.subList(1, operands.size()));
    BitSet results = new Dependence().results(branch.then(), batched);
    results.or(new Dependence().results(branch.otherwise(), batched));
    Graph then = body(branch.then(), batched, results, axis.size());
    Graph otherwise = body(branch.otherwise(), batched, results, axis.size());
    return items(axis, axis.builder().add(new Op.Branch(then, otherwise), nodes(operands)), then,
        results);
  }

  /// What it carries has all examples if its first value or any later one has. Slices and outputs keep the axis of
  /// iterations in front.
  static List<Mapped> loop(BatchAxis axis, Op.Loop loop, List<Mapped> operands) {
    BitSet batched = new Dependence().inside(loop, batched(operands));
    BitSet results = new Dependence().results(loop.body(), batched);
    IntStream.range(0, loop.carried()).filter(batched::get).forEach(results::set);
    Graph body = body(loop.body(), batched, results, axis.size());
    List<Node> arguments = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      boolean sliced = i >= loop.carried() && i < loop.carried() + loop.sliced();
      Node x = batched.get(i) ? axis.all(operands.get(i)) : operands.get(i).node();
      arguments.add(sliced && batched.get(i) ? axis.moved(x, 0, 1) : x);
    }
    Node all = axis.builder().add(
        new Op.Loop(body, loop.count(), loop.carried(), loop.sliced(), loop.reverse()), arguments);
    List<Mapped> items = items(axis, all, body, results);
    return IntStream.range(0, items.size())
        .mapToObj(i -> i >= loop.carried() && items.get(i).batched()
            ? Mapped.all(axis.moved(items.get(i).node(), 1, 0))
            : items.get(i))
        .toList();
  }

  private static Graph body(Graph graph, BitSet batched, BitSet results, Dim size) {
    return Vmap.body(graph, graph.name() + "_vmap", batched, results, size);
  }

  private static List<Mapped> items(BatchAxis axis, Node tuple, Graph body, BitSet results) {
    return IntStream.range(0, body.results().size())
        .mapToObj(i -> new Mapped(axis.builder().item(tuple, i), results.get(i))).toList();
  }

  private static BitSet batched(List<Mapped> operands) {
    BitSet batched = new BitSet();
    IntStream.range(0, operands.size()).filter(i -> operands.get(i).batched())
        .forEach(batched::set);
    return batched;
  }

  private static BitSet first(int count) {
    BitSet all = new BitSet();
    all.set(0, count);
    return all;
  }

  private static List<Node> nodes(List<Mapped> operands) {
    return operands.stream().map(Mapped::node).toList();
  }
}
