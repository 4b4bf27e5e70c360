package org.igcnet.spark;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model on its way to the executors, of which each gets its files once.
 *
 * @param sha256 of the files
 * @param files its description and its weights
 */
record SentModel(String sha256, Broadcast<byte[][]> files) implements Serializable {
  static SentModel of(ModelFiles model, JavaSparkContext spark) {
    return new SentModel(model.sha256(), model.on(spark));
  }

  /** Begins to use it on this executor; to be closed. */
  KeptModels.Use use() {
    return KeptModels.HERE.use(sha256, () -> ModelFiles.model(files.value()));
  }
}
