package org.igcnet.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;

/**
 * The CIFAR data sets (A. Krizhevsky, "Learning multiple layers of features from tiny images",
 * 2009) in their published binary layouts.
 *
 * <p>A file is a row of records and nothing else. A record is one label byte (CIFAR-10) or a coarse
 * and a fine label byte (CIFAR-100), then 1,024 red, 1,024 green and 1,024 blue bytes, row by row.
 * The records are held in memory as they stand in the files.
 */
final class Cifar implements StoredImages {
  /** CIFAR-10: five training files. */
  static final Layout TEN =
      new Layout(
          "cifar-10-batches-bin",
          IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList(),
          "test_batch.bin",
          10_000,
          10_000,
          List.of(new Label("batches.meta.txt", 10)),
          0);

  /** CIFAR-100, 20 superclasses. */
  static final Layout HUNDRED_COARSE = hundred(0);

  /** CIFAR-100, 100 classes. */
  static final Layout HUNDRED = hundred(1);

  /** The names of 100 classes, and what a person may have added. */
  private static final int MOST_NAME_BYTES = 64 << 10;

  private static final int LONGEST_NAME = 100;

  private final List<byte[]> files;
  private final int fileRecords;
  private final Layout layout;
  private final List<String> classes;

  private Cifar(List<byte[]> files, int fileRecords, Layout layout, List<String> classes) {
    this.files = files;
    this.fileRecords = fileRecords;
    this.layout = layout;
    this.classes = classes;
  }

  private static Layout hundred(int label) {
    return new Layout(
        "cifar-100-binary",
        List.of("train.bin"),
        "test.bin",
        50_000,
        10_000,
        List.of(new Label("coarse_label_names.txt", 20), new Label("fine_label_names.txt", 100)),
        label);
  }

  /**
   * One byte of a record.
   *
   * @param names the file that has the classes' names, one a line
   * @param classes number of classes
   */
  record Label(String names, int classes) {}

  /**
   * What a published folder holds.
   *
   * @param folder its name
   * @param train the training files, all of the same length
   * @param test the test file
   * @param trainRecords images in each training file
   * @param testRecords images in the test file
   * @param labels the label bytes of a record, in order
   * @param label which of them is the class
   */
  record Layout(
      String folder,
      List<String> train,
      String test,
      int trainRecords,
      int testRecords,
      List<Label> labels,
      int label) {

    /**
     * Reads both sets.
     *
     * @param at {@link #folder}, or the folder that contains it
     * @param listener hears how far it is
     * @throws UserError where a file is missing, or is not what was published
     */
    Splits splits(String spec, Path at, WorkListener listener) {
      Path from = find(at);
      List<String> classes = classes(from);
      return new Splits(
          spec,
          read(from, train, trainRecords, classes, listener),
          read(from, List.of(test), testRecords, classes, listener));
    }

    /** Reads the test set alone. */
    Dataset test(Path at, WorkListener listener) {
      Path from = find(at);
      return read(from, List.of(test), testRecords, classes(from), listener);
    }

    private Path find(Path at) {
      Path below = at.resolve(folder);
      if (Files.isDirectory(below)) {
        return below;
      }
      if (Stream.concat(train.stream(), Stream.of(test))
          .anyMatch(file -> Files.exists(at.resolve(file)))) {
        return at;
      }
      throw new UserError(
          Kind.DATA,
          "'%s' is neither a folder with %s in it nor that folder itself, which holds %s and %s"
              .formatted(at, folder, String.join(", ", train), test));
    }

    private Cifar read(
        Path from, List<String> names, int records, List<String> classes, WorkListener listener) {
      List<byte[]> files =
          names.stream().map(name -> read(from.resolve(name), records, listener)).toList();
      return new Cifar(files, records, this, classes);
    }

    private byte[] read(Path file, int records, WorkListener listener) {
      byte[] bytes = Cifar.read(file, records, stride(), listener);
      for (int record = 0; record < records; record++) {
        for (int l = 0; l < labels.size(); l++) {
          int label = Byte.toUnsignedInt(bytes[record * stride() + l]);
          if (label >= labels.get(l).classes()) {
            throw new UserError(
                Kind.DATA,
                "image %,d of '%s' has label %d, but labels go from 0 to %d"
                    .formatted(record, file, label, labels.get(l).classes() - 1));
          }
        }
      }
      return bytes;
    }

    /** Bytes in a record. */
    private int stride() {
      return labels.size() + ImageShape.CIFAR.size();
    }

    /** The published names, or "class 0" and so on where their file is missing or odd. */
    private List<String> classes(Path from) {
      Label wanted = labels.get(label);
      List<String> names = lines(from.resolve(wanted.names()));
      boolean sane =
          names.size() == wanted.classes()
              && new HashSet<>(names).size() == names.size()
              && names.stream().allMatch(Cifar::saneName);
      return sane
          ? names
          : IntStream.range(0, wanted.classes()).mapToObj("class %d"::formatted).toList();
    }
  }

  private static boolean saneName(String name) {
    return name.length() <= LONGEST_NAME && name.chars().noneMatch(Character::isISOControl);
  }

  private static List<String> lines(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(MOST_NAME_BYTES), StandardCharsets.UTF_8);
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Reads a file that must have so many records, no more and no fewer. */
  private static byte[] read(Path file, int records, int stride, WorkListener listener) {
    int wanted = records * stride;
    try {
      if (!Files.isRegularFile(file)) {
        throw new UserError(
            Kind.MISSING,
            "'%s' is missing; it would have %,d bytes (%,d images of %,d)"
                .formatted(file, wanted, records, stride));
      }
      long found = Files.size(file);
      if (found != wanted) {
        throw new UserError(
            Kind.DATA,
            "'%s' has %,d bytes, not the %,d of %,d images of %,d bytes"
                .formatted(file, found, wanted, records, stride));
      }
      try (InputStream in = Work.reading(file, listener)) {
        byte[] bytes = in.readNBytes(wanted);
        if (bytes.length < wanted) {
          throw new UserError(
              Kind.DATA, "'%s' ended after %,d of %,d bytes".formatted(file, bytes.length, wanted));
        }
        return bytes;
      }
    } catch (IOException e) {
      throw new UserError(Kind.ACCESS, "'%s' cannot be read: %s".formatted(file, Reason.of(e)), e);
    }
  }

  @Override
  public int size() {
    return files.size() * fileRecords;
  }

  @Override
  public ImageShape shape() {
    return ImageShape.CIFAR;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return files.get(index / fileRecords)[offset(index) + layout.label()];
  }

  @Override
  public void read(int index, byte[] values) {
    int from = offset(index) + layout.labels().size();
    System.arraycopy(files.get(index / fileRecords), from, values, 0, shape().size());
  }

  /** Where a record begins in its file. */
  private int offset(int index) {
    return index % fileRecords * layout.stride();
  }
}
