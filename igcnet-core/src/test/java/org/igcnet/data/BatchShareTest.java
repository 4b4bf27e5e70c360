package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;

class BatchShareTest {
  private static int[] images(int batchSize, int normImages, int trainers) {
    return IntStream.range(0, trainers)
        .map(rank -> BatchShare.of(batchSize, normImages, rank, trainers).images())
        .toArray();
  }

  @Test
  void sharesAreWholePowersOfTwoOfGroups() {
    assertThat(images(64, 32, 2)).containsExactly(32, 32);
    assertThat(images(64, 16, 4)).containsExactly(16, 16, 16, 16);
    assertThat(images(128, 16, 3)).containsExactly(64, 64, 0);
    assertThat(images(112, 16, 3)).containsExactly(64, 48, 0);
    assertThat(images(100, 32, 2)).containsExactly(64, 36);
    assertThat(BatchShare.of(64, 64, 0, 1)).isEqualTo(BatchShare.whole(64));
  }

  @Property
  void sharesFollowEachOtherAndAreTheWholeBatch(
      @ForAll @IntRange(min = 1, max = 300) int batchSize,
      @ForAll @IntRange(min = 1, max = 40) int normImages,
      @ForAll @IntRange(min = 1, max = 8) int trainers,
      @ForAll @IntRange(max = 300) int left) {
    if (trainers > Math.ceilDiv(batchSize, normImages)) {
      return;
    }
    int place = 0;
    int whole = 0;
    for (int rank = 0; rank < trainers; rank++) {
      BatchShare share = BatchShare.of(batchSize, normImages, rank, trainers);
      assertThat(share.first()).isEqualTo(place);
      place += share.images();
      whole += share.of(Math.min(left, batchSize));
    }
    assertThat(place).isEqualTo(batchSize);
    assertThat(whole).isEqualTo(Math.min(left, batchSize));
  }

  @Test
  void moreTrainersThanGroupsAreRefused() {
    assertThatThrownBy(() -> BatchShare.of(64, 32, 2, 3))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "3 trainers cannot share a batch of 64 images of which 32 share norms: it has 2 such groups, and a trainer takes whole ones");
    assertThatThrownBy(() -> new BatchShare(8, 4, 4, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a batch of 8 images has no 5 images from place 4 on");
  }
}
