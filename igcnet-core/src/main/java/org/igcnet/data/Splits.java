package org.igcnet.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.UserError;

/**
 * A training set and the test set that belongs to it.
 *
 * @param spec how a user names them, with all that decides which images these are
 * @param train what to learn from
 * @param test what to measure with; the training set itself where nothing is held out
 * @param tested which images those are
 * @param leftAlone what lies where the data are and is not used, by kind
 */
public record Splits(
    String spec, Dataset train, Dataset test, Part tested, List<LeftAlone> leftAlone) {
  /** Copies the list of what is left alone. */
  public Splits {
    leftAlone = List.copyOf(leftAlone);
  }

  /**
   * Sets that lie apart, or are the same.
   *
   * @param spec what the data are called
   * @param train what to learn from
   * @param test what to test with
   */
  @SuppressWarnings("ReferenceEquality") // the very set, not an equal one
  public Splits(String spec, Dataset train, Dataset test) {
    this(spec, train, test, test == train ? Part.TRAINING : Part.APART, List.of());
  }

  /**
   * Opens the data that {@code spec} names, as {@link DataSpec#parse} reads it.
   *
   * @param spec names the data
   * @return what to learn and to test with
   * @throws UserError where the name is unknown, or the files are missing or damaged
   */
  public static Splits open(String spec) {
    return open(DataSpec.parse(spec));
  }

  /**
   * Opens data.
   *
   * @param spec names the data
   * @return what to learn and to test with
   * @throws UserError where the files are missing or damaged
   */
  public static Splits open(DataSpec spec) {
    return open(spec, WorkListener.SILENT);
  }

  /**
   * Opens data.
   *
   * @param spec names the data
   * @param listener hears how far it is, now and whenever all images are gone through
   * @return what to learn and to test with
   * @throws UserError where the files are missing or damaged
   */
  public static Splits open(DataSpec spec, WorkListener listener) {
    return open(spec, spec.place(), Known.NOTHING, listener);
  }

  /**
   * Opens data.
   *
   * @param at where they lie
   * @param known what there has to be of pictures
   */
  static Splits open(DataSpec spec, Path at, Known known, WorkListener listener) {
    String name = spec.toString();
    return switch (spec.kind()) {
      case SHAPES -> Shapes.splits(name, spec.seed());
      case CIFAR10 -> Cifar.TEN.splits(name, at, listener);
      case CIFAR100 -> Cifar.HUNDRED.splits(name, at, listener);
      case CIFAR100_COARSE -> Cifar.HUNDRED_COARSE.splits(name, at, listener);
      case SVHN -> Svhn.open(spec, at, listener).tested();
      case SVHN_VALIDATION -> Svhn.open(spec, at, listener).validated();
      case IMAGENET, FOLDER, SHARDS ->
          PictureSet.splits(spec, parts(spec, at, known, listener), listener);
    };
  }

  /** The pictures of a folder or of its tar files. */
  static PictureSource.Parts parts(DataSpec spec, Path at, Known known, WorkListener listener) {
    return spec.kind() == DataSpec.Kind.SHARDS
        ? TarShards.parts(at, known, listener)
        : PictureFolder.parts(at, known, listener);
  }

  /**
   * Opens data to begin a training with. Where the size of pictures is not said, it becomes one
   * that fits them: 64 rows and columns, or 32 where most have fewer than 64; ImageNet keeps 224.
   *
   * @param spec names the data
   * @param listener hears how far it is, now and whenever all images are gone through
   * @return what to learn and to test with
   * @throws UserError where the files are missing or damaged
   */
  public static Splits fitting(DataSpec spec, WorkListener listener) {
    if (!spec.ofAnySize()) {
      return open(spec, listener);
    }
    PictureSource.Parts parts = parts(spec, spec.place(), Known.NOTHING, listener);
    DataSpec sized =
        parts
            .train()
            .map(source -> FittingSize.of(source, listener))
            .map(spec::withSize)
            .orElse(spec);
    return PictureSet.splits(sized, parts, listener);
  }

  /**
   * {@return the word before the colon: {@code cifar10} of {@code cifar10:DIR}}
   *
   * @param spec a data's name
   */
  public static String kind(String spec) {
    return spec.split(":", 2)[0];
  }

  /**
   * {@return the bytes of memory that reading either set takes; see {@link Dataset#readingBytes}}
   */
  public long readingBytes() {
    return Math.max(train.readingBytes(), test.readingBytes());
  }

  /**
   * {@return whether what is measured is for validation, as it chooses the best model} It is held
   * out of the training images, or called so where it lies.
   */
  public boolean validated() {
    return tested.validates();
  }

  /** {@return what people call the measure on {@link #test}: {@code validation} or {@code test}} */
  public String measure() {
    return validated() ? "validation" : "test";
  }

  /** {@return whether what is measured was learned from, so that it says little} */
  public boolean testedOnTraining() {
    return tested == Part.TRAINING;
  }

  /**
   * {@return the files that pictures are in, by which they are known again; none of other images}
   */
  public Stream<ListedFile> files() {
    return Stream.concat(
        files(train, false), tested.liesApart() ? files(test, true) : Stream.empty());
  }

  /** {@return the SHA-256 of their listing, if there is one} */
  public Optional<String> listing() {
    return train instanceof PictureSet ? Optional.of(ListedFile.sha256(files())) : Optional.empty();
  }

  /** {@return where the data lie, if their name says it, absolute} */
  public Optional<Path> folder() {
    return DataSpec.known(spec)
        .filter(known -> known.kind() != DataSpec.Kind.SHAPES)
        .map(known -> known.place().toAbsolutePath());
  }

  private static Stream<ListedFile> files(Dataset dataset, boolean test) {
    return switch (dataset) {
      case PictureSet pictures -> pictures.files(test);
      case StoredImages _ -> Stream.empty();
    };
  }
}
