package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final ImageShape SQUARE = new ImageShape(3, 224, 224);
  private static final double SHARE = 224.0 / 256;

  @Test
  void ofAShortSideOf256TheMiddle224AreTested() {
    assertThat(Window.middle(341, 256, SQUARE, SHARE)).isEqualTo(new Window(58, 16, 224, 224));
    assertThat(Window.middle(256, 512, SQUARE, SHARE)).isEqualTo(new Window(16, 144, 224, 224));
    assertThat(Window.middle(500, 375, SQUARE, SHARE)).isEqualTo(new Window(86, 23, 328, 328));
    assertThat(Window.middle(1, 1, SQUARE, SHARE)).isEqualTo(new Window(0, 0, 1, 1));
  }

  @Test
  void theLargestMiddleHasTheNetworksProportions() {
    assertThat(Window.middle(640, 480, SQUARE, 1)).isEqualTo(new Window(80, 0, 480, 480));
    assertThat(Window.middle(640, 480, new ImageShape(3, 10, 40), 1))
        .isEqualTo(new Window(0, 160, 640, 160));
  }

  @Property(tries = 500)
  void everyWindowLiesInThePicture(
      @ForAll @IntRange(min = 1, max = 700) int width,
      @ForAll @IntRange(min = 1, max = 700) int height,
      @ForAll long seed) {
    Window window = Window.anywhere(width, height, SplitMix.of(seed));
    assertThat(window.left()).isNotNegative();
    assertThat(window.top()).isNotNegative();
    assertThat(window.width()).isBetween(1, width - window.left());
    assertThat(window.height()).isBetween(1, height - window.top());
  }

  @Test
  void areasAndProportionsAreEven() {
    int tries = 20_000;
    int small = 0;
    int wide = 0;
    for (int i = 0; i < tries; i++) {
      // so large that every try fits but the largest ones
      Window window = Window.anywhere(4000, 4000, SplitMix.of(3, i));
      double area = (double) window.width() * window.height() / (4000.0 * 4000);
      double proportion = (double) window.width() / window.height();
      assertThat(area).isBetween(0.0799, 1.0);
      assertThat(proportion).isBetween(0.749, 1.335);
      small += area < 0.35 ? 1 : 0;
      wide += proportion > 1 ? 1 : 0;
    }
    assertThat(wide / (double) tries).isCloseTo(0.5, within(0.02));
    // 27 / 92 of all, and a little more as some of the large ones do not fit
    assertThat(small / (double) tries).isBetween(0.29, 0.34);
  }

  /** A strip has no room for the proportions: its middle is taken, as square as may be. */
  @Test
  void aStripGivesItsMiddle() {
    assertThat(Window.anywhere(1000, 9, SplitMix.of(1))).isEqualTo(new Window(494, 0, 12, 9));
    assertThat(Window.anywhere(9, 1000, SplitMix.of(1))).isEqualTo(new Window(0, 494, 9, 12));
  }
}
