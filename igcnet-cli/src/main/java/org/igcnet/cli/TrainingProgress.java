package org.igcnet.cli;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;

/** Shows how a training goes: a line an epoch, and how far it is in between. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Console console;
  private final PrintWriter log;
  private final String measuredLoss;
  private final ProgressLine line;
  private boolean begun;
  private final Set<String> told = new HashSet<>();

  /**
   * @param log gets the lines
   * @param measure what is measured after an epoch: test or validation
   */
  TrainingProgress(Console console, PrintWriter log, String measure) {
    this.console = console;
    this.log = log;
    this.measuredLoss = measure + " loss";
    this.line = new ProgressLine(console);
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
  public void lost(String why) {
    close();
    console.say("igcnet: %s; the training goes on from its last checkpoint".formatted(why));
  }

  @Override
  public void batch(BatchProgress progress) {
    line.show(() -> status(progress));
  }

  private static ProgressLine.Status status(BatchProgress progress) {
    double epochs = progress.epoch() - 1 + (double) progress.batch() / progress.batches();
    return new ProgressLine.Status(
        epochs / progress.epochs(),
        List.of(
            Clock.left(progress.secondsLeft()),
            "epoch %d/%d".formatted(progress.epoch(), progress.epochs()),
            "batch %,d/%,d".formatted(progress.batch(), progress.batches()),
            "loss %.3f".formatted(progress.loss()),
            "%,.0f images/s".formatted(progress.imagesPerSecond()),
            "accuracy %.1f%%".formatted(progress.accuracy())));
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    close();
    if (!begun) {
      log.printf("epoch  train loss  accuracy  %s  accuracy  images/s     time%n", measuredLoss);
      begun = true;
    }
    log.printf(
        "%5d  %10.4f  %7.2f%%  %s  %7.2f%%  %,8.0f  %7s%s%n",
        metrics.epoch(),
        metrics.trainLoss(),
        metrics.trainAccuracy(),
        below(measuredLoss, metrics.testLoss()),
        metrics.testAccuracy(),
        metrics.imagesPerSecond(),
        Clock.text(metrics.seconds()),
        best ? "  best so far" : "");
    log.flush();
  }

  /** A loss that ends where its heading ends. */
  private static String below(String heading, double loss) {
    String text = "%.4f".formatted(loss);
    return " ".repeat(Math.max(0, heading.length() - text.length())) + text;
  }

  /** Number of different pictures that were left out. */
  int skipped() {
    return told.size();
  }

  /** Takes the line away that says how far it is. */
  @Override
  public void close() {
    line.close();
  }
}
