package org.igcnet.spark;

import org.igcnet.train.TrainingCluster;

/** Offers clusters of Spark. */
public final class SparkClusters implements TrainingCluster.Service {
  /** For {@link java.util.ServiceLoader}. */
  public SparkClusters() {}

  @Override
  public TrainingCluster connect(TrainingCluster.Wanted wanted) {
    return SparkCluster.connect(wanted);
  }
}
