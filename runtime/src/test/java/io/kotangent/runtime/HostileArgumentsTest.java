package io.kotangent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Csv;
import io.kotangent.data.Dataset;
import io.kotangent.data.Idx;
import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.data.Shuffle;
import io.kotangent.data.Standardizer;
import io.kotangent.data.Table;
import io.kotangent.data.TextFile;
import io.kotangent.train.ConfusionMatrix;
import io.kotangent.train.EpochReport;
import io.kotangent.train.Metric;
import io.kotangent.train.Predictor;
import io.kotangent.train.ProgressReport;
import io.kotangent.train.Trainer;
import io.kotangent.train.TrainingReport;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What callers may get wrong is an error of ours that says what was expected, whatever was given. */
@SuppressWarnings("NullAway")
class HostileArgumentsTest {
  private static final int MOST = Integer.MAX_VALUE;
  private static final int LEAST = Integer.MIN_VALUE;

  @TempDir private Path folder;
  private final Dataset data = Dataset.of(4).with("x", new float[8]).with("y", new float[4])
      .with("label", new int[] {0, 1, 1, 0}).with("empty", new int[0]).with("none", new float[0]);
  private final Program step = Line.step();
  private final ModelState state = step.newState();
  private final Workspace workspace = step.newWorkspace();
  private final TensorType pair = TensorType.of(DType.F32, 2L);
  private final Csv.Options options = Csv.Options.of(Csv.Header.NONE);
  private final Map<String, Executable> calls = new LinkedHashMap<>();

  /** The method that a call is of stands before the blank. */
  private void call(String name, Executable call) {
    assertTrue(calls.put(name, call) == null, name);
  }

  private List<String> failures(boolean sayNull) {
    List<String> failures = new ArrayList<>();
    calls.forEach((name, call) -> {
      try {
        call.execute();
        failures.add(name + ": nothing");
      } catch (KotangentException e) {
        if (sayNull && !e.getMessage().contains("null")
            || !e.getMessage()
                .matches("(?s).*(expected|of a data set|no |asked for|is not there yet).*")) {
          failures.add(name + ": " + e.getMessage());
        }
      } catch (Throwable e) {
        failures.add(name + ": " + e);
      }
    });
    return failures;
  }

  private static <T> List<T> none() {
    return Collections.singletonList(null);
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    Path file = Files.write(folder.resolve("some.csv"), "1,2\n".getBytes());
    dataCalls(file);
    tensorCalls(file);
    trainCalls();
    runtimeCalls();
    assertEquals(List.of(), failures(true));
    assertEquals(Set.of(), uncalled());
  }

