package io.kotangent.eval;

import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;

/// Reductions, contractions and convolutions: each result element by its definition.
final class Reductions {
  private Reductions() {
  }

  static TensorValue reduce(Op.Reduce reduce, TensorValue x, int[] dims) {
    List<Integer> kept = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!reduce.axes().contains(axis)) {
        kept.add(axis);
      }
    }
    int[] keptAxes = kept.stream().mapToInt(Integer::intValue).toArray();
    TensorValue result = TensorValue.zeros(reduce.kind().isArg() ? DType.I32 : x.dtype(), dims);
    List<List<Integer>> groups = new ArrayList<>();
    for (int i = 0; i < result.size(); i++) {
      groups.add(new ArrayList<>());
    }
    int[] index = new int[x.rank()];
    for (int i = 0; i < x.size(); i++, Index.next(index, x.dims())) {
      groups.get(Index.place(Index.pick(index, keptAxes), dims)).add(i);
    }
    for (int i = 0; i < result.size(); i++) {
      if (reduce.kind().isArg()) {
        result.put(i, (long) best(reduce.kind(), x, groups.get(i)));
      } else if (x.dtype().isFloat()) {
        result.put(i, real(reduce.kind(), x, groups.get(i)));
      } else {
        result.put(i, integer(reduce.kind(), x, groups.get(i)));
      }
    }
    return result;
  }

  private static double real(Op.Reduction kind, TensorValue x, List<Integer> places) {
    double value = switch (kind) {
      case SUM -> 0;
      case PRODUCT -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
      case ALL, ANY, ARGMAX, ARGMIN -> throw new KotangentException(kind + " gives no float");
    };
    for (int place : places) {
      double element = x.real(place);
      value = switch (kind) {
        case SUM -> value + element;
        case PRODUCT -> value * element;
        case MAX -> Math.max(value, element);
        case MIN -> Math.min(value, element);
        case ALL, ANY, ARGMAX, ARGMIN -> throw new KotangentException(kind + " gives no float");
      };
    }
    return value;
  }

  private static long integer(Op.Reduction kind, TensorValue x, List<Integer> places) {
    boolean narrow = x.dtype() == DType.I32;
    long value = switch (kind) {
      case SUM, ANY -> 0;
      case PRODUCT, ALL -> 1;
      case MAX -> narrow ? Integer.MIN_VALUE : Long.MIN_VALUE;
      case MIN -> narrow ? Integer.MAX_VALUE : Long.MAX_VALUE;
      case ARGMAX, ARGMIN -> throw new KotangentException(kind + " gives a position");
    };
    for (int place : places) {
      long element = x.integer(place);
      value = switch (kind) {
        case SUM -> value + element;
        case PRODUCT -> value * element;
        case MAX -> Math.max(value, element);
        case MIN -> Math.min(value, element);
        case ALL -> value & element;
        case ANY -> value | element;
        case ARGMAX, ARGMIN -> throw new KotangentException(kind + " gives a position");
      };
    }
    return value;
  }

  /// The lowest position of the best element; the first NaN is better than all.
  private static int best(Op.Reduction kind, TensorValue x, List<Integer> places) {
    if (places.isEmpty()) {
      throw new KotangentException(kind + " over nothing has no result");
    }
    int best = 0;
    for (int i = 1; i < places.size(); i++) {
      if (isBetter(kind, x, places.get(i), places.get(best))) {
        best = i;
      }
    }
    return best;
  }

  private static boolean isBetter(Op.Reduction kind, TensorValue x, int a, int b) {
    boolean max = kind == Op.Reduction.ARGMAX;
    if (!x.dtype().isFloat()) {
      return max ? x.integer(a) > x.integer(b) : x.integer(a) < x.integer(b);
    }
    return !Double.isNaN(x.real(b))
        && (Double.isNaN(x.real(a)) || (max ? x.real(a) > x.real(b) : x.real(a) < x.real(b)));
  }

  static TensorValue contract(Op.Contract c, TensorValue x, TensorValue y, int[] dims) {
    TensorValue result = TensorValue.zeros(x.dtype(), dims);
    StringBuilder summed = new StringBuilder();
    c.left().chars().filter(l -> c.result().indexOf(l) < 0).forEach(l -> summed.append((char) l));
    String all = c.result() + summed;
    int[] sizes = new int[all.length()];
    for (int i = 0; i < sizes.length; i++) {
      int left = c.left().indexOf(all.charAt(i));
      sizes[i] = left >= 0 ? x.dim(left) : y.dim(c.right().indexOf(all.charAt(i)));
    }
    int[] leftAxes = c.left().chars().map(all::indexOf).toArray();
    int[] rightAxes = c.right().chars().map(all::indexOf).toArray();
    int[] resultAxes = c.result().chars().map(all::indexOf).toArray();
    int[] index = new int[sizes.length];
    for (int i = 0; i < Index.size(sizes); i++, Index.next(index, sizes)) {
      addProduct(result, Index.place(Index.pick(index, resultAxes), dims),
          x, Index.place(Index.pick(index, leftAxes), x.dims()), y,
          Index.place(Index.pick(index, rightAxes), y.dims()));
    }
    return result;
  }

  static void addProduct(TensorValue to, int place, TensorValue x, int left, TensorValue y,
      int right) {
    if (to.dtype().isFloat()) {
      to.put(place, to.real(place) + x.real(left) * y.real(right));
    } else {
      to.put(place, to.integer(place) + x.integer(left) * y.integer(right));
    }
  }
}
