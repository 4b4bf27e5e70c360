package org.igcnet.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;
import org.igcnet.files.Sha256;

/**
 * Labelled images that a program has itself: arrays of bytes, or pictures of any size, which are
 * brought to one shape. They stay in memory.
 *
 * <pre>{@code
 * OwnImages train = OwnImages.of(new ImageShape(1, 28, 28), List.of("cat", "dog"), images, labels);
 * }</pre>
 */
public final class OwnImages implements StoredImages {
  /** What stands before the colon in the name of such data. */
  private static final String KIND = "own";

  private final ImageShape shape;
  private final List<String> classes;
  private final byte[][] images;
  private final int[] labels;

  private OwnImages(ImageShape shape, List<String> classes, byte[][] images, int[] labels) {
    this.shape = shape;
    this.classes = List.copyOf(classes);
    this.images = images;
    this.labels = labels.clone();
  }

  /**
   * Takes arrays of bytes.
   *
   * @param shape of every image
   * @param classes the names of the classes; a label is an index into them
   * @param images channels × rows × columns each, unsigned bytes; copied
   * @param labels one for each image
   * @return the images
   * @throws UserError where there is none, one has another size, a label is of no class, or two
   *     classes have one name
   */
  public static OwnImages of(
      ImageShape shape, List<String> classes, byte[][] images, int[] labels) {
    requireLabelled(images.length, classes, labels);
    byte[][] copies = new byte[images.length][];
    for (int i = 0; i < images.length; i++) {
      if (images[i].length != shape.size()) {
        throw new UserError(
            Kind.DATA,
            "image %,d has %,d bytes; those of %s have %,d"
                .formatted(i, images[i].length, shape, shape.size()));
      }
      copies[i] = images[i].clone();
    }
    return new OwnImages(shape, classes, copies, labels);
  }

  /**
   * Takes pictures of any size. Of each the middle with the shape's proportions is kept and
   * resized, on all cores.
   *
   * @param shape that they are brought to: three channels, or one for grey
   * @param classes the names of the classes; a label is an index into them
   * @param pictures files, bytes or pixels
   * @param labels one for each picture
   * @return the images
   * @throws UserError where there is none, one cannot be read, a label is of no class, or two
   *     classes have one name
   */
  public static OwnImages of(
      ImageShape shape, List<String> classes, List<Picture> pictures, int[] labels) {
    requireLabelled(pictures.size(), classes, labels);
    byte[][] images =
        pictures.parallelStream()
            .map(picture -> picture.fitted(shape, Framing.WHOLE).values())
            .toArray(byte[][]::new);
    return new OwnImages(shape, classes, images, labels);
  }

  private static void requireLabelled(int images, List<String> classes, int[] labels) {
    if (images == 0 || images != labels.length) {
      throw new UserError(
          Kind.DATA,
          "%,d images have %,d labels; there is at least one image, and one label for each"
              .formatted(images, labels.length));
    }
    if (Set.copyOf(classes).size() != classes.size()) {
      throw new UserError(
          Kind.DATA, "the classes %s are not all different".formatted(Known.words(classes)));
    }
    for (int i = 0; i < images; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new UserError(
            Kind.DATA,
            "image %,d has the label %d, but labels go from 0 to %d"
                .formatted(i, labels[i], classes.size() - 1));
      }
    }
  }

  /**
   * What to learn and to test with. Their name holds the SHA-256 of all of it, by which a training
   * that goes on knows them again.
   *
   * @param train what to learn from
   * @param test what to test with
   * @return both
   * @throws UserError where they have other shapes or classes
   */
  public static Splits splits(OwnImages train, OwnImages test) {
    if (!train.shape.equals(test.shape) || !train.classes.equals(test.classes)) {
      throw new UserError(
          Kind.DATA,
          "images of %s that show %s cannot test what is learned from images of %s that show %s"
              .formatted(
                  test.shape, Known.words(test.classes), train.shape, Known.words(train.classes)));
    }
    Sha256 sum = new Sha256();
    train.addTo(sum);
    test.addTo(sum);
    return new Splits(KIND + ":" + sum.soFar(), train, test);
  }

  private void addTo(Sha256 sum) {
    for (int index = 0; index < images.length; index++) {
      sum.add(ByteBuffer.allocate(Integer.BYTES).putInt(labels[index]).array());
      sum.add(images[index]);
    }
  }

  /**
   * {@return whether data of this name are a program's own, which only it can give again}
   *
   * @param spec a data's name
   */
  public static boolean isName(String spec) {
    return Splits.kind(spec).equals(KIND);
  }

  @Override
  public int size() {
    return images.length;
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void read(int index, byte[] values) {
    System.arraycopy(images[index], 0, values, 0, shape.size());
  }
}
