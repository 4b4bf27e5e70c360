package org.igcnet.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.backend.HeapShortage;
import org.jspecify.annotations.Nullable;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.format.Mat5Reader.EntryHeader;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * A MATLAB file (version 5, its variables compressed or not) with SVHN's two variables: {@code X},
 * 32×32×3×N unsigned bytes, and {@code y}, N×1 labels. MATLAB lets the first index run fastest, so
 * that one image's bytes lie together, but column after column.
 */
final class MatFile {
  /** Rows, and columns. */
  static final int SIDE = 32;

  static final int IMAGE = 3 * SIDE * SIDE;

  private static final String IMAGES = "X";
  private static final String LABELS = "y";
  private static final Set<MatlabType> NUMBERS =
      EnumSet.range(MatlabType.Double, MatlabType.UInt64);
  private static final int LEAST_LABEL = 1;
  private static final int MOST_LABEL = 10;
  private static final int MEGABYTE = 1_000_000;

  /** Memory that a training takes beside its data. */
  private static final long FOR_THE_NETWORK = 1L << 30;

  /** For each image [channel][column][row]. */
  private final byte[] pixels;

  /** For each image 1 to 10. */
  private final byte[] labels;

  private MatFile(byte[] pixels, byte[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /** Number of images. */
  int size() {
    return labels.length;
  }

  /** The label of one image, 1 to 10. */
  int label(int index) {
    return labels[index];
  }

  /** Copies one image: [channel][row][column]. */
  void read(int index, byte[] values) {
    int from = index * IMAGE;
    for (int column = 0; column < IMAGE / SIDE; column++) {
      int to = column / SIDE * SIDE * SIDE + column % SIDE;
      for (int row = 0; row < SIDE; row++) {
        values[to + row * SIDE] = pixels[from++];
      }
    }
  }

  /**
   * Reads a file.
   *
   * @param listener hears how far it is
   * @throws UserError where it is missing, is damaged, holds anything else, or does not fit into
   *     the memory
   */
  static MatFile read(Path file, WorkListener listener) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(Kind.MISSING, "'%s' is missing".formatted(file));
    }
    try (InputStream in = new BufferedInputStream(Work.reading(file, listener), 1 << 16);
        Source source = Sources.wrapInputStream(in)) {
      Reading reading = new Reading(file);
      Mat5File mat =
          Mat5.newReader(source)
              .setEntryFilter(reading::accepts)
              .setBufferAllocator(reading)
              .disableSubsystemProcessing()
              .readMat();
      return reading.result(mat);
    } catch (IOException | RuntimeException e) {
      throw refused(file, e);
    } catch (OutOfMemoryError e) {
      throw new UserError(
          Kind.DATA,
          "'%s' is damaged, or larger than the memory that Java may take".formatted(file),
          e);
    }
  }

  /** The sentence that a cause has, or one around it. */
  private static UserError refused(Path file, Exception e) {
    return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
        .filter(UserError.class::isInstance)
        .map(UserError.class::cast)
        .findFirst()
        .orElseGet(
            () ->
                new UserError(
                    Kind.DATA,
                    "'%s' is no sound MATLAB file of version 5: %s".formatted(file, Reason.of(e)),
                    e));
  }

  /**
   * Looks at each variable before its values are read, and keeps the very memory that the reader
   * puts the images into, as it may be gigabytes.
   */
  private static final class Reading implements BufferAllocator {
    private final Path file;
    private int expected = -1;
    private byte @Nullable [] pixels;

    Reading(Path file) {
      this.file = file;
    }

    boolean accepts(EntryHeader header) {
      if (header.getName().equals(LABELS)) {
        requireNumbers(header);
        return true;
      }
      if (!header.getName().equals(IMAGES)) {
        return false;
      }
      int[] dimensions = header.getDimensions();
      long images = dimensions.length == 4 ? dimensions[3] : dimensions.length == 3 ? 1 : 0;
      boolean right =
          header.getType() == MatlabType.UInt8
              && !header.isComplex()
              && images >= 1
              && images <= Integer.MAX_VALUE / IMAGE
              && Arrays.equals(Arrays.copyOf(dimensions, 3), new int[] {SIDE, SIDE, 3});
      if (!right) {
        throw new UserError(
            Kind.DATA,
            "X of '%s' is %s of %s; it would be 32×32×3×N of uint8, N at most %,d"
                .formatted(
                    file,
                    Arrays.toString(dimensions),
                    header.getType(),
                    Integer.MAX_VALUE / IMAGE));
      }
      requireRoom(images);
      expected = (int) images * IMAGE;
      return true;
    }

    /** Cells and structures hold others within them, without end. */
    private void requireNumbers(EntryHeader header) {
      if (!NUMBERS.contains(header.getType()) || header.isComplex()) {
        throw new UserError(
            Kind.DATA,
            "y of '%s' is of %s; it would be N×1 numbers".formatted(file, header.getType()));
      }
    }

    private void requireRoom(long images) {
      Runtime runtime = Runtime.getRuntime();
      long room = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
      if (images * IMAGE > room) {
        throw HeapShortage.ofData(
            "the %,d images of '%s' take %,d MB of memory, and Java's heap has %,d MB left"
                .formatted(images, file, images * IMAGE / MEGABYTE, room / MEGABYTE),
            (runtime.maxMemory() + images * IMAGE - room + FOR_THE_NETWORK) >> 20);
      }
    }

    @Override
    public ByteBuffer allocate(int bytes) {
      if (bytes < 0 || bytes > Math.max(expected, Integer.MAX_VALUE / IMAGE * Double.BYTES)) {
        throw new UserError(
            Kind.DATA,
            "'%s' is damaged: it says that a variable has %,d bytes".formatted(file, bytes));
      }
      byte[] array = new byte[bytes];
      if (bytes == expected && pixels == null) {
        pixels = array;
      }
      return ByteBuffer.wrap(array);
    }

    @Override
    public void release(ByteBuffer buffer) {}

    MatFile result(Mat5File mat) {
      byte[] images = pixels;
      if (images == null || !has(mat, IMAGES) || !has(mat, LABELS)) {
        throw new UserError(
            Kind.DATA,
            "'%s' does not hold the images X, one byte a value, and the labels y".formatted(file));
      }
      Matrix y = mat.getMatrix(LABELS);
      if (y.getNumElements() * (long) IMAGE != images.length) {
        throw new UserError(
            Kind.DATA,
            "'%s' has %,d images but %,d labels"
                .formatted(file, images.length / IMAGE, y.getNumElements()));
      }
      byte[] labels = new byte[y.getNumElements()];
      for (int i = 0; i < labels.length; i++) {
        double label = y.getDouble(i);
        if (!(label >= LEAST_LABEL && label <= MOST_LABEL) || label != Math.rint(label)) {
          throw new UserError(
              Kind.DATA,
              "image %,d of '%s' has label %s, but labels go from %d to %d"
                  .formatted(i, file, label, LEAST_LABEL, MOST_LABEL));
        }
        labels[i] = (byte) label;
      }
      return new MatFile(images, labels);
    }

    private static boolean has(Mat5File mat, String name) {
      for (var entry : mat.getEntries()) {
        if (entry.getName().equals(name)) {
          return entry.getValue() instanceof Matrix;
        }
      }
      return false;
    }
  }
}
