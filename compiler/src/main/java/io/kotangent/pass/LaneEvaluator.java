package io.kotangent.pass;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Lowering;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Term;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Evaluates scalar functions and casts of constants by their lowering, lane by lane: bits are the lowering's by definition.
public final class LaneEvaluator implements ConstantEvaluator {
  private record Value(DType dtype, long bits) {
  }

  @Override
  public Optional<Literal> evaluate(Node node) {
    Optional<Term> formula = formula(node);
    if (formula.isEmpty()) {
      return Optional.empty();
    }
    List<Literal> operands = new ArrayList<>();
    for (Node operand : node.operands()) {
      operands.add(((Op.Constant) operand.op()).value());
    }
    int length = (int) node.shape().size().constant();
    Object array = node.dtype().newArray(length);
    for (int lane = 0; lane < length; lane++) {
      List<Value> values = new ArrayList<>();
      for (Literal operand : operands) {
        values.add(new Value(operand.type().dtype(), operand.bits(lane)));
      }
      store(array, lane, value(formula.get(), values, new IdentityHashMap<>()).bits);
    }
    return Optional.of(Literal.of(node.type(), array));
  }

  private static Optional<Term> formula(Node node) {
    if (node.op() instanceof Op.Map(var fn)) {
      return Optional.of(Lowering.of(fn, node.operands().getLast().dtype()));
    }
    if (node.op() instanceof Op.Cast(var to)) {
      Basic cast = switch (to) {
        case F32 -> Basic.TO_F32;
        case F64 -> Basic.TO_F64;
        case I32 -> Basic.TO_I32;
        case I64 -> Basic.TO_I64;
        case BOOL -> Basic.TO_BOOL;
      };
      return Optional.of(Term.prim(cast, new Term.Arg(0)));
    }
    return Optional.empty();
  }

  private static Value value(Term term, List<Value> args, Map<Term, Value> known) {
    Value value = known.get(term);
    if (value == null) {
      value = switch (term) {
        case Term.Arg(var index) -> args.get(index);
        case Term.Lit(var dtype, var bits) -> new Value(dtype, bits);
        case Term.Prim(var basic, var operands) -> primitive(basic, operands, args, known);
        case Term.Result _, Term.Seed _, Term.Num _, Term.Fn _ ->
            throw new KotangentException("not a lowering: " + term);
      };
      known.put(term, value);
    }
    return value;
  }

  private static Value primitive(Basic basic, List<Term> operands, List<Value> args,
      Map<Term, Value> known) {
    long[] bits = new long[3];
    List<DType> dtypes = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Value operand = value(operands.get(i), args, known);
      bits[i] = operand.bits;
      dtypes.add(operand.dtype);
    }
    DType dtype = dtypes.get(basic == Basic.SELECT ? 1 : 0);
    return new Value(basic.result(dtypes),
        BasicEval.apply(basic, dtype, bits[0], bits[1], bits[2]));
  }

  private static void store(Object array, int index, long bits) {
    switch (array) {
      case float[] a -> a[index] = BasicEval.f32(bits);
      case double[] a -> a[index] = BasicEval.f64(bits);
      case int[] a -> a[index] = (int) bits;
      case long[] a -> a[index] = bits;
      case boolean[] a -> a[index] = bits != 0;
      default -> throw new KotangentException("not an array of elements: " + array.getClass());
    }
  }
}
