package io.kotangent.data;

import io.kotangent.type.Argument;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.lang.reflect.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Examples: a fixed number of them, each with a value for every column. A column is one array, example after example,
 * and is named like the input port that it feeds. Immutable as long as nobody writes to the arrays that were put in,
 * which are kept, not copied.
 */
public final class Dataset {
  /** One column: {@code values} is a primitive array of {@code dtype}, {@code width} elements an example. */
  public record Column(String name, DType dtype, int width, Object values) {
    /** Refuses values of another type or length. */
    public Column {
      Argument.given(name, "the name of a column");
      Argument.given(dtype, "an element type");
      if (!dtype.isArray(Argument.given(values, "an array")) || width < 0
          || (width == 0 ? Array.getLength(values) > 0 : Array.getLength(values) % width != 0)) {
        throw new KotangentException("column '" + name + "': expected an array of " + dtype + ", "
            + width + " elements an example, got " + values.getClass().getSimpleName()
            + (values.getClass().isArray() ? " of " + Array.getLength(values) : ""));
      }
    }
  }

  /** Two parts. */
  public record Split(Dataset train, Dataset test) {
  }

  private final int size;
  private final Map<String, Column> columns;

  private Dataset(int size, Map<String, Column> columns) {
    this.size = size;
    this.columns = columns;
  }

  /** So many examples that have no columns yet. */
  public static Dataset of(int examples) {
    if (examples < 0) {
      throw new KotangentException("a data set of " + examples + " examples: expected 0 or more");
    }
    return new Dataset(examples, new LinkedHashMap<>());
  }

  /**
   * This with one column more (or replaced): a primitive array whose length is a multiple of the number of examples.
   *
   * @throws KotangentException if it is something else
   */
  public Dataset with(String name, Object values) {
    if (name == null) {
      throw new KotangentException(
          "a column whose name is null: expected that of the input it feeds");
    }
    for (DType dtype : DType.values()) {
      if (dtype.isArray(values)) {
        int length = Array.getLength(values);
        if (size == 0 ? length != 0 : length % size != 0) {
          throw new KotangentException("column '" + name + "': " + length + " elements for " + size
              + " examples: expected a multiple");
        }
        Map<String, Column> more = new LinkedHashMap<>(columns);
        more.put(name, new Column(name, dtype, size == 0 ? 1 : length / size, values));
        return new Dataset(size, more);
      }
    }
    throw new KotangentException(
        "column '" + name + "': expected float[], double[], int[], long[] or boolean[], got "
            + (values == null ? "null" : values.getClass().getSimpleName())
            + "; give one flat array, example after example");
  }

  /** This with a column under another name. */
  public Dataset renamed(String from, String to) {
    Column renamed = column(from);
    Argument.given(to, "the name of a column");
    Map<String, Column> others = new LinkedHashMap<>();
    for (Column column : columns.values()) {
      String name = column.name.equals(from) ? to : column.name;
      if (others.put(name,
          column == renamed ? new Column(to, column.dtype, column.width, column.values) : column)
          != null) {
        throw new KotangentException(
            "column '" + from + "' cannot be renamed to '" + to + "': there is one");
      }
    }
    return new Dataset(size, others);
  }

  /** The number of examples. */
  public int size() {
    return size;
  }

  /** All columns, in the order in which they were added. */
  public List<Column> columns() {
    return List.copyOf(columns.values());
  }

  /** Whether there is a column of that name. */
  public boolean has(String name) {
    return columns.containsKey(name);
  }

  /** The column of that name; a {@link KotangentException} lists the known ones. */
  public Column column(String name) {
    Column column = columns.get(name);
    if (column == null) {
      throw new KotangentException(
          "the data set has no column '" + name + "': expected one of " + columns.keySet());
    }
    return column;
  }

  /** The array of an {@code f32} column, not a copy. */
  public float[] floats(String name) {
    if (column(name).values instanceof float[] floats) {
      return floats;
    }
    throw other(name, DType.F32);
  }

  /** The array of an {@code i32} column, not a copy. */
  public int[] ints(String name) {
    if (column(name).values instanceof int[] ints) {
      return ints;
    }
    throw other(name, DType.I32);
  }

  /** The array of an {@code f64} column, not a copy. */
  public double[] doubles(String name) {
    if (column(name).values instanceof double[] doubles) {
      return doubles;
    }
    throw other(name, DType.F64);
  }

