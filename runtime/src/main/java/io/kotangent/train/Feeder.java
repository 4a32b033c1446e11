package io.kotangent.train;

import io.kotangent.data.Dataset;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers minibatches of a data set into arrays of its own and feeds them; allocates nothing after construction. A
 * column holds example after example, so the axis of examples has to come first in every input, and nowhere else.
 */
final class Feeder {
  private static final String BATCH = "batch";

  /** Ports that are fed by the trainer unless the data set has a column of that name. */
  static final String RATE = "rate";
  static final String SEED = "seed";
  static final String EXAMPLE = "example";
  private static final String ORDER =
      ": a data set holds example after example, so expected the axis of examples first in every "
          + "input and nowhere else; declare it first, and transpose in the model";

  private record Feed(Port port, Dataset.Column column, Object array) {
  }

  private final Workspace workspace;
  private final List<Feed> feeds = new ArrayList<>();
  private final long[] examples;
  private Optional<Port> first = Optional.empty();
  private final long seed;
  private boolean seeded;
  private final Object rate;
  /** The size that is the number of examples; empty if it has no name. */
  private final String symbol;

  /** Feeds batches of at most {@code batch} examples to the program of {@code workspace}. */
  Feeder(Workspace workspace, Dataset data, int batch, long seed, Set<String> own) {
    this.workspace = workspace;
    this.seed = seed;
    if (data.size() == 0) {
      throw new KotangentException(
          "the data set is empty: there are no examples to feed to program "
              + workspace.signature().name());
    }
    long[] noExamples = new long[0];
    Object noRate = noExamples;
    for (Port port : workspace.signature().inputs()) {
      if (data.has(port.name())) {
        feeds.add(feed(port, data.column(port.name()), batch));
      } else if (own.contains(port.name()) && port.name().equals(EXAMPLE)) {
        require(port, DType.I64, port.type().rank() == 1);
        checkExamples(port);
        noExamples = new long[batch];
      } else if (own.contains(port.name()) && port.name().equals(SEED)) {
        require(port, DType.I64, port.type().isScalar());
        workspace.feed(SEED, seed);
        seeded = true;
      } else if (own.contains(port.name()) && port.name().equals(RATE)) {
        require(port, port.type().dtype(), port.type().isScalar() && port.type().dtype().isFloat());
        noRate = port.type().dtype().newArray(1);
        workspace.feedArray(RATE, noRate);
      } else {
        throw new KotangentException(
            "program " + workspace.signature().name() + " has the input " + port
                + ", but the data set has no column of that name, only " + data
                + "; name the column like the input");
      }
    }
    examples = noExamples;
    rate = noRate;
    Dim axis = first.map(port -> port.type().dim(0)).orElse(Dim.ONE);
    symbol = workspace.signature().symbols().contains(axis.toString()) ? axis.toString() : "";
  }

  private void require(Port port, DType dtype, boolean fits) {
    if (port.type().dtype() != dtype || !fits) {
      throw new KotangentException("input " + port + " of program " + workspace.signature().name()
          + " cannot be fed by the trainer: expected 'seed: i64', 'example: i64[batch]' or a float scalar 'rate'; "
          + "rename it, and give the data set a column for it");
    }
  }

  private Feed feed(Port port, Dataset.Column column, int batch) {
    if (column.dtype() != port.type().dtype()) {
      throw wrong(port,
          "column '" + column.name() + "': " + port.type().dtype().insteadOf(column.values()));
    }
    if (port.type().isScalar()) {
      throw wrong(port, "column '" + column.name() + "' has " + column.width()
          + " elements an example, expected a port whose first axis is the batch");
    }
    checkExamples(port);
    Dim width = width(port.type());
    if (width.isConstant() && !width.is(column.width())) {
      throw wrong(port, "column '" + column.name() + "' has " + column.width()
          + " elements an example, expected " + width);
    }
    return new Feed(port, column,
        column.dtype().newArray((long) batch * column.width()));
  }

  private KotangentException wrong(Port port, String detail) {
    return new KotangentException(
        "input " + port + " of program " + workspace.signature().name() + ": " + detail);
  }

  /** The first axis of {@code port} must be that of examples, and no other may be. */
  private void checkExamples(Port port) {
    Dim axis = port.type().dim(0);
    Dim other = first.orElse(port).type().dim(0);
    if (!axis.equals(other)) {
      throw wrong(port, "its first axis is " + axis + ", but that of " + first.orElse(port) + " is "
          + other + ORDER);
    }
    Set<String> symbols = symbols(axis);
    if (!symbols.contains(BATCH) && workspace.signature().symbols().contains(BATCH)) {
      throw wrong(port, "its first axis is " + axis + ", not " + BATCH + ORDER);
    }
    if (!Collections.disjoint(symbols, symbols(width(port.type())))) {
      throw wrong(port, axis + " is not only its first axis" + ORDER);
    }
    if (first.isEmpty()) {
      first = Optional.of(port);
    }
  }

