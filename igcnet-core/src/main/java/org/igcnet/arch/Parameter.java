package org.igcnet.arch;

import java.util.List;

/**
 * One tensor of a network: what is learned, or a running average of batch normalisation.
 *
 * @param name its name in files, for example {@code stage1.0.primary.weight}
 * @param role what it is
 * @param shape its extents; OIHW for convolutions, {@code [classes][features]} for the final layer
 * @param fanIn inputs of one output value, for initialisation; 0 where it means nothing
 */
public record Parameter(String name, Role role, List<Integer> shape, int fanIn) {
  /** Copies the shape. */
  public Parameter {
    shape = List.copyOf(shape);
  }

  /** {@return the number of values} */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** What a tensor is to the network. */
  public enum Role {
    /** A convolution's weight. */
    CONVOLUTION(true, true, true),
    /** The final layer's weight. */
    LINEAR(true, true, true),
    /** The final layer's bias. */
    BIAS(true, false, true),
    /** γ of batch normalisation. */
    GAMMA(true, true, false),
    /** β of batch normalisation. */
    BETA(true, false, false),
    /** Batch normalisation's running mean. */
    RUNNING_MEAN(false, false, false),
    /** Batch normalisation's running variance. */
    RUNNING_VARIANCE(false, false, false);

    private final boolean learned;
    private final boolean decayed;
    private final boolean counted;

    Role(boolean learned, boolean decayed, boolean counted) {
      this.learned = learned;
      this.decayed = decayed;
      this.counted = counted;
    }

    /** {@return whether gradient descent changes it} */
    public boolean learned() {
      return learned;
    }

    /** {@return whether it is a running average of batch normalisation} */
    public boolean isAverage() {
      return this == RUNNING_MEAN || this == RUNNING_VARIANCE;
    }

    /** {@return whether it is γ or β of batch normalisation} */
    public boolean ofNorm() {
      return this == GAMMA || this == BETA;
    }

    /** {@return whether weight decay applies to it: to weights and γ, not to biases and β} */
    public boolean decayed() {
      return decayed;
    }

    /**
     * {@return whether a training can leave a value: it is finite, and no variance is below 0}
     *
     * @param value one of its numbers
     */
    public boolean allows(float value) {
      return Float.isFinite(value) && (this != RUNNING_VARIANCE || value >= 0);
    }

    /** {@return whether the paper counts it as a parameter: batch normalisation is not counted} */
    public boolean counted() {
      return counted;
    }
  }
}
