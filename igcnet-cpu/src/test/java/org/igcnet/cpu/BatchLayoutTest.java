package org.igcnet.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.cpu.Activation.Images;
import org.igcnet.cpu.kernel.Lanes;
import org.junit.jupiter.api.Test;

class BatchLayoutTest {
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
      assertThat(layout.block(layout.firstImage(block))).isEqualTo(block);
      assertThat(layout.lane(layout.firstImage(block))).isZero();
      assertThat(layout.living(block)).isEqualTo(living[block]).isPositive();
    }
  }

  @Test
  void anImageLiesInItsLaneWithZerosAround() {
    ImageShape shape = new ImageShape(2, 3, 2);
    ImageBatch batch = new ImageBatch(shape, 3);
    batch.begin(2);
    batch.put(0, new float[12], 0);
    batch.put(1, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 7);
    Images images = new Images(Tensor.allocate(1, shape));
    float[] data = images.pixels().data();
    Arrays.fill(data, -1);
    images.take(batch, new BatchLayout(2, 2), 0);
    for (int value = 0; value < 12; value++) {
      int row = value / 2 % 3;
      int at = images.pixels().index(0, row, value / 6) + value % 2 * Lanes.COUNT;
      assertThat(data[at]).isZero();
      assertThat(data[at + 1]).isEqualTo(value + 1f);
      assertThat(data[at + 2]).isZero();
    }
  }
}
