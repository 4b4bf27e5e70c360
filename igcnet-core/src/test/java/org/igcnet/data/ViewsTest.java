package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

  /** Behind another image. */
  private static final float[] IMAGES = {0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6};

  @Test
  void oneIsTheImageAsItIs() {
    assertThat(Views.ONE.shifts(SHAPE)).hasSize(1);
    assertThat(view(Views.ONE, 0)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void mirrorShowsBothSides() {
    assertThat(Views.MIRROR.shifts(SHAPE)).hasSize(2);
    assertThat(view(Views.MIRROR, 0)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(view(Views.MIRROR, 1)).containsExactly(3, 2, 1, 6, 5, 4);
  }

  @Test
  void cropsAreTheImageAndFourShiftedOnesBothWays() {
    assertThat(Views.CROPS.shifts(SHAPE)).hasSize(10);
    assertThat(view(Views.CROPS, 0)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(view(Views.CROPS, 2)).containsExactly(0, 0, 0, 0, 1, 2);
    assertThat(view(Views.CROPS, 3)).containsExactly(0, 0, 0, 2, 1, 0);
    assertThat(view(Views.CROPS, 4)).containsExactly(0, 0, 0, 2, 3, 0);
    assertThat(view(Views.CROPS, 6)).containsExactly(0, 4, 5, 0, 0, 0);
    assertThat(view(Views.CROPS, 8)).containsExactly(5, 6, 0, 0, 0, 0);
    assertThat(view(Views.CROPS, 9)).containsExactly(0, 6, 5, 0, 0, 0);
  }

  @Test
  void cropsShiftBySixteenthsOfTheSize() {
    ImageShape large = new ImageShape(1, 32, 32);
    float[] image = new float[1024];
    image[0] = 1;
    float[] to = new float[1024];
    Views.CROPS.shifts(large).get(2).apply(image, 0, large, to);
    assertThat(to[2 * 32 + 2]).isEqualTo(1);
  }

  private static float[] view(Views views, int number) {
    float[] to = new float[6];
    views.shifts(SHAPE).get(number).apply(IMAGES, 6, SHAPE, to);
    return to;
  }
}
