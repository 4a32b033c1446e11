package io.kotangent.rewrite;

import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Arithmetic of axis lists.
final class Axes {
  private Axes() {
  }

  /// `0, 1, …, rank-1`.
  static List<Integer> all(int rank) {
    List<Integer> axes = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      axes.add(i);
    }
    return axes;
  }

  /// The axes below `rank` that are not in the list.
  static List<Integer> others(List<Integer> axes, int rank) {
    List<Integer> others = all(rank);
    others.removeAll(axes);
    return others;
  }

  static boolean isIdentity(List<Integer> permutation) {
    for (int i = 0; i < permutation.size(); i++) {
      if (permutation.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  /// The shape of these axes of a shape.
  static Shape pick(Shape shape, List<Integer> axes) {
    List<Dim> dims = new ArrayList<>(axes.size());
    for (int axis : axes) {
      dims.add(shape.dim(axis));
    }
    return new Shape(dims);
  }

  /// For each of the axes, the element of the list at it.
  static <T> List<T> at(List<T> list, List<Integer> axes) {
    List<T> result = new ArrayList<>(axes.size());
    for (int axis : axes) {
      result.add(list.get(axis));
    }
    return result;
  }

  /// An operand's labels, when the operand is the transpose (by the permutation) of what takes its place.
  static String untransposed(String labels, List<Integer> permutation) {
    char[] result = new char[labels.length()];
    for (int i = 0; i < result.length; i++) {
      result[permutation.get(i)] = labels.charAt(i);
    }
    return new String(result);
  }
}
