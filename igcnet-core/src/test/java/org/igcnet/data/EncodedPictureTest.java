package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import javax.imageio.IIOException;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedPictureTest {
  private static EncodedPicture decode(byte[] file) {
    return EncodedPicture.of(() -> "cat.jpg", file);
  }

  /** All of a picture as it is: channels × rows × columns. */
  private static int[] values(EncodedPicture picture) {
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
    EncodedPicture picture = decode(resource(file));
    assertThat(picture.width()).isEqualTo(32);
    assertThat(picture.height()).isEqualTo(16);
    int[] values = values(picture);
    int[][] halves = {{200, 100, 50}, {40, 120, 160}};
    for (int i = 0; i < values.length; i++) {
      int expected = halves[i % 32 / 16][i / (16 * 32)];
      assertThat(values[i]).isBetween(expected - 3, expected + 3);
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
    byte[] png = PictureFiles.encoded(image, "png");
    for (byte[] file :
        new byte[][] {
          PictureFiles.oriented(jpeg, exif),
          PictureFiles.withChunk(png, "eXIf", PictureFiles.exif(exif)),
          PictureFiles.withChunk(png, "eXIf", PictureFiles.namedExif(exif))
        }) {
      EncodedPicture picture = decode(file);
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
  }

  /** Where what is stored in the left half of a WebP is seen: 0 left, 1 right, 2 above, 3 below. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 1", "4, 0", "5, 2", "6, 2", "7, 3", "8, 3"})
  void aWebpIsSetUprightAsAJpegIs(int exif, int where) throws IOException {
    byte[] webp = resource("lossless.webp");
    int width = where < 2 ? 32 : 16;
    for (byte[] written : new byte[][] {PictureFiles.exif(exif), PictureFiles.namedExif(exif)}) {
      EncodedPicture picture = decode(PictureFiles.webpWithExif(webp, 32, 16, written));
      assertThat(picture.width()).isEqualTo(width);
      int[] values = values(picture);
      for (int i = 0; i < 32 * 16; i++) {
        boolean second = where < 2 ? i % width >= 16 : i / width >= 16;
        assertThat(values[i])
            .as("red of pixel %d", i)
            .isEqualTo(second == (where % 2 == 0) ? 40 : 200);
      }
    }
  }

  /** Turning the whole picture, pixel by pixel, is the same as turning what is cut out of it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void partsAreCutFromTheUprightPicture(int exif) throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(40, 24, 3), "jpg");
    EncodedPicture picture = decode(PictureFiles.oriented(jpeg, exif));
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
      assertThatThrownBy(() -> values(decode(Arrays.copyOf(jpeg, cut))))
          .isInstanceOf(SkippedPicture.class)
          .hasMessage(
              "cat.jpg is a damaged picture, or one of a kind that cannot be read: it ends too"
                  + " early");
    }
  }

  @Test
  void aGiantIsRefusedByItsHeader() throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(16, 16, 2), "jpg");
    assertThatThrownBy(() -> decode(PictureFiles.giant(jpeg, 65_500, 65_500)))
        .isInstanceOf(SkippedPicture.class)
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
        assertThat(values(decode(damaged))).isNotEmpty();
      } catch (SkippedPicture refused) {
        assertThat(refused).hasMessageStartingWith("cat.jpg ");
        assertThat(refused.getMessage()).doesNotContain("\n");
      }
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = EncodedPictureTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  /** What a picture without a profile has stays as it is, whatever it is stored as. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "interlaced"})
  void coloursWithoutAProfileStayAsTheyAre(String format) throws IOException {
    BufferedImage image = PictureFiles.patches(37, 29, 4);
    byte[] file =
        format.equals("interlaced")
            ? PictureFiles.progressive(image, "png")
            : PictureFiles.encoded(image, format);
    int[] values = values(decode(file));
    for (int i = 0; i < 37 * 29; i++) {
      int colour = image.getRGB(i % 37, i / 37);
      assertThat(values[i]).isEqualTo(colour >> 16 & 0xFF);
      assertThat(values[37 * 29 + i]).isEqualTo(colour >> 8 & 0xFF);
      assertThat(values[2 * 37 * 29 + i]).isEqualTo(colour & 0xFF);
    }
  }

  /** Sixteen bits are rounded to eight, alpha is laid over white, palettes are looked up. */
  @Test
  void deepTransparentAndIndexedPicturesKeepTheirValues() throws IOException {
    int[] deep = {51_400, 25_700, 12_850};
    assertThat(values(decode(DeepPng.of(9, 5, deep)))).satisfies(all(9 * 5, 200, 100, 50));
    BufferedImage transparent = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
    BufferedImage indexed = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_INDEXED);
    for (int i = 0; i < 64; i++) {
      transparent.setRGB(i % 8, i / 8, 0x66FF0000);
      indexed.setRGB(i % 8, i / 8, 0xFF336699);
    }
    assertThat(values(decode(PictureFiles.encoded(transparent, "png"))))
        .satisfies(all(64, 255, 153, 153));
    assertThat(values(decode(PictureFiles.encoded(indexed, "png"))))
        .satisfies(all(64, 0x33, 0x66, 0x99));
    assertThat(values(decode(PictureFiles.encoded(indexed, "gif"))))
        .satisfies(all(64, 0x33, 0x66, 0x99));
  }

  private static Consumer<int[]> all(int pixels, int red, int green, int blue) {
    return values -> {
      int[] colour = {red, green, blue};
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).isEqualTo(colour[i / pixels]);
      }
    };
  }

  /** However few rows at a time, the values are the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {"png", "interlaced.png", "deep.png", "jpg", "progressive.jpg", "bmp", "gif"})
  void aPictureDecodedInStripsIsTheSame(String kind) throws IOException {
    BufferedImage image = PictureFiles.patches(61, 47, 9);
    byte[] file =
        switch (kind) {
          case "interlaced.png" -> PictureFiles.progressive(image, "png");
          case "deep.png" -> DeepPng.of(61, 47, 40_000, 20_000, 10_000);
          case "progressive.jpg" ->
              PictureFiles.oriented(PictureFiles.progressive(image, "jpg"), 6);
          default -> PictureFiles.encoded(image, kind);
        };
    assertSameInStrips(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmyk.jpg", "ycck.jpg"})
  void aPrintDecodedInStripsIsTheSame(String name) throws IOException {
    assertSameInStrips(resource(name));
  }

  private static void assertSameInStrips(byte[] file) {
    EncodedPicture picture = decode(file);
    ImageShape shape = new ImageShape(3, 13, 17);
    Window window = new Window(1, 2, picture.width() - 3, picture.height() - 4);
    byte[] whole = new byte[shape.size()];
    picture.cut(window, true, shape, whole);
    for (int rows : new int[] {1, 7, 16}) {
      byte[] strips = new byte[shape.size()];
      picture.cut(window, true, shape, strips, rows);
      assertThat(strips).isEqualTo(whole);
    }
  }

  /** What is cut off is found though the part that is wanted lies before it. */
  @Test
  void damageBelowThePartThatIsWantedCounts() throws IOException {
    byte[] png = PictureFiles.encoded(PictureFiles.patches(64, 64, 2), "png");
    EncodedPicture picture = decode(Arrays.copyOf(png, png.length - 60));
    byte[] values = new byte[3];
    for (int rows : new int[] {64, 8}) {
      assertThatThrownBy(
              () ->
                  picture.cut(new Window(0, 0, 8, 8), false, new ImageShape(3, 1, 1), values, rows))
          .isInstanceOf(SkippedPicture.class)
          .hasMessageStartingWith("cat.jpg is a damaged picture");
    }
  }

  /** Made by another program: as the JPEGs in print colours, and once with its upper half clear. */
  @Test
  void losslessWebpIsRead() throws IOException {
    int[][] halves = {{200, 100, 50}, {40, 120, 160}};
    int[] values = values(decode(resource("lossless.webp")));
    int[] transparent = values(decode(resource("transparent.webp")));
    for (int i = 0; i < values.length; i++) {
      int colour = halves[i % 32 / 16][i / (16 * 32)];
      assertThat(values[i]).isEqualTo(colour);
      assertThat(transparent[i]).isEqualTo(i % (16 * 32) < 8 * 32 ? 255 : colour);
    }
  }

  @Test
  void lossyWebpIsRefusedRatherThanReadWrongly() {
    assertThatThrownBy(() -> decode(resource("lossy.webp")))
        .isInstanceOf(SkippedPicture.class)
        .hasMessage(
            "cat.jpg is a damaged picture, or one of a kind that cannot be read: it is a lossy"
                + " WebP; lossless ones can be read");
  }

  /** The PNG decoder wraps the error twice; the system's own memory has a message of its own. */
  @Test
  void runningOutOfMemoryIsNoDamage() {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");
    IOException wrapped = new IIOException("Caught exception during read: ", error);
    assertThatThrownBy(() -> EncodedPicture.refused(() -> "x", new IOException("y", wrapped)))
        .isSameAs(error);
    assertThatThrownBy(
            () ->
                EncodedPicture.refused(() -> "x", new IIOException("Insufficient memory (case 4)")))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void anExceptionWithoutAMessageIsCalledByItsKind() {
    assertThat(EncodedPicture.refused(() -> "x", new ArithmeticException()))
        .hasMessage(
            "x is a damaged picture, or one of a kind that cannot be read: ArithmeticException");
    assertThat(EncodedPicture.refused(() -> "x", new IllegalStateException(" \n")))
        .hasMessageEndingWith("read: IllegalStateException");
    assertThat(EncodedPicture.refused(() -> "x", new EOFException()))
        .hasMessageEndingWith("read: it ends too early");
  }
}
