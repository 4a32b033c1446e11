package io.kotangent.train;

import io.kotangent.data.Dataset;
import io.kotangent.runtime.ConcurrentUseException;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a program over all examples of a data set, in their order, batch by batch. Axes of any size but the first, such
 * as the words of a text, are as long as the data set's columns say; another data set may have other lengths. For one
 * thread at a time.
 */
public final class Predictor {
  /** The batch unless one is given. */
  public static final int BATCH = 256;

  private final Dataset data;
  private final int batch;
  private final Program program;
  private final Workspace workspace;
  private final Feeder feeder;
  private final int[] order;
  private final AtomicInteger claim = new AtomicInteger();
  private final List<Signature.Result> results = new ArrayList<>();

  /** Predicts in batches of {@value #BATCH}. */
  public Predictor(Program program, Dataset data) {
    this(program, data, BATCH);
  }

  /**
   * Predicts in batches of {@code batch}; results do not depend on it.
   *
   * @throws KotangentException if an input has no fitting column in the data set, or there is nothing to predict
   */
  public Predictor(Program program, Dataset data, int batch) {
    Argument.given(program, "a program");
    Argument.given(data, "a data set");
    if (batch < 1) {
      throw new KotangentException("a batch of " + batch + ": expected 1 or more");
    }
    Argument.given(program, "a program");
    if (Argument.given(data, "a data set").size() == 0) {
      throw new KotangentException("the data set is empty: there are no examples to predict");
    }
    this.program = program;
    this.data = data;
    this.batch = Math.min(batch, data.size());
    this.workspace = program.newWorkspace();
    this.feeder = new Feeder(workspace, data, this.batch, 0, Set.of(Feeder.EXAMPLE));
    this.order = new int[data.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (Signature.Result result : program.signature().results()) {
      if (feeder.isForEachExample(result.type())) {
        results.add(result);
      }
    }
    if (results.isEmpty()) {
      throw new KotangentException(
          "program " + program.name() + " has no result with a value for each example: "
              + program.signature().results());
    }
  }

  /** How many threads at most make a batch, {@link Workspace#threads}; no bit of a result depends on it. */
  public Predictor threads(int most) {
    workspace.threads(most);
    return this;
  }

  /** Sets a size that the data set's columns do not determine; see {@link Workspace#size(String, int)}. */
  public Predictor size(String symbol, int value) {
    workspace.size(symbol, value);
    return this;
  }

  /**
   * All results that have a value for each example, of all examples, each as a column of its name: of logits
   * {@code f32[batch,time,class]}, say, {@code time * class} numbers an example.
   *
   * @throws ConcurrentUseException if another thread uses this, or updates the state meanwhile: predict with a
   *     {@link ModelState#copy} of one that is trained
   */
  public Dataset predict(ModelState state) {
    Argument.given(state, "a state");
    if (!claim.compareAndSet(0, 1)) {
      throw new ConcurrentUseException("the predictor of program " + program.name()
          + " is being used by another thread: give each thread its own");
    }
    try {
      return state.read(() -> predictions(state));
    } finally {
      claim.set(0);
    }
  }

  private Dataset predictions(ModelState state) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int from = 0; from < order.length; from += batch) {
      int count = Math.min(batch, order.length - from);
      feeder.run(program, state, order, from, count);
      for (Signature.Result result : results) {
        Object some = workspace.array(result.name());
        int width = Array.getLength(some) / count;
        Object whole = all.computeIfAbsent(result.name(), name -> newColumn(result, width));
        System.arraycopy(some, 0, whole, from * width, count * width);
      }
    }
    Dataset predictions = Dataset.of(data.size());
    for (Map.Entry<String, Object> column : all.entrySet()) {
      predictions = predictions.with(column.getKey(), column.getValue());
    }
    return predictions;
  }

  private Object newColumn(Signature.Result result, int width) {
    long length = (long) width * order.length;
    if (length > Integer.MAX_VALUE - 8) {
      throw new KotangentException("result '" + result.name() + "' of program " + program.name()
          + " has " + width + " elements for each of " + order.length
          + " examples, more than an array holds; predict fewer examples at once");
    }
    return result.type().dtype().newArray((int) length);
  }

  /** The examples that are predicted. */
  public Dataset data() {
    return data;
  }
}
