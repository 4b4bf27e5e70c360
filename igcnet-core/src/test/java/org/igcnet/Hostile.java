package org.igcnet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Gives parsers what nobody means well with. {@code build/fuzz} calls each class {@code …Fuzzer}
 * beside its parser with inputs that Jazzer makes up, and {@link KeptInputsTest} with those that
 * were kept: nothing but a {@link UserError} of one sentence may come out.
 */
public final class Hostile {
  private static final Path FOLDER = temporary();

  private Hostile() {}

  /** Runs what may refuse its input. */
  public static void refusable(Runnable parser) {
    try {
      parser.run();
    } catch (UserError refused) {
      if (String.valueOf(refused.getMessage()).isBlank()) {
        throw new AssertionError("refused without a word", refused);
      }
    }
  }

  /**
   * Runs what reads a file, and may refuse it.
   *
   * @param name the file's
   * @param parser gets the folder, in which is nothing else
   */
  public static void file(String name, byte[] bytes, Consumer<Path> parser) {
    Path folder = FOLDER.resolve("in");
    Path file = folder.resolve(name);
    try {
      Files.write(file, bytes);
      refusable(() -> parser.accept(folder));
      requireOnly(folder, file);
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireOnly(Path folder, Path file) throws IOException {
    try (Stream<Path> paths = Files.walk(FOLDER)) {
      List<Path> there = paths.sorted().toList();
      if (!there.equals(List.of(FOLDER, folder, file))) {
        throw new AssertionError("there is more than was put there: " + there);
      }
    }
  }

  private static Path temporary() {
    try {
      Path folder = Files.createTempDirectory("hostile");
      Files.createDirectory(folder.resolve("in"));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder and all in it. */
  public static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
