package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(launcher.run("eval", "no/such/model").code()).isEqualTo(1);
    assertThat(launcher.run("tables", "2").code()).isEqualTo(2);
    assertThat(launcher.run("tables").code()).isEqualTo(2);
  }

  @Test
  void hintsShowTheProgramAsItWasCalled(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Launcher launcher = Launcher.in(folder);
    Files.createSymbolicLink(folder.resolve("igcnet"), launcher.script());
    assertThat(launcher.shell("./igcnet tables").err())
        .isEqualTo(
            "igcnet: tables needs TABLE; ./igcnet tables 3 would be right\nTry './igcnet tables --help'.\n");
    assertThat(launcher.shell("PATH=$PWD:$PATH; igcnet tables").err())
        .endsWith("Try 'igcnet tables --help'.\n");
    Path spaced = Files.createDirectory(folder.resolve("my tools"));
    Files.createSymbolicLink(spaced.resolve("igcnet"), launcher.script());
    assertThat(launcher.shell("'my tools/igcnet' tables").err())
        .contains("; 'my tools/igcnet' tables 3 would be right\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "xx_YY", "xx_YY.UTF-8", "C.UTF-8"})
  void namesAreUtf8WhateverTheLocale(String locale, @TempDir Path parent) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("work/größe"));
    Finished finished = Launcher.in(folder).with(Map.of("LC_ALL", locale)).run("eval", "größe.日本");
    assertThat(finished.code()).isEqualTo(1);
    assertThat(finished.err())
        .endsWith("igcnet: größe.日本 holds no trained model: model.json is missing\n");
  }

  @Test
  void aTildeBehindAnEqualsSignIsTheHomeFolder(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Path home = Path.of(System.getProperty("user.home"));
    assertThat(Launcher.in(folder).run("train", "--resume=~/no such run").refusal())
        .startsWith("igcnet: %s holds no run".formatted(home.resolve("no such run")));
  }

  @Test
  void writesUtf8WhateverTheLocale(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    assertThat(Launcher.in(folder).run("plan", "--params", "4672").succeeded().out())
        .contains("L = 9·M")
        .contains("← widest");
  }
}