  private void dataCalls(Path file) {
    call("Csv.read bytes", () -> Csv.read(null, "s", options));
    call("Csv.read source", () -> Csv.read(new byte[0], null, options));
    call("Csv.read options", () -> Csv.read(new byte[] {'1'}, "s", null));
    call("Csv.read file", () -> Csv.read(null, options));
    call("Csv.read file's options", () -> Csv.read(file, null));
    call("Options.of", () -> Csv.Options.of(null));
    call("Options.classes", () -> options.classes((String[]) null));
    call("Options.classes one", () -> options.classes("a", null));
    call("Options.skipping", () -> options.skipping((String[]) null));
    call("Options.missing", () -> options.missing(null));
    call("Options.new", () -> new Csv.Options(Csv.Header.NONE, ',', 0, null, List.of(),
        Csv.Missing.refused()));
    call("Missing.marked", () -> Csv.Missing.mean().marked((String[]) null));
    call("Missing.marked one", () -> Csv.Missing.mean().marked("?", null));
    call("Missing.new", () -> new Csv.Missing(null, 0, List.of()));
    call("Missing.new marks", () -> new Csv.Missing(Csv.Missing.Policy.MEAN, 0, null));
    call("Dataset.column", () -> data.column(null));
    call("Dataset.floats", () -> data.floats(null));
    call("Dataset.doubles", () -> data.doubles(null));
    call("Dataset.ints", () -> data.ints(null));
    call("Dataset.gather column", () -> Dataset.gather(null, new int[1], 0, 1, new float[2]));
    call("Dataset.gather order",
        () -> Dataset.gather(data.column("x"), null, 0, 1, new float[2]));
    call("Dataset.gather into", () -> Dataset.gather(data.column("x"), new int[1], 0, 1, null));
    call("Dataset.renamed", () -> data.renamed(null, "z"));
    call("Dataset.renamed to", () -> data.renamed("x", null));
    call("Dataset.with", () -> data.with("z", null));
    call("Dataset.with name", () -> data.with(null, new int[3]));
    call("Dataset.select", () -> data.select(null));
    call("Column.new name", () -> new Dataset.Column(null, DType.F32, 1, new float[1]));
    call("Column.new type", () -> new Dataset.Column("x", null, 1, new float[1]));
    call("Column.new values", () -> new Dataset.Column("x", DType.F32, 1, null));
    call("Idx.read", () -> Idx.read(null));
    call("Idx.read bytes", () -> Idx.read(null, "s"));
    call("Idx.read source", () -> Idx.read(new byte[4], null));
    call("Idx.images", () -> Idx.images(null, file, 10));
    call("Shuffle.into", () -> Shuffle.into(null, 0));
    call("Standardizer.of", () -> Standardizer.of(null, "x"));
    call("Standardizer.of column", () -> Standardizer.of(data, null));
    call("Standardizer.apply", () -> Standardizer.of(data, "x").apply(null));
    call("Standardizer.new", () -> new Standardizer(null, new double[1], new double[1]));
    call("Standardizer.new mean", () -> new Standardizer("x", null, new double[1]));
    call("Standardizer.new deviation", () -> new Standardizer("x", new double[1], null));
    Table table = new Table(List.of(), List.of(), 1, new float[2], new int[2]);
    call("Table.dataset", () -> table.dataset(null, "l"));
    call("Table.dataset label", () -> table.dataset("x", null));
    call("Table.features", () -> table.features(null));
    call("Table.new names", () -> new Table(null, List.of(), 1, new float[2], new int[2]));
    call("Table.new name", () -> new Table(none(), List.of(), 1, new float[2], new int[2]));
    call("Table.new classes", () -> new Table(List.of(), null, 1, new float[2], new int[2]));
    call("Table.new features", () -> new Table(List.of(), List.of(), 1, null, new int[2]));
    call("Table.new labels", () -> new Table(List.of(), List.of(), 1, new float[2], null));
    call("TextFile.read", () -> TextFile.read(null));
    call("TextFile.write", () -> TextFile.write(null, "t"));
    call("TextFile.write text", () -> TextFile.write(folder.resolve("t"), null));
  }

  private void tensorCalls(Path file) {
    SafeTensors read = SafeTensors.read(SafeTensors.bytes(Map.of(), List.of()), "s");
    call("NamedTensor.new", () -> new NamedTensor(null, pair, new float[2]));
    call("NamedTensor.new type", () -> new NamedTensor("w", null, new float[2]));
    call("NamedTensor.new values", () -> new NamedTensor("w", pair, null));
    call("SafeTensors.bytes", () -> SafeTensors.bytes(null, List.of()));
    call("SafeTensors.bytes key",
        () -> SafeTensors.bytes(Collections.singletonMap(null, "v"), List.of()));
    call("SafeTensors.bytes value",
        () -> SafeTensors.bytes(Collections.singletonMap("k", null), List.of()));
    call("SafeTensors.bytes tensors", () -> SafeTensors.bytes(Map.of(), null));
    call("SafeTensors.bytes tensor", () -> SafeTensors.bytes(Map.of(), none()));
    call("SafeTensors.write", () -> SafeTensors.write(null, Map.of(), List.of()));
    call("SafeTensors.write tensors", () -> SafeTensors.write(file, Map.of(), null));
    call("SafeTensors.read", () -> SafeTensors.read(null));
    call("SafeTensors.read bytes", () -> SafeTensors.read(null, "s"));
    call("SafeTensors.read source", () -> SafeTensors.read(new byte[0], null));
    call("SafeTensors.tensor", () -> read.tensor(null));
    call("SafeTensors.stored", () -> read.stored(null));
    call("SafeTensors.save", () -> SafeTensors.save(null, state));
    call("SafeTensors.save state", () -> SafeTensors.save(file, null));
    call("SafeTensors.save ports", () -> SafeTensors.save(file, state, null));
    call("SafeTensors.save port", () -> SafeTensors.save(file, state, none()));
    call("SafeTensors.load", () -> SafeTensors.load(null, state));
    call("SafeTensors.load state", () -> SafeTensors.load(file, null));
    call("SafeTensors.load ports", () -> SafeTensors.load(file, state, null));
    call("SafeTensors.load port", () -> {
      SafeTensors.save(folder.resolve("w"), state);
      SafeTensors.load(folder.resolve("w"), state, none());
    });
  }

