package org.igcnet.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.igcnet.UserError;
import org.igcnet.data.DataSpec;
import org.igcnet.train.TrainingRun.Outcome;

/**
 * Machines that share every batch of a training. A module of its own knows how: igcnet-spark. One
 * thread at a time may use it, but for {@link #stop}.
 */
public interface TrainingCluster extends AutoCloseable {
  /** How a module of its own offers clusters, found by {@link ServiceLoader}. */
  interface Service {
    /**
     * Connects with a cluster.
     *
     * @param wanted which, and what of it
     * @return the connection, to be closed
     * @throws UserError where there is none
     */
    TrainingCluster connect(Wanted wanted);
  }

  /**
   * Which cluster, and what of it.
   *
   * @param master the cluster's address: {@code spark://host:7077}, {@code yarn}
   * @param workers how many share every batch
   * @param threads of each worker
   * @param store the address of a folder in which the workers keep the run, where it is not the
   *     run's own folder
   * @param settings the cluster's own, by name
   */
  record Wanted(
      String master,
      int workers,
      int threads,
      Optional<String> store,
      Map<String, String> settings) {
    /** Copies the settings. */
    public Wanted {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * Connects with a cluster.
   *
   * @param wanted which, and what of it
   * @return the connection, to be closed
   * @throws UserError where no module on the class path knows clusters, or there is no such cluster
   */
  static TrainingCluster connect(Wanted wanted) {
    return ServiceLoader.load(Service.class, Service.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "no module on the class path knows clusters; igcnet-spark does, with Spark's own jars beside it"))
        .connect(wanted);
  }

  /**
   * Brings home what the store has of a run. Without a store, or where it is empty, nothing
   * changes.
   *
   * @param run the run's folder on this machine
   * @throws UserError where the store has another run
   */
  void fetch(Path run);

  /**
   * Goes on with a run to its end, and brings it home.
   *
   * @param run the run's folder on this machine; without a store, all machines see it
   * @param data the data's name on the workers, if not as the run has it
   * @param listener hears how it goes; of steps it hears some
   * @return how it ended
   * @throws UserError where the run, the data or the machines do not allow it
   * @throws TrainingRun.Stopped after {@link #stop}
   */
  Outcome train(Path run, Optional<DataSpec> data, TrainingListener listener);

  /** Asks the training to stop with a checkpoint. Any thread may ask, at any time. */
  void stop();

  /** Leaves the cluster. */
  @Override
  void close();
}
