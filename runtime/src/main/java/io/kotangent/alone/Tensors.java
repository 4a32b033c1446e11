package io.kotangent.alone;

import java.util.Arrays;
import java.util.Objects;

/**
 * Several named arrays that one method returns and another takes, such as gradients: between the two they can be added up, scaled
 * or sent elsewhere. For one thread at a time.
 */
public final class Tensors {
  private final String[] names;
  private final Object[] arrays;

  Tensors(String[] names, Object... arrays) {
    this.names = names;
    this.arrays = arrays;
  }

  /** The names of the arrays, in their order. */
  public String[] names() {
    return names.clone();
  }

  /** The array of that name, not a copy. */
  public Object get(String name) {
    Object found = find(name);
    if (found == Elements.NONE) {
      throw new IllegalArgumentException(
          "no array '" + name + "': expected one of " + Arrays.toString(names));
    }
    return found;
  }

  Object find(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return arrays[i];
      }
    }
    return Elements.NONE;
  }

  /** Adds the numbers of others of the same names and lengths to these of floating point. */
  public void add(Tensors others) {
    Objects.requireNonNull(others, "add: tensors are null");
    for (int i = 0; i < names.length; i++) {
      Object other = others.get(names[i]);
      if (!Elements.fits(Elements.type(arrays[i]), other, Elements.length(arrays[i]))) {
        throw Elements.unfit(names[i], Elements.type(arrays[i]), other,
            Elements.length(arrays[i]));
      }
      if (arrays[i] instanceof float[] a) {
        float[] b = (float[]) other;
        for (int k = 0; k < a.length; k++) {
          a[k] += b[k];
        }
      } else if (arrays[i] instanceof double[] a) {
        double[] b = (double[]) other;
        for (int k = 0; k < a.length; k++) {
          a[k] += b[k];
        }
      }
    }
  }

  /** Multiplies the numbers of floating point. */
  public void scale(double factor) {
    for (Object array : arrays) {
      if (array instanceof float[] a) {
        for (int k = 0; k < a.length; k++) {
          a[k] *= (float) factor;
        }
      } else if (array instanceof double[] a) {
        for (int k = 0; k < a.length; k++) {
          a[k] *= factor;
        }
      }
    }
  }
}
