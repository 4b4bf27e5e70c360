package org.igcnet.cpu.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.NormGroups;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.train.Activation.Images;
import org.igcnet.loss.Target;
import org.junit.jupiter.api.Test;

class BatchLayoutTest {
  @Property
  void everyImageHasALaneOfItsOwnAndGroupsShareNoBlock(
      @ForAll @IntRange(min = 1, max = 150) int images,
      @ForAll @IntRange(min = 1, max = 150) int normImages) {
    requireLanes(BatchLayout.of(images, normImages), images, image -> image / normImages);
  }

  @Property
  void damagedPicturesLeaveTheirGroupSmallerAndNoOther(
      @ForAll @Size(min = 1, max = 150) List<Boolean> readable,
      @ForAll @IntRange(min = 1, max = 150) int normImages) {
    int[] places = IntStream.range(0, readable.size()).filter(readable::get).toArray();
    Assume.that(places.length > 0);
    ImageBatch batch = new ImageBatch(new ImageShape(1, 1, 1), readable.size());
    batch.begin(places.length);
    for (int image = 0; image < places.length; image++) {
      batch.put(image, places[image], new float[1], Target.of(0));
    }
    int[] groups = Arrays.stream(places).map(place -> place / normImages).distinct().toArray();
    BatchLayout layout = BatchLayout.of(NormGroups.of(batch, normImages));
    requireLanes(
        layout, places.length, image -> Arrays.binarySearch(groups, places[image] / normImages));
    List<String> sums = new ArrayList<>();
    Arrays.stream(groups).forEach(group -> sums.add(group + ","));
    layout.addGroups((from, to) -> sums.set(to, "(%s%s)".formatted(sums.get(to), sums.get(from))));
    assertThat(sums.getFirst()).isEqualTo(tree(groups, 0, 256));
  }

  /** The sum over those of some groups that are in a node of the tree. */
  private static String tree(int[] groups, int first, int size) {
    if (size == 1) {
      return Arrays.binarySearch(groups, first) < 0 ? "" : first + ",";
    }
    String left = tree(groups, first, size / 2);
    String right = tree(groups, first + size / 2, size / 2);
    return left.isEmpty() || right.isEmpty() ? left + right : "(%s%s)".formatted(left, right);
  }

  private static void requireLanes(BatchLayout layout, int images, IntUnaryOperator group) {
    int next = 0;
    for (int block = 0; block < layout.blocks(); block++) {
      assertThat(layout.firstImage(block)).isEqualTo(next);
      assertThat(layout.living(block)).isBetween(1, Lanes.COUNT);
      for (int lane = 0; lane < layout.living(block); lane++) {
        assertThat(layout.group(block)).isEqualTo(group.applyAsInt(next++));
      }
    }
    assertThat(next).isEqualTo(images).isEqualTo(layout.images());
    for (int i = 0; i < layout.groups(); i++) {
      int one = i;
      assertThat(layout.groupImages(i))
          .isEqualTo((int) IntStream.range(0, images).map(group).filter(g -> g == one).count());
    }
  }

  @Test
  void anImageLiesInItsLaneWithZerosAround() {
    ImageShape shape = new ImageShape(2, 3, 2);
    ImageBatch batch = new ImageBatch(shape, 3);
    batch.begin(2);
    batch.put(0, new float[12], 0);
    batch.put(1, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 7);
    Images images = Images.allocate(BatchLayout.of(1, 1), shape);
    float[] data = images.pixels();
    Arrays.fill(data, -1);
    images.take(batch, BatchLayout.of(2, 2), 0);
    for (int value = 0; value < 12; value++) {
      int row = value / 2 % 3;
      int at = Lanes.LEAD + (row * 4 + value / 6 * 2 + value % 2) * Lanes.COUNT;
      assertThat(data[at]).isZero();
      assertThat(data[at + 1]).isEqualTo(value + 1f);
      assertThat(data[at + 2]).isZero();
    }
  }
}
