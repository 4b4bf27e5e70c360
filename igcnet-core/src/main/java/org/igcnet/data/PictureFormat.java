package org.igcnet.data;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** A kind of picture file: how its files are named, how they begin, and what reads them. */
enum PictureFormat {
  PNG("\u0089PNG\r\n\u001a\n", "png"),
  JPEG("\u00ff\u00d8", "jpg jpeg jpe jfif"),
  BMP("BM", "bmp"),
  GIF("GIF8?a", "gif"),
  WEBP("RIFF????WEBP", "webp");

  /** For messages. */
  static final String NAMES = "PNG, JPEG, BMP, GIF and WebP";

  /** Stands in {@link #magic} for any byte. */
  private static final char ANY = '?';

  /** A file's first bytes, each as a character. */
  private final String magic;

  /** What may stand behind the dot of a file's name, in small letters. */
  private final String endings;

  PictureFormat(String magic, String endings) {
    this.magic = magic;
    this.endings = endings;
  }

  /** Whether pictures' names have such an ending, what stands behind the dot. */
  static boolean isEnding(String ending) {
    String small = ending.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .anyMatch(format -> List.of(format.endings.split(" ")).contains(small));
  }

  /** What a file is, by its first bytes; its name does not count. */
  static Optional<PictureFormat> of(byte[] file) {
    return Arrays.stream(values()).filter(format -> format.begins(file)).findFirst();
  }

  private boolean begins(byte[] file) {
    for (int i = 0; i < magic.length(); i++) {
      char byteHere = magic.charAt(i);
      if (i == file.length || (byteHere != ANY && byteHere != (file[i] & 0xFF))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Looks over a file without decoding it.
   *
   * @throws IOException where it would take more time or memory than any sound picture does, or
   *     could not be read rightly
   */
  Survey survey(byte[] file) throws IOException {
    return switch (this) {
      case PNG -> PngChunks.survey(file);
      case JPEG -> JpegSegments.survey(file);
      case BMP -> BmpHeader.survey(file);
      case GIF -> GifBlocks.survey(file);
      case WEBP -> WebpChunks.survey(file);
    };
  }

  /** A reader of such files, for one thread. */
  ImageReader reader() throws IOException {
    ImageReaderSpi provider =
        switch (this) {
          case PNG -> Providers.PNG;
          case JPEG -> Providers.JPEG;
          case BMP -> Providers.BMP;
          case GIF -> Providers.GIF;
          case WEBP -> Providers.WEBP;
        };
    return provider.createReaderInstance();
  }

  /**
   * What makes readers: the JDK's own and those that are named here, whatever else may have been
   * put on the class path.
   */
  private static final class Providers {
    static final ImageReaderSpi PNG = jdk("png.PNGImageReaderSpi");
    static final ImageReaderSpi BMP = jdk("bmp.BMPImageReaderSpi");
    static final ImageReaderSpi GIF = jdk("gif.GIFImageReaderSpi");
    static final ImageReaderSpi WEBP = new WebPImageReaderSpi();
    static final ImageReaderSpi JPEG = jpeg();

    private static ImageReaderSpi jdk(String name) {
      var all =
          IIORegistry.getDefaultInstance()
              .getServiceProviders(
                  ImageReaderSpi.class,
                  provider ->
                      provider.getClass().getName().equals("com.sun.imageio.plugins." + name),
                  false);
      return all.next();
    }

    /** Finds the JDK's own, which it hands most files to, when it is told of the registry. */
    private static ImageReaderSpi jpeg() {
      JPEGImageReaderSpi provider = new JPEGImageReaderSpi();
      provider.onRegistration(IIORegistry.getDefaultInstance(), ImageReaderSpi.class);
      return provider;
    }
  }
}
