package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code igcnet} itself. */
class LauncherIT {
  private static final Map<String, String> TELLS_CLASSES =
      Map.of("IGCNET_JAVA_OPTS", "-Xlog:class+load:stdout:none");

  private static final String[] FROM_THE_ARCHIVE = {
    "org.igcnet.cli.Igcnet source: shared objects file",
    "picocli.CommandLine source: shared objects file"
  };

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

  /** With this variable set, cd says where it went. */
  @Test
  void foldersThatCdLooksInDoNotMatter(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("work"));
    Launcher launcher = Launcher.in(folder);
    Path home = launcher.script().toRealPath().getParent();
    Files.createSymbolicLink(folder.resolve("home"), home);
    assertThat(launcher.shell("CDPATH=. home/igcnet --version").succeeded().out())
        .startsWith("igcnet 0.");
    assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("home"));
  }

  @Tag("long")
  @Test
  void aReleaseRunsWithoutMavenAndSources(@TempDir Path parent) throws IOException {
    Launcher release = unpacked(parent);
    Finished first = release.run("summary", "IGC-L4M8", "--json");
    assertThat(first.document().get("network").asString()).isEqualTo("IGC-L4M8");
    assertThat(first.err()).isEqualTo("igcnet: getting ready for this JDK (some seconds, once)\n");
    assertThat(release.with(TELLS_CLASSES).run("--version").out()).contains(FROM_THE_ARCHIVE);
    assertThat(release.run("eval", "nothing").refusal())
        .isEqualTo("igcnet: nothing holds no trained model: model.json is missing");
    String refusal =
        "igcnet: the benchmarks and libtorch are not in a release, as they are large; clone the sources for them\n";
    assertThat(release.run("bench")).isEqualTo(new Finished(1, "", refusal));
    assertThat(release.run("train", "--engine", "torch")).isEqualTo(new Finished(1, "", refusal));
    assertThat(parent.resolve("unpacked")).isDirectoryNotContaining("glob:**target");
  }

  @Test
  void aReleaseWhoseArchiveCannotBeMadeTriesOnce(@TempDir Path parent) throws IOException {
    Launcher release = unpacked(parent);
    Files.writeString(parent.resolve("unpacked/program/StartArchive.java"), "no program");
    assertThat(release.run("--version").succeeded().err()).startsWith("igcnet: getting ready ");
    Finished next = release.run("--version").succeeded();
    assertThat(next.out()).startsWith("igcnet 0.");
    assertThat(next.err()).isEmpty();
  }

  /** As the zip of a release lays it out. */
  private static Launcher unpacked(Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Path home = Launcher.in(folder).script().toRealPath().resolve("..").normalize();
    Path program = Files.createDirectories(parent.resolve("unpacked/program"));
    Path built = home.resolve("igcnet-cli/target");
    Files.copy(built.resolve("igcnet-cli.jar"), program.resolve("igcnet-cli.jar"));
    Files.createSymbolicLink(program.resolve("lib"), built.resolve("lib"));
    for (String file : List.of("jvm.options", "StartArchive.java")) {
      Files.copy(home.resolve("build").resolve(file), program.resolve(file));
    }
    Path script = program.resolveSibling("igcnet");
    Files.copy(home.resolve("igcnet"), script, StandardCopyOption.COPY_ATTRIBUTES);
    return new Launcher(script, folder, Map.of("IGCNET_BUILD", ""));
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

  /** Bash reads the quoted octal number as a byte. */
  @Test
  void aNameThatIsNotUtf8IsNeverTakenForAnother(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Launcher launcher = Launcher.in(folder);
    String refusal =
        "igcnet: $'%s' is not UTF-8, as the names of files have to be here; give it another name\n";
    assertThat(launcher.shell("\"$0\" fetch cifar10 --to $'caf\\351'"))
        .isEqualTo(new Finished(2, "", refusal.formatted("caf\\351")));
    assertThat(launcher.shell("\"$0\" train --data $'folder:caf\\351' --out größe"))
        .isEqualTo(new Finished(2, "", refusal.formatted("folder:caf\\351")));
    assertThat(folder).isEmptyDirectory();
    assertThat(launcher.shell("\"$0\" eval $'caf\\357\\277\\275'").refusal())
        .as("the character that stands for others is one too")
        .isEqualTo("igcnet: caf\ufffd holds no trained model: model.json is missing");
  }

  @Test
  void aCurrentFolderWhoseNameIsNotUtf8IsRefused(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Finished refused =
        Launcher.in(folder)
            .shell("mkdir $'caf\\351' && cd $'caf\\351' || exit 99; \"$0\" train --epochs 1");
    assumeTrue(refused.code() != 99, "a file system of UTF-8 names only");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .isEqualTo(
            "igcnet: $'%s/caf\\351' is not UTF-8, as the names of files have to be here; give it another name\n"
                .formatted(folder.toRealPath()));
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void aTildeBehindAnEqualsSignIsTheHomeFolder(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Path home = Path.of(System.getProperty("user.home"));
    assertThat(Launcher.in(folder).run("train", "--resume=~/no such run").refusal())
        .startsWith("igcnet: %s holds no run".formatted(home.resolve("no such run")));
  }

  @Test
  void theFlagsComeFromTheirFile(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Launcher launcher =
        Launcher.in(folder).with(Map.of("JAVA_HOME", jdkThatTellsItsArguments(parent).toString()));
    assertThat(launcher.run("eval", "runs/a").out().lines())
        .startsWith("@" + JvmOptions.FILE, "-Digcnet.columns=0")
        .endsWith("eval", "runs/a");
    List<String> withoutVectors = new ArrayList<>(JvmOptions.flags());
    withoutVectors.remove("--add-modules=jdk.incubator.vector");
    withoutVectors.addFirst("-Digcnet.vectors.planned=true");
    assertThat(launcher.run("export", "runs/a", "eval.onnx").out().lines())
        .startsWith(with(withoutVectors, "-Digcnet.columns=0"))
        .endsWith("export", "runs/a", "eval.onnx");
    String[] briefly = with(withoutVectors, "-XX:TieredStopAtLevel=1", "-Digcnet.columns=0");
    assertThat(launcher.run("summary", "IGC-L24M2").out().lines())
        .startsWith(briefly)
        .endsWith("summary", "IGC-L24M2");
    assertThat(launcher.run("train", "--help").out().lines()).startsWith(briefly);
  }

  @Test
  void fewPicturesNeedNoVectors(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Launcher launcher =
        Launcher.in(folder).with(Map.of("JAVA_HOME", jdkThatTellsItsArguments(parent).toString()));
    Files.createFile(Files.createDirectory(folder.resolve("model")).resolve("model.json"));
    Files.createFile(Files.createDirectory(folder.resolve("photos")).resolve("a.png"));
    for (int i = 0; i < 65; i++) {
      Files.createFile(folder.resolve(i + ".png"));
    }
    String unwanted = "-Digcnet.vectors.unwanted=true";
    assertThat(launcher.run("predict", "model", "1.png").out().lines())
        .startsWith(unwanted)
        .doesNotContain("-XX:TieredStopAtLevel=1");
    assertThat(launcher.run("predict", "model", "photos").out().lines())
        .startsWith("@" + JvmOptions.FILE);
    assertThat(launcher.shell("\"$0\" predict --pretrained name {1..64}.png").out().lines())
        .startsWith(unwanted);
    assertThat(launcher.shell("\"$0\" predict --pretrained name {0..64}.png").out().lines())
        .startsWith("@" + JvmOptions.FILE);
  }

  @Test
  void whereAClusterIsComesBehindSparksJars(@TempDir Path parent) throws IOException {
    Path spark = parent.resolve("spark");
    Files.createDirectories(spark.resolve("jars"));
    Map<String, String> variables =
        Map.of(
            "JAVA_HOME",
            jdkThatTellsItsArguments(parent).toString(),
            "SPARK_HOME",
            spark.toString(),
            "HADOOP_CONF_DIR",
            "/etc/hadoop",
            "YARN_CONF_DIR",
            "/etc/yarn");
    Launcher launcher = Launcher.in(Files.createDirectory(parent.resolve("work"))).with(variables);
    assertThat(launcher.run("train", "--spark", "yarn").out().lines())
        .anySatisfy(
            classPath ->
                assertThat(classPath)
                    .startsWith(spark + "/jars/*:")
                    .endsWith("igcnet-spark.jar:/etc/hadoop:/etc/yarn"));
  }

  private static String[] with(List<String> flags, String... more) {
    return Stream.concat(flags.stream(), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void classesComeFromTheArchive(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    Launcher launcher = Launcher.in(folder).with(TELLS_CLASSES);
    assertThat(launcher.run("--version").out()).contains(FROM_THE_ARCHIVE);
    assertThat(launcher.run("eval", "nothing").out()).contains(FROM_THE_ARCHIVE);
  }

  private static Path jdkThatTellsItsArguments(Path parent) throws IOException {
    Path jdk = Files.createDirectory(parent.resolve("jdk"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    Path bin = Files.createDirectory(jdk.resolve("bin"));
    for (String tool : List.of("java", "javac")) {
      Path script = Files.writeString(bin.resolve(tool), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return jdk;
  }

  @Test
  void writesUtf8WhateverTheLocale(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    assertThat(Launcher.in(folder).run("plan", "--params", "4672").succeeded().out())
        .contains("L = 9·M")
        .contains("← widest");
  }
}
