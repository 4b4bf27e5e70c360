package org.igcnet.data;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import org.igcnet.Reason;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;
import org.jspecify.annotations.Nullable;

/**
 * A picture file, from which parts can be cut and resized. Takes it for hostile: how much memory
 * and time it may take is looked at first. It is decoded whenever it is cut, a large one a strip of
 * rows at a time, so that no picture takes more than {@link DecodingMemory#MOST_PIXELS} bytes.
 *
 * <p>For one thread. What its reader holds is given back once pixels are decoded, or on closing.
 */
final class EncodedPicture implements AutoCloseable {
  private static final long MOST_PIXELS = 100_000_000;

  /** JPEG and GIF know no more, and rows cost time too. */
  private static final int LONGEST_SIDE = 65_535;

  /** Pixels times passes: those of the largest picture, as often as progressive JPEGs have them. */
  private static final long MOST_PASSED = 12 * MOST_PIXELS;

  /** What the JPEG decoder calls a file that ends too early, before it makes up the rest. */
  private static final String TRUNCATED = "Truncated File";

  /** What the JPEG decoder says where the system has no memory for it. */
  private static final String NO_MEMORY = "Insufficient memory";

  private final Supplier<String> name;
  private final PictureFormat format;
  private final Survey survey;

  /** Of the stored picture. */
  private final int columns;

  private final int rows;

  /** What a pixel takes while it is decoded. */
  private final int pixelBytes;

  /** What read the header, until it reads the first pixels too; making another takes time. */
  private @Nullable Reading opened;

  private EncodedPicture(
      Supplier<String> name, PictureFormat format, Survey survey, Reading reading)
      throws IOException {
    this.name = name;
    this.format = format;
    this.survey = survey;
    columns = reading.reader.getWidth(0);
    rows = reading.reader.getHeight(0);
    requireBounded();
    SampleModel samples = reading.reader.getImageTypes(0).next().getSampleModel();
    pixelBytes =
        samples.getNumDataElements() * DataBuffer.getDataTypeSize(samples.getDataType()) / 8
            + survey.reading().beside();
    requireWholeFits();
    opened = reading;
  }

  /**
   * Looks at a file's header.
   *
   * @param name what messages call the file; asked for where there is one
   * @throws SkippedPicture where it is no picture, is damaged, or has more pixels than can be
   */
  static EncodedPicture of(Supplier<String> name, byte[] file) {
    PictureFormat format =
        PictureFormat.of(file)
            .orElseThrow(
                () ->
                    new SkippedPicture(
                        "%s is no picture; %s can be read"
                            .formatted(name.get(), PictureFormat.NAMES)));
    try {
      return opened(name, format, format.survey(file));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw refused(name, e);
    }
  }

