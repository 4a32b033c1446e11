package io.kotangent.eval;

import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.util.List;

/// Scalar functions and casts, lane by lane.
final class Lanes {
  private Lanes() {
  }

  static Tensor map(ScalarFn fn, List<Tensor> operands, DType dtype) {
    Tensor last = operands.getLast();
    Tensor result = Tensor.zeros(dtype, last.dims());
    for (int i = 0; i < result.size(); i++) {
      Tensor a = operands.getFirst();
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

  static Tensor cast(DType to, Tensor x) {
    Tensor result = Tensor.zeros(to, x.dims());
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
