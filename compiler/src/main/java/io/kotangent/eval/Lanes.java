package io.kotangent.eval;

import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.util.List;

/// Scalar functions and casts, lane by lane.
final class Lanes {
  private Lanes() {
  }

  static TensorValue map(ScalarFn fn, List<TensorValue> operands, DType dtype) {
    TensorValue last = operands.getLast();
    TensorValue result = TensorValue.zeros(dtype, last.dims());
    for (int i = 0; i < result.size(); i++) {
      TensorValue a = operands.getFirst();
      if (fn == ScalarFn.SELECT) {
        result.put(i, operands.get(a.bool(i) ? 1 : 2), i);
      } else if (last.dtype().isFloat()) {
        double value = fn.ofReals(a.real(i), last.real(i), 0);
        if (dtype.isFloat()) {
          result.put(i, value);
        } else {
          result.put(i, (long) value);
        }
      } else {
        result.put(i, fn.ofIntegers(a.integer(i), last.integer(i), last.dtype()));
      }
    }
    return result;
  }

  static TensorValue cast(DType to, TensorValue x) {
    TensorValue result = TensorValue.zeros(to, x.dims());
    for (int i = 0; i < x.size(); i++) {
      if (to.isFloat()) {
        result.put(i, x.real(i));
      } else if (to == DType.BOOL) {
        result.put(i, x.real(i) != 0 ? 1L : 0L);
      } else if (!x.dtype().isFloat()) {
        result.put(i, x.integer(i));
      } else {
        result.put(i, to == DType.I32 ? (int) x.real(i) : (long) x.real(i));
      }
    }
    return result;
  }
}
