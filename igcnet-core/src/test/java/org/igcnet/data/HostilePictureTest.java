package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that would take much time or memory, each refused before they do. */
@Timeout(60)
class HostilePictureTest {
  private static final String DAMAGED =
      "x is a damaged picture, or one of a kind that cannot be read: ";

  @TempDir Path folder;

  private static void read(byte[] file) {
    FittedPicture.of(EncodedPicture.of(() -> "x", file), ImageShape.CIFAR, Framing.WHOLE);
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> read(file)).isInstanceOf(SkippedPicture.class).hasMessage(message);
  }

  /** The reader would take what the header says for the length of the picture in it. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aBmpAroundAnotherPicture(int compression) {
    ByteBuffer bmp = ByteBuffer.allocate(84).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put((byte) 'B').put((byte) 'M').putInt(84).putInt(0).putInt(54);
    bmp.putInt(40).putInt(17).putInt(13).putShort((short) 1).putShort((short) 0);
    bmp.putInt(compression).putInt(Integer.MAX_VALUE);
    assertRefused(bmp.array(), DAMAGED + "a JPEG or PNG picture is hidden in it");
  }

  /** A thousand times the last scan of a progressive JPEG. */
  @Test
  void aJpegOfManyScans() throws IOException {
    byte[] jpeg = PictureFiles.progressive(PictureFiles.patches(640, 480, 1), "jpg");
    int scan = jpeg.length - 2;
    while ((jpeg[scan] & 0xFF) != 0xFF || (jpeg[scan + 1] & 0xFF) != 0xDA) {
      scan--;
    }
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(jpeg, 0, scan);
    for (int i = 0; i < 5_000; i++) {
      many.write(jpeg, scan, jpeg.length - 2 - scan);
    }
    many.write(jpeg, jpeg.length - 2, 2);
    assertThatThrownBy(() -> read(many.toByteArray()))
        .isInstanceOf(SkippedPicture.class)
        .hasMessageMatching(
            "x has 640×480 pixels in 5,0[0-9]{2} scans; pictures of this size may have 3,906");
  }

  @ParameterizedTest
  @CsvSource({"0, 16", "16, 0", "0, 0"})
  void aPictureWithoutPixels(int width, int height) throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(16, 16, 1), "jpg");
    assertThatThrownBy(() -> read(PictureFiles.giant(jpeg, width, height)))
        .isInstanceOf(SkippedPicture.class)
        .hasMessageStartingWith(DAMAGED);
  }

  @Test
  void aJpegOfManySegments() throws IOException {
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(16, 16, 1), "jpg");
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(jpeg, 0, 2);
    for (int i = 0; i < 10_001; i++) {
      many.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE5, 0, 2});
    }
    many.write(jpeg, 2, jpeg.length - 2);
    assertRefused(many.toByteArray(), DAMAGED + "it has more than 10,000 segments");
  }

  /** The reader copies all comments so far with each block of 255 bytes. */
  @Test
  void aGifOfManyComments() throws IOException {
    byte[] gif = PictureFiles.encoded(PictureFiles.patches(16, 16, 1), "gif");
    int colours = 13 + (3 << (1 + (gif[10] & 7)));
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(gif, 0, colours);
    many.writeBytes(new byte[] {0x21, (byte) 0xFE});
    byte[] block = new byte[256];
    Arrays.fill(block, (byte) 255);
    for (int i = 0; i < 5_000; i++) {
      many.writeBytes(block);
    }
    many.write(0);
    many.write(gif, colours, gif.length - colours);
    assertRefused(
        many.toByteArray(), DAMAGED + "it has more than 1,048,576 bytes before its first picture");
  }

  /** The reader keeps them all, so it does not see them. */
  @Test
  void aPngWithAPaletteAndManyChunks() throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(3, 3, 0xFFFFFF);
    byte[] png = PictureFiles.encoded(image, "png");
    byte[] many = PictureFiles.withChunk(png, "quAk", new byte[100_000]);
    assertThat(PngChunks.survey(many).file().limit()).isEqualTo(png.length);
    assertThat(
            FittedPicture.of(EncodedPicture.of(() -> "x", many), ImageShape.CIFAR, Framing.WHOLE)
                .values())
        .isEqualTo(
            FittedPicture.of(EncodedPicture.of(() -> "x", png), ImageShape.CIFAR, Framing.WHOLE)
                .values());
  }

  /** Eight megabytes at most come out of a few thousand bytes. */
  @Test
  void aProfileThatUnpacksWithoutEnd() throws IOException {
    byte[] png = PictureFiles.encoded(PictureFiles.patches(16, 16, 1), "png");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(new byte[] {'a', 0, 0});
    try (var packed = new DeflaterOutputStream(data)) {
      packed.write(new byte[64 << 20]);
    }
    byte[] bomb = PictureFiles.withChunk(png, "iCCP", data.toByteArray());
    assertThatCode(() -> read(bomb)).doesNotThrowAnyException();
  }

  @Test
  void aPictureOfAHundredMillionRows() throws IOException {
    byte[] png = PictureFiles.encoded(PictureFiles.patches(16, 16, 1), "png");
    ByteBuffer.wrap(png).putInt(16, 1).putInt(20, 99_000_000);
    assertRefused(png, "x has 1×99,000,000 pixels; pictures may have 65,535 on a side");
  }

  @Test
  void aWebpThatHoldsMoreThanItSays() throws IOException {
    byte[] webp;
    try (var in = HostilePictureTest.class.getResourceAsStream("lossless.webp")) {
      webp = in.readAllBytes();
    }
    ByteBuffer outer = ByteBuffer.allocate(webp.length + 18).order(ByteOrder.LITTLE_ENDIAN);
    outer.put(webp, 0, 12).put("VP8X".getBytes(StandardCharsets.US_ASCII));
    outer.putInt(10).putInt(0).put(new byte[] {3, 0, 0, 3, 0, 0});
    outer.put(webp, 12, webp.length - 12);
    assertRefused(outer.array(), DAMAGED + "it holds another picture than it says");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatIsNoRegularFile() throws Exception {
    Path pipe = folder.resolve("pipe.png");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Path file : new Path[] {pipe, Path.of("/dev/zero")}) {
      assertThatThrownBy(() -> Picture.of(file).fitted(ImageShape.CIFAR, Framing.WHOLE))
          .isInstanceOf(UserError.class)
          .hasMessage(file + " is a pipe or a device, not a picture");
    }
    Path file = folder.resolve("picture.png");
    Files.write(file, PictureFiles.encoded(PictureFiles.patches(16, 16, 1), "png"));
    Path link = Files.createSymbolicLink(folder.resolve("link.png"), file);
    assertThat(Picture.of(link).fitted(ImageShape.CIFAR, Framing.WHOLE).values())
        .isEqualTo(Picture.of(file).fitted(ImageShape.CIFAR, Framing.WHOLE).values());
  }

  /** Only its length is looked at. */
  @Test
  void aFileOfMoreBytesThanPicturesHave() throws IOException {
    Path file = folder.resolve("long.png");
    try (var out =
        Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
      out.position(1L << 30).write(ByteBuffer.allocate(1));
    }
    assertThatThrownBy(() -> Picture.of(file).fitted(ImageShape.CIFAR, Framing.WHOLE))
        .isInstanceOf(UserError.class)
        .hasMessage(file + " has 1,073,741,825 bytes; pictures may have 1,073,741,824");
  }
}
