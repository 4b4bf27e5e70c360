package org.igcnet.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.arch.Variation.Doubling;

/**
 * The networks of Tables 2 and 6: what a block of theirs is, at any width.
 *
 * <p>A family's blocks scale with the stage: in stage s, counted from 0, its channels are {@code 2ˢ
 * · width()}.
 */
public sealed interface Family {
  /** {@return the channels of the first stage} */
  int width();

  /** {@return the channels after the stem} */
  default int stemWidth() {
    return width();
  }

  /**
   * {@return the number of partitions of a stage's projection shortcut}
   *
   * @param stage which, from 0
   */
  int shortcutPartitions(int stage);

  /**
   * {@return the linear map of a block of a stage}
   *
   * @param inputs channels that it reads: those of the stage, or of what stands before it
   * @param stage which, from 0
   * @param stride of the block's first convolution: 2 where it halves the size, else 1
   */
  LinearMap map(int inputs, int stage, int stride);

  /** {@return whether a squeeze and excitation follows each block} */
  default boolean excited() {
    return false;
  }

  /**
   * {@return what this family is on a body, where that decides what the name leaves open}
   *
   * @param body where the network changes size
   */
  default Family on(Body body) {
    return this;
  }

  /** {@return the name as in the paper: {@code RegConv-W16}, {@code IGC-L24M2-relu}} */
  String name();

  /**
   * Regular convolutions.
   *
   * @param width c, channels of the first stage
   */
  record RegConv(int width) implements Family {
    /**
     * Looks at the width.
     *
     * @throws UserError where it is not from 1 to 3,840
     */
    public RegConv {
      Limits.positive("the width of RegConv-Wc", width, Limits.WIDTH);
    }

    @Override
    public int shortcutPartitions(int stage) {
      return 1;
    }

    @Override
    public GroupConvolution map(int inputs, int stage, int stride) {
      return new GroupConvolution(inputs, width << stage, 1, Kernel.SPATIAL, stride);
    }

    @Override
    public String name() {
      return "RegConv-W" + width;
    }
  }

  /**
   * The residual networks of Table 6: regular convolutions, always with identity mappings.
   *
   * @param width C, channels of the first stage
   */
  record ResNet(int width) implements Family {
    /**
     * Looks at the width.
     *
     * @throws UserError where it is not from 1 to 3,840
     */
    public ResNet {
      Limits.positive("the channels of ResNet-Cc", width, Limits.WIDTH);
    }

    @Override
    public int shortcutPartitions(int stage) {
      return 1;
    }

    @Override
    public GroupConvolution map(int inputs, int stage, int stride) {
      return new RegConv(width).map(inputs, stage, stride);
    }

    @Override
    public String name() {
      return "ResNet-C" + width;
    }
  }

  /**
   * Summation fusion: branches over the same channels, summed.
   *
   * @param branches L
   * @param width M, channels of each branch and of the sum
   */
  record SumFusion(int branches, int width) implements Family {
    /**
     * Looks at L, M and L·M.
     *
     * @throws UserError where one is not from 1 to 3,840
     */
    public SumFusion {
      Limits.positive("L, the number of branches of SumFusion-LlMm,", branches, Limits.WIDTH);
      Limits.positive("M, the channels of a branch of SumFusion-LlMm,", width, Limits.WIDTH);
      Limits.positive(
          "L·M, the channels of all branches of SumFusion-LlMm,", branches * width, Limits.WIDTH);
    }

    @Override
    public int shortcutPartitions(int stage) {
      return 1;
    }

    @Override
    public SummedConvolution map(int inputs, int stage, int stride) {
      return new SummedConvolution(
          branches, new GroupConvolution(inputs, width << stage, 1, Kernel.SPATIAL, stride));
    }

    @Override
    public String name() {
      return "SumFusion-L%dM%d".formatted(branches, width);
    }
  }

