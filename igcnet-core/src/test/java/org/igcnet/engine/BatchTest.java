package org.igcnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.arch.ImageShape;
import org.igcnet.engine.kernel.Lanes;
import org.junit.jupiter.api.Test;

class BatchTest {
  @Property
  void everyImageHasALaneOfItsOwnAndGroupsShareNoBlock(
      @ForAll @IntRange(min = 1, max = 150) int images,
      @ForAll @IntRange(min = 1, max = 150) int normImages) {
    BatchLayout layout = new BatchLayout(images, normImages);
    Set<Integer> places = new HashSet<>();
    int[] living = new int[layout.blocks()];
    for (int image = 0; image < images; image++) {
      int block = layout.block(image);
      assertThat(block).isBetween(0, layout.blocks() - 1);
      assertThat(layout.lane(image)).isLessThan(layout.living(block));
      assertThat(layout.group(block)).isEqualTo(image / normImages);
      assertThat(places.add(block * Lanes.COUNT + layout.lane(image))).isTrue();
      living[block]++;
    }
    for (int block = 0; block < layout.blocks(); block++) {
      assertThat(layout.living(block)).isEqualTo(living[block]).isPositive();
    }
  }

  @Test
  void anImageLiesInItsLaneWithZerosAround() {
    ImageShape shape = new ImageShape(2, 3, 2);
    Batch batch = new Batch(shape, 3, 3);
    batch.begin(2);
    batch.put(1, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 7);
    assertThat(batch.images()).isEqualTo(2);
    assertThat(batch.label(1)).isEqualTo(7);
    float[] data = batch.pixels().data();
    for (int value = 0; value < 12; value++) {
      int row = value / 2 % 3;
      int at = batch.pixels().index(0, row, value / 6) + value % 2 * Lanes.COUNT;
      assertThat(data[at]).isZero();
      assertThat(data[at + 1]).isEqualTo(value + 1f);
      assertThat(data[at + 2]).isZero();
    }
  }

  @Test
  void whatWasPutIsGot() {
    Batch batch = new Batch(new ImageShape(1, 2, 2), 20, 3);
    for (int image = 0; image < 20; image++) {
      batch.put(image, new float[] {image, 1, 2, 3}, 0);
    }
    float[] got = new float[6];
    batch.get(13, got, 1);
    assertThat(got).containsExactly(0, 13, 1, 2, 3, 0);
  }

  @Test
  void tooManyImagesAndWrongShapesAreRefused() {
    Batch batch = new Batch(new ImageShape(1, 2, 2), 3, 3);
    assertThatThrownBy(() -> batch.begin(4)).hasMessageContaining("for 3 images cannot hold 4");
    assertThatThrownBy(() -> batch.put(0, new float[5], 0)).hasMessageContaining("4 values, not 5");
  }
}
