package io.kotangent.eval;

import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// Ops that move elements: layout and indexing.
final class Layouts {
  private Layouts() {
  }

  /// The tensor whose element at an index is the element of `x` at the place that `source` gives for it.
  private static TensorValue moved(TensorValue x, int[] dims, ToIntFunction<int[]> source) {
    TensorValue result = TensorValue.zeros(x.dtype(), dims);
    int[] index = new int[dims.length];
    for (int i = 0; i < result.size(); i++, Index.next(index, dims)) {
      result.put(i, x, source.applyAsInt(index));
    }
    return result;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  static TensorValue iota(DType dtype, int[] dims, int axis) {
    TensorValue result = TensorValue.zeros(dtype, dims);
    int[] index = new int[dims.length];
    for (int i = 0; i < result.size(); i++, Index.next(index, dims)) {
      if (dtype.isFloat()) {
        result.put(i, (double) index[axis]);
      } else {
        result.put(i, (long) index[axis]);
      }
    }
    return result;
  }

  static TensorValue broadcast(Op.Broadcast broadcast, TensorValue x, int[] dims) {
    int[] axes = ints(broadcast.axes());
    return moved(x, dims, index -> Index.place(Index.pick(index, axes), x.dims()));
  }

  static TensorValue transpose(Op.Transpose transpose, TensorValue x) {
    int[] permutation = ints(transpose.permutation());
    return moved(x, Index.pick(x.dims(), permutation), index -> {
      int[] from = new int[index.length];
      for (int i = 0; i < index.length; i++) {
        from[permutation[i]] = index[i];
      }
      return Index.place(from, x.dims());
    });
  }

  static TensorValue reverse(Op.Reverse reverse, TensorValue x) {
    return moved(x, x.dims(), index -> {
      int[] from = index.clone();
      reverse.axes().forEach(axis -> from[axis] = x.dim(axis) - 1 - index[axis]);
      return Index.place(from, x.dims());
    });
  }

  static TensorValue slice(int[] starts, List<Integer> strides, TensorValue x, int[] dims) {
    return moved(x, dims, index -> {
      int[] from = new int[index.length];
      for (int i = 0; i < index.length; i++) {
        from[i] = starts[i] + index[i] * strides.get(i);
      }
      return Index.place(from, x.dims());
    });
  }

  static TensorValue pad(int[] low, List<Integer> interior, TensorValue x, TensorValue padding,
      int[] dims) {
    TensorValue result = moved(padding, dims, _ -> 0);
    int[] index = new int[x.rank()];
    int[] to = new int[x.rank()];
    for (int i = 0; i < x.size(); i++, Index.next(index, x.dims())) {
      for (int axis = 0; axis < to.length; axis++) {
        to[axis] = low[axis] + index[axis] * (interior.get(axis) + 1);
      }
      result.put(Index.place(to, dims), x, i);
    }
    return result;
  }

  static TensorValue concat(int axis, List<TensorValue> parts, int[] dims) {
    TensorValue result = TensorValue.zeros(parts.getFirst().dtype(), dims);
    int start = 0;
    for (TensorValue part : parts) {
      int[] index = new int[dims.length];
      for (int i = 0; i < part.size(); i++, Index.next(index, part.dims())) {
        int[] to = index.clone();
        to[axis] += start;
        result.put(Index.place(to, dims), part, i);
      }
      start += part.dim(axis);
    }
    return result;
  }

  /// Where the element of a window lies: the window's position times stride plus its own times dilation.
  private static int[] inWindows(int[] index, List<Integer> axes, List<Integer> strides,
      List<Integer> dilations) {
    int rank = index.length - axes.size();
    int[] from = Arrays.copyOf(index, rank);
    for (int i = 0; i < axes.size(); i++) {
      from[axes.get(i)] = index[axes.get(i)] * strides.get(i) + index[rank + i] * dilations.get(i);
    }
    return from;
  }

  static TensorValue windows(Op.Windows windows, TensorValue x, int[] dims) {
    return moved(x, dims, index -> Index.place(
        inWindows(index, windows.axes(), windows.strides(), windows.dilations()), x.dims()));
  }

  static TensorValue overlapAdd(Op.OverlapAdd overlap, TensorValue x, int[] dims) {
    TensorValue result = TensorValue.zeros(x.dtype(), dims);
    int[] index = new int[x.rank()];
    for (int i = 0; i < x.size(); i++, Index.next(index, x.dims())) {
      add(result, Index.place(
          inWindows(index, overlap.axes(), overlap.strides(), overlap.dilations()), dims), x, i);
    }
    return result;
  }

  private static void add(TensorValue to, int place, TensorValue x, int from) {
    if (to.dtype().isFloat()) {
      to.put(place, to.real(place) + x.real(from));
    } else {
      to.put(place, to.dtype() == DType.BOOL ? to.integer(place) | x.integer(from)
          : to.integer(place) + x.integer(from));
    }
  }

  /// The place in the data of an index into what [Op.Gather] picks.
  private static int picked(int[] index, int axis, int batchDims, TensorValue data,
      TensorValue indices) {
    int inner = indices.rank() - batchDims;
    int[] at = new int[indices.rank()];
    System.arraycopy(index, 0, at, 0, batchDims);
    System.arraycopy(index, axis, at, batchDims, inner);
    long choice = indices.integer(Index.place(at, indices.dims()));
    if (choice < 0 || choice >= data.dim(axis)) {
      throw new KotangentException(
          "index " + choice + " is out of range: expected 0 to " + (data.dim(axis) - 1));
    }
    int[] from = new int[data.rank()];
    System.arraycopy(index, 0, from, 0, axis);
    from[axis] = (int) choice;
    System.arraycopy(index, axis + inner, from, axis + 1, data.rank() - axis - 1);
    return Index.place(from, data.dims());
  }

  static TensorValue gather(Op.Gather gather, TensorValue data, TensorValue indices, int[] dims) {
    return moved(data, dims,
        index -> picked(index, gather.axis(), gather.batchDims(), data, indices));
  }

  static TensorValue scatter(Op.Scatter scatter, TensorValue base, TensorValue indices,
      TensorValue updates) {
    TensorValue result = moved(base, base.dims(), index -> Index.place(index, base.dims()));
    int[] index = new int[updates.rank()];
    for (int i = 0; i < updates.size(); i++, Index.next(index, updates.dims())) {
      add(result, picked(index, scatter.axis(), scatter.batchDims(), base, indices), updates, i);
    }
    return result;
  }

  /// The sorted values and where they came from.
  static List<TensorValue> sort(int axis, TensorValue x) {
    TensorValue values = TensorValue.zeros(x.dtype(), x.dims());
    TensorValue places = TensorValue.zeros(DType.I32, x.dims());
    int[] outer = x.dims();
    outer[axis] = Math.min(1, outer[axis]);
    int[] index = new int[outer.length];
    for (int i = 0; i < Index.size(outer); i++, Index.next(index, outer)) {
      int[] line = IntStream.range(0, x.dim(axis)).map(k -> {
        int[] at = index.clone();
        at[axis] = k;
        return Index.place(at, x.dims());
      }).toArray();
      List<Integer> order =
          IntStream.range(0, line.length).boxed().sorted(ascending(x, line)).toList();
      for (int k = 0; k < line.length; k++) {
        values.put(line[k], x, line[order.get(k)]);
        places.put(line[k], (long) order.get(k));
      }
    }
    return List.of(values, places);
  }

  private static Comparator<Integer> ascending(TensorValue x, int[] line) {
    if (!x.dtype().isFloat()) {
      return Comparator.comparingLong(k -> x.integer(line[k]));
    }
    return (i, j) -> {
      double a = x.real(line[i]);
      double b = x.real(line[j]);
      return a < b ? -1 : a > b ? 1 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    };
  }
}
