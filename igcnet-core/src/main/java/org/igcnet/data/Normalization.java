package org.igcnet.data;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;

/**
 * Takes the mean from every value and divides by the standard deviation, channel by channel.
 *
 * @param mean one for each channel, in units of the byte, 0 to 255
 * @param deviation one for each channel, in the same units, above 0
 */
public record Normalization(List<Float> mean, List<Float> deviation) {
  public Normalization {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.isEmpty() || mean.size() != deviation.size()) {
      throw new IllegalArgumentException(
          "%d means and %d deviations are not one each for every channel"
              .formatted(mean.size(), deviation.size()));
    }
    if (!mean.stream().allMatch(Float::isFinite)
        || !deviation.stream().allMatch(d -> Float.isFinite(d) && d > 0)) {
      throw new IllegalArgumentException(
          "means %s and deviations %s are not finite numbers, the latter above 0"
              .formatted(mean, deviation));
    }
  }

  /**
   * The mean and deviation of all pixels of a data set. The sums are whole numbers, so the result
   * is exact, whatever the order. A channel that never varies gets deviation 1. Pictures that
   * cannot be decoded do not count.
   */
  public static Normalization of(Dataset dataset) {
    ImageShape shape = dataset.shape();
    long[] sums = new long[shape.channels()];
    long[] squares = new long[shape.channels()];
    byte[] values = new byte[shape.size()];
    int images = 0;
    for (int image = 0; image < dataset.size(); image++) {
      try {
        dataset.read(image, values);
      } catch (SkippedPicture skipped) {
        continue;
      }
      images++;
      for (int channel = 0; channel < shape.channels(); channel++) {
        int from = channel * shape.pixels();
        for (int i = from; i < from + shape.pixels(); i++) {
          int value = Byte.toUnsignedInt(values[i]);
          sums[channel] += value;
          squares[channel] += (long) value * value;
        }
      }
    }
    if (images == 0) {
      throw new UserError("none of %,d pictures can be decoded".formatted(dataset.size()));
    }
    long count = (long) images * shape.pixels();
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (int channel = 0; channel < shape.channels(); channel++) {
      mean.add((float) ((double) sums[channel] / count));
      deviation.add(deviation(count, sums[channel], squares[channel]));
    }
    return new Normalization(mean, deviation);
  }

  /** The root of {@code (count·squares − sum²) / count²}; the numerator needs more than 64 bits. */
  private static float deviation(long count, long sum, long squares) {
    BigInteger numerator =
        BigInteger.valueOf(count)
            .multiply(BigInteger.valueOf(squares))
            .subtract(BigInteger.valueOf(sum).pow(2));
    return numerator.signum() == 0 ? 1 : (float) (Math.sqrt(numerator.doubleValue()) / count);
  }

  /**
   * Normalises one image.
   *
   * @param values channels × rows × columns, unsigned bytes
   * @param normalised gets the same, mean 0 and deviation 1 over the data set
   */
  public void apply(byte[] values, ImageShape shape, float[] normalised) {
    if (shape.channels() != mean.size()) {
      throw new IllegalArgumentException(
          "images of %s cannot be normalised with %d channels' means"
              .formatted(shape, mean.size()));
    }
    for (int channel = 0; channel < shape.channels(); channel++) {
      float m = mean.get(channel);
      float d = deviation.get(channel);
      int from = channel * shape.pixels();
      for (int i = from; i < from + shape.pixels(); i++) {
        normalised[i] = (Byte.toUnsignedInt(values[i]) - m) / d;
      }
    }
  }
}
