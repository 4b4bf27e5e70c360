package org.igcnet.theory;

import java.util.Arrays;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.SummedConvolution;

/**
 * An interleaved group convolution with its weights: what it is equal to, and what is equal to one
 * (sections 3.1 and 4).
 */
public final class IgcWeights {
  private final IgcConvolution shape;
  private final double[] primary;
  private final double[] secondary;

  /**
   * A convolution with its weights, which are copied.
   *
   * @param shape its partitions
   * @param primary Wᵖ, OIHW of {@link IgcConvolution#primary()}
   * @param secondary Wˢ, OIHW of {@link IgcConvolution#secondary()}
   * @throws IllegalArgumentException where there are not as many weights as the convolution has
   */
  public IgcWeights(IgcConvolution shape, double[] primary, double[] secondary) {
    requireSize("primary", shape.primary(), primary);
    requireSize("secondary", shape.secondary(), secondary);
    this.shape = shape;
    this.primary = primary.clone();
    this.secondary = secondary.clone();
  }

  private static void requireSize(String name, GroupConvolution convolution, double[] kernel) {
    if (kernel.length != convolution.weights()) {
      throw new IllegalArgumentException(
          "the %s kernel has %d weights, not %d"
              .formatted(name, convolution.weights(), kernel.length));
    }
  }

  /**
   * A regular convolution x' = W x as an interleaved one (equations 17 to 20), with L = k² primary
   * partitions: W is cut into k × k blocks, primary partition i·k + j convolves the j-th part of x
   * with block (i, j), and each secondary kernel adds up the partitions of equal i.
   *
   * <p>It reads k copies of x, one after the other, and writes k copies of x'. The paper shows k =
   * 2.
   *
   * @param regular an ungrouped convolution whose input and output channels are multiples of {@code
   *     k}
   * @param kernel W, OIHW
   * @param k number of parts, at least 1
   * @return the interleaved convolution with its weights
   */
  public static IgcWeights ofRegular(GroupConvolution regular, double[] kernel, int k) {
    requireSize("regular", regular, kernel);
    if (regular.groups() != 1
        || k < 1
        || regular.inputChannels() % k != 0
        || regular.outputChannels() % k != 0) {
      throw new IllegalArgumentException(
          "%s cannot be cut into %d × %d blocks".formatted(regular, k, k));
    }
    IgcConvolution shape =
        new IgcConvolution(
            k * k,
            regular.inputChannels() / k,
            regular.outputChannels() / k,
            regular.kernel(),
            regular.stride());
    return new IgcWeights(shape, blocks(shape, kernel, k), crossSummation(shape, k));
  }

  /** Equation 18: diag(W₁₁, W₁₂, … W₁ₖ, W₂₁, …). */
  private static double[] blocks(IgcConvolution shape, double[] kernel, int k) {
    int outputs = shape.secondaryPartitions();
    int row = shape.primary().fanIn();
    double[] primary = new double[shape.primary().weights()];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        for (int o = 0; o < outputs; o++) {
          int from = ((i * outputs + o) * k + j) * row;
          int to = ((i * k + j) * outputs + o) * row;
          System.arraycopy(kernel, from, primary, to, row);
        }
      }
    }
    return primary;
  }

  /** Equation 20: output partition a·k + i is the sum of the primary partitions i·k + j. */
  private static double[] crossSummation(IgcConvolution shape, int k) {
    int l = shape.primaryPartitions();
    double[] secondary = new double[shape.secondary().weights()];
    for (int row = 0; row < shape.secondaryPartitions() * l; row++) {
      int i = row % l % k;
      Arrays.fill(secondary, row * l + i * k, row * l + (i + 1) * k, 1);
    }
    return secondary;
  }

  /**
   * Summation fusion as an interleaved group convolution (equation 21): a branch is a primary
   * partition, and all secondary kernels are all ones.
   *
   * <p>It reads L copies of the input, one after the other, and writes L copies of the sum.
   *
   * @param summed the branches
   * @param kernel their weights, branch after branch, OIHW of {@link
   *     SummedConvolution#concatenated()}
   * @return the interleaved convolution with its weights
   */
  public static IgcWeights ofSummation(SummedConvolution summed, double[] kernel) {
    GroupConvolution branch = summed.branch();
    IgcConvolution shape =
        new IgcConvolution(
            summed.branches(),
            branch.inputChannels(),
            branch.outputChannels(),
            branch.kernel(),
            branch.stride());
    double[] ones = new double[shape.secondary().weights()];
    Arrays.fill(ones, 1);
    return new IgcWeights(shape, kernel, ones);
  }

  /** {@return the partitions, kernel and stride} */
  public IgcConvolution shape() {
    return shape;
  }

  /** {@return Wᵖ, OIHW} */
  public double[] primary() {
    return primary.clone();
  }

  /** {@return Wˢ, OIHW} */
  public double[] secondary() {
    return secondary.clone();
  }

  /** {@return the regular convolution that computes the same with {@link #compositeKernel()}} */
  public GroupConvolution composite() {
    return new GroupConvolution(
        shape.inputChannels(), shape.outputChannels(), 1, shape.kernel(), shape.stride());
  }

  /** {@return the composite convolution kernel W = P Wˢ Pᵀ Wᵖ of equation 6, OIHW} */
  public double[] compositeKernel() {
    int partitions = shape.primaryPartitions();
    int row = shape.primary().fanIn();
    double[] composite = new double[shape.outputChannels() * partitions * row];
    for (int output = 0; output < shape.outputChannels(); output++) {
      for (int l = 0; l < partitions; l++) {
        // The secondary kernel joins output and l through channel m of both partitions.
        int m = output % shape.secondaryPartitions();
        double join = secondaryWeight(m, output / shape.secondaryPartitions(), l);
        int from = (l * shape.secondaryPartitions() + m) * row;
        int to = (output * partitions + l) * row;
        for (int i = 0; i < row; i++) {
          composite[to + i] = join * primary[from + i];
        }
      }
    }
    return composite;
  }

  /** From primary partition {@code from} to {@code to} in Wˢₘₘ of equation 3. */
  private double secondaryWeight(int m, int to, int from) {
    int partitions = shape.primaryPartitions();
    return secondary[(m * partitions + to) * partitions + from];
  }
}
