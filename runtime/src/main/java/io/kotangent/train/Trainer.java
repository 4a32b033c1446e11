package io.kotangent.train;

import io.kotangent.data.Dataset;
import io.kotangent.data.Shuffle;
import io.kotangent.runtime.ConcurrentUseException;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Trains: runs a step program over minibatches of a data set, epoch after epoch.
 *
 * <p>Inputs of the step are fed from the columns of their names. Three more are fed if the program has them and the data
 * set has not: {@code seed} (i64) with the seed, {@code example} (i64[batch]) with the examples' indices in the data set,
 * and {@code rate} (a float) with the learning rate. The order of the examples in epoch e, counted from 1, is
 * {@link Shuffle#into} of {@link Shuffle#seed}(seed, e), so it depends on nothing else, and training can go on from any
 * epoch. Nothing is allocated from step to step.
 *
 * <p>An interrupt of the thread that trains stops it after the step, as {@link Progress#stop} does; the thread stays
 * interrupted. One trainer at a time trains a state; other threads predict with a {@link ModelState#copy} of it.
 */
public final class Trainer {
  /** States that are being trained: steps of two trainers would take turns on one. */
  private static final Set<ModelState> TRAINED = ConcurrentHashMap.newKeySet();

  private final Program step;
  private final ModelState state;
  private final Dataset data;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();
  private final List<Predictor> validation = new ArrayList<>();
  private int batch = 32;
  private int firstEpoch = 1;
  private int epochs = 1;
  private long seed;
  private boolean dropPartial;
  private boolean shuffle = true;
  private Rates rates = Rates.constant(Double.NaN);
  private String loss = "loss";
  private NonFiniteCause cause = NonFiniteCause.UNKNOWN;
  private OptionalInt threads = OptionalInt.empty();
  private final Map<String, Integer> sizes = new LinkedHashMap<>();

  private Trainer(Program step, ModelState state, Dataset data) {
    this.step = Argument.given(step, "the program of a step");
    this.state = Argument.given(state, "a state");
    this.data = Argument.given(data, "a data set");
  }

  /** Trains {@code state}, in place, by {@code step}: batches of 32, one epoch, seed 0, unless told otherwise. */
  public static Trainer of(Program step, ModelState state, Dataset data) {
    return new Trainer(step, state, data);
  }

  /** The examples of a step. The last step of an epoch may have fewer. */
  public Trainer batch(int examples) {
    if (examples < 1) {
      throw new KotangentException("a batch of " + examples + ": expected 1 or more");
    }
    batch = examples;
    return this;
  }

  /** Leaves out the last step of an epoch if it would have fewer examples than the others. */
  public Trainer dropPartialBatches() {
    dropPartial = true;
    return this;
  }

  /** Trains until this epoch is over, counted from 1. */
  public Trainer epochs(int last) {
    if (last < 0) {
      throw new KotangentException(last + " epochs: expected 0 or more");
    }
    epochs = last;
    return this;
  }

  /** Begins with this epoch, counted from 1: to go on with a state that has had the epochs before. */
  public Trainer fromEpoch(int first) {
    if (first < 1) {
      throw new KotangentException("epoch " + first + ": expected 1 or more");
    }
    firstEpoch = first;
    return this;
  }

  /** What the order of the examples, and the program's random numbers, follow from. */
  public Trainer seed(long value) {
    seed = value;
    return this;
  }

  /** How many threads at most make a step, {@link Workspace#threads}; no bit of a result depends on it. */
  public Trainer threads(int most) {
    if (most < 1) {
      throw new KotangentException(most + " threads: expected 1 or more");
    }
    threads = OptionalInt.of(most);
    validation.forEach(predictor -> predictor.threads(most));
    return this;
  }

  /** Sets a size that the data set's columns do not determine; see {@link Workspace#size(String, int)}. */
  public Trainer size(String symbol, int value) {
    sizes.put(Argument.given(symbol, "the name of a size"), value);
    return this;
  }

  /** Takes the examples in their order in every epoch. */
  public Trainer unshuffled() {
    shuffle = false;
    return this;
  }

  /** The learning rate of each step, for a program with the input {@code rate}. */
  public Trainer rate(Rates perStep) {
    rates = Argument.given(perStep, "the rate of each step");
    return this;
  }

  /** Names the result that is the loss, if it is not {@code loss}. */
  public Trainer loss(String result) {
    loss = Argument.given(result, "the name of a result");
    return this;
  }

  /** Who is asked about a loss or gradient that is not finite. */
  public Trainer explainedBy(NonFiniteCause who) {
    cause = Argument.given(who, "a cause");
    return this;
  }

  /** After each epoch, runs {@code predict} over {@code examples} and reports these metrics. */
  public Trainer validate(Program predict, Dataset examples, Metric... reported) {
    Argument.given(predict, "a program");
    List<Metric> wanted =
        Argument.all(Arrays.asList(Argument.given(reported, "metrics")), "metrics");
    if (Argument.given(examples, "a data set").size() == 0) {
      throw new KotangentException("no examples to validate with");
    }
    validation.clear();
    Predictor predictor = new Predictor(predict, examples);
    threads.ifPresent(predictor::threads);
    validation.add(predictor);
    metrics.clear();
    metrics.addAll(wanted);
    return this;
  }

  /** Adds a listener; they are called in the order in which they were added. */
  public Trainer listen(TrainingListener listener) {
    listeners.add(Argument.given(listener, "a listener"));
    return this;
  }

  /**
   * Trains. What was learned until an interrupt or a {@link Progress#stop} is in the state and in the report, whose
   * {@link TrainingReport#stopped} tells.
   *
   * @throws NonFiniteException if a loss or gradient is not finite; with a guarded step the state is as before that step
   * @throws ConcurrentUseException if the state is being trained already
   * @throws KotangentException if the data set does not fit the program, or a label is outside its range
   */
  public TrainingReport fit() {
    if (data.size() == 0 || dropPartial && data.size() < batch) {
      throw new KotangentException(
          "no step to make: " + data.size() + " examples in batches of " + batch
              + (data.size() == 0 ? "; the data set is empty" : ""));
    }
    if (!TRAINED.add(state)) {
      throw new ConcurrentUseException("the state of program " + step.name()
          + " is being trained already: wait for that, or train another session");
    }
    try {
      return new Run().run();
    } finally {
      TRAINED.remove(state);
      listeners.forEach(TrainingListener::onEnd);
    }
  }

  /** One call of {@link #fit}. */
  private final class Run implements Progress {
    private final int largest = Math.min(batch, data.size());
    private final int[] order = new int[data.size()];
    private final Workspace workspace = step.newWorkspace();
    private final Feeder feeder = new Feeder(workspace, data, largest, seed,
        Set.of(Feeder.EXAMPLE, Feeder.SEED, Feeder.RATE));
    private final List<EpochReport> reports = new ArrayList<>();
    private final int stepsPerEpoch =
        dropPartial ? data.size() / batch : (data.size() + largest - 1) / largest;
    private int epoch = firstEpoch;
    private int stepInEpoch;
    private int examples;
    private double lastLoss = Double.NaN;
    private boolean stopped;

    TrainingReport run() {
      if (feeder.takesRate() && Double.isNaN(rates.at(1))) {
        throw new KotangentException(
            "program " + step.name() + " has the input 'rate': give the trainer a rate(…)");
      }
      threads.ifPresent(workspace::threads);
      sizes.forEach(workspace::size);
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      long steps = 0;
      for (TrainingListener listener : listeners) {
        listener.onStart(this);
      }
      for (epoch = firstEpoch; epoch <= epochs && !stopped; epoch++) {
        EpochReport report = oneEpoch();
        reports.add(report);
        steps += report.steps();
        for (TrainingListener listener : listeners) {
          listener.onEpoch(this, report);
        }
      }
      return new TrainingReport(reports, steps, lastLoss, stopped);
    }

    private EpochReport oneEpoch() {
      if (shuffle) {
        Shuffle.into(order, Shuffle.seed(seed, epoch));
      }
      long start = System.nanoTime();
      double sum = 0;
      int seen = 0;
      for (stepInEpoch = 1; stepInEpoch <= stepsPerEpoch; stepInEpoch++) {
        sum += oneStep() * examples;
        seen += examples;
        for (int i = 0; i < listeners.size(); i++) {
          listeners.get(i).onStep(this);
        }
        stopped |= Thread.currentThread().isInterrupted();
        if (stopped) {
          break;
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      stepInEpoch = Math.min(stepInEpoch, stepsPerEpoch);
      return new EpochReport(epoch, stepInEpoch, sum / seen, seconds, measured());
    }

    private double oneStep() {
      int from = (stepInEpoch - 1) * largest;
      examples = Math.min(largest, order.length - from);
      if (feeder.takesRate()) {
        feeder.rate(rate());
      }
      boolean committed = feeder.run(step, state, order, from, examples);
      lastLoss = workspace.scalar(loss);
      if (!committed || !Double.isFinite(lastLoss)) {
        throw nonFinite(from, committed);
      }
      return lastLoss;
    }

    private double rate() {
      double rate = rates.at(step());
      if (!(rate >= 0 && Double.isFinite(rate))) {
        throw new KotangentException("the learning rate of step " + step() + " is " + rate
            + ": expected a finite number of at least 0; look at what was given to rate(…)");
      }
      return rate;
    }

    private NonFiniteException nonFinite(int from, boolean committed) {
      String culprit = feeder.nonFinite(order, from, examples);
      return new NonFiniteException(step(), epoch, lastLoss,
          committed ? "the program has no guard, so the weights were changed"
              : "training stopped, the weights are as before the step",
          culprit.isEmpty() ? committed ? "" : cause() : culprit + "; mend the data");
    }

    private String cause() {
      return cause.of(step(), other -> {
        feeder.feedTo(other, examples);
        sizes.forEach((symbol, size) -> {
          if (other.signature().symbols().contains(symbol)) {
            other.size(symbol, size);
          }
        });
      }, state);
    }

    private Map<String, Double> measured() {
      Map<String, Double> measured = new LinkedHashMap<>();
      if (Thread.currentThread().isInterrupted()) {
        return measured; // who interrupts does not want to wait for all of it
      }
      for (Predictor predictor : validation) {
        Dataset predictions = predictor.predict(state);
        metrics.forEach(m -> measured.put(m.name(), m.measure().of(predictions, predictor.data())));
      }
      return measured;
    }

    @Override
    public int epoch() {
      return epoch;
    }

    @Override
    public int epochs() {
      return epochs;
    }

    @Override
    public long step() {
      return (long) (epoch - 1) * stepsPerEpoch + stepInEpoch;
    }

    @Override
    public int stepInEpoch() {
      return stepInEpoch;
    }

    @Override
    public int stepsPerEpoch() {
      return stepsPerEpoch;
    }

    @Override
    public int batch() {
      return examples;
    }

    @Override
    public double loss() {
      return lastLoss;
    }

    @Override
    public void stop() {
      stopped = true;
    }
  }
}
