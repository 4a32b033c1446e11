package io.kotangent.eval;

import io.kotangent.type.Dim;
import io.kotangent.type.ShapeException;
import java.util.Arrays;

/// Walks the places of a tensor in row-major order.
final class Index {
  private Index() {
  }

  static int size(int[] dims) {
    long size = 1;
    for (int dim : dims) {
      size *= Math.max(1, dim);
      if (size > Dim.LARGEST) {
        throw new ShapeException("a tensor of the sizes " + Arrays.toString(dims)
            + " has more than " + Dim.LARGEST + " elements (a size of 0 counts as 1)");
      }
    }
    return Arrays.stream(dims).anyMatch(dim -> dim == 0) ? 0 : (int) size;
  }

  /// The next index; all zeros after the last.
  static void next(int[] index, int[] dims) {
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      if (++index[axis] < dims[axis]) {
        return;
      }
      index[axis] = 0;
    }
  }

  /// The row-major place of an index.
  static int place(int[] index, int[] dims) {
    int place = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      place = place * dims[axis] + index[axis];
    }
    return place;
  }

  /// The index as if its axes were `axes` of it: `place[i] = index[axes[i]]`.
  static int[] pick(int[] index, int[] axes) {
    int[] picked = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      picked[i] = index[axes[i]];
    }
    return picked;
  }
}
