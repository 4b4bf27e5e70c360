package org.igcnet.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.loss.Target;
import org.junit.jupiter.api.Test;

class ImageBatchTest {
  @Test
  void whatWasPutStandsImageAfterImage() {
    ImageBatch batch = new ImageBatch(new ImageShape(1, 2, 2), 20);
    assertThat(batch.images()).isEqualTo(20);
    batch.begin(14);
    for (int image = 0; image < 14; image++) {
      batch.put(image, new float[] {image, 1, 2, 3}, image % 3);
    }
    assertThat(batch.images()).isEqualTo(14);
    assertThat(batch.label(13)).isEqualTo(1);
    assertThat(batch.targets()).hasSize(14).startsWith(Target.all(0, 1, 2, 0));
    int start = batch.start(13);
    assertThat(Arrays.copyOfRange(batch.pixels(), start - 1, start + 4))
        .containsExactly(3, 13, 1, 2, 3);
  }

  @Test
  void tooManyImagesAndWrongShapesAreRefused() {
    ImageBatch batch = new ImageBatch(new ImageShape(1, 2, 2), 3);
    assertThatThrownBy(() -> batch.begin(4)).hasMessageContaining("for 3 images cannot hold 4");
    assertThatThrownBy(() -> batch.put(0, new float[5], 0)).hasMessageContaining("4 values, not 5");
    assertThatThrownBy(() -> new ImageBatch(new ImageShape(3, 1000, 1000), 1000))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("3,000,000,000 numbers");
  }
}