  private void trainCalls() {
    ConfusionMatrix matrix = matrix();
    Trainer trainer = Trainer.of(step, state, data);
    Predictor predictor = new Predictor(Line.predict(), data);
    call("ConfusionMatrix.of", () -> ConfusionMatrix.of(null, "x", data, "label"));
    call("ConfusionMatrix.of scores", () -> ConfusionMatrix.of(data, null, data, "label"));
    call("ConfusionMatrix.of data", () -> ConfusionMatrix.of(data, "x", null, "label"));
    call("ConfusionMatrix.of label", () -> ConfusionMatrix.of(data, "x", data, null));
    call("ConfusionMatrix.table", () -> matrix.table(null));
    call("ConfusionMatrix.table name", () -> matrix.table(Arrays.asList("a", null)));
    call("EpochReport.new", () -> new EpochReport(1, 1, 0, 0, null));
    call("TrainingReport.new", () -> new TrainingReport(null, 1, 0, false));
    call("Metric.new", () -> new Metric(null, (p, d) -> 0));
    call("Metric.new measure", () -> new Metric("m", null));
    call("Metric.accuracy", () -> Metric.accuracy(null, "label"));
    call("Metric.accuracy label", () -> Metric.accuracy("x", null));
    call("Metric.binaryAccuracy", () -> Metric.binaryAccuracy(null, "y", 0));
    call("Metric.binaryAccuracy target", () -> Metric.binaryAccuracy("y", null, 0));
    call("Metric.meanSquaredError", () -> Metric.meanSquaredError(null, "y"));
    call("Metric.meanSquaredError target", () -> Metric.meanSquaredError("y", null));
    call("Metric.r2", () -> Metric.r2(null, "y"));
    call("Metric.r2 target", () -> Metric.r2("y", null));
    call("Metric.named", () -> Metric.r2("y", "y").named(null));
    for (Metric metric : metrics("x", "label", "y")) {
      call("Measure.of " + metric.name(), () -> metric.measure().of(null, data));
      call("Measure.of data " + metric.name(), () -> metric.measure().of(data, null));
    }
    call("Predictor.new", () -> new Predictor(null, data));
    call("Predictor.new data", () -> new Predictor(Line.predict(), null));
    call("Predictor.predict", () -> predictor.predict(null));
    call("Predictor.size", () -> predictor.size(null, 1));
    call("ProgressReport.lines", () -> ProgressReport.lines(null));
    call("ProgressReport.terminal", () -> ProgressReport.terminal(null));
    call("Trainer.of", () -> Trainer.of(null, state, data));
    call("Trainer.of state", () -> Trainer.of(step, null, data));
    call("Trainer.of data", () -> Trainer.of(step, state, null));
    call("Trainer.loss", () -> trainer.loss(null));
    call("Trainer.listen", () -> trainer.listen(null));
    call("Trainer.explainedBy", () -> trainer.explainedBy(null));
    call("Trainer.rate", () -> trainer.rate(null));
    call("Trainer.size", () -> trainer.size(null, 1));
    call("Trainer.validate", () -> trainer.validate(null, data));
    call("Trainer.validate data", () -> trainer.validate(Line.predict(), null));
    call("Trainer.validate metrics",
        () -> trainer.validate(Line.predict(), data, (Metric[]) null));
    call("Trainer.validate metric", () -> trainer.validate(Line.predict(), data, (Metric) null));
  }

