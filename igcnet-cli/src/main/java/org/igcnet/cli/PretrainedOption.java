package org.igcnet.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.model.Pretrained;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --pretrained}, of every command that takes a model. */
final class PretrainedOption {
  @Option(
      names = "--pretrained",
      paramLabel = "NAME",
      description =
          "In place of a model folder: a trained network that comes with the program; ${ROOT-COMMAND-NAME} models lists them.")
  private @Nullable String name;

  boolean given() {
    return name != null;
  }

  /**
   * Refuses a model folder beside it.
   *
   * @throws UsageMistake where a network is asked for
   */
  void requireNone(Path folder) {
    if (given()) {
      throw new UsageMistake(
          "the model folder %s and --pretrained are two models; one of them would be right"
              .formatted(folder));
    }
  }

  /**
   * The network, if one is asked for.
   *
   * @throws UsageMistake where there is none of that name
   */
  Optional<ModelSource> source() {
    return Optional.ofNullable(name).map(asked -> new ModelSource.Shipped(named(asked)));
  }

  /**
   * The network with a name.
   *
   * @throws UsageMistake where there is none; a damaged one is no mistake of usage
   */
  static Pretrained named(String name) {
    return UsageMistake.unlessUnknown(() -> Pretrained.named(name));
  }
}
