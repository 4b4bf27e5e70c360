package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramJarsTest {
  @TempDir private Path folder;
  private Path program;

  @BeforeEach
  void begin() {
    program = folder.resolve("igcnet-cli.jar");
  }

  private static void write(Path jar, Manifest manifest) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.finish();
    }
  }

  private static void write(Path jar, String libraries) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Name.CLASS_PATH, libraries);
    write(jar, manifest);
  }

  private Path library(String name) throws IOException {
    Files.createDirectories(folder.resolve("lib"));
    return Files.createFile(folder.resolve("lib").resolve(name));
  }

  private static String classPath(Path... entries) {
    return Arrays.stream(entries)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void aJarBringsTheLibrariesOfItsManifest() throws IOException {
    Path core = library("igcnet-core.jar");
    Path jackson = library("jackson-core.jar");
    library("not-named.jar");
    write(program, "lib/jackson-core.jar  lib/igcnet-core.jar lib/missing.jar lib");
    assertThat(ProgramJars.on(program.toString()))
        .containsExactly(program.toString(), jackson.toString(), core.toString());
  }

  @Test
  void manyLibrariesAreNamedOnManyLinesOfAManifest() throws IOException {
    Path first = library("a".repeat(100) + ".jar");
    Path second = library("b".repeat(100) + ".jar");
    write(program, "lib/%s lib/%s".formatted(first.getFileName(), second.getFileName()));
    assertThat(ProgramJars.on(program.toString()))
        .containsExactly(program.toString(), first.toString(), second.toString());
  }

  @Test
  void whatTiesTheLogStaysAtHome() throws IOException {
    library("slf4j-jdk14.jar");
    library("slf4j-api.jar");
    write(program, "lib/slf4j-jdk14.jar lib/slf4j-api.jar");
    assertThat(ProgramJars.on(program.toString())).containsExactly(program.toString());
  }

  @Test
  void ofAClassPathThisProgramsJarsAreTakenInTheirOrder() throws IOException {
    write(program, "");
    Path spark = Files.copy(program, folder.resolve("igcnet-spark.jar"));
    Path other = Files.copy(program, folder.resolve("spark-core.jar"));
    Path notes = Files.createFile(folder.resolve("igcnet-notes.txt"));
    Path missing = folder.resolve("igcnet-missing.jar");
    Path classes = Files.createDirectories(folder.resolve("igcnet-core"));
    String all =
        classPath(other, spark, notes, missing, program, classes, Path.of("/"), Path.of(""));
    assertThat(ProgramJars.on(all)).containsExactly(spark.toString(), program.toString());
    assertThat(ProgramJars.on("")).isEmpty();
  }

  @Test
  void pathsAreWholeWhereTheClassPathsAreNot() throws IOException {
    write(program, "lib/a.jar");
    Path library = library("a.jar");
    Path here = Path.of("").toAbsolutePath().relativize(program);
    assertThat(ProgramJars.on(here.toString()))
        .hasSize(2)
        .allSatisfy(jar -> assertThat(Path.of(jar)).isAbsolute())
        .extracting(jar -> Path.of(jar).normalize())
        .containsExactly(program, library);
  }

  @Test
  void aJarWithoutAManifestOrADamagedOneComesAlone() throws IOException {
    try (OutputStream file = Files.newOutputStream(program);
        JarOutputStream out = new JarOutputStream(file)) {
      out.finish();
    }
    Path damaged = Files.writeString(folder.resolve("igcnet-damaged.jar"), "no jar");
    assertThat(ProgramJars.on(classPath(program, damaged)))
        .containsExactly(program.toString(), damaged.toString());
  }

  @Test
  void aJarThatNamesNoLibrariesComesAlone() throws IOException {
    Manifest bare = new Manifest();
    bare.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
    write(program, bare);
    assertThat(ProgramJars.on(program.toString())).containsExactly(program.toString());
  }

  @Test
  void allAreThoseOfTheClassPathOfThisProgram() {
    assertThat(ProgramJars.all())
        .isEqualTo(ProgramJars.on(System.getProperty("java.class.path", "")));
  }
}
