package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to standard output is known by the exit code. */
class StandardOutputIT {
  private static final Path FULL = Path.of("/dev/full");

  private Launcher launcher;

  @BeforeEach
  void folder(@TempDir Path parent) throws IOException {
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"summary --json", "tables 3", "--help", "train --help", "--version"})
  void whatCannotBeWrittenIsAFailure(String command) {
    assumeTrue(Files.exists(FULL), "this system has no device that is full");
    Finished finished = launcher.shell("\"$0\" %s > %s".formatted(command, FULL));
    assertThat(finished.code()).isEqualTo(1);
    assertThat(finished.err())
        .isEqualTo("igcnet: standard output cannot be written: No space left on device\n");
  }

  /** The reader has gone before the first line, so that it does not depend on who is quicker. */
  @ParameterizedTest
  @ValueSource(strings = {"summary", "export --pretrained igc-l24m2-d8-cifar10 --onnx /dev/stdout"})
  void aReaderThatHasGoneEndsItQuietly(String command) {
    Finished finished =
        launcher.shell(
            "{ until test -e gone; do sleep 0.05; done; \"$0\" %s; echo $? > code; } | { exec <&-; touch gone; }; cat code"
                .formatted(command));
    assertThat(finished.out()).isEqualTo("141\n");
    assertThat(finished.err()).isEmpty();
  }

  /** What went there before and what comes after stays, and nothing is said in between. */
  @Test
  void aFileThatIsStandardOutputIsWrittenWhereItEnds() {
    String export = "\"$0\" export --pretrained igc-l24m2-d8-cifar10 --onnx ";
    Finished finished =
        launcher.shell(
            "set -e; { echo before; %1$s/dev/stdout; echo after; } > all; %1$salone.onnx > said; "
                    .formatted(export)
                + "{ echo before; cat alone.onnx; echo after; } | cmp - all; grep -c bytes said");
    assertThat(finished.succeeded().out()).isEqualTo("1\n");
  }
}
