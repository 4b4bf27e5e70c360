package org.igcnet.data;

import java.util.List;
import org.igcnet.arch.ImageShape;

/**
 * Labelled images of one shape: stored as bytes of that shape, or pictures of any size that are
 * decoded and brought to it each time. Many threads may read one at the same time.
 */
public sealed interface Dataset permits StoredImages, PictureSet {
  /** {@return the number of images, at least 1} */
  int size();

  /** {@return the shape of every image, as the network takes it} */
  ImageShape shape();

  /** {@return the names of the classes; a label is an index into them} */
  List<String> classes();

  /**
   * {@return the class of one image}
   *
   * @param index of the image, from 0
   */
  int label(int index);

  /**
   * {@return what a person finds one image by: of a picture the path from the data's folder, as
   * {@code cat/1.jpg}; of others the place in their set, as {@code image 17}}
   *
   * @param index of the image, from 0
   */
  String name(int index);

  /**
   * Copies one image, as a network is tested on it.
   *
   * @param index of the image, from 0
   * @param values gets channels × rows × columns, unsigned bytes
   */
  void read(int index, byte[] values);

  /**
   * {@return the same images, of which a network keeps what it was trained to keep} Images that are
   * stored in their shape stay as they are.
   *
   * @param framing which part of a picture is read, and how it is resized
   */
  Dataset framed(Framing framing);

  /**
   * {@return the bytes of memory that many threads together take while they read, beside the
   * images}
   */
  long readingBytes();

  /** {@return what a network that learns from these images takes from them first} */
  Normalization normalization();
}
