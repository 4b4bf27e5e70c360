package org.igcnet.arch;

/**
 * The networks of Table 2: what a block of theirs is, at any width.
 *
 * <p>A family's blocks scale with the stage: at scale 2ˢ its channels are {@code 2ˢ · width()}.
 */
public sealed interface Family {
  /** Channels after the stem: the width of the first stage. */
  int width();

  /** Number of partitions of a projection shortcut. */
  int shortcutPartitions();

  /** A block's linear map from channels at scale {@code from} to channels at scale {@code to}. */
  LinearMap map(int from, int to, int stride);

  /** As in the paper: {@code RegConv-W16}, {@code SumFusion-L4M8}, {@code IGC-L24M2}. */
  String name();

  /**
   * Regular convolutions.
   *
   * @param width c, channels of the first stage
   */
  record RegConv(int width) implements Family {
    public RegConv {
      Limits.positive("the width of RegConv-Wc", width, Limits.WIDTH);
    }

    @Override
    public int shortcutPartitions() {
      return 1;
    }

    @Override
    public GroupConvolution map(int from, int to, int stride) {
      return new GroupConvolution(width * from, width * to, 1, Kernel.SPATIAL, stride);
    }

    @Override
    public String name() {
      return "RegConv-W" + width;
    }
  }

  /**
   * Summation fusion: branches over the same channels, summed.
   *
   * @param branches L
   * @param width M, channels of each branch and of the sum
   */
  record SumFusion(int branches, int width) implements Family {
    public SumFusion {
      Limits.positive("L, the number of branches of SumFusion-LlMm,", branches, Limits.WIDTH);
      Limits.positive("M, the channels of a branch of SumFusion-LlMm,", width, Limits.WIDTH);
      Limits.positive(
          "L·M, the channels of all branches of SumFusion-LlMm,", branches * width, Limits.WIDTH);
    }

    @Override
    public int shortcutPartitions() {
      return 1;
    }

    @Override
    public SummedConvolution map(int from, int to, int stride) {
      return new SummedConvolution(
          branches, new GroupConvolution(width * from, width * to, 1, Kernel.SPATIAL, stride));
    }

    @Override
    public String name() {
      return "SumFusion-L%dM%d".formatted(branches, width);
    }
  }

  /**
   * Interleaved group convolutions. L stays through the stages, M doubles.
   *
   * @param primaryPartitions L
   * @param secondaryPartitions M of the first stage
   */
  record Igc(int primaryPartitions, int secondaryPartitions) implements Family {
    public Igc {
      Limits.positive(
          "L, the number of primary partitions of IGC-LlMm,", primaryPartitions, Limits.WIDTH);
      Limits.positive(
          "M, the number of secondary partitions of IGC-LlMm,", secondaryPartitions, Limits.WIDTH);
      Limits.positive(
          "L·M, the width of IGC-LlMm,", primaryPartitions * secondaryPartitions, Limits.WIDTH);
    }

    @Override
    public int width() {
      return primaryPartitions * secondaryPartitions;
    }

    @Override
    public int shortcutPartitions() {
      return primaryPartitions;
    }

    @Override
    public IgcConvolution map(int from, int to, int stride) {
      return new IgcConvolution(
          primaryPartitions,
          secondaryPartitions * from,
          secondaryPartitions * to,
          Kernel.SPATIAL,
          stride);
    }

    @Override
    public String name() {
      return "IGC-L%dM%d".formatted(primaryPartitions, secondaryPartitions);
    }
  }
}
