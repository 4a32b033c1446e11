package io.kotangent.ir;

import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Evaluates a lowered term by [BasicEval], on raw bits: what its bits are.
public final class TermEval {
  private record Step(Basic basic, DType type, int a, int b, int c) {
  }

  private final int arity;
  private final long[] initial;
  private final List<Step> steps = new ArrayList<>();
  private final List<Long> literals = new ArrayList<>();
  private final List<DType> types = new ArrayList<>();
  private final List<Integer> stepPlaces = new ArrayList<>();
  private final Map<Term, Integer> places = new IdentityHashMap<>();
  private final int root;

  /// @param operands the types of the operands
  public TermEval(Term term, List<DType> operands) {
    arity = operands.size();
    for (DType type : operands) {
      place(type, 0);
    }
    root = visit(term);
    initial = literals.stream().mapToLong(Long::longValue).toArray();
  }

  private int place(DType type, long bits) {
    types.add(type);
    literals.add(bits);
    return types.size() - 1;
  }

  private int visit(Term term) {
    Integer known = places.get(term);
    if (known != null) {
      return known;
    }
    int place = switch (term) {
      case Term.Arg(var index) -> index;
      case Term.Lit(var dtype, var bits) -> place(dtype, bits);
      case Term.Prim(var basic, var args) -> {
        List<Integer> operands = args.stream().map(this::visit).toList();
        int typed = basic == Basic.SELECT ? 1 : 0;
        steps.add(new Step(basic, types.get(operands.get(typed)), operands.getFirst(),
            operands.size() > 1 ? operands.get(1) : operands.getFirst(),
            operands.size() > 2 ? operands.get(2) : operands.getFirst()));
        int result = place(basic.result(operands.stream().map(types::get).toList()), 0);
        stepPlaces.add(result);
        yield result;
      }
      case Term.Result _, Term.Seed _, Term.Num _, Term.Fn _ ->
          throw new AssertionError("not lowered: " + term);
    };
    places.put(term, place);
    return place;
  }

  /// The dtype of the value.
  public DType type() {
    return types.get(root);
  }

  /// How many primitives are applied.
  public int size() {
    return steps.size();
  }

  public long apply(long... operands) {
    long[] values = initial.clone();
    System.arraycopy(operands, 0, values, 0, arity);
    for (int i = 0; i < steps.size(); i++) {
      Step s = steps.get(i);
      values[stepPlaces.get(i)] =
          BasicEval.apply(s.basic, s.type, values[s.a], values[s.b], values[s.c]);
    }
    return values[root];
  }
}
