package org.igcnet.backend;

import java.util.Set;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;

/**
 * What a {@link TrainingSession} is made for.
 *
 * @param architecture the network
 * @param batchSize most images of a step, of this trainer's share
 * @param normImages images that share batch normalisation's statistics
 * @param optimiser how weights follow their gradients
 * @param frozen the names of the tensors that stay as they are, though their role is to be learned;
 *     batch normalisation's averages of all units are taken from the data none the less
 * @param precision how feature maps and their gradients are kept
 * @param exchange joins it with others that learn from the same batches
 */
public record Setup(
    Architecture architecture,
    int batchSize,
    int normImages,
    Optimiser optimiser,
    Set<String> frozen,
    Precision precision,
    GradientExchange exchange) {
  /** Copies the names. */
  public Setup {
    frozen = Set.copyOf(frozen);
  }

  /**
   * For a trainer that has every batch for itself, learns all tensors and keeps maps as floats.
   *
   * @param architecture the network
   * @param batchSize most images of a step
   * @param normImages images that share batch normalisation's statistics
   * @param optimiser how weights follow their gradients
   * @return what such a session is made for
   */
  public static Setup alone(
      Architecture architecture, int batchSize, int normImages, Optimiser optimiser) {
    return new Setup(
        architecture,
        batchSize,
        normImages,
        optimiser,
        Set.of(),
        Precision.FLOAT32,
        GradientExchange.ALONE);
  }

  /**
   * {@return the same with feature maps that are kept otherwise}
   *
   * @param precision how they are
   */
  public Setup with(Precision precision) {
    return new Setup(architecture, batchSize, normImages, optimiser, frozen, precision, exchange);
  }

  /**
   * {@return whether gradient descent changes a tensor}
   *
   * @param parameter one of the network's
   */
  public boolean learns(Parameter parameter) {
    return parameter.role().learned() && !frozen.contains(parameter.name());
  }
}
