package org.igcnet.backend;

import org.igcnet.UserError;

/**
 * Stochastic gradient descent with Nesterov's momentum and weight decay, as PyTorch has it:
 *
 * <pre>
 *   g ← g·min(1, limit / ‖g‖)        g ← g + λw        v ← μv + g        w ← w − η(g + μv)
 * </pre>
 *
 * <p>‖g‖ is the norm of all gradients together. What decays is said by {@link
 * org.igcnet.arch.Parameter.Role#decayed}. For γ and β of batch normalisation η is multiplied by
 * the norm rate.
 *
 * @param momentum μ, from 0 to below 1
 * @param weightDecay λ, from 0 to below 1
 * @param normRate what η is multiplied by for γ and β, above 0, at most 1,000
 * @param gradientLimit the longest that all gradients together may be; 0 for no limit
 */
public record Optimiser(
    double momentum, double weightDecay, double normRate, double gradientLimit) {
  private static final double MOST = 1000;

  /**
   * Looks whether the numbers are in their ranges.
   *
   * @throws UserError where one is not
   */
  public Optimiser {
    belowOne("the momentum", momentum, 0.9);
    belowOne("the weight decay", weightDecay, 1e-4);
    if (!(normRate > 0 && normRate <= MOST)) {
      throw new UserError(
          "the learning rate of batch normalisation is %s times that of the weights; it must be above 0 and at most %.0f times, 1 is the paper's"
              .formatted(normRate, MOST));
    }
    if (!(gradientLimit >= 0 && gradientLimit < Double.POSITIVE_INFINITY)) {
      throw new UserError(
          "the limit of the gradients' norm is %s; it must be a number from 0 on, 0 for none"
              .formatted(gradientLimit));
    }
  }

  /**
   * {@return the descent of the paper: all is learned at the same rate, and no gradient is too
   * long}
   *
   * @param momentum μ
   * @param weightDecay λ
   */
  public static Optimiser of(double momentum, double weightDecay) {
    return new Optimiser(momentum, weightDecay, 1, 0);
  }

  /**
   * {@return the same with another momentum}
   *
   * @param other μ, from 0 to below 1
   */
  public Optimiser withMomentum(double other) {
    return new Optimiser(other, weightDecay, normRate, gradientLimit);
  }

  /**
   * {@return the same with another weight decay}
   *
   * @param other λ, from 0 to below 1
   */
  public Optimiser withWeightDecay(double other) {
    return new Optimiser(momentum, other, normRate, gradientLimit);
  }

  /**
   * {@return the same with another learning rate of γ and β}
   *
   * @param other what η is multiplied by for them
   */
  public Optimiser withNormRate(double other) {
    return new Optimiser(momentum, weightDecay, other, gradientLimit);
  }

  /**
   * {@return the same with another limit of the gradients' norm}
   *
   * @param other the longest that all gradients together may be; 0 for no limit
   */
  public Optimiser withGradientLimit(double other) {
    return new Optimiser(momentum, weightDecay, normRate, other);
  }

  /**
   * {@return what gradients are multiplied by, so that they stay within the limit}
   *
   * @param norm ‖g‖
   */
  public double scale(double norm) {
    return gradientLimit > 0 && norm > gradientLimit ? gradientLimit / norm : 1;
  }

  private static void belowOne(String what, double value, double paper) {
    if (!(value >= 0 && value < 1)) {
      throw new UserError(
          "%s is %s; it must be at least 0 and below 1, for example %s"
              .formatted(what, value, paper));
    }
  }
}
