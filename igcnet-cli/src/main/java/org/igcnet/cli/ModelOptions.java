package org.igcnet.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The model of a command that takes one, and nothing else without a name. */
final class ModelOptions {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Model folder; a run folder is one.")
  private @Nullable Path folder;

  @Mixin private final PretrainedOption pretrained = new PretrainedOption();

  /** Set by picocli. */
  @SuppressWarnings("NullAway.Init")
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The one model that is given.
   *
   * @throws UsageMistake where none is, or two are
   */
  ModelSource source() {
    if (folder == null) {
      return pretrained
          .source()
          .orElseThrow(
              () -> UsageMistake.missing(command.commandLine(), "MODEL or --pretrained NAME"));
    }
    pretrained.requireNone(folder);
    return new ModelSource.Folder(folder);
  }
}
