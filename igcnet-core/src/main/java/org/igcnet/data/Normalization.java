package org.igcnet.data;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;

/**
 * Takes the mean from every value and divides by the standard deviation, channel by channel.
 *
 * @param mean one for each channel, in units of the byte, 0 to 255
 * @param deviation one for each channel, in the same units, above 0
 */
public record Normalization(List<Float> mean, List<Float> deviation) {
  private static final double LARGEST_BYTE = 255;

  /** That of all ImageNet, which everybody uses for photographs. */
  public static final Normalization IMAGENET =
      new Normalization(
          List.of(0.485f * 255, 0.456f * 255, 0.406f * 255),
          List.of(0.229f * 255, 0.224f * 255, 0.225f * 255));

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException where they are not of one length, or a value is not finite, or
   *     a deviation not above 0
   */
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
   * {@return one that is said in units of 0 to 1, as torchvision's and timm's users say it}
   *
   * @param mean one for each channel, from 0 to 1
   * @param deviation one for each channel, in the same units
   * @throws IllegalArgumentException where it cannot be; numbers above 1 are those of bytes
   */
  public static Normalization ofUnit(List<Double> mean, List<Double> deviation) {
    if (Stream.of(mean, deviation)
        .flatMap(List::stream)
        .anyMatch(value -> !(value >= 0 && value <= 1))) {
      throw new IllegalArgumentException(
          "means %s and deviations %s are not from 0 to 1; those of bytes are divided by 255"
              .formatted(mean, deviation));
    }
    return new Normalization(scaled(mean), scaled(deviation));
  }

  /** {@return the means in units of 0 to 1, of which {@link #ofUnit} makes these again} */
  public List<Double> unitMean() {
    return mean.stream().map(value -> value / LARGEST_BYTE).toList();
  }

  /** {@return the deviations in units of 0 to 1, of which {@link #ofUnit} makes these again} */
  public List<Double> unitDeviation() {
    return deviation.stream().map(value -> value / LARGEST_BYTE).toList();
  }

  private static List<Float> scaled(List<Double> unit) {
    return unit.stream().map(value -> (float) (value * LARGEST_BYTE)).toList();
  }

  /**
   * The mean and deviation of all pixels of a data set. The sums are whole numbers, so the result
   * is exact, whatever the order. A channel that never varies gets deviation 1. Pictures that
   * cannot be decoded do not count.
   *
   * @param dataset is read once, on all cores
   * @return the mean and deviation of each channel
   * @throws UserError where not one picture can be decoded
   */
  public static Normalization of(Dataset dataset) {
    return of(dataset, WorkListener.SILENT);
  }

  /** As {@link #of(Dataset)}, and tells how far it is. */
  static Normalization of(Dataset dataset, WorkListener listener) {
    Work work = Work.on("measuring colours", dataset.size(), "images", listener);
    Sums sums =
        IntStream.range(0, dataset.size())
            .parallel()
            .collect(() -> new Sums(dataset, work), Sums::add, Sums::addAll);
    if (sums.images == 0) {
      throw new UserError(
          Kind.DATA, "none of %,d pictures can be decoded".formatted(dataset.size()));
    }
    long count = sums.images * dataset.shape().pixels();
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (int channel = 0; channel < dataset.shape().channels(); channel++) {
      mean.add((float) ((double) sums.values[channel] / count));
      deviation.add(deviation(count, sums.values[channel], sums.squares[channel]));
    }
    return new Normalization(mean, deviation);
  }

  /** Sums over the pixels of some images, channel by channel. */
  private static final class Sums {
    private final Dataset dataset;
    private final Work work;
    private final byte[] image;
    private final long[] values;
    private final long[] squares;
    private long images;

    Sums(Dataset dataset, Work work) {
      this.dataset = dataset;
      this.work = work;
      image = new byte[dataset.shape().size()];
      values = new long[dataset.shape().channels()];
      squares = new long[dataset.shape().channels()];
    }

    void add(int index) {
      work.add(1);
      try {
        dataset.read(index, image);
      } catch (SkippedPicture skipped) {
        return;
      }
      images++;
      int pixels = dataset.shape().pixels();
      for (int channel = 0; channel < values.length; channel++) {
        for (int i = channel * pixels; i < (channel + 1) * pixels; i++) {
          int value = Byte.toUnsignedInt(image[i]);
          values[channel] += value;
          squares[channel] += (long) value * value;
        }
      }
    }

    void addAll(Sums others) {
      images += others.images;
      for (int channel = 0; channel < values.length; channel++) {
        values[channel] += others.values[channel];
        squares[channel] += others.squares[channel];
      }
    }
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
   * {@return one image normalised}
   *
   * @param values channels × rows × columns, unsigned bytes
   * @param shape of the image
   */
  public float[] applied(byte[] values, ImageShape shape) {
    float[] normalised = new float[shape.size()];
    apply(values, shape, normalised);
    return normalised;
  }

  /**
   * Normalises one image.
   *
   * @param values channels × rows × columns, unsigned bytes
   * @param shape of the image
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
