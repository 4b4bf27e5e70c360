package org.igcnet.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;

/** Shows how a training goes: a line an epoch, and on a terminal a progress bar within it. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Console console;
  private final PrintWriter log;
  private final Bar bar;
  private boolean begun;
  private final Set<String> told = new HashSet<>();

  TrainingProgress(Console console, PrintWriter log) {
    this.console = console;
    this.log = log;
    this.bar = new Bar(console);
  }

  /** Each picture is told of once, though it is met in every epoch. */
  @Override
  public void skipped(String sentence) {
    if (told.add(sentence)) {
      close();
      console.say("left out: " + sentence);
    }
  }

  @Override
  public void batch(BatchProgress progress) {
    bar.show(
        () -> newBar(progress),
        shown -> {
          shown.setExtraMessage(
              " loss %.3f  accuracy %.1f%%  %,.0f images/s  %s left"
                  .formatted(
                      progress.loss(),
                      progress.accuracy(),
                      progress.imagesPerSecond(),
                      clock(progress.secondsLeft())));
          shown.stepTo(progress.batch());
        });
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    close();
    if (!begun) {
      log.println("epoch  train loss  accuracy  test loss  accuracy  images/s     time");
      begun = true;
    }
    log.printf(
        "%5d  %10.4f  %7.2f%%  %9.4f  %7.2f%%  %,8.0f  %7s%s%n",
        metrics.epoch(),
        metrics.trainLoss(),
        metrics.trainAccuracy(),
        metrics.testLoss(),
        metrics.testAccuracy(),
        metrics.imagesPerSecond(),
        clock(metrics.seconds()),
        best ? "  best so far" : "");
    log.flush();
  }

  /** Number of different pictures that were left out. */
  int skipped() {
    return told.size();
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    bar.close();
  }

  private ProgressBarBuilder newBar(BatchProgress progress) {
    return console
        .bar("epoch %d/%d".formatted(progress.epoch(), progress.epochs()), progress.batches())
        .startsFrom(progress.batch(), Duration.ZERO)
        .hideEta();
  }

  /** Hours, minutes and seconds, as short as may be: 1:02:03, 2:03, 0:03. */
  static String clock(double seconds) {
    Duration time = Duration.ofSeconds(Math.round(seconds));
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
