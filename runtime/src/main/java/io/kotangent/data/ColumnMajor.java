package io.kotangent.data;

import io.kotangent.type.TensorType;

/** Puts elements that come in Fortran order, the first index changing fastest, to where row-major order has them. */
final class ColumnMajor {
  private final int[] sizes;
  private final int[] strides;
  private final int[] index;
  private final int[] places;
  private int place;

  /** For at most {@code most} elements at a time of a tensor that has some. */
  ColumnMajor(TensorType type, int most) {
    sizes = type.shape().dims().stream().mapToInt(size -> (int) size.constant()).toArray();
    strides = new int[sizes.length];
    index = new int[sizes.length];
    places = new int[most];
    int stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= sizes[axis];
    }
  }

  /** Copies the next {@code count} elements; both arrays are of the tensor's type. */
  void put(Object some, int count, Object into) {
    for (int i = 0; i < count; i++) {
      places[i] = place;
      step();
    }
    if (some instanceof float[] from && into instanceof float[] to) {
      for (int i = 0; i < count; i++) {
        to[places[i]] = from[i];
      }
    } else if (some instanceof double[] from && into instanceof double[] to) {
      for (int i = 0; i < count; i++) {
        to[places[i]] = from[i];
      }
    } else if (some instanceof int[] from && into instanceof int[] to) {
      for (int i = 0; i < count; i++) {
        to[places[i]] = from[i];
      }
    } else if (some instanceof long[] from && into instanceof long[] to) {
      for (int i = 0; i < count; i++) {
        to[places[i]] = from[i];
      }
    } else if (some instanceof boolean[] from && into instanceof boolean[] to) {
      for (int i = 0; i < count; i++) {
        to[places[i]] = from[i];
      }
    }
  }

  private void step() {
    for (int axis = 0; axis < sizes.length; axis++) {
      place += strides[axis];
      if (++index[axis] < sizes[axis]) {
        return;
      }
      index[axis] = 0;
      place -= sizes[axis] * strides[axis];
    }
  }
}