  private static EncodedPicture opened(Supplier<String> name, PictureFormat format, Survey survey)
      throws IOException {
    Reading reading = new Reading(format, survey);
    try {
      return new EncodedPicture(name, format, survey, reading);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      reading.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }

  private void requireBounded() throws IOException {
    if (columns < 1 || rows < 1) {
      throw new IOException("it has no pixels");
    }
    long pixels = (long) columns * rows;
    if (pixels > MOST_PIXELS) {
      throw tooMany("pictures", MOST_PIXELS);
    }
    if (columns > LONGEST_SIDE || rows > LONGEST_SIDE) {
      throw new SkippedPicture(
          Kind.TOO_LARGE,
          "%s has %,d×%,d pixels; pictures may have %,d on a side"
              .formatted(name.get(), columns, rows, LONGEST_SIDE));
    }
    int passes = survey.reading().passes();
    if (pixels * passes > MOST_PASSED) {
      throw new SkippedPicture(
          Kind.TOO_LARGE,
          "%s has %,d×%,d pixels in %,d scans; pictures of this size may have %,d"
              .formatted(name.get(), columns, rows, passes, MOST_PASSED / pixels));
    }
  }

  private void requireWholeFits() {
    long most = DecodingMemory.MOST_PIXELS / pixelBytes;
    if (survey.reading().whole() && (long) columns * rows > most) {
      throw tooMany(format == PictureFormat.JPEG ? "lossless JPEGs" : format + " pictures", most);
    }
  }

  private SkippedPicture tooMany(String what, long most) {
    return new SkippedPicture(
        Kind.TOO_LARGE,
        "%s has %,d×%,d pixels; %s may have %,d pixels in all"
            .formatted(name.get(), columns, rows, what, most));
  }

  /** Columns of the upright picture. */
  int width() {
    return survey.orientation().transposed ? rows : columns;
  }

  /** Rows of the upright picture. */
  int height() {
    return survey.orientation().transposed ? columns : rows;
  }

  /**
   * Cuts out a part and resizes it: red, green and blue, or grey, transparent parts over white.
   * Decodes the whole picture, so that damage anywhere in it is found.
   *
   * @param window in the upright picture
   * @param mirror whether to turn the result round, left to right
   * @param shape of the result, three channels or one
   * @param values gets channels × rows × columns, unsigned bytes
   * @throws SkippedPicture where the picture is damaged
   */
  void cut(Window window, boolean mirror, ImageShape shape, byte[] values) {
    cut(window, mirror, shape, values, survey.reading().whole() ? rows : rowsAtOnce());
  }

  /** As {@link #cut}, and so many rows of the stored picture at a time. */
  void cut(Window window, boolean mirror, ImageShape shape, byte[] values, int atOnce) {
    Orientation orientation = survey.orientation();
    Cut cut = new Cut(orientation.stored(window, width(), height()), orientation, mirror, shape);
    DecodingMemory.PIXELS.during(
        (long) atOnce * columns * pixelBytes,
        () -> {
          for (int top = 0; top < rows; top += atOnce) {
            cut.add(decoded(top, Math.min(atOnce, rows - top)), top);
          }
        });
    cut.put(values);
  }

  private int rowsAtOnce() {
    long most = DecodingMemory.MOST_PIXELS / ((long) columns * pixelBytes);
    return Math.clamp(most, 1, rows);
  }

  /** Some rows. The reader goes over all before them too. */
  private BufferedImage decoded(int top, int height) {
    try (Reading reading = reading()) {
      ImageReadParam wanted = reading.reader.getDefaultReadParam();
      if (height < rows) {
        wanted.setSourceRegion(new Rectangle(0, top, columns, height));
      }
      BufferedImage image = reading.reader.read(0, height < rows ? wanted : null);
      if (reading.truncated.get()) {
        throw new EOFException();
      }
      return survey.profile().map(colours -> colours.onScreen(image)).orElse(image);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw refused(name, e);
    }
  }

  private Reading reading() throws IOException {
    Reading ready = opened;
    opened = null;
    return ready == null ? new Reading(format, survey) : ready;
  }

  /** A reader at work. */
  private static final class Reading implements AutoCloseable {
    final ImageReader reader;
    final AtomicBoolean truncated = new AtomicBoolean();

    Reading(PictureFormat format, Survey survey) throws IOException {
      reader = format.reader();
      reader.addIIOReadWarningListener(
          (_, warning) -> truncated.compareAndSet(false, warning.startsWith(TRUNCATED)));
      reader.setInput(
          new ByteArrayImageInputStream(survey.file().array(), 0, survey.file().limit()),
          true,
          true);
    }

    @Override
    public void close() {
      reader.dispose();
    }
  }

  /**
   * What a decoder threw. Decoders meet damaged files with exceptions of many kinds, and wrap what
   * they meet; but that memory ran out says nothing of the picture.
   */
  static SkippedPicture refused(Supplier<String> name, Throwable met) {
    if (met instanceof SkippedPicture refused) {
      return refused;
    }
    for (Throwable cause = met; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError memory) {
        throw memory;
      }
      if (String.valueOf(cause.getMessage()).startsWith(NO_MEMORY)) {
        throw new OutOfMemoryError(cause.getMessage());
      }
    }
    return new SkippedPicture(
        "%s is a damaged picture, or one of a kind that cannot be read: %s"
            .formatted(name.get(), Reason.of(met)),
        met);
  }
}