  /** A first axis of one size takes batches of that size only. */
  private void checkFixed(int count) {
    if (first.isPresent() && first.get().type().dim(0).isConstant()
        && !first.get().type().dim(0).is(count)) {
      throw wrong(first.get(), "its first axis has the fixed size " + first.get().type().dim(0)
          + ", but a batch of " + count
          + " examples was to be fed; declare a batch axis of any size and put it first ("
          + "record Batch() implements Axis.Symbolic<Batch> {}), or feed full batches of "
          + first.get().type().dim(0));
    }
  }

  private static Dim width(TensorType type) {
    return new Shape(type.shape().dims().subList(1, type.rank())).size();
  }

  /** Whether there is a value of that type for each example, of a size that does not depend on how many there are. */
  boolean isForEachExample(TensorType type) {
    if (type.isScalar() || type.dim(0).isConstant() || first.isEmpty()) {
      return false;
    }
    Dim axis = first.get().type().dim(0);
    return type.dim(0).equals(axis) && Collections.disjoint(symbols(axis), symbols(width(type)));
  }

  private static Set<String> symbols(Dim dim) {
    Set<String> symbols = new HashSet<>();
    dim.collectSymbols(symbols);
    return symbols;
  }

  /** Whether the program takes a learning rate from here. */
  boolean takesRate() {
    return !(rate instanceof long[]);
  }

  void rate(double value) {
    if (rate instanceof float[] floats) {
      floats[0] = (float) value;
    } else if (rate instanceof double[] doubles) {
      doubles[0] = value;
    }
  }

  /**
   * Feeds the examples {@code order[from] …}, {@code count} of them, and runs the program on them.
   *
   * @return whether updates were committed
   */
  boolean run(Program program, ModelState state, int[] order, int from, int count) {
    feed(order, from, count);
    try {
      return program.run(workspace, state);
    } catch (FeedException e) {
      throw outOfRange(order, from, count).orElse(e);
    }
  }

  /** The element outside of its range that stopped a run, by its column and example; empty if it was something else. */
  private Optional<FeedException> outOfRange(int[] order, int from, int count) {
    for (Feed feed : feeds) {
      int width = feed.column.width();
      Optional<Fact.Range> range = feed.port.range();
      int bad = range.isEmpty() ? -1
          : firstOutside(range.get(), feed.array, count * width);
      if (bad >= 0) {
        return Optional.of(new FeedException(
            element(feed, order, from, bad) + ", expected a value from " + range.get().low()
                + " to " + range.get().high() + " for input '" + feed.port.name() + "' of program "
                + workspace.signature().name() + "; mend the data"));
      }
    }
    return Optional.empty();
  }

  private static int firstOutside(Fact.Range range, Object array, int count) {
    for (int i = 0; i < count; i++) {
      double value = Array.getDouble(array, i);
      if (!(value >= range.low() && value <= range.high())) {
        return i;
      }
    }
    return -1;
  }

  /** {@code column 'x' of example 7 is NaN (element 2)}. */
  private static String element(Feed feed, int[] order, int from, int index) {
    int width = feed.column.width();
    return "column '" + feed.column.name() + "' of example " + order[from + index / width] + " is "
        + Array.get(feed.array, index) + " (element " + index % width + ")";
  }

  /** Feeds another workspace what was fed last, as far as it takes that. */
  void feedTo(Workspace other, int count) {
    for (Port port : other.signature().inputs()) {
      for (Feed feed : feeds) {
        if (feed.port.name().equals(port.name())) {
          other.feedArray(port.name(), feed.array, count * feed.column.width());
        }
      }
      if (port.name().equals(EXAMPLE) && examples.length > 0) {
        other.feedArray(EXAMPLE, examples, count);
      } else if (port.name().equals(SEED) && seeded) {
        other.feed(SEED, seed);
      }
    }
    if (other.signature().symbols().contains(symbol)) {
      other.size(symbol, count);
    }
  }

  /** Feeds the examples {@code order[from] …}, {@code count} of them. */
  private void feed(int[] order, int from, int count) {
    checkFixed(count);
    if (!symbol.isEmpty()) {
      workspace.size(symbol, count);
    }
    for (int i = 0; i < feeds.size(); i++) {
      Feed feed = feeds.get(i);
      Dataset.gather(feed.column, order, from, count, feed.array);
      workspace.feedArray(feed.column.name(), feed.array, count * feed.column.width());
    }
    if (examples.length > 0) {
      for (int i = 0; i < count; i++) {
        examples[i] = order[from + i];
      }
      workspace.feedArray(EXAMPLE, examples, count);
    }
  }

  /** What is not finite among the floats that were fed, in words; empty if all are finite. */
  String nonFinite(int[] order, int from, int count) {
    for (Feed feed : feeds) {
      int width = feed.column.width();
      for (int i = 0; i < count * width; i++) {
        double value = feed.array instanceof float[] floats ? floats[i]
            : feed.array instanceof double[] doubles ? doubles[i] : 0;
        if (!Double.isFinite(value)) {
          return element(feed, order, from, i);
        }
      }
    }
    return "";
  }
}
