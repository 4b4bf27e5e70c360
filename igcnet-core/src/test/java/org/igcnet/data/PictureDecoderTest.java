package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureDecoderTest {
  private static DecodedPicture decode(byte[] file) {
    return PictureDecoder.decode(() -> "cat.jpg", file);
  }

  /** All of a picture as it is: channels × rows × columns. */
  private static int[] values(DecodedPicture picture) {
    ImageShape shape = new ImageShape(3, picture.height(), picture.width());
    byte[] values = new byte[shape.size()];
    picture.cut(new Window(0, 0, picture.width(), picture.height()), false, shape, values);
    int[] unsigned = new int[values.length];
    Arrays.setAll(unsigned, i -> Byte.toUnsignedInt(values[i]));
    return unsigned;
  }

  /** 32×16, made by another program: the left half is (200, 100, 50), the right (40, 120, 160). */
  @ParameterizedTest
  @ValueSource(strings = {"cmyk.jpg", "ycck.jpg"})
  void printColoursBecomeScreenColours(String file) throws IOException {
    try (InputStream in = PictureDecoderTest.class.getResourceAsStream(file)) {
      assertThat(in).isNotNull();
      DecodedPicture picture = decode(in.readAllBytes());
      assertThat(picture.width()).isEqualTo(32);
      assertThat(picture.height()).isEqualTo(16);
      int[] values = values(picture);
      int[][] halves = {{200, 100, 50}, {40, 120, 160}};
      for (int i = 0; i < values.length; i++) {
        int expected = halves[i % 32 / 16][i / (16 * 32)];
        assertThat(values[i]).isBetween(expected - 3, expected + 3);
      }
    }
  }

  @Test
  void greyIsAllThreeColours() throws IOException {
    BufferedImage grey = new BufferedImage(16, 8, BufferedImage.TYPE_BYTE_GRAY);
    int[] samples = new int[16 * 8];
    Arrays.fill(samples, 90);
    grey.getRaster().setSamples(0, 0, 16, 8, 0, samples);
    assertThat(values(decode(PictureFiles.encoded(grey, "jpg")))).containsOnly(90);
  }

  /** The corner that is light, from the stored top left, where a camera was held so. */
  @ParameterizedTest
  @CsvSource({
    "1, 16, 8, 0, 0", "2, 16, 8, 1, 0", "3, 16, 8, 1, 1", "4, 16, 8, 0, 1",
    "5, 8, 16, 0, 0", "6, 8, 16, 1, 0", "7, 8, 16, 1, 1", "8, 8, 16, 0, 1"
  })
  void everyOrientationIsSetUpright(int exif, int width, int height, int right, int down)
      throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xFFFFFF);
    byte[] jpeg = PictureFiles.encoded(image, "jpg");
    DecodedPicture picture = decode(PictureFiles.oriented(jpeg, exif));
    assertThat(picture.width()).isEqualTo(width);
    assertThat(picture.height()).isEqualTo(height);
    int[] values = values(picture);
    int lightest = 0;
    for (int i = 0; i < width * height; i++) {
      lightest = values[i] > values[lightest] ? i : lightest;
    }
    assertThat(lightest % width).isEqualTo(right * (width - 1));
    assertThat(lightest / width).isEqualTo(down * (height - 1));
  }

  /** Turning the whole picture, pixel by pixel, is the same as turning what is cut out of it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void partsAreCutFromTheUprightPicture(int exif) throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(40, 24, 3), "jpg");
    DecodedPicture picture = decode(PictureFiles.oriented(jpeg, exif));
    int[] whole = values(picture);
    Window window = new Window(3, 5, 11, 7);
    ImageShape shape = new ImageShape(3, 7, 11);
    byte[] part = new byte[shape.size()];
    byte[] mirrored = new byte[shape.size()];
    picture.cut(window, false, shape, part);
    picture.cut(window, true, shape, mirrored);
    for (int i = 0; i < part.length; i++) {
      int channel = i / 77;
      int y = i % 77 / 11;
      int x = i % 11;
      int expected = whole[(channel * picture.height() + y + 5) * picture.width() + x + 3];
      assertThat(Byte.toUnsignedInt(part[i])).isEqualTo(expected);
      assertThat(mirrored[i - x + 10 - x]).isEqualTo(part[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 255, 65_535})
  void anOrientationThatThereIsNotIsUpright(int exif) throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(16, 8, 1), "jpg");
    assertThat(values(decode(PictureFiles.oriented(jpeg, exif)))).isEqualTo(values(decode(jpeg)));
  }

  @Test
  void damagedExifIsNoReasonToRefuse() throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(16, 8, 1), "jpg");
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = PictureFiles.oriented(jpeg, 6);
      for (int k = 0; k < 4; k++) {
        damaged[12 + random.nextInt(26)] = (byte) random.nextInt();
      }
      assertThat(values(decode(damaged))).hasSize(3 * 16 * 8);
    }
  }

  @Test
  void aTruncatedJpegIsDamagedAndNotHalfGrey() throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(64, 64, 2), "jpg");
    for (int cut : new int[] {jpeg.length - 40, jpeg.length * 3 / 4}) {
      assertThatThrownBy(() -> decode(Arrays.copyOf(jpeg, cut)))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "cat.jpg is a damaged picture, or one of a kind that cannot be read: it ends too"
                  + " early");
    }
  }

  @Test
  void aGiantIsRefusedByItsHeader() throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(16, 16, 2), "jpg");
    assertThatThrownBy(() -> decode(PictureFiles.giant(jpeg, 65_500, 65_500)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "cat.jpg has 65,500×65,500 pixels; pictures may have 100,000,000 pixels in all");
  }

  @Test
  void randomDamageNeverGetsThrough() throws IOException {
    byte[] jpeg =
        PictureFiles.oriented(PictureFiles.encoded(PictureFiles.patches(48, 40, 5), "jpg"), 5);
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = Arrays.copyOf(jpeg, jpeg.length - random.nextInt(2) * random.nextInt(200));
      for (int k = random.nextInt(4); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(decode(damaged).width()).isPositive();
      } catch (UserError refused) {
        assertThat(refused).hasMessageStartingWith("cat.jpg ");
        assertThat(refused.getMessage()).doesNotContain("\n");
      }
    }
  }
}
