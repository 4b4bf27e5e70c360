package org.igcnet.lab;

import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.backend.Compute;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingCluster;
import org.igcnet.train.TrainingListener;

/** Where an experiment's trainings are done. */
public abstract sealed class Workplace permits OneProcess, ManyMachines {
  private final Compute compute;
  private final int trainings;

  Workplace(Compute compute, int trainings) {
    this.compute = compute;
    this.trainings = trainings;
  }

  /**
   * {@return this process, which trains one after another}
   *
   * @param compute what computes
   */
  public static Workplace here(Compute compute) {
    return new OneProcess(compute);
  }

  /**
   * {@return a cluster, on which each training has machines of its own}
   *
   * @param cluster connected
   * @param trainings how many there are at a time
   * @param store the address of a folder in which the workers keep the runs; without one, all
   *     machines see the experiment's own folder
   * @param compute what begins the runs in this process: the engine {@value Compute#OWN}
   */
  public static Workplace on(
      TrainingCluster cluster, int trainings, Optional<String> store, Compute compute) {
    return new ManyMachines(cluster, trainings, store, compute);
  }

  final Compute compute() {
    return compute;
  }

  /** How many trainings there are at a time. */
  final int trainings() {
    return trainings;
  }

  /**
   * Brings home what is elsewhere of a run.
   *
   * @param runs the folder of all runs
   * @param name of the run's folder below it
   */
  abstract void fetch(Path runs, String name);

  /**
   * Begins a trial's training, or goes on with it.
   *
   * @param runs the folder of all runs
   * @param attempt the trial, and what there is of it
   * @param listener hears how pictures are found again, where some came or went
   */
  abstract Work begin(RunFolders runs, Attempt attempt, ReproductionListener listener);

  /** One training. Closing it lets others take its folder. */
  interface Work extends AutoCloseable {
    /** How many epochs were done before. */
    int epochsDone();

    /** Trains to the end, and returns what the last epoch came to. */
    EpochMetrics run(TrainingListener listener);

    /** Asks it to stop with a checkpoint. Any thread may ask, at any time. */
    void stop();

    @Override
    void close();
  }
}
