package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;

/** The colours of a picture with a profile do not depend on the kind of its file. */
class ColourProfileTest {
  private static final int[] STORED = {200, 100, 50};

  /**
   * What (200, 100, 50) of Display P3 is on a screen: through the curve of sRGB, the matrix from
   * P3's colours to those of sRGB, and the curve back.
   */
  private static final int[] SEEN = {215, 93, 31};

  /** That of sRGB with the red, green and blue of Display P3. */
  private static byte[] wide() {
    ICC_Profile profile =
        ICC_Profile.getInstance(ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData());
    profile.setData(ICC_Profile.icSigRedColorantTag, xyz(0.51512, 0.24120, -0.00105));
    profile.setData(ICC_Profile.icSigGreenColorantTag, xyz(0.29198, 0.69225, 0.04189));
    profile.setData(ICC_Profile.icSigBlueColorantTag, xyz(0.15710, 0.06657, 0.78407));
    return profile.getData();
  }

  /** A type, four zeros, and three numbers of 16 bits before and 16 behind the point. */
  private static byte[] xyz(double... values) {
    ByteBuffer tag = ByteBuffer.allocate(20).put("XYZ ".getBytes(StandardCharsets.US_ASCII));
    tag.putInt(0);
    for (double value : values) {
      tag.putInt((int) Math.round(value * 65_536));
    }
    return tag.array();
  }

  private static byte[] png(byte[] png, byte[] profile) throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.write("wide\0\0".getBytes(StandardCharsets.US_ASCII));
    try (DeflaterOutputStream packed = new DeflaterOutputStream(data)) {
      packed.write(profile);
    }
    return PictureFiles.withChunk(png, "iCCP", data.toByteArray());
  }

  private static byte[] jpeg(byte[] jpeg, byte[] profile) {
    byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII);
    byte[] data = Arrays.copyOf(name, name.length + profile.length);
    System.arraycopy(profile, 0, data, name.length, profile.length);
    return PictureFiles.withSegment(jpeg, 0xFFE2, data);
  }

  private static BufferedImage plain(int type) {
    BufferedImage image = new BufferedImage(16, 16, type);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, 0xFF << 24 | STORED[0] << 16 | STORED[1] << 8 | STORED[2]);
    }
    return image;
  }

  private static void assertColour(byte[] file, int[] colour, int offBy) {
    ImageShape shape = new ImageShape(3, 4, 4);
    byte[] values =
        FittedPicture.of(EncodedPicture.of(() -> "x", file), shape, Framing.WHOLE).values();
    for (int i = 0; i < values.length; i++) {
      assertThat(Byte.toUnsignedInt(values[i]))
          .isBetween(colour[i / 16] - offBy, colour[i / 16] + offBy);
    }
  }

  @Test
  void aPngWithAProfileHasTheColoursOfTheJpegWithIt() throws IOException {
    BufferedImage image = plain(BufferedImage.TYPE_INT_RGB);
    assertColour(jpeg(PictureFiles.encoded(image, "jpg"), wide()), SEEN, 3);
    assertColour(png(PictureFiles.encoded(image, "png"), wide()), SEEN, 2);
    assertColour(png(PictureFiles.progressive(image, "png"), wide()), SEEN, 2);
  }

  @Test
  void soHaveTransparentDeepAndIndexedOnes() throws IOException {
    byte[] transparent = PictureFiles.encoded(plain(BufferedImage.TYPE_INT_ARGB), "png");
    assertColour(png(transparent, wide()), SEEN, 2);
    byte[] deep = DeepPng.of(16, 16, 257 * STORED[0], 257 * STORED[1], 257 * STORED[2]);
    assertColour(png(deep, wide()), SEEN, 2);
    byte[][] bands = {{0, (byte) STORED[0]}, {0, (byte) STORED[1]}, {0, (byte) STORED[2]}};
    IndexColorModel palette = new IndexColorModel(1, 2, bands[0], bands[1], bands[2]);
    BufferedImage indexed = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_BINARY, palette);
    for (int i = 0; i < 256; i++) {
      indexed.getRaster().setSample(i % 16, i / 16, 0, 1);
    }
    assertColour(png(PictureFiles.encoded(indexed, "png"), wide()), SEEN, 2);
  }

  @Test
  void theScreensOwnProfileAndDamagedOnesChangeNothing() throws IOException {
    byte[] file = PictureFiles.encoded(plain(BufferedImage.TYPE_INT_RGB), "png");
    assertColour(png(file, ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData()), STORED, 0);
    assertColour(png(file, Arrays.copyOf(wide(), 300)), STORED, 0);
    assertColour(png(file, new byte[0]), STORED, 0);
    assertColour(PictureFiles.withChunk(file, "iCCP", new byte[] {'a'}), STORED, 0);
    // what says only how light is to be spread is left alone, as in most programs
    assertColour(PictureFiles.withChunk(file, "gAMA", new byte[] {0, 0, -1, -1}), STORED, 0);
  }

  @Test
  void greyStaysAsGreyAsTheFileHasIt() throws IOException {
    BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    int[] samples = new int[256];
    Arrays.fill(samples, 90);
    grey.getRaster().setSamples(0, 0, 16, 16, 0, samples);
    byte[] gamma = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
    for (byte[] profile : new byte[][] {wide(), gamma}) {
      assertColour(png(PictureFiles.encoded(grey, "png"), profile), new int[] {90, 90, 90}, 0);
      assertColour(jpeg(PictureFiles.encoded(grey, "jpg"), profile), new int[] {90, 90, 90}, 0);
    }
  }
}
