package org.igcnet.data;

import java.util.List;
import org.igcnet.arch.ImageShape;

/** Labelled images of one shape. Many threads may read one at the same time. */
public interface Dataset {
  /** Number of images, at least 1. */
  int size();

  /** Shape of every image. */
  ImageShape shape();

  /** The names of the classes; a label is an index into them. */
  List<String> classes();

  /** The class of one image. */
  int label(int index);

  /**
   * Copies one image.
   *
   * @param values gets channels × rows × columns, unsigned bytes
   */
  void read(int index, byte[] values);
}
