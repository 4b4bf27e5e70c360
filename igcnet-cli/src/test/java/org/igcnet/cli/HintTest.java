package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HintTest {
  @Test
  void aCommandCanBePastedIntoAShell() {
    assertThat(Hint.command("train", "--resume", Path.of("runs/a")))
        .isEqualTo("igcnet train --resume runs/a");
    assertThat(Hint.command("predict", Path.of("my run's $1"), "größe.png"))
        .isEqualTo("igcnet predict 'my run'\\''s $1' größe.png");
  }

  @Test
  void aTildeIsTheHomeFolderWhereTheShellLeavesItAlone() {
    Path home = Path.of(System.getProperty("user.home"));
    assertThat(new HomePath().convert("~/x/y")).isEqualTo(home.resolve("x/y"));
    assertThat(new HomePath().convert("~")).isEqualTo(home);
    assertThat(new HomePath().convert("~x")).isEqualTo(Path.of("~x"));
    assertThat(new HomePath().convert("a/~/b")).isEqualTo(Path.of("a/~/b"));
  }
}
