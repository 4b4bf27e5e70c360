package org.igcnet.backend;

import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter.Role;

/**
 * Batch normalisation by its running averages, which are constants of a trained network: y = scale
 * · x + shift, channel by channel. The scale can go into the rows of the convolution before it.
 */
public final class FoldedNorm {
  private final double[] scale;
  private final double[] shift;

  private FoldedNorm(double[] scale, double[] shift) {
    this.scale = scale;
    this.shift = shift;
  }

  /**
   * {@return scale and shift of one normalisation}
   *
   * @param norm which
   * @param weights the network's tensors, as they are now
   */
  public static FoldedNorm of(BatchNorm norm, Weights weights) {
    float[] values = weights.values();
    int gamma = weights.offset(norm.tensor(Role.GAMMA));
    int beta = weights.offset(norm.tensor(Role.BETA));
    int mean = weights.offset(norm.tensor(Role.RUNNING_MEAN));
    int variance = weights.offset(norm.tensor(Role.RUNNING_VARIANCE));
    int channels = norm.output().channels();
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int channel = 0; channel < channels; channel++) {
      scale[channel] =
          values[gamma + channel] / Math.sqrt(values[variance + channel] + ConvUnit.EPSILON);
      shift[channel] = values[beta + channel] - values[mean + channel] * scale[channel];
    }
    return new FoldedNorm(scale, shift);
  }

  /**
   * {@return what a channel is multiplied with}
   *
   * @param channel which
   */
  public double scale(int channel) {
    return scale[channel];
  }

  /**
   * {@return what is then added to a channel}
   *
   * @param channel which
   */
  public double shift(int channel) {
    return shift[channel];
  }
}
