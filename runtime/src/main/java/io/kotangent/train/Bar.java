package io.kotangent.train;

import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar for each epoch, replaced by its line. The only class that needs the library for it. */
final class Bar implements TrainingListener {
  private static final int WIDTH = 80;

  private final PrintStream out;
  /** Asked for at once, so that a missing library is noticed before the training. */
  private final ProgressBarStyle style = ProgressBarStyle.ASCII;
  private Optional<ProgressBar> bar = Optional.empty();

  Bar(PrintStream out) {
    this.out = out;
  }

  @Override
  public void onStep(Progress progress) {
    if (bar.isEmpty()) {
      bar = Optional.of(new ProgressBarBuilder()
          .setTaskName("epoch " + progress.epoch() + "/" + progress.epochs())
          .setInitialMax(progress.stepsPerEpoch()).setStyle(style).setUpdateIntervalMillis(100)
          .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH)).clearDisplayOnFinish().build());
    }
    bar.get().stepTo(progress.stepInEpoch());
  }

  @Override
  public void onEpoch(Progress progress, EpochReport report) {
    onEnd();
    out.println(ProgressReport.line(progress, report));
  }

  @Override
  public void onEnd() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
