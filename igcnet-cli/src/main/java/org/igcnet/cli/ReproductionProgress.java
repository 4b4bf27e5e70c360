package org.igcnet.cli;

import java.io.PrintWriter;
import java.util.List;
import org.igcnet.lab.ReproductionListener;
import org.igcnet.lab.Trial;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener.BatchProgress;

/** Shows how a reproduction goes: a line a run, and how far all is in between. */
final class ReproductionProgress implements ReproductionListener, AutoCloseable {
  private final PrintWriter log;
  private final ProgressLine line;
  private final WorkProgress work;

  ReproductionProgress(Console console, PrintWriter log) {
    this.line = new ProgressLine(console);
    this.work = new WorkProgress(console);
    this.log = log;
  }

  @Override
  public void progress(String what, long done, long all, String unit) {
    work.progress(what, done, all, unit);
  }

  @Override
  public void starting(Trial trial, int epochsDone, Overall overall) {
    work.close();
    if (epochsDone > 0) {
      say("        %s goes on after epoch %d".formatted(trial, epochsDone));
    }
  }

  @Override
  public void batch(Trial trial, BatchProgress progress, Overall overall) {
    line.show(
        () ->
            new ProgressLine.Status(
                overall.share(),
                List.of(
                    Clock.left(overall.secondsLeft()),
                    overall.underWay() > 1
                        ? "%d at a time, %s".formatted(overall.underWay(), trial)
                        : trial.toString(),
                    "epoch %d/%d".formatted(progress.epoch(), progress.epochs()),
                    "batch %,d/%,d".formatted(progress.batch(), progress.batches()),
                    "loss %.3f".formatted(progress.loss()),
                    "%,.0f images/s".formatted(progress.imagesPerSecond()),
                    "accuracy %.1f%%".formatted(progress.accuracy()))));
  }

  @Override
  public void finished(Trial trial, EpochMetrics last, Overall overall) {
    say(
        "%3d/%-3d %s: %.2f%% after epoch %d, %,.0f images/s; %s"
            .formatted(
                overall.finished(),
                overall.runs(),
                trial,
                last.testAccuracy(),
                last.epoch(),
                last.imagesPerSecond(),
                Clock.left(overall.secondsLeft())));
  }

  @Override
  public void skipped(String sentence) {
    say("        " + sentence);
  }

  @Override
  public void lost(Trial trial, String why) {
    say("        %s goes on from its last checkpoint: %s".formatted(trial, why));
  }

  @Override
  public void leftOut(Trial trial, String why) {
    say("        %s is left out: %s".formatted(trial, why));
  }

  private void say(String line) {
    close();
    log.printf("%s%n", line);
    log.flush();
  }

  /** Takes the line away that says how far it is. */
  @Override
  public void close() {
    work.close();
    line.close();
  }
}
