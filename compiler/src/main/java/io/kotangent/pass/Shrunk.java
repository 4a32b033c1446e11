package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Hazard;
import io.kotangent.rewrite.Hazards;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A call, loop or branch with fewer results and arguments.
///
/// @param operands the indices of the operands that are left
/// @param results the indices of the results that are left
record Shrunk(Op op, List<Integer> operands, List<Integer> results) {
  /// What is needed for these results, and for every error.
  ///
  /// @param failing the indices of operands that need what may fail: they are left
  static Shrunk of(Op.Control op, BitSet taken, BitSet failing) {
    return switch (op) {
      case Op.Call(var callee, var derivative) ->
          derivative.isPresent() ? whole(op, callee) : call(callee, taken, failing);
      case Op.Branch(var then, var otherwise) -> branch(then, otherwise, taken, failing);
      case Op.Loop loop -> loop(loop, taken, failing);
    };
  }

  /// These results of a graph, and those that need what may fail and is not needed by the others.
  private static BitSet withFailing(Graph graph, BitSet taken) {
    BitSet all = (BitSet) taken.clone();
    for (int i = 0; i < graph.results().size() && !Hazards.areNeeded(graph, list(all)); i++) {
      if (!taken.get(i)) {
        BitSet one = new BitSet();
        one.set(i);
        all.set(i, needed(graph, one).stream().anyMatch(node -> Hazard.of(node).isPresent()));
      }
    }
    return all;
  }

  boolean isWhole(Op.Control before, int operandCount) {
    return operands.size() == operandCount
        && results.size() == before.bodies().getFirst().results().size();
  }

  List<Node> operandsOf(Node node) {
    List<Node> kept = new ArrayList<>();
    operands.forEach(i -> kept.add(node.operand(i)));
    return kept;
  }

  private static Shrunk whole(Op op, Graph body) {
    return new Shrunk(op, upTo(body.inputs().size()), upTo(body.results().size()));
  }

  private static Shrunk call(Graph callee, BitSet taken, BitSet failing) {
    BitSet live = withFailing(callee, taken);
    Set<Node> needed = needed(callee, live);
    List<Integer> operands = new ArrayList<>();
    for (int i = 0; i < callee.inputs().size(); i++) {
      if (failing.get(i) || needed.contains(callee.inputs().get(i))) {
        operands.add(i);
      }
    }
    List<Integer> results = list(live);
    return new Shrunk(new Op.Call(part(callee, operands, results), Optional.empty()), operands,
        results);
  }

  private static Shrunk branch(Graph then, Graph otherwise, BitSet taken, BitSet failing) {
    BitSet live = withFailing(otherwise, withFailing(then, taken));
    Set<Node> needed = needed(then, live);
    needed.addAll(needed(otherwise, live));
    List<Integer> inputs = new ArrayList<>();
    List<Integer> operands = new ArrayList<>(List.of(0));
    for (int i = 0; i < then.inputs().size(); i++) {
      if (failing.get(i + 1) || needed.contains(then.inputs().get(i))
          || needed.contains(otherwise.inputs().get(i))) {
        inputs.add(i);
        operands.add(i + 1);
      }
    }
    List<Integer> results = list(live);
    return new Shrunk(new Op.Branch(part(then, inputs, results), part(otherwise, inputs, results)),
        operands, results);
  }

  /// A carried value lives if it is taken, or if a living result of the body needs it.
  private static Shrunk loop(Op.Loop loop, BitSet taken, BitSet failing) {
    Graph body = loop.body();
    BitSet live = withFailing(body, taken);
    live.or(failing.get(0, loop.carried()));
    Set<Node> needed = needed(body, live);
    for (int before = -1; before != live.cardinality();) {
      before = live.cardinality();
      for (int i = 0; i < loop.carried(); i++) {
        if (needed.contains(body.inputs().get(i))) {
          live.set(i);
        }
      }
      needed = needed(body, live);
    }
    List<Integer> operands = new ArrayList<>();
    int carried = 0;
    int sliced = 0;
    for (int i = 0; i < body.inputs().size(); i++) {
      boolean isCarried = i < loop.carried();
      if (isCarried ? live.get(i) : failing.get(i) || needed.contains(body.inputs().get(i))) {
        operands.add(i);
        carried += isCarried ? 1 : 0;
        sliced += !isCarried && i < loop.carried() + loop.sliced() ? 1 : 0;
      }
    }
    List<Integer> results = list(live);
    return new Shrunk(
        new Op.Loop(part(body, operands, results), loop.count(), carried, sliced, loop.reverse()),
        operands,
        results);
  }

  /// All nodes that these results of a graph need.
  private static Set<Node> needed(Graph graph, BitSet results) {
    Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> order = new ArrayList<>();
    for (int index : list(results)) {
      Graph.visit(graph.results().get(index).node(), needed, order);
    }
    return needed;
  }

  private static Graph part(Graph graph, List<Integer> inputs, List<Integer> results) {
    List<Node> keptInputs = new ArrayList<>();
    inputs.forEach(i -> keptInputs.add(graph.inputs().get(i)));
    List<Graph.Result> keptResults = new ArrayList<>();
    results.forEach(i -> keptResults.add(graph.results().get(i)));
    return new Graph(graph.name(), keptInputs, keptResults, graph.updates(), graph.guard(),
        graph.requirements());
  }

  private static List<Integer> list(BitSet bits) {
    List<Integer> list = new ArrayList<>();
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      list.add(i);
    }
    return list;
  }

  private static List<Integer> upTo(int count) {
    List<Integer> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(i);
    }
    return list;
  }
}
