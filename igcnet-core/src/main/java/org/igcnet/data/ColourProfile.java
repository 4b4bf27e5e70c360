package org.igcnet.data;

import com.twelvemonkeys.imageio.color.ColorProfiles;
import com.twelvemonkeys.imageio.color.ColorSpaces;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the red, green and blue of a picture mean, where that is not what screens show (sRGB). The
 * reader of JPEG applies such a profile, and this does the same with pictures of other readers.
 */
final class ColourProfile {
  private static final int COLOURS = 3;

  private final ColorConvertOp toScreen;

  private ColourProfile(ColorConvertOp toScreen) {
    this.toScreen = toScreen;
  }

  /**
   * Reads a profile. There is nothing to do for that of screens, nor, as in JPEG, for one of grey
   * or one that is damaged.
   */
  static Optional<ColourProfile> of(byte @Nullable [] icc) {
    if (icc == null) {
      return Optional.empty();
    }
    try {
      ICC_Profile profile = asDisplay(ColorProfiles.createProfile(icc));
      if (profile.getColorSpaceType() != ColorSpace.TYPE_RGB || ColorProfiles.isCS_sRGB(profile)) {
        return Optional.empty();
      }
      return Optional.of(
          new ColourProfile(
              new ColorConvertOp(
                  ColorSpaces.createColorSpace(profile),
                  ColorSpace.getInstance(ColorSpace.CS_sRGB),
                  null)));
    } catch (RuntimeException damaged) {
      // Of two kinds, which depend on the machine's colour management.
      return Optional.empty();
    }
  }

  /**
   * Java takes the colours of printers' and scanners' profiles relative to the white of their
   * paper, whatever the profile wants; so the reader of JPEG calls them displays.
   */
  private static ICC_Profile asDisplay(ICC_Profile profile) {
    byte[] data = profile.getData();
    if (profile.getProfileClass() == ICC_Profile.CLASS_DISPLAY
        || data[ICC_Profile.icHdrRenderingIntent] != ICC_Profile.icPerceptual) {
      return profile;
    }
    for (int i = 0; i < Integer.BYTES; i++) {
      data[ICC_Profile.icHdrDeviceClass + i] =
          (byte) (ICC_Profile.icSigDisplayClass >> (8 * (Integer.BYTES - 1 - i)));
    }
    return ColorProfiles.createProfile(data);
  }

  /** The same picture in the colours of screens. One without a palette is changed in place. */
  BufferedImage onScreen(BufferedImage image) {
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return new BufferedImage(onScreen(palette), image.getRaster(), false, null);
    }
    if (image.getRaster().getNumBands() >= COLOURS) {
      WritableRaster colours =
          image
              .getRaster()
              .createWritableChild(
                  0, 0, image.getWidth(), image.getHeight(), 0, 0, new int[] {0, 1, 2});
      toScreen.filter(colours, colours);
    }
    return image;
  }

  private IndexColorModel onScreen(IndexColorModel palette) {
    int size = palette.getMapSize();
    WritableRaster colours =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, size, 1, COLOURS, null);
    byte[][] bands = new byte[COLOURS + 1][size];
    palette.getReds(bands[0]);
    palette.getGreens(bands[1]);
    palette.getBlues(bands[2]);
    palette.getAlphas(bands[3]);
    for (int i = 0; i < size; i++) {
      colours.setDataElements(i, 0, new byte[] {bands[0][i], bands[1][i], bands[2][i]});
    }
    toScreen.filter(colours, colours);
    byte[] colour = new byte[COLOURS];
    for (int i = 0; i < size; i++) {
      colours.getDataElements(i, 0, colour);
      for (int band = 0; band < COLOURS; band++) {
        bands[band][i] = colour[band];
      }
    }
    return new IndexColorModel(
        palette.getPixelSize(), size, bands[0], bands[1], bands[2], bands[3]);
  }
}