  private void runtimeCalls() {
    call("ModelState.waitingFor", () -> ModelState.waitingFor(state.layout(), null));
    call("ModelState.array", () -> state.array(null));
    call("ModelState.arrays", () -> state.arrays(null));
    call("ModelState.arrays one", () -> state.arrays(none()));
    call("ModelState.booleans", () -> state.booleans(null));
    call("ModelState.doubles", () -> state.doubles(null));
    call("ModelState.floats", () -> state.floats(null));
    call("ModelState.ints", () -> state.ints(null));
    call("ModelState.longs", () -> state.longs(null));
    call("ModelState.copyFrom", () -> state.copyFrom(null));
    call("ModelState.read", () -> state.read(null));
    call("ModelState.set", () -> state.set(null, new float[2]));
    call("ModelState.set values", () -> state.set("w", null));
    call("ModelState.setAll", () -> state.setAll(null));
    call("ModelState.setAll name", () -> state.setAll(Collections.singletonMap(null, 1)));
    call("ModelState.setAll values", () -> state.setAll(Collections.singletonMap("w", null)));
    call("ModelState.sha256", () -> state.sha256(null));
    call("ModelState.sha256 port", () -> state.sha256(none()));
    call("ModelState.zeros", () -> ModelState.zeros(null));
    call("Program.run", () -> step.run(null, state));
    call("Program.run state", () -> step.run(workspace, null));
    call("Program.run alone", () -> step.run(null));
    call("StateLayout.of", () -> StateLayout.of(null));
    call("StateLayout.of port", () -> StateLayout.of(none()));
    call("StateLayout.place", () -> state.layout().place(null));
    call("Workspace.array", () -> workspace.array(null));
    call("Workspace.booleans", () -> workspace.booleans(null));
    call("Workspace.doubles", () -> workspace.doubles(null));
    call("Workspace.floats", () -> workspace.floats(null));
    call("Workspace.ints", () -> workspace.ints(null));
    call("Workspace.longs", () -> workspace.longs(null));
    call("Workspace.length", () -> workspace.length(null));
    call("Workspace.scalar", () -> workspace.scalar(null));
    call("Workspace.size", () -> workspace.size(null));
    call("Workspace.size set", () -> workspace.size(null, 1));
    call("Workspace.feed", () -> workspace.feed("x", (float[]) null));
    call("Workspace.feed port", () -> workspace.feed(null, 1f));
    call("Workspace.feedArray", () -> workspace.feedArray("x", null));
    call("Workspace.feedArray port", () -> workspace.feedArray(null, new float[2]));
    call("Workspace.feedArray some", () -> workspace.feedArray("x", null, 0));
    call("Workspace.result", () -> workspace.result("loss", null));
    call("Workspace.result name", () -> workspace.result(null, new float[1]));
  }

