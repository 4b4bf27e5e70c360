package org.igcnet.lab;

import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;

/**
 * One network of an experiment on one data set.
 *
 * @param experiment which it is of
 * @param data what it is trained on
 * @param depth D
 * @param group what the experiment counts it to; an empty text where it has one group only
 * @param network its name
 */
public record Cell(
    Experiment experiment, Experiment.Data data, int depth, String group, String network) {
  /** The network as the paper has it. */
  Architecture architecture() {
    return architecture(
        data.classes(), new ImageShape(ImageShape.CIFAR.channels(), data.pixels(), data.pixels()));
  }

  /**
   * The network for given images.
   *
   * @throws UserError where there is none like this
   */
  Architecture architecture(int classes, ImageShape input) {
    try {
      return new Architecture(
          NetworkName.parse(network), Body.parse(experiment.body()), depth, classes, input);
    } catch (UserError e) {
      throw new UserError(
          "%s has the network %s of depth %d with the body \"%s\", which cannot be built: %s"
              .formatted(experiment.name(), network, depth, experiment.body(), e.getMessage()),
          e);
    }
  }

  @Override
  public String toString() {
    return "%s, depth %d, %s".formatted(network, depth, data.kind());
  }
}
