package org.igcnet.bench;

import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Steps;

/**
 * A convolution within one partition, in the shapes of the paper's networks for 32×32 images. The
 * names of primary and secondary convolutions tell the network and the stage.
 */
public enum KernelShape {
  STEM_TO_48(3, 48, 3, 32, 1),
  PRIMARY_L24M2_STAGE1(2, 2, 3, 32, 1),
  PRIMARY_L24M2_TO_STAGE2(2, 4, 3, 16, 2),
  PRIMARY_L24M2_STAGE2(4, 4, 3, 16, 1),
  PRIMARY_L24M2_STAGE3(8, 8, 3, 8, 1),
  SECONDARY_L24M2_STAGE1(24, 24, 1, 32, 1),
  SECONDARY_L24M2_STAGE2(24, 24, 1, 16, 1),
  SECONDARY_L24M2_STAGE3(24, 24, 1, 8, 1),
  PRIMARY_L4M8_STAGE1(8, 8, 3, 32, 1),
  PRIMARY_L4M8_STAGE2(16, 16, 3, 16, 1),
  PRIMARY_L4M8_STAGE3(32, 32, 3, 8, 1),
  SECONDARY_L4M8_STAGE1(4, 4, 1, 32, 1),
  REGULAR_W16_STAGE1(16, 16, 3, 32, 1),
  REGULAR_W16_STAGE2(32, 32, 3, 16, 1),
  REGULAR_W16_STAGE3(64, 64, 3, 8, 1),
  CHANNEL_WISE(1, 1, 3, 32, 1);

  private final int inputs;
  private final int outputs;
  private final int kernel;
  private final int size;
  private final int stride;

  /**
   * @param size rows and columns of the output
   */
  KernelShape(int inputs, int outputs, int kernel, int size, int stride) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.kernel = kernel;
    this.size = size;
    this.stride = stride;
  }

  /** Rows and columns of the output. */
  int size() {
    return size;
  }

  int outputs() {
    return outputs;
  }

  /** Where each weight of an output channel reads, in the padded input. */
  int[] taps() {
    int[] taps = new int[inputs * kernel * kernel];
    for (int tap = 0; tap < taps.length; tap++) {
      int channel = tap / (kernel * kernel);
      int row = tap / kernel % kernel;
      taps[tap] = channel * inputChannel() + row * inputRow() + tap % kernel * Lanes.COUNT;
    }
    return taps;
  }

  private int inputRow() {
    return ((size - 1) * stride + kernel) * Lanes.COUNT;
  }

  /** A vector more than needed, so that channels do not share cache sets. */
  private int inputChannel() {
    return ((size - 1) * stride + kernel) * inputRow() + Lanes.COUNT;
  }

  private int outputChannel() {
    return size * size * Lanes.COUNT + Lanes.COUNT;
  }

  Steps in() {
    return new Steps(inputChannel(), stride * inputRow(), stride * Lanes.COUNT);
  }

  Steps out() {
    return new Steps(outputChannel(), size * Lanes.COUNT, Lanes.COUNT);
  }

  /** A gradient's rows lie as far apart as the input's, where they can, with zeros between. */
  Steps gradient() {
    int row = stride == 1 ? inputRow() : size * Lanes.COUNT;
    return new Steps(size * row + Lanes.COUNT, row, Lanes.COUNT);
  }

  /** Values of the padded input. */
  int inputValues() {
    return inputs * inputChannel();
  }

  int outputValues() {
    return outputs * outputChannel();
  }

  int gradientValues() {
    return outputs * gradient().channel();
  }

  /** Multiply-adds for V images. */
  long multiplyAdds() {
    return (long) size * size * outputs * inputs * kernel * kernel * Lanes.COUNT;
  }
}
