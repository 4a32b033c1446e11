package io.kotangent.eval;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether a function is smooth around the values it is applied to: no jump or kink within 1e-6, no pole near,
/// operands in the domain that its row declares.
final class Jumps {
  private static final double NEAR = 1e-6;

  private Jumps() {
  }

  static boolean areFar(Node node, List<TensorValue> operands) {
    return switch (node.op()) {
      case Op.Map(var fn) -> !operands.getLast().dtype().isFloat() || areFar(fn, operands);
      case Op.Cast(var to) -> to.isFloat() || !operands.getFirst().dtype().isFloat()
          || all(operands.getFirst(), x -> Math.abs(x - Math.rint(x)) > NEAR);
      case Op.Reduce reduce -> switch (reduce.kind()) {
        case MAX, MIN, ARGMAX, ARGMIN -> areApart(operands.getFirst(), reduce.axes());
        case SUM, PRODUCT, ALL, ANY -> true;
      };
      case Op.Sort(var axis) -> areApart(operands.getFirst(), List.of(axis));
      case Op.Input _, Op.Constant _, Op.Iota _, Op.Size _, Op.Random _, Op.Broadcast _, Op.Reshape _, Op.Transpose _, Op.Reverse _, Op.Slice _, Op.Pad _, Op.Concat _, Op.Windows _, Op.OverlapAdd _, Op.Gather _, Op.Scatter _, Op.Contract _,Op.Convolve _,Op.Call _,Op.Loop _,Op.Branch _,Op.Item _ ->
          true;
    };
  }

  private static boolean areFar(ScalarFn fn, List<TensorValue> operands) {
    TensorValue a = operands.getFirst();
    TensorValue b = operands.getLast();
    return switch (fn) {
      case FLOOR, CEIL -> all(a, x -> Math.abs(x - Math.rint(x)) > NEAR);
      case ROUND -> all(a, x -> Math.abs(x - Math.floor(x) - 0.5) > NEAR);
      case SIGN, ABS, RELU -> all(a, x -> Math.abs(x) > NEAR);
      case LT, LE, GT, GE, EQ, NE, MIN, MAX -> {
        boolean apart = true;
        for (int i = 0; i < a.size(); i++) {
          apart &= Math.abs(a.real(i) - b.real(i)) > NEAR;
        }
        yield apart;
      }
      case DIV, ZERO_DIV -> all(b, x -> Math.abs(x) > 0.05);
      case POW -> all(a, x -> x >= fn.low() && x <= fn.high()) && all(b, x -> Math.abs(x) <= 3);
      case SQRT, CBRT, EXP, EXPM1, LOG, LOG1P, LOG1MEXP, SIGMOID, LOG_SIGMOID, SOFTPLUS, TANH, SIN,
          COS, TAN, ATAN,
          ERF ->
          all(a, x -> x >= fn.low() && x <= fn.high());
      case NEG, STOP_GRADIENT, ADD, SUB, ZERO_SUB, MUL, ZERO_MUL, IS_NAN, IS_FINITE, SELECT, REM,
          AND, OR,
          XOR, NOT,
          SHL, SHR, USHR -> true;
    };
  }

  private static boolean all(TensorValue x, java.util.function.DoublePredicate predicate) {
    for (int i = 0; i < x.size(); i++) {
      if (!predicate.test(x.real(i))) {
        return false;
      }
    }
    return true;
  }

  /// Whether floats that differ only in their index along `axes` are well apart.
  private static boolean areApart(TensorValue x, List<Integer> axes) {
    if (!x.dtype().isFloat()) {
      return true;
    }
    Map<Integer, List<Double>> groups = new HashMap<>();
    int[] index = new int[x.rank()];
    for (int i = 0; i < x.size(); i++, Index.next(index, x.dims())) {
      int[] key = index.clone();
      axes.forEach(axis -> key[axis] = 0);
      groups.computeIfAbsent(Index.place(key, x.dims()), _ -> new ArrayList<>()).add(x.real(i));
    }
    for (List<Double> group : groups.values()) {
      group.sort(null);
      for (int i = 1; i < group.size(); i++) {
        if (!(group.get(i) - group.get(i - 1) > NEAR)) {
          return false;
        }
      }
    }
    return true;
  }
}
