package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;

class NormalizationTest {
  @Test
  void meanAndDeviationAreTheDataSets() {
    // channel 0 has 0, 1 | 10, 11 and channel 1 has 2, 3 | 12, 13
    Normalization found = Normalization.of(new Pictures(2, new ImageShape(2, 1, 2)));
    float deviation = (float) Math.sqrt(25.25);
    assertThat(found)
        .isEqualTo(new Normalization(List.of(5.5f, 7.5f), List.of(deviation, deviation)));
  }

  @Test
  void bytesAreUnsigned() {
    // 250 to 255, then 0 to 3
    Normalization found = Normalization.of(new Pictures(26, new ImageShape(1, 1, 1)));
    assertThat(found.mean()).containsExactly(125f);
    assertThat(found.deviation()).containsExactly(75f);
  }

  @Test
  void aChannelThatNeverVariesIsLeftInItsUnits() {
    Normalization found = Normalization.of(new Pictures(1, new ImageShape(2, 1, 1)));
    assertThat(found).isEqualTo(new Normalization(List.of(0f, 1f), List.of(1f, 1f)));
  }

  @Test
  void valuesAreNormalisedChannelByChannel() {
    float[] normalised = new float[4];
    new Normalization(List.of(100f, 200f), List.of(50f, 10f))
        .apply(
            new byte[] {0, (byte) 150, (byte) 200, (byte) 255},
            new ImageShape(2, 1, 2),
            normalised);
    assertThat(normalised).containsExactly(-2f, 1f, 0f, 5.5f);
  }

  @Test
  void impossibleOnesAreRefused() {
    assertThatThrownBy(() -> new Normalization(List.of(1f), List.of(1f, 2f)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 means and 2 deviations are not one each for every channel");
    assertThatThrownBy(() -> new Normalization(List.of(1f), List.of(0f)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Normalization(List.of(Float.NaN), List.of(1f)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
