package org.igcnet.data;

import java.awt.image.BufferedImage;
import org.igcnet.arch.ImageShape;

/**
 * A picture as the small image that a network takes: upright, red, green and blue or grey,
 * transparent parts over white, the middle cut out to the network's proportions and resized.
 */
public final class FittedPicture {
  private final Resizing resizing;
  private final byte[] values;

  private FittedPicture(Resizing resizing, byte[] values) {
    this.resizing = resizing;
    this.values = values;
  }

  /** Of a file's bytes. */
  static FittedPicture of(EncodedPicture picture, ImageShape shape, Framing framing) {
    Window middle = Window.middle(picture.width(), picture.height(), shape, framing.middle());
    byte[] values = new byte[shape.size()];
    picture.cut(middle, false, shape, values);
    return new FittedPicture(resizing(picture.width(), picture.height(), middle, shape), values);
  }

  /** Of pixels in memory. */
  static FittedPicture of(BufferedImage picture, ImageShape shape, Framing framing) {
    Window middle = Window.middle(picture.getWidth(), picture.getHeight(), shape, framing.middle());
    byte[] values = new byte[shape.size()];
    Cut cut = new Cut(middle, Orientation.UPRIGHT, false, shape);
    cut.add(picture, 0);
    cut.put(values);
    return new FittedPicture(
        resizing(picture.getWidth(), picture.getHeight(), middle, shape), values);
  }

  private static Resizing resizing(int width, int height, Window middle, ImageShape shape) {
    return new Resizing(
        width, height, middle.width(), middle.height(), shape.width(), shape.height());
  }

  /** {@return how it was resized} */
  public Resizing resizing() {
    return resizing;
  }

  /** {@return the values, channels × rows × columns, unsigned bytes; not a copy} */
  public byte[] values() {
    return values;
  }
}
