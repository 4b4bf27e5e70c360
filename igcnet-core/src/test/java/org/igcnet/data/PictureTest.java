package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
  private static final ImageShape SHAPE = ImageShape.CIFAR;
  private static final int PIXELS = 32 * 32;

  @TempDir Path folder;

  @Test
  void aPictureOfTheRightSizeIsTakenAsItIs() throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int i = 0; i < PIXELS; i++) {
      image.setRGB(i % 32, i / 32, random.nextInt(1 << 24));
    }
    FittedPicture picture = read(image, "png");
    for (int i = 0; i < PIXELS; i++) {
      int pixel = image.getRGB(i % 32, i / 32);
      assertThat(picture.values()[i]).isEqualTo((byte) (pixel >> 16));
      assertThat(picture.values()[PIXELS + i]).isEqualTo((byte) (pixel >> 8));
      assertThat(picture.values()[2 * PIXELS + i]).isEqualTo((byte) pixel);
    }
    assertThat(picture.resizing()).hasToString("32×32, taken as it is");
  }

  @ParameterizedTest
  @CsvSource({
    "640, 480, '640×480, its middle 480×480 resized to 32×32'",
    "100, 333, '100×333, its middle 100×100 resized to 32×32'",
    "64, 64, '64×64, resized to 32×32'",
    "7, 7, '7×7, resized to 32×32'",
    "1, 1, '1×1, resized to 32×32'",
    "1, 50, '1×50, its middle 1×1 resized to 32×32'"
  })
  void itSaysHowItResizedAndKeepsTheColour(int width, int height, String said) throws IOException {
    for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
      FittedPicture picture = read(plain(width, height, new Color(200, 100, 50)), format);
      assertThat(picture.resizing()).hasToString(said);
      assertColour(picture, 200, 100, 50, format.equals("png") || format.equals("bmp") ? 0 : 3);
    }
  }

  @Test
  void theMiddleIsKept() throws IOException {
    BufferedImage image = plain(300, 100, Color.RED);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.BLUE);
    graphics.fillRect(100, 0, 100, 100);
    graphics.dispose();
    assertColour(read(image, "png"), 0, 0, 255, 0);
  }

  @Test
  void shrinkingTakesTheMeanAndNotASample() throws IOException {
    BufferedImage image = new BufferedImage(512, 512, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 512 * 512; i++) {
      image.setRGB(i % 512, i / 512, (i % 512 + i / 512) % 2 == 0 ? 0xFFFFFF : 0);
    }
    assertColour(read(image, "png"), 128, 128, 128, 1);
  }

  @Test
  void transparentPartsAreWhite() throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
    assertColour(read(image, "png"), 255, 255, 255, 0);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, 0x80FF0000);
    }
    assertColour(read(image, "png"), 255, 127, 127, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
  void greyStaysAsGreyAsTheFileHasIt(int type) throws IOException {
    BufferedImage image = new BufferedImage(40, 40, type);
    int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65_535;
    int[] row = new int[40];
    Arrays.fill(row, most * 2 / 5);
    for (int y = 0; y < 40; y++) {
      image.getRaster().setSamples(0, y, 40, 1, 0, row);
    }
    assertColour(read(image, "png"), 102, 102, 102, 0);
  }

  @Test
  void growingInterpolatesBetweenPixels() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 0, 0xFFFFFF);
    FittedPicture picture =
        FittedPicture.of(
            EncodedPicture.of(() -> "x", PictureFiles.encoded(image, "png")),
            new ImageShape(3, 2, 4),
            Framing.WHOLE);
    // Centres of the new pixels lie at -1/4, 1/4, 3/4 and 5/4 of the way from old to old.
    assertThat(Arrays.copyOf(picture.values(), 4))
        .containsExactly((byte) 0, (byte) 64, (byte) 191, (byte) 255);
  }

  @Test
  void whatIsNoPictureIsRefusedByName() throws IOException {
    Path text = Files.writeString(folder.resolve("cat.png"), "I am no picture.");
    Path empty = Files.write(folder.resolve("empty.jpg"), new byte[0]);
    Path zeros = Files.write(folder.resolve("zeros.bmp"), new byte[5000]);
    for (Path file : new Path[] {text, empty, zeros}) {
      assertThatThrownBy(() -> Picture.of(file).fitted(SHAPE, Framing.WHOLE))
          .isInstanceOf(UserError.class)
          .hasMessage(file + " is no picture; PNG, JPEG, BMP, GIF and WebP can be read");
    }
    assertThatThrownBy(() -> Picture.of(folder.resolve("no.png")).fitted(SHAPE, Framing.WHOLE))
        .isInstanceOf(UserError.class)
        .hasMessage(folder.resolve("no.png") + " does not exist");
    assertThatThrownBy(() -> Picture.of(folder).fitted(SHAPE, Framing.WHOLE))
        .isInstanceOf(UserError.class)
        .hasMessage(folder + " is a folder, not a picture");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void aDamagedPictureIsRefusedOrReadNeverACrash(String format) throws IOException {
    Path file = folder.resolve("damaged." + format);
    BufferedImage image = plain(50, 50, Color.GREEN);
    ImageIO.write(image, format, file.toFile());
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      Files.write(file, damaged);
      try {
        assertThat(Picture.of(file).fitted(SHAPE, Framing.WHOLE).values()).hasSize(SHAPE.size());
      } catch (UserError refused) {
        assertThat(refused).hasMessageStartingWith(file.toString());
      }
    }
  }

  @Test
  void aGiantIsRefusedByItsHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(33);
    header.putLong(0x89504E470D0A1A0AL).putInt(13).putInt(0x49484452); // PNG's magic, IHDR
    header.putInt(12_000).putInt(9_000).put((byte) 8).put((byte) 2).put(new byte[3]);
    CRC32 checksum = new CRC32();
    checksum.update(header.array(), 12, 17);
    header.putInt((int) checksum.getValue());
    Path file = Files.write(folder.resolve("giant.png"), header.array());
    assertThatThrownBy(() -> Picture.of(file).fitted(SHAPE, Framing.WHOLE))
        .isInstanceOf(UserError.class)
        .hasMessage(file + " has 12,000×9,000 pixels; pictures may have 100,000,000 pixels in all");
  }

  private FittedPicture read(BufferedImage image, String format) throws IOException {
    Path file = folder.resolve("picture." + format);
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return Picture.of(file).fitted(SHAPE, Framing.WHOLE);
  }

  private static BufferedImage plain(int width, int height, Color colour) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  private static void assertColour(FittedPicture picture, int red, int green, int blue, int offBy) {
    int[] colour = {red, green, blue};
    for (int i = 0; i < picture.values().length; i++) {
      assertThat(Byte.toUnsignedInt(picture.values()[i]))
          .isBetween(colour[i / PIXELS] - offBy, colour[i / PIXELS] + offBy);
    }
  }

  /** As libraries of video and photographs hold pixels: each row is filled up to whole words. */
  @Test
  void rowsMayBeLongerThanTheirPixels() {
    byte[] memory = new byte[1 + 32 * 100];
    new Random(4).nextBytes(memory);
    DataBufferByte buffer = new DataBufferByte(memory, 32 * 100, 1);
    PixelInterleavedSampleModel rows =
        new PixelInterleavedSampleModel(DataBuffer.TYPE_BYTE, 32, 32, 3, 100, new int[] {2, 1, 0});
    BufferedImage padded =
        new BufferedImage(
            new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).getColorModel(),
            Raster.createWritableRaster(rows, buffer, null),
            false,
            null);
    BufferedImage tight = new BufferedImage(32, 32, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < PIXELS; i++) {
      tight.setRGB(i % 32, i / 32, padded.getRGB(i % 32, i / 32));
    }
    assertThat(padded.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
    assertThat(Picture.of(padded).fitted(SHAPE, Framing.WHOLE).values())
        .isEqualTo(Picture.of(tight).fitted(SHAPE, Framing.WHOLE).values());
  }

  /** So that reading it says what is wrong, as where it is named itself. */
  @Test
  void aLinkThatLeadsNowhereIsFoundToo() throws IOException {
    Files.write(folder.resolve("a.png"), PictureFiles.encoded(plain(3, 3, Color.RED), "png"));
    Path link = Files.createSymbolicLink(folder.resolve("b.png"), folder.resolve("gone.png"));
    Files.createSymbolicLink(folder.resolve("c.txt"), folder.resolve("gone.txt"));
    assertThat(Picture.below(folder, WorkListener.SILENT))
        .containsExactly(folder.resolve("a.png"), link);
  }
}
