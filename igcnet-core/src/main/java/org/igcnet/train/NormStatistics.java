package org.igcnet.train;

import org.igcnet.UserError;

/**
 * Where batch normalisation has its statistics from.
 *
 * @param images that share them in training; 32 is the paper's batch of 64 on two GPUs
 * @param momentum what a running average keeps of itself in one step, where steps move it
 * @param averages how running averages come about
 */
public record NormStatistics(int images, double momentum, NormAverages averages) {
  /**
   * Looks whether the momentum is possible.
   *
   * @throws UserError where it is not
   */
  public NormStatistics {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new UserError(
          "the momentum of batch normalisation's running averages is %s; it must be at least 0 and below 1, for example 0.9"
              .formatted(momentum));
    }
  }

  /**
   * {@return what running averages keep of themselves in one step} It depends on the step's number
   * alone.
   *
   * @param step from 0
   */
  public float kept(long step) {
    return (float)
        switch (averages) {
          case MOVED -> momentum;
          case WARMED -> Warming.kept(momentum, step);
          case ANEW -> 1;
        };
  }

  /**
   * {@return the same over another number of images}
   *
   * @param other that share the statistics
   */
  public NormStatistics withImages(int other) {
    return new NormStatistics(other, momentum, averages);
  }

  /**
   * {@return the same with running averages that keep another share of themselves in a step}
   *
   * @param other from 0 to below 1
   */
  public NormStatistics withMomentum(double other) {
    return new NormStatistics(images, other, averages);
  }

  /**
   * {@return the same with running averages that come about in another way}
   *
   * @param other how they come about
   */
  public NormStatistics withAverages(NormAverages other) {
    return new NormStatistics(images, momentum, other);
  }
}
