package org.igcnet.data;

import java.util.List;
import java.util.function.IntPredicate;
import org.igcnet.arch.ImageShape;

/**
 * A data set some of whose pictures cannot be decoded.
 *
 * @param damaged which, by their index
 */
public record Damaged(Dataset whole, IntPredicate damaged) implements StoredImages {
  @Override
  public int size() {
    return whole.size();
  }

  @Override
  public ImageShape shape() {
    return whole.shape();
  }

  @Override
  public List<String> classes() {
    return whole.classes();
  }

  @Override
  public int label(int index) {
    return whole.label(index);
  }

  @Override
  public void read(int index, byte[] values) {
    if (damaged.test(index)) {
      throw new SkippedPicture("picture %d is damaged".formatted(index));
    }
    whole.read(index, values);
  }
}
