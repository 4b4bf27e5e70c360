package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.Kernel;

class BlockWidthTest {
  @Property
  void equation7CountsTheWeightsOfAnIgcConvolution(
      @ForAll @IntRange(min = 1, max = 60) int l,
      @ForAll @IntRange(min = 1, max = 60) int m,
      @ForAll @IntRange(min = 0, max = 2) int half) {
    Kernel kernel = Kernel.square(2 * half + 1);
    IgcConvolution block = new IgcConvolution(l, m, m, kernel, 1);
    BlockWidth width = new BlockWidth(l, m, kernel.area());
    assertThat(width.parameters())
        .isEqualTo(block.primary().weights() + block.secondary().weights());
    double g = width.width();
    assertThat((double) width.parameters())
        .isCloseTo(g * g * ((double) kernel.area() / l + 1.0 / m), within(1e-6));
  }

  @Property
  void equation9SaysWhenItIsWider(
      @ForAll @IntRange(min = 1, max = 200) int l,
      @ForAll @IntRange(min = 1, max = 200) int m,
      @ForAll @IntRange(min = 1, max = 25) int s) {
    BlockWidth block = new BlockWidth(l, m, s);
    // G > C squared, where C² = T / S is exact in integers.
    boolean wider = block.width() * block.width() * s > block.parameters();
    assertThat(block.widerThanRegular()).isEqualTo(wider);
  }

  @Property
  void equation15BoundsTheWidthAndIsReachedJustWhereLIsMS(
      @ForAll @IntRange(min = 1, max = 300) int l,
      @ForAll @IntRange(min = 1, max = 60) int m,
      @ForAll @IntRange(min = 1, max = 9) int s) {
    BlockWidth block = new BlockWidth(l, m, s);
    assertThat((double) block.width()).isLessThanOrEqualTo(block.widthBound() * (1 + 1e-12));
    boolean reached = Math.abs(block.widthBound() - block.width()) < 1e-9 * block.width();
    assertThat(block.widest()).isEqualTo(reached);
  }

  @Property
  void theWidestHasNoWiderRival(
      @ForAll @IntRange(min = 1, max = 8) int m, @ForAll @IntRange(min = 1, max = 9) int s) {
    BlockWidth widest = new BlockWidth(m * s, m, s);
    assertThat(widest.widest()).isTrue();
    for (int l = 1; l <= 300; l++) {
      for (int rival = 1; rival <= 30; rival++) {
        BlockWidth other = new BlockWidth(l, rival, s);
        if (other.width() > widest.width()) {
          assertThat(other.parameters()).isGreaterThan(widest.parameters());
        }
      }
    }
  }

  @Property
  void equation8GoesBothWays(
      @ForAll @IntRange(min = 1, max = 5000) int width,
      @ForAll @IntRange(min = 1, max = 49) int s) {
    assertThat(BlockWidth.regularWidth(BlockWidth.regularParameters(width, s), s))
        .isCloseTo(width, within(1e-9));
  }

  @Example
  void onePartitionIsNeverWider() {
    assertThat(new BlockWidth(1, 1000, 9).widerThanRegular()).isFalse();
    assertThat(new BlockWidth(2, 1, 9).widerThanRegular()).isTrue();
  }

  @Example
  void impossibleOnesAreRefused() {
    assertThatThrownBy(() -> new BlockWidth(0, 2, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("L, M and S are at least 1, not 0, 2 and 9");
  }
}
