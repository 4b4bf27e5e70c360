package org.igcnet.cli;

import org.igcnet.data.DataSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a user says of the data beside their name. */
final class DataOptions {
  /** What {@code --data} can name. */
  static final String KINDS =
      "shapes or shapes:SEED (built in), cifar10:DIR, cifar100:DIR, cifar100-coarse:DIR, svhn:DIR, svhn-validation:DIR, imagenet:DIR, shards:DIR or folder:DIR";

  @Option(
      names = "--size",
      paramLabel = "N",
      description =
          "Rows and columns that pictures of imagenet, shards and folder are brought to (default: to train on folder and shards 64, or 32 where most pictures are smaller; to score a model, its own; else 224).")
  private @Nullable Integer size;

  @Option(
      names = "--held-out",
      paramLabel = "SHARE[:SEED]",
      description =
          "Share of each class to hold out for validation where there is no test set: folder and shards 0.1; 0, imagenet's, tests on the training pictures. Of svhn, in place of the paper's numbers. To score a model: what its training held out, of other data nothing.")
  private @Nullable String heldOut;

  @Option(
      names = "--strict",
      description = "Stop at a damaged picture, instead of telling of it and leaving it out.")
  private boolean strict;

  /**
   * The data that the command line names, with all that it says of them.
   *
   * @throws UsageMistake where there are none like this
   */
  DataSpec spec(String data) {
    return UsageMistake.unless(() -> changed(DataSpec.parse(data)));
  }

  /**
   * Data with all that the command line says of them.
   *
   * @throws UsageMistake where there are none like this
   */
  DataSpec with(DataSpec data) {
    return UsageMistake.unless(() -> changed(data));
  }

  private DataSpec changed(DataSpec data) {
    DataSpec spec = data;
    if (size != null) {
      spec = spec.withSize(size);
    }
    if (heldOut != null) {
      spec = spec.withHeldOut(heldOut);
    }
    return strict ? spec.strictly() : spec;
  }
}
