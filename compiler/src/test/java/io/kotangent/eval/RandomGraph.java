package io.kotangent.eval;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A graph that [RandomGraphs] made, and inputs for it.
///
/// @param options what it was made for
/// @param inputs by port name; they fit `symbols`
/// @param symbols the values of the symbolic sizes
public record RandomGraph(long seed, RandomGraphs.Options options, Graph graph,
    Map<String, TensorValue> inputs,
    Map<String, Long> symbols) {
  /// What to print when a law fails for it.
  public String describe() {
    return "seed " + seed + ", " + options + ", sizes " + symbols + "\n" + GraphPrinter.print(graph)
        + inputs;
  }

  /// Other inputs, for other sizes, drawn without care for jumps.
  public Map<String, TensorValue> inputs(Map<String, Long> sizes, long inputSeed) {
    SplittableRandom random = new SplittableRandom(inputSeed);
    Map<String, TensorValue> drawn = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      drawn.put(port.name(), RandomValues.of(port, sizes, random));
    }
    return drawn;
  }

  /// The names of the float inputs that a differentiable path leads from to the result `loss`.
  public List<String> parameters() {
    Reach reach = new Reach(graph.result("loss"));
    return graph.inputs().stream().filter(i -> i.dtype().isFloat() && reach.reaches(i))
        .map(i -> Graph.port(i).name())
        .toList();
  }

  /// Which nodes a derivative of a node flows to.
  private record Reach(java.util.Set<Node> nodes) {
    Reach(Node from) {
      this(java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>()));
      java.util.ArrayDeque<Node> waiting = new java.util.ArrayDeque<>(List.of(from));
      while (!waiting.isEmpty()) {
        Node node = waiting.pop();
        if (nodes.add(node)) {
          for (int i = 0; i < node.operands().size(); i++) {
            if (passes(node, i)) {
              waiting.push(node.operand(i));
            }
          }
        }
      }
    }

    boolean reaches(Node node) {
      return nodes.contains(node);
    }

    private static boolean passes(Node node, int operand) {
      return switch (node.op()) {
        case Op.Map(var fn) -> fn.derivatives().get(operand).isPresent();
        case Op.Cast(var to) -> to.isFloat() && node.operand(operand).dtype().isFloat();
        case Op.Reduce reduce -> !reduce.kind().isArg();
        case Op.Item(var index) -> !(node.operand(0).op() instanceof Op.Sort) || index == 0;
        case Op.Gather _, Op.Scatter _ -> operand != 1;
        case Op.Random _ -> false;
        case Op.Branch _ -> operand != 0;
        case Op.Input _, Op.Constant _, Op.Iota _, Op.Size _, Op.Broadcast _, Op.Reshape _, Op.Transpose _, Op.Reverse _, Op.Slice _, Op.Pad _, Op.Concat _, Op.Windows _, Op.OverlapAdd _, Op.Sort _, Op.Contract _, Op.Convolve _, Op.Call _,Op.Loop _ ->
            true;
      };
    }
  }
}
