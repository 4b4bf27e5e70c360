package org.igcnet.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.igcnet.UserError;
import org.igcnet.lab.Workplace.Work;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;

/**
 * Trains what is missing of an experiment, as many trials at a time as its {@link Workplace} takes.
 * Each of so many threads looks after one training, and takes the next trial when it is over.
 */
final class Sweep {
  private final Trials trials;
  private final Workplace workplace;
  private final ReproductionListener listener;
  private final BooleanSupplier timeIsUp;
  private final Consumer<List<Attempt>> written;
  private final Standing standing;
  private final Iterator<Trial> waiting;
  private final Map<Trial, String> failed = new LinkedHashMap<>();
  private final Set<Work> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * @param trials those of the experiment
   * @param listener hears of one thing at a time, whoever trains
   * @param timeIsUp when to stop
   * @param written writes results and page of what there is
   */
  Sweep(
      Trials trials,
      Workplace workplace,
      ReproductionListener listener,
      BooleanSupplier timeIsUp,
      Consumer<List<Attempt>> written) {
    this.trials = trials;
    this.workplace = workplace;
    this.listener = listener;
    this.timeIsUp = timeIsUp;
    this.written = written;
    this.standing = new Standing(trials.attempts(), workplace.trainings());
    this.waiting = trials.all().iterator();
  }

  /**
   * Trains until nothing is left, or the time is up.
   *
   * @return the trials that failed, and why
   */
  Map<Trial, String> run() {
    int threads = Math.min(workplace.trainings(), Math.max(1, trials.all().size()));
    try (ExecutorService crew = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> members = new ArrayList<>();
      for (int member = 0; member < threads; member++) {
        members.add(crew.submit(this::trainAll));
      }
      for (Future<?> member : members) {
        await(member);
      }
    }
    return failed;
  }

  /** Waits for a thread's end; what ended it too early ends all. */
  private void await(Future<?> member) {
    try {
      member.get();
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException met -> throw met;
        case Error met -> throw met;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /**
   * Asks it to stop: the trainings that are under way as {@link TrainingRun#stop} says, and no
   * other begins. Any thread may ask, at any time.
   */
  void stop() {
    stopping = true;
    underWay.forEach(Work::stop);
  }

  private void trainAll() {
    try {
      for (Optional<Attempt> next = next(); next.isPresent(); next = next()) {
        train(next.get());
      }
    } catch (TrainingRun.Stopped asked) {
      // The same command goes on.
    } catch (RuntimeException | Error met) {
      stop();
      throw met;
    }
  }

  /** What is not finished, and not being trained here. */
  private synchronized Optional<Attempt> next() {
    while (waiting.hasNext() && !stopping && !timeIsUp.getAsBoolean()) {
      Trial trial = waiting.next();
      Attempt attempt = trials.attempt(trial);
      if (!attempt.finished() && !standing.trains(trial)) {
        standing.begin(trial, attempt.metrics().size());
        return Optional.of(attempt);
      }
    }
    return Optional.empty();
  }

  private void train(Attempt attempt) {
    Trial trial = attempt.trial();
    Optional<EpochMetrics> last = Optional.empty();
    try {
      last = trained(attempt);
    } catch (UserError e) {
      leave(trial, String.valueOf(e.getMessage()));
    } finally {
      over(trial, last);
    }
  }

  private synchronized void leave(Trial trial, String why) {
    failed.put(trial, why);
    listener.leftOut(trial, why);
  }

  private synchronized void over(Trial trial, Optional<EpochMetrics> last) {
    List<Attempt> attempts = trials.attempts();
    standing.end(trial);
    standing.update(attempts);
    last.ifPresent(metrics -> listener.finished(trial, metrics, standing.overall()));
    written.accept(attempts);
  }

  /** The last epoch, where nobody else trains it. */
  private Optional<EpochMetrics> trained(Attempt attempt) {
    Trial trial = attempt.trial();
    if (attempt.run().isPresent() && attempt.run().get().underWay()) {
      Path folder = attempt.run().get().folder();
      tell(() -> listener.leftOut(trial, "another process trains it in %s".formatted(folder)));
      return Optional.empty();
    }
    try (Work work = workplace.begin(trials.runs(), attempt, listener)) {
      underWay.add(work);
      try {
        if (stopping) {
          work.stop();
        }
        tell(() -> listener.starting(trial, work.epochsDone(), standing.overall()));
        return Optional.of(work.run(new Heard(work, trial)));
      } finally {
        underWay.remove(work);
      }
    }
  }

  private synchronized void tell(Runnable what) {
    what.run();
  }

  /** Stops a training when the time is up, and keeps the results up to date. */
  private final class Heard implements TrainingListener {
    private final Work work;
    private final Trial trial;

    Heard(Work work, Trial trial) {
      this.work = work;
      this.trial = trial;
    }

    @Override
    public void batch(BatchProgress progress) {
      tell(
          () -> {
            standing.step(trial, progress);
            listener.batch(trial, progress, standing.overall());
          });
      if (timeIsUp.getAsBoolean() && progress.batch() < progress.batches()) {
        work.stop();
      }
    }

    @Override
    public void skipped(String sentence) {
      tell(() -> listener.skipped(sentence));
    }

    @Override
    public void lost(String why) {
      tell(() -> listener.lost(trial, why));
    }

    @Override
    public void epoch(EpochMetrics metrics, boolean best) {
      tell(
          () -> {
            List<Attempt> attempts = trials.attempts();
            written.accept(attempts);
            standing.update(attempts);
          });
      if (timeIsUp.getAsBoolean()) {
        work.stop();
      }
    }
  }
}
