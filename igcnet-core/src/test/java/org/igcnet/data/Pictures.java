package org.igcnet.data;

import java.util.List;
import org.igcnet.arch.ImageShape;

/** A data set for tests; image i has the values 10·i, 10·i + 1, … and label i mod 3. */
record Pictures(int size, ImageShape shape) implements StoredImages {
  @Override
  public List<String> classes() {
    return List.of("a", "b", "c");
  }

  @Override
  public int label(int index) {
    return index % 3;
  }

  @Override
  public void read(int index, byte[] values) {
    for (int i = 0; i < shape.size(); i++) {
      values[i] = (byte) (10 * index + i);
    }
  }
}
