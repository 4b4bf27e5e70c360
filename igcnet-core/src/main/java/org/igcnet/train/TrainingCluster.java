package org.igcnet.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.igcnet.UserError;
import org.igcnet.data.DataSpec;
import org.igcnet.train.TrainingRun.Outcome;

/**
 * Machines that train: all share every batch of one training, or each has its own. A module of its
 * own knows how: igcnet-spark. As many threads at a time may use it as it is to have trainings.
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
   * @param trainings how many there are at a time
   * @param workers how many share every batch of one
   * @param threads of each worker
   * @param settings the cluster's own, by name
   */
  record Wanted(
      String master, int trainings, int workers, int threads, Map<String, String> settings) {
    /** Copies the settings. */
    public Wanted {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * Where a run is.
   *
   * @param run its folder on this machine
   * @param store the address of a folder in which the workers keep it; without one, all machines
   *     see the run's own
   */
  record Place(Path run, Optional<String> store) {}

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
   * Brings home what the store has of a run. Without a store, where it is empty, or where more
   * epochs are done at home, nothing changes.
   *
   * @param place where the run is; its folder may be missing
   * @throws UserError where the store has another run
   */
  void fetch(Place place);

  /**
   * Goes on with a run to its end. It comes home after every epoch.
   *
   * @param place where the run is
   * @param data the data's name on the workers, if not as the run has it
   * @param listener hears how it goes; of steps it hears some
   * @return how it ended
   * @throws UserError where the run, the data or the machines do not allow it
   * @throws TrainingRun.Stopped after {@link #stop}
   */
  Outcome train(Place place, Optional<DataSpec> data, TrainingListener listener);

  /** Asks all trainings to stop with a checkpoint. Any thread may ask, at any time. */
  void stop();

  /** Leaves the cluster. */
  @Override
  void close();
}
