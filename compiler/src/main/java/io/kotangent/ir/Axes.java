package io.kotangent.ir;

import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Arithmetic of axis lists.
public final class Axes {
  private Axes() {
  }

  /// `0, 1, …, rank-1`.
  public static List<Integer> all(int rank) {
    List<Integer> axes = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      axes.add(i);
    }
    return axes;
  }

  /// The axes below `rank` that are not in the list, increasing.
  public static List<Integer> others(List<Integer> axes, int rank) {
    List<Integer> others = all(rank);
    others.removeAll(axes);
    return others;
  }

  public static boolean isIdentity(List<Integer> permutation) {
    for (int i = 0; i < permutation.size(); i++) {
      if (permutation.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  public static List<Integer> inverse(List<Integer> permutation) {
    List<Integer> inverse = new ArrayList<>(permutation);
    for (int i = 0; i < permutation.size(); i++) {
      inverse.set(permutation.get(i), i);
    }
    return inverse;
  }

  /// The shape of these axes of a shape.
  public static Shape pick(Shape shape, List<Integer> axes) {
    List<Dim> dims = new ArrayList<>(axes.size());
    for (int axis : axes) {
      dims.add(shape.dim(axis));
    }
    return new Shape(dims);
  }

  /// For each of the axes, the element of the list at it.
  public static <T> List<T> at(List<T> list, List<Integer> axes) {
    List<T> result = new ArrayList<>(axes.size());
    for (int axis : axes) {
      result.add(list.get(axis));
    }
    return result;
  }

  /// Lists, one behind the other.
  @SafeVarargs
  public static <T> List<T> join(List<T>... lists) {
    List<T> all = new ArrayList<>();
    for (List<T> list : lists) {
      all.addAll(list);
    }
    return all;
  }

  /// An operand's labels, when the operand is the transpose (by the permutation) of what takes its place.
  public static String untransposed(String labels, List<Integer> permutation) {
    char[] result = new char[labels.length()];
    for (int i = 0; i < result.length; i++) {
      result[permutation.get(i)] = labels.charAt(i);
    }
    return new String(result);
  }
}
