package io.kotangent.train;

import io.kotangent.data.Dataset;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Gathers minibatches of a data set into arrays of its own and feeds them; allocates nothing after construction. */
final class Feeder {
  /** Ports that are fed by the trainer unless the data set has a column of that name. */
  static final String RATE = "rate";
  static final String SEED = "seed";
  static final String EXAMPLE = "example";

  private record Feed(Port port, Dataset.Column column, Object array) {
  }

  private final Workspace workspace;
  private final List<Feed> feeds = new ArrayList<>();
  private final long[] examples;
  private final Object rate;

  /** Feeds batches of at most {@code batch} examples to the program of {@code workspace}. */
  Feeder(Workspace workspace, Dataset data, int batch, long seed, Set<String> own) {
    this.workspace = workspace;
    long[] noExamples = new long[0];
    Object noRate = noExamples;
    for (Port port : workspace.signature().inputs()) {
      if (data.has(port.name())) {
        feeds.add(feed(port, data.column(port.name()), batch));
      } else if (own.contains(port.name()) && port.name().equals(EXAMPLE)) {
        require(port, DType.I64, port.type().rank() == 1);
        noExamples = new long[batch];
      } else if (own.contains(port.name()) && port.name().equals(SEED)) {
        require(port, DType.I64, port.type().isScalar());
        workspace.feed(SEED, seed);
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
  }

  private void require(Port port, DType dtype, boolean fits) {
    if (port.type().dtype() != dtype || !fits) {
      throw new KotangentException("input " + port + " of program " + workspace.signature().name()
          + " cannot be fed by the trainer: expected 'seed: i64', 'example: i64[batch]' or a float scalar 'rate'; "
          + "rename it, and give the data set a column for it");
    }
  }

  private Feed feed(Port port, Dataset.Column column, int batch) {
    Shape shape = port.type().shape();
    if (column.dtype() != port.type().dtype()) {
      throw new KotangentException(
          "input " + port + " of program " + workspace.signature().name() + ": column '"
              + column.name() + "' is " + column.dtype() + ", expected " + port.type().dtype());
    }
    Dim width = new Shape(shape.dims().subList(Math.min(1, shape.rank()), shape.rank())).size();
    if (shape.rank() == 0 || width.isConstant() && !width.is(column.width())) {
      throw new KotangentException(
          "input " + port + " of program " + workspace.signature().name() + ": column '"
              + column.name() + "' has " + column.width() + " elements an example, expected "
              + (shape.rank() == 0 ? "a port whose first axis is the batch" : width));
    }
    return new Feed(port, column,
        column.dtype().newArray((long) batch * column.width()));
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

  /** Feeds the examples {@code order[from] …}, {@code count} of them. */
  void feed(int[] order, int from, int count) {
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
          return "column '" + feed.column.name() + "' of example " + order[from + i / width]
              + " is " + value
              + " (element " + i % width + ")";
        }
      }
    }
    return "";
  }
}