  /**
   * Interleaved group convolutions.
   *
   * @param partitionFactors L of the first stage, as the product that it is written as: {@code
   *     L6x4} is 24 primary partitions, which two further group convolutions blend instead of one
   * @param secondaryPartitions M of the first stage
   * @param variation how its blocks depart from equation 5
   */
  record Igc(List<Integer> partitionFactors, int secondaryPartitions, Variation variation)
      implements Family {
    /** Most factors of L. */
    static final int MOST_FACTORS = 4;

    /**
     * Looks whether there are such blocks.
     *
     * @throws UserError where L, M or L·M is not from 1 to 3,840, L has more factors than four, or
     *     the variation takes no such numbers
     */
    public Igc {
      partitionFactors = List.copyOf(partitionFactors);
      int l = 1;
      for (int factor : partitionFactors) {
        Limits.positive(
            "L, the number of primary partitions of IGC-LlMm,", factor, Limits.WIDTH / l);
        l *= factor;
      }
      Limits.positive(
          "M, the number of secondary partitions of IGC-LlMm,", secondaryPartitions, Limits.WIDTH);
      Limits.positive("L·M, the width of IGC-LlMm,", l * secondaryPartitions, Limits.WIDTH);
      if (partitionFactors.isEmpty() || partitionFactors.size() > MOST_FACTORS) {
        throw new UserError(
            "L is a product of 1 to %d factors, not of %d"
                .formatted(MOST_FACTORS, partitionFactors.size()));
      }
      if (variation.dense() && partitionFactors.size() > 1) {
        throw new UserError(
            "-dense takes the place of the group convolutions that L%s stands for; write L%d"
                .formatted(product(partitionFactors), l));
      }
      if (secondaryPartitions % variation.narrowing() != 0) {
        throw new UserError(
            "-narrow%d cannot divide M = %d; M has to be a multiple of it"
                .formatted(variation.narrowing(), secondaryPartitions));
      }
      if (variation.doubling() == Doubling.L && secondaryPartitions % 2 != 0) {
        throw new UserError(
            "-doubleL needs an even M, as a stage's first block doubles the channels of each primary partition to M; the nearest possible is %d, not %d"
                .formatted(secondaryPartitions + 1, secondaryPartitions));
      }
    }

    /**
     * The paper's, in which M doubles.
     *
     * @param primaryPartitions L
     * @param secondaryPartitions M of the first stage
     */
    public Igc(int primaryPartitions, int secondaryPartitions) {
      this(List.of(primaryPartitions), secondaryPartitions, Variation.NONE);
    }

    private static String product(List<Integer> factors) {
      return factors.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    /** L of a stage. */
    private int primaryPartitions(int stage) {
      return stageFactors(stage).stream().reduce(1, Math::multiplyExact);
    }

    private List<Integer> stageFactors(int stage) {
      if (variation.doubling() != Doubling.L) {
        return partitionFactors;
      }
      List<Integer> factors = new ArrayList<>(partitionFactors);
      factors.set(0, factors.getFirst() << stage);
      return factors;
    }

    /** L·M of the first stage. */
    @Override
    public int width() {
      return primaryPartitions(0) * secondaryPartitions;
    }

    @Override
    public int stemWidth() {
      return variation.doubling() == Doubling.L ? width() / 2 : width();
    }

    @Override
    public int shortcutPartitions(int stage) {
      return primaryPartitions(stage);
    }

    @Override
    public boolean excited() {
      return variation.excited();
    }

    @Override
    public Igc on(Body body) {
      if (variation.doubling() != Doubling.BY_BODY) {
        return this;
      }
      Doubling doubling =
          body == Body.IMAGENET && secondaryPartitions == 2 ? Doubling.L : Doubling.M;
      return new Igc(partitionFactors, secondaryPartitions, variation.doubling(doubling));
    }

    @Override
    public LinearMap map(int inputs, int stage, int stride) {
      int m =
          variation.doubling() == Doubling.L ? secondaryPartitions : secondaryPartitions << stage;
      return new IgcBlock(
              stageFactors(stage), inputs / primaryPartitions(stage), m, variation, stride)
          .map();
    }

    @Override
    public String name() {
      return "IGC-L%sM%d%s".formatted(product(partitionFactors), secondaryPartitions, variation);
    }
  }
}
