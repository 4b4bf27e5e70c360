package org.igcnet.data;

import org.igcnet.UserError;

/**
 * A training set and the test set that belongs to it.
 *
 * @param spec how a user names them
 * @param train what to learn from
 * @param test what to measure with; the training set itself where nothing is held out
 */
public record Splits(String spec, Dataset train, Dataset test) {
  /**
   * Opens the data that {@code spec} names, as {@link DataSpec#parse} reads it.
   *
   * @throws UserError where the name is unknown, or the files are missing or damaged
   */
  public static Splits open(String spec) {
    return open(DataSpec.parse(spec));
  }

  /**
   * Opens data.
   *
   * @throws UserError where the files are missing or damaged
   */
  public static Splits open(DataSpec spec) {
    return switch (spec.kind()) {
      case SHAPES -> Shapes.splits(spec.toString(), spec.seed());
      case CIFAR10 -> Cifar.TEN.splits(spec.toString(), spec.folder());
      case CIFAR100 -> Cifar.HUNDRED.splits(spec.toString(), spec.folder());
      case CIFAR100_COARSE -> Cifar.HUNDRED_COARSE.splits(spec.toString(), spec.folder());
      case SVHN -> Svhn.open(spec).tested();
      case SVHN_VALIDATION -> Svhn.open(spec).validated();
      case IMAGENET, FOLDER -> PictureSet.splits(spec, PictureFolder.parts(spec.folder()));
      case SHARDS -> PictureSet.splits(spec, TarShards.parts(spec.folder()));
    };
  }

  /** The word before the colon: {@code cifar10} of {@code cifar10:DIR}. */
  public static String kind(String spec) {
    return spec.split(":", 2)[0];
  }

  /** Whether what is measured was learned from, so that it says little. */
  @SuppressWarnings("ReferenceEquality") // the very set, not an equal one
  public boolean testedOnTraining() {
    return test == train;
  }
}
