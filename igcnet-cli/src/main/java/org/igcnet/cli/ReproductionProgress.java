package org.igcnet.cli;

import java.io.PrintWriter;
import org.igcnet.lab.ReproductionListener;
import org.igcnet.lab.Trial;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener.BatchProgress;

/** Shows how a reproduction goes: a line a run, and on a terminal one progress bar over all. */
final class ReproductionProgress implements ReproductionListener, AutoCloseable {
  /** Steps of the bar. */
  private static final int WHOLE = 10_000;

  private final Console console;
  private final PrintWriter log;
  private final Bar bar;

  ReproductionProgress(Console console, PrintWriter log) {
    this.console = console;
    this.bar = new Bar(console);
    this.log = log;
  }

  @Override
  public void starting(Trial trial, int epochsDone, Overall overall) {
    if (epochsDone > 0) {
      say("        %s goes on after epoch %d".formatted(trial, epochsDone));
    }
  }

  @Override
  public void batch(Trial trial, BatchProgress progress, Overall overall) {
    bar.show(
        () -> console.bar("all", WHOLE).hideEta(),
        shown -> {
          shown.setExtraMessage(
              " %s left; %s: epoch %d/%d, %.1f%%, %,.0f images/s"
                  .formatted(
                      left(overall),
                      trial,
                      progress.epoch(),
                      progress.epochs(),
                      progress.accuracy(),
                      progress.imagesPerSecond()));
          shown.stepTo(Math.round(WHOLE * overall.share()));
        });
  }

  @Override
  public void finished(Trial trial, EpochMetrics last, Overall overall) {
    say(
        "%3d/%-3d %s: %.2f%% after epoch %d, %,.0f images/s; %s left"
            .formatted(
                overall.finished(),
                overall.runs(),
                trial,
                last.testAccuracy(),
                last.epoch(),
                last.imagesPerSecond(),
                left(overall)));
  }

  @Override
  public void skipped(String sentence) {
    say("        " + sentence);
  }

  @Override
  public void leftOut(Trial trial, String why) {
    say("        %s is left out: %s".formatted(trial, why));
  }

  /** What the rest takes, as far as it is known. */
  static String left(Overall overall) {
    return Double.isNaN(overall.secondsLeft())
        ? "unknown time"
        : TrainingProgress.clock(overall.secondsLeft());
  }

  private void say(String line) {
    close();
    log.println(line);
    log.flush();
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    bar.close();
  }
}
