package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final ImageShape SMALL = new ImageShape(2, 2, 3);
  private static final float[] IMAGE = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  @Test
  void theMiddleWindowIsTheImage() {
    assertThat(crop(4, 4, false)).containsExactly(IMAGE);
  }

  @Test
  void mirroringTurnsRowsRound() {
    assertThat(crop(4, 4, true)).containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10);
  }

  @Test
  void whatLiesOutsideIsZero() {
    assertThat(crop(5, 3, false)).containsExactly(0, 4, 5, 0, 0, 0, 0, 10, 11, 0, 0, 0);
    assertThat(crop(3, 6, false)).containsExactly(0, 0, 0, 3, 0, 0, 0, 0, 0, 9, 0, 0);
    assertThat(crop(5, 3, true)).containsExactly(5, 4, 0, 0, 0, 0, 11, 10, 0, 0, 0, 0);
    assertThat(crop(0, 4, false)).containsOnly(0);
    assertThat(crop(4, 8, true)).containsOnly(0);
  }

  private static float[] crop(int top, int left, boolean mirror) {
    float[] to = new float[12];
    Arrays.fill(to, -1);
    new Shift(top - 4, left - 4, mirror).apply(IMAGE, 0, SMALL, to);
    return to;
  }

  /** Pixel by pixel, as the words say it. */
  @Property(tries = 200)
  void everyWindowIsCutOutOfThePaddedImage(
      @ForAll @IntRange(max = 8) int top,
      @ForAll @IntRange(max = 8) int left,
      @ForAll boolean mirror,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width) {
    ImageShape shape = new ImageShape(2, height, width);
    float[] from = new float[shape.size()];
    for (int i = 0; i < from.length; i++) {
      from[i] = i + 1;
    }
    float[] to = new float[from.length];
    new Shift(top - 4, left - 4, mirror).apply(from, 0, shape, to);
    for (int i = 0; i < to.length; i++) {
      int channel = i / shape.pixels();
      int row = i / width % height + top - 4;
      int column = (mirror ? width - 1 - i % width : i % width) + left - 4;
      boolean inside = row >= 0 && row < height && column >= 0 && column < width;
      assertThat(to[i]).isEqualTo(inside ? from[(channel * height + row) * width + column] : 0);
    }
  }

  @Test
  void everyWindowAndSideIsEquallyLikely() {
    ImageShape shape = new ImageShape(1, 9, 9);
    float[] from = new float[81];
    from[4 * 9 + 4] = 1; // stays inside, wherever the window lies
    from[4 * 9 + 5] = 2; // to its right, or left if mirrored
    int tries = 81_000;
    int[] windows = new int[81];
    int mirrored = 0;
    float[] to = new float[81];
    for (int i = 0; i < tries; i++) {
      Augmentation.CROP_AND_MIRROR.apply(from, shape, SplitMix.of(7, 3, i), SplitMix::coin, to);
      int at = 0;
      while (to[at] != 1) {
        at++;
      }
      windows[at]++;
      mirrored += at > 0 && to[at - 1] == 2 ? 1 : 0;
    }
    for (int count : windows) {
      assertThat(count).isBetween(850, 1150); // 1,000 ± 32
    }
    // the second pixel is outside for one window in nine
    assertThat(mirrored / (double) tries).isCloseTo(4 / 9.0, within(0.01));
  }

  @Test
  void noneIsACopy() {
    float[] to = new float[12];
    Augmentation.NONE.apply(IMAGE, SMALL, SplitMix.of(1), SplitMix::coin, to);
    assertThat(to).containsExactly(IMAGE);
  }
}