  private KotangentException other(String name, DType expected) {
    DType dtype = column(name).dtype;
    String accessor = switch (dtype) {
      case F32 -> "floats";
      case F64 -> "doubles";
      case I32 -> "ints";
      case I64, BOOL -> "column";
    };
    return new KotangentException("column '" + name + "' is " + dtype + ", not " + expected
        + "; read it by " + accessor + "(\"" + name + "\")"
        + (accessor.equals("column") ? ".values()" : ""));
  }

  /**
   * The examples {@code order[0], order[1] …}, copied.
   *
   * @throws KotangentException if there is no such example
   */
  public Dataset select(int[] order) {
    for (int example : Argument.given(order, "the indices of examples")) {
      checkExample(example, size);
    }
    Map<String, Column> selected = new LinkedHashMap<>();
    for (Column column : columns.values()) {
      Object values = column.dtype.newArray((long) order.length * column.width);
      gather(column, order, 0, order.length, values);
      selected.put(column.name, new Column(column.name, column.dtype, column.width, values));
    }
    return new Dataset(order.length, selected);
  }

  /** The examples from {@code from} (included) to {@code to} (excluded), copied. */
  public Dataset slice(int from, int to) {
    if (from < 0 || to < from || to > size) {
      throw new KotangentException("examples " + from + " to " + to + " of a data set of " + size);
    }
    int[] order = new int[to - from];
    for (int i = 0; i < order.length; i++) {
      order[i] = from + i;
    }
    return select(order);
  }

  /** All examples in the order that {@code seed} stands for ({@link Shuffle}), copied. */
  public Dataset shuffled(long seed) {
    return select(Shuffle.order(size, seed));
  }

  /**
   * Two parts, after shuffling by {@code seed}: {@code test} has {@code fraction} of the examples, rounded to the
   * nearest, {@code train} the others.
   */
  public Split split(double fraction, long seed) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new KotangentException("a fraction of " + fraction + ": expected 0 to 1");
    }
    Dataset shuffled = shuffled(seed);
    int test = (int) Math.rint(size * fraction);
    return new Split(shuffled.slice(test, size), shuffled.slice(0, test));
  }

  /**
   * Copies the examples {@code order[from] …}, {@code count} of them, one after the other to the start of {@code into},
   * an array of the column's type. Allocates nothing.
   *
   * @throws KotangentException if there is no such example or no room for so many, or {@code into} is of another type
   */
  public static void gather(Column column, int[] order, int from, int count, Object into) {
    int width = Argument.given(column, "a column").width;
    checkGather(column, Argument.given(order, "the indices of examples"), from, count,
        Argument.given(into, "an array to copy to"));
    if (width == 1) {
      gatherSingles(column.values, order, from, count, into);
      return;
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(column.values, order[from + i] * width, into, i * width, width);
    }
  }

  private static void checkGather(Column column, int[] order, int from, int count, Object into) {
    if (from < 0 || count < 0 || count > order.length - from) {
      throw new KotangentException(
          "asked for " + count + " examples from place " + from + " of an order of "
              + order.length);
    }
    if (!column.dtype.isArray(into) || Array.getLength(into) < (long) count * column.width) {
      throw new KotangentException("column '" + column.name + "': expected an array of "
          + column.dtype + " of at least " + (long) count * column.width
          + " elements to copy to, got "
          + into.getClass().getSimpleName()
          + (into.getClass().isArray() ? " of " + Array.getLength(into) : ""));
    }
    int examples =
        column.width == 0 ? Integer.MAX_VALUE : Array.getLength(column.values) / column.width;
    for (int i = from; i < from + count; i++) {
      checkExample(order[i], examples);
    }
  }

  private static void checkExample(int example, int examples) {
    if (example < 0 || example >= examples) {
      throw new KotangentException("example " + example + " of a data set of " + examples
          + ": expected one from 0 to " + (examples - 1));
    }
  }

  private static void gatherSingles(Object values, int[] order, int from, int count, Object into) {
    if (values instanceof int[] ints && into instanceof int[] target) {
      for (int i = 0; i < count; i++) {
        target[i] = ints[order[from + i]];
      }
    } else if (values instanceof float[] floats && into instanceof float[] target) {
      for (int i = 0; i < count; i++) {
        target[i] = floats[order[from + i]];
      }
    } else {
      for (int i = 0; i < count; i++) {
        System.arraycopy(values, order[from + i], into, i, 1);
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(size).append(" examples");
    for (Column column : columns.values()) {
      text.append(", ").append(column.name).append(' ').append(column.dtype).append('[')
          .append(column.width)
          .append(']');
    }
    return text.toString();
  }
}
