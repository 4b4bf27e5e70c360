package org.igcnet.model;

import java.io.IOException;
import java.io.InputStream;

/**
 * A jar with trained networks. Those on the class path or the module path are found by {@link
 * java.util.ServiceLoader}, and {@link Pretrained} is what a program sees of them. {@link
 * ShelfFolder} writes the files.
 */
public interface ModelShelf {
  /**
   * Opens a file of the shelf.
   *
   * @param file its path from the top of the shelf, with slashes: {@code index.json}, {@code
   *     NAME/model.json}
   * @return its bytes, to be closed
   * @throws IOException where there is no such file, or it cannot be read
   */
  InputStream open(String file) throws IOException;
}
