package org.igcnet.backend;

import org.igcnet.arch.Architecture;

/**
 * What a {@link TrainingSession} is made for.
 *
 * @param architecture the network
 * @param batchSize most images of a step, of this trainer's share
 * @param normImages images that share batch normalisation's statistics
 * @param optimiser how weights follow their gradients
 * @param exchange joins it with others that learn from the same batches
 */
public record Setup(
    Architecture architecture,
    int batchSize,
    int normImages,
    Optimiser optimiser,
    GradientExchange exchange) {
  /**
   * For a trainer that has every batch for itself.
   *
   * @param architecture the network
   * @param batchSize most images of a step
   * @param normImages images that share batch normalisation's statistics
   * @param optimiser how weights follow their gradients
   * @return what such a session is made for
   */
  public static Setup alone(
      Architecture architecture, int batchSize, int normImages, Optimiser optimiser) {
    return new Setup(architecture, batchSize, normImages, optimiser, GradientExchange.ALONE);
  }
}
