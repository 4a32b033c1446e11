package io.kotangent.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The dimensions of a tensor, outermost first. A scalar has none. */
public record Shape(List<Dim> dims) {
  public static final Shape SCALAR = new Shape(List.of());

  /** Copies the dimensions. */
  public Shape {
    dims = List.copyOf(dims);
  }

  /** The shape of these sizes. */
  public static Shape of(Dim... dims) {
    return dims.length == 0 ? SCALAR : new Shape(Arrays.asList(dims));
  }

  /** The shape of these constant sizes. */
  public static Shape of(long... sizes) {
    List<Dim> dims = new ArrayList<>(sizes.length);
    for (long size : sizes) {
      dims.add(Dim.of(size));
    }
    return new Shape(dims);
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /** The size along an axis, counted from 0. */
  public Dim dim(int axis) {
    return dims.get(axis);
  }

  /** The number of elements. */
  public Dim size() {
    Dim size = Dim.ONE;
    for (Dim dim : dims) {
      size = size.times(dim);
    }
    return size;
  }

  /** Whether an {@code int} may count its elements, even if sizes that are 0, or may be 0, were 1. */
  public boolean isAddressable() {
    long size = 1;
    for (Dim dim : dims) {
      // both factors are at most 2^31
      size *= Math.min(Math.max(least(dim), 1), Integer.MAX_VALUE);
      if (size > Dim.LARGEST) {
        return false;
      }
    }
    return true;
  }

  /** What the size has at least, as far as that is easily seen. */
  private static long least(Dim dim) {
    return dim.isAtLeast(dim.constantTerm()) ? dim.constantTerm() : 0;
  }

  /** How far apart neighbors along each axis are when elements lie in row-major order. */
  public List<Dim> strides() {
    List<Dim> strides = new ArrayList<>(dims);
    Dim stride = Dim.ONE;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      strides.set(axis, stride);
      stride = stride.times(dim(axis));
    }
    return strides;
  }

  /** The sizes for given symbols, each checked to be a non-negative {@code int}. */
  public int[] evaluate(Map<String, Long> symbols) {
    int[] sizes = new int[dims.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = dims.get(i).evaluateInt(symbols);
    }
    return sizes;
  }

  /** The bracketed text, {@code [batch,10]}; a scalar's is empty. */
  @Override
  public String toString() {
    return dims.isEmpty()
        ? ""
        : dims.stream().map(Dim::toString).collect(Collectors.joining(",", "[", "]"));
  }
}