  /** Public methods and records that take an object and of which there is no call. */
  private Set<String> uncalled() {
    Set<String> called = new TreeSet<>();
    calls.keySet().forEach(name -> called.add(name.split(" ")[0]));
    Set<String> uncalled = new TreeSet<>();
    for (Class<?> type : List.of(Csv.class, Csv.Options.class, Csv.Missing.class, Dataset.class,
        Idx.class, NamedTensor.class, SafeTensors.class, Shuffle.class, Standardizer.class,
        Table.class, TextFile.class, ConfusionMatrix.class, Metric.class, Predictor.class,
        ProgressReport.class, Trainer.class, ModelState.class, StateLayout.class,
        Workspace.class)) {
      for (Method method : type.getDeclaredMethods()) {
        String name = type.getSimpleName() + "." + method.getName();
        if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()
            && !method.getName().equals("equals") && !called.contains(name)
            && Arrays.stream(method.getParameterTypes()).anyMatch(p -> !p.isPrimitive())) {
          uncalled.add(name);
        }
      }
    }
    // a name that is not there is not had
    uncalled.removeAll(Set.of("Dataset.has", "StateLayout.has"));
    return uncalled;
  }

  private ConfusionMatrix matrix() {
    return ConfusionMatrix.of(data, "x", data, "label");
  }

  private static List<Metric> metrics(String scores, String label, String number) {
    return List.of(Metric.accuracy(scores, label), Metric.binaryAccuracy(number, number, 0)
        .named("binary"), Metric.meanSquaredError(number, number), Metric.r2(number, number));
  }

  @Test
  void whatIsOutOfRangeIsRefused() throws Exception {
    for (int[] order : new int[][] {{4}, {5}, {-1}, {0, MOST}, {LEAST}}) {
      call("select " + Arrays.toString(order), () -> data.select(order));
      for (String column : List.of("x", "y", "label")) {
        call("gather " + Arrays.toString(order) + column, () -> Dataset.gather(data.column(column),
            order, 0, order.length, column.equals("label") ? new int[9] : new float[9]));
      }
    }
    Dataset.Column x = data.column("x");
    int[] three = {0, 1, 2};
    call("gather from", () -> Dataset.gather(x, three, -1, 1, new float[9]));
    call("gather count", () -> Dataset.gather(x, three, 0, -1, new float[9]));
    call("gather past", () -> Dataset.gather(x, three, 2, 2, new float[9]));
    call("gather over", () -> Dataset.gather(x, three, MOST, MOST, new float[9]));
    call("gather short", () -> Dataset.gather(x, three, 0, 3, new float[5]));
    call("gather type", () -> Dataset.gather(x, three, 0, 3, new int[9]));
    call("gather type 1", () -> Dataset.gather(data.column("y"), three, 0, 3, new int[9]));
    call("gather no array", () -> Dataset.gather(x, three, 0, 3, "text"));
    call("of", () -> Dataset.of(-1));
    for (int[] slice : new int[][] {{-1, 2}, {3, 2}, {0, 5}, {MOST, LEAST}, {LEAST, MOST}}) {
      call("slice " + Arrays.toString(slice), () -> data.slice(slice[0], slice[1]));
    }
    for (double fraction : new double[] {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      call("split " + fraction, () -> data.split(fraction, 0));
    }
    call("column width", () -> new Dataset.Column("x", DType.F32, -1, new float[1]));
    call("column type", () -> new Dataset.Column("x", DType.F32, 1, new int[1]));
    call("column no array", () -> new Dataset.Column("x", DType.F32, 1, "text"));
    call("column part", () -> new Dataset.Column("x", DType.F32, 2, new float[3]));
    call("order", () -> Shuffle.order(-1, 0));
    call("order least", () -> Shuffle.order(LEAST, 0));
    call("order most", () -> Shuffle.order(MOST, 0));
    call("standardizer", () -> new Standardizer("x", new double[2], new double[1]));
    call("standardizer none", () -> Standardizer.of(Dataset.of(0), "x"));
    call("standardizer width",
        () -> new Standardizer("x", new double[0], new double[0]).apply(data));
    call("table width", () -> new Table(List.of(), List.of(), -1, new float[2], new int[2]));
    call("table part", () -> new Table(List.of(), List.of(), 3, new float[4], new int[1]));
    call("table none", () -> new Table(List.of(), List.of(), 0, new float[4], new int[1]));
    Idx idx = Idx.read(new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 1, 2}, "s");
    for (int index : new int[] {-1, 2, MOST, LEAST}) {
      call("element " + index, () -> idx.element(index));
    }
    call("labels", () -> idx.labels(-1));
    call("missing", () -> Csv.Missing.value(Float.NaN));
    assertEquals(List.of(), failures(false));
  }

  @Test
  void predictionsAndLabelsWithoutElementsHaveNoMetric() {
    for (Metric metric : metrics("x", "empty", "none")) {
      call(metric.name() + " empty", () -> metric.measure().of(data, data));
    }
    for (Metric metric : metrics("none", "label", "none")) {
      call(metric.name() + " none", () -> metric.measure().of(data, data));
    }
    call("matrix empty", () -> ConfusionMatrix.of(data, "x", data, "empty"));
    call("matrix none", () -> ConfusionMatrix.of(data, "none", data, "label"));
    ConfusionMatrix matrix = matrix();
    call("table few", () -> matrix.table(List.of("a")));
    call("table no", () -> matrix.table(List.of()));
    call("table many", () -> matrix.table(List.of("a", "b", "c")));
    for (int index : new int[] {-1, 2, MOST, LEAST}) {
      call("count " + index, () -> matrix.count(index, 0));
      call("count of " + index, () -> matrix.count(0, index));
    }
    assertEquals(List.of(), failures(false));
  }

  @Test
  void countsThatAreNoneAreRefused() {
    Trainer trainer = Trainer.of(step, state, data);
    for (int count : new int[] {0, -1, LEAST}) {
      call("batch " + count, () -> trainer.batch(count));
      call("threads " + count, () -> trainer.threads(count));
      call("fromEpoch " + count, () -> trainer.fromEpoch(count));
      call("predictor " + count, () -> new Predictor(Line.predict(), data, count));
      call("predict " + count, () -> new Predictor(Line.predict(), data).threads(count));
      call("workspace threads " + count, () -> workspace.threads(count));
      call("epochs " + count, () -> trainer.epochs(Math.min(count, -1) - (count == 0 ? 1 : 0)));
      call("size " + count, () -> workspace.size("batch", Math.min(count, -1)));
      call("feed " + count, () -> workspace.feedArray("x", new float[2], Math.min(count, -1)));
    }
    call("size most", () -> workspace.size("batch", MOST));
    call("feed more", () -> workspace.feedArray("x", new float[2], 3));
    call("feed most", () -> workspace.feedArray("x", new float[2], MOST));
    call("feed text", () -> workspace.feedArray("x", "text"));
    call("result text", () -> workspace.result("loss", "text"));
    call("read before", () -> workspace.floats("loss"));
    call("set text", () -> state.set("w", "text"));
    call("set long", () -> state.set("w", new float[3]));
    assertEquals(List.of(), failures(false));
  }
}
