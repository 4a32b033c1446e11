package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Lowering;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.TermEval;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Evaluates one lane of graphs of scalar functions over inputs and constants: by lowerings on bits, or by meaning in f64.
final class LaneEval {
  private record Key(ScalarFn fn, DType dtype) {
  }

  /// What stands for an integer division by zero: no bits of any special value.
  static final long ERROR = 0x0DEAD0DEAD0DEADL;

  private static final Map<Key, TermEval> LOWERED = new HashMap<>();

  private final List<Node> order = new ArrayList<>();
  private final Node root;
  private final List<Node> inputs;

  LaneEval(Node root, List<Node> inputs) {
    this.root = root;
    this.inputs = inputs;
    Graph.visit(root, Collections.newSetFromMap(new IdentityHashMap<>()), order);
  }

  /// The bits for inputs given as bits.
  long bits(long... values) {
    Map<Node, Long> known = new IdentityHashMap<>();
    for (Node node : order) {
      known.put(node, switch (node.op()) {
        case Op.Input _ -> values[inputs.indexOf(node)];
        case Op.Constant(Literal literal) -> literal.bits(0);
        case Op.Broadcast _ -> known.get(node.operand(0));
        case Op.Map(var fn) -> {
          DType dtype = node.operands().getLast().dtype();
          TermEval eval = LOWERED.computeIfAbsent(new Key(fn, dtype),
              k -> new TermEval(Lowering.of(k.fn, k.dtype),
                  node.operands().stream().map(Node::dtype).toList()));
          yield apply(eval, node.operands().stream().mapToLong(known::get).toArray());
        }
        default -> throw new AssertionError("no lanes: " + node);
      });
    }
    return known.get(root);
  }

  private static long apply(TermEval eval, long[] operands) {
    try {
      return eval.apply(operands);
    } catch (ArithmeticException divisionByZero) {
      return ERROR;
    }
  }

  /// The meaning in f64 for inputs given as reals.
  double real(double... values) {
    Map<Node, Double> known = new IdentityHashMap<>();
    for (Node node : order) {
      known.put(node, switch (node.op()) {
        case Op.Input _ -> values[inputs.indexOf(node)];
        case Op.Constant(Literal literal) -> literal.real(0);
        case Op.Broadcast _ -> known.get(node.operand(0));
        case Op.Map(var fn) -> {
          double[] args = new double[3];
          for (int i = 0; i < node.operands().size(); i++) {
            args[i] = known.get(node.operand(i));
          }
          yield fn.ofReals(args[0], args[1], args[2]);
        }
        default -> throw new AssertionError("no lanes: " + node);
      });
    }
    return known.get(root);
  }
}
