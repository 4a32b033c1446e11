package io.kotangent.train;

import io.kotangent.data.Dataset;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a program over all examples of a data set, in their order, batch by batch. Not thread-safe. */
public final class Predictor {
  /** The batch unless one is given. */
  public static final int BATCH = 256;

  private final Dataset data;
  private final int batch;
  private final Program program;
  private final Workspace workspace;
  private final Feeder feeder;
  private final int[] order;
  private final List<Signature.Result> results = new ArrayList<>();
  private final List<Object> batches = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

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
    if (batch < 1) {
      throw new KotangentException("a batch of " + batch + ": expected 1 or more");
    }
    this.program = program;
    this.data = data;
    this.batch = Math.min(batch, Math.max(1, data.size()));
    this.workspace = program.newWorkspace();
    this.feeder = new Feeder(workspace, data, this.batch, 0, Set.of(Feeder.EXAMPLE));
    this.order = new int[data.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (Signature.Result result : program.signature().results()) {
      if (result.type().rank() > 0 && !result.type().dim(0).isConstant()) {
        int width = width(result);
        Object array = result.type().dtype().newArray((long) this.batch * width);
        workspace.result(result.name(), array);
        results.add(result);
        batches.add(array);
        widths.add(width);
      }
    }
    if (results.isEmpty()) {
      throw new KotangentException(
          "program " + program.name() + " has no result with a value for each example: "
              + program.signature().results());
    }
  }

  private static int width(Signature.Result result) {
    List<Dim> inner = result.type().shape().dims().subList(1, result.type().rank());
    return new Shape(inner).size().evaluateInt(Map.of());
  }

  /** How many threads at most make a batch, {@link Workspace#threads}; no bit of a result depends on it. */
  public Predictor threads(int most) {
    workspace.threads(most);
    return this;
  }

  /** All results that have a value for each example, of all examples, each as a column of its name. */
  public Dataset predict(ModelState state) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      all.put(results.get(i).name(),
          results.get(i).type().dtype().newArray((long) data.size() * widths.get(i)));
    }
    for (int from = 0; from < order.length; from += batch) {
      int count = Math.min(batch, order.length - from);
      feeder.feed(order, from, count);
      program.run(workspace, state);
      for (int i = 0; i < results.size(); i++) {
        int width = widths.get(i);
        System.arraycopy(batches.get(i), 0, all.get(results.get(i).name()), from * width,
            count * width);
      }
    }
    Dataset predictions = Dataset.of(data.size());
    for (Map.Entry<String, Object> column : all.entrySet()) {
      predictions = predictions.with(column.getKey(), column.getValue());
    }
    return predictions;
  }

  /** The examples that are predicted. */
  public Dataset data() {
    return data;
  }
}
