package io.kotangent.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import jdk.jfr.Recording;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What events of the flight recorder cost a prediction of one example: `none` without a recording, `others` while one takes no events
/// of ours, `runs` while one takes each run.
@State(Scope.Thread) @BenchmarkMode(Mode.AverageTime) @OutputTimeUnit(TimeUnit.NANOSECONDS) @Fork(3) @Warmup(iterations = 5, time = 1) @Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RunEvents {
  @Param({"logreg-infer1", "block-infer1"}) String network = "";
  @Param({"none", "others", "runs"}) String recording = "";
  private final Recording recorder = new Recording();
  private DoubleSupplier call = () -> 0;

  /// Starts the recording.
  @Setup
  public void begin() {
    call = Workloads.named(network).getFirst().prepare().begin(1).call();
    switch (recording) {
      case "none" -> recorder.close();
      case "others" -> recorder.start();
      case "runs" -> {
        recorder.enable("io.kotangent.Run");
        recorder.start();
      }
      default -> throw new IllegalArgumentException(recording);
    }
  }

  /// Ends it.
  @TearDown
  public void end() {
    recorder.close();
  }

  /// One prediction.
  @Benchmark
  public double predict() {
    return call.getAsDouble();
  }
}
