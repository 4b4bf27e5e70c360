package org.igcnet.theory;

import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;

/**
 * What one layer with weights costs. The final layer is a 1×1 convolution of the pooled 1×1 map,
 * the only layer with biases.
 *
 * @param unit the name of the unit that it is of, for example {@code stage1.0}
 * @param name the prefix of its parameters' names, for example {@code stage1.0.primary}
 * @param kind {@code conv}, {@code primary}, {@code secondary}, {@code branches} or {@code linear}
 * @param convolution its shape; all branches of a summation side by side
 * @param input the shape that it reads
 * @param biased whether each output has a bias
 */
public record LayerCost(
    String unit,
    String name,
    String kind,
    GroupConvolution convolution,
    ImageShape input,
    boolean biased) {

  /** {@return the shape that it writes; that of all branches, before their sum} */
  public ImageShape output() {
    return convolution.output(input);
  }

  /** {@return the number of weights and biases} */
  public long parameters() {
    return weights() + (biased ? convolution.outputChannels() : 0);
  }

  /** {@return the multiply-adds for one image: every weight once at each output position} */
  public long multiplyAdds() {
    return weights() * output().pixels();
  }

  private long weights() {
    return (long) convolution.outputChannels() * convolution.fanIn();
  }
}
