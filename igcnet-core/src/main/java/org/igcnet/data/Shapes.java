package org.igcnet.data;

import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.arch.ImageShape;

/**
 * Built-in data: 32×32 colour pictures of ten figures, drawn from a seed. Position, size, rotation,
 * colours, ground, occlusion and noise vary; each picture depends on the seed, its set and its
 * index alone, and is the same bytes on every machine.
 */
public final class Shapes implements StoredImages {
  /** Pictures in the training set of {@code shapes}. */
  static final int TRAIN_IMAGES = 15_000;

  /** Pictures in the test set of {@code shapes}. */
  static final int TEST_IMAGES = 2_000;

  private static final List<Figure> FIGURES = List.of(Figure.values());
  private static final List<String> CLASSES = FIGURES.stream().map(Figure::label).toList();
  private static final int TRAIN = 0;
  private static final int TEST = 1;

  private final byte[] pixels;

  private Shapes(byte[] pixels) {
    this.pixels = pixels;
  }

  /**
   * {@return the first {@code images} pictures of a seed's training set, at most 500,000}
   *
   * @param seed of the whole data set
   * @param images how many
   */
  public static Shapes train(long seed, int images) {
    return draw(seed, TRAIN, images);
  }

  /**
   * {@return the first {@code images} pictures of a seed's test set, at most 500,000}
   *
   * @param seed of the whole data set
   * @param images how many
   */
  public static Shapes test(long seed, int images) {
    return draw(seed, TEST, images);
  }

  static Splits splits(String spec, long seed) {
    return new Splits(spec, train(seed, TRAIN_IMAGES), test(seed));
  }

  /** A seed's test set. */
  static Shapes test(long seed) {
    return test(seed, TEST_IMAGES);
  }

  private static Shapes draw(long seed, int set, int images) {
    if (images < 1 || images > 500_000) {
      throw new IllegalArgumentException("%,d pictures are not 1 to 500,000".formatted(images));
    }
    Shapes shapes = new Shapes(new byte[images * ImageShape.CIFAR.size()]);
    IntStream.range(0, images)
        .parallel()
        .forEach(
            index ->
                new Scene(FIGURES.get(shapes.label(index)), SplitMix.of(seed, set, index))
                    .paint(shapes.pixels, index * ImageShape.CIFAR.size()));
    return shapes;
  }

  @Override
  public int size() {
    return pixels.length / shape().size();
  }

  @Override
  public ImageShape shape() {
    return ImageShape.CIFAR;
  }

  @Override
  public List<String> classes() {
    return CLASSES;
  }

  /** The classes take turns. */
  @Override
  public int label(int index) {
    return index % CLASSES.size();
  }

  @Override
  public void read(int index, byte[] values) {
    System.arraycopy(pixels, index * shape().size(), values, 0, shape().size());
  }
}
