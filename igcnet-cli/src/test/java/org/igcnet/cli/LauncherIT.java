package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code igcnet} itself. */
class LauncherIT {
  @Test
  void runsFromAnyFolder(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("a folder with spaces"));
    Finished finished = Launcher.in(folder).run("summary", "IGC-L4M8", "--json");
    assertThat(finished.json().get("network").asString()).isEqualTo("IGC-L4M8");
    assertThat(finished.err()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void runsThroughLinksOfLinks(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Path bin = Files.createDirectory(parent.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("far"), Launcher.in(folder).script());
    Path near = Files.createSymbolicLink(bin.resolve("near"), Path.of("far"));
    Finished finished = new Launcher(near, folder, Map.of()).run("--version");
    Files.delete(near);
    Files.delete(bin.resolve("far"));
    assertThat(finished.succeeded().out()).startsWith("igcnet 0.").contains("Java ");
  }

  @Test
  void passesExitCodesOn(@TempDir Path parent) throws IOException {
    Launcher launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
    assertThat(launcher.run("tables", "1").code()).isZero();
    assertThat(launcher.run("tables", "2").code()).isEqualTo(1);
    assertThat(launcher.run("tables").code()).isEqualTo(2);
  }

  @Test
  void writesUtf8WhateverTheLocale(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    assertThat(Launcher.in(folder).run("plan", "--params", "4672").succeeded().out())
        .contains("L = 9·M")
        .contains("← widest");
  }
}
