package org.igcnet.train;

import java.nio.file.Path;
import org.igcnet.UserError;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;

/**
 * What a training in memory came to.
 *
 * @param model the network after the epoch of the best test accuracy
 * @param best that epoch
 * @param last the last epoch
 */
public record Trained(Model model, EpochMetrics best, EpochMetrics last) {
  /** {@return a classifier for the model, on all cores, to be closed} */
  public ImageClassifier classifier() {
    return ImageClassifier.of(model);
  }

  /**
   * Writes the model.
   *
   * @param folder made where it does not exist; a model in it is replaced
   * @throws UserError where it cannot be written
   */
  public void save(Path folder) {
    ModelFolder.write(folder, model);
  }
}
