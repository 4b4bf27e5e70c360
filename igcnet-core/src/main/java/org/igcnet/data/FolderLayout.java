package org.igcnet.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which folders below a folder of pictures hold class folders to learn from, and which to test
 * with. What is surely not meant as it lies is refused.
 *
 * @param train what holds the class folders to learn from, where there is any
 * @param test what holds those to test with, where they lie apart
 * @param leftAlone pictures that lie in neither
 */
record FolderLayout(Optional<Path> train, Optional<Path> test, List<LeftAlone> leftAlone) {
  private static final List<String> TRAININGS = List.of("train", "training");

  /** The first that there is, is tested with. */
  private static final List<String> TESTS = List.of("val", "valid", "test", "validation");

  /** Of those, the ones that choose a model, and that nobody leaves without labels. */
  private static final List<String> VALIDATIONS = List.of("val", "valid", "validation");

  /** How far down is looked for pictures that are left alone. */
  private static final int DEPTH = 16;

  /**
   * Looks through a folder.
   *
   * @throws UserError where it cannot be read, or what lies there can be meant in two ways
   */
  static FolderLayout of(Path at) {
    List<Path> folders = folders(at);
    Optional<Path> train = named(TRAININGS, folders).filter(FolderLayout::holdsClasses).findFirst();
    Optional<Path> test = named(TESTS, folders).filter(FolderLayout::holdsClasses).findFirst();
    if (train.isEmpty() && test.isEmpty()) {
      requireNoFlatParts(folders);
      return new FolderLayout(Optional.of(at), Optional.empty(), outside(at, at));
    }
    if (train.isPresent() && test.isEmpty()) {
      requireNoFlatValidation(folders, train.get());
    }
    requireNoClassesBeside(folders, train, test);
    List<LeftAlone> leftAlone = new ArrayList<>(outside(at, at));
    Stream.concat(train.stream(), test.stream())
        .forEach(part -> leftAlone.addAll(outside(at, part)));
    folders.stream()
        .filter(folder -> !train.equals(Optional.of(folder)) && !test.equals(Optional.of(folder)))
        .forEach(folder -> leftAlone.addAll(below(at, folder, "in '%s'".formatted(name(folder)))));
    return new FolderLayout(train, test, LeftAlone.sum(leftAlone));
  }

  /** Whether what is tested with is called a validation set. */
  boolean validation() {
    return test.filter(part -> isValidation(name(part))).isPresent();
  }

  static boolean isValidation(String name) {
    return VALIDATIONS.contains(name.toLowerCase(Locale.ROOT));
  }

  private static Stream<Path> named(List<String> names, List<Path> folders) {
    return names.stream()
        .flatMap(
            name ->
                folders.stream()
                    .filter(folder -> name(folder).toLowerCase(Locale.ROOT).equals(name)));
  }

  /** A training and a test part whose pictures lie in no class folders are no two classes. */
  private static void requireNoFlatParts(List<Path> folders) {
    Optional<Path> train = named(TRAININGS, folders).filter(FolderLayout::holdsPictures).findAny();
    Optional<Path> test = named(TESTS, folders).filter(FolderLayout::holdsPictures).findAny();
    if (train.isPresent() && (test.isPresent() || folders.size() == 1)) {
      throw new UserError(
          Kind.DATA,
          "'%s' holds pictures, but no class folders, so what they show is not known; %s would be a picture of the class 'cat'"
              .formatted(train.get(), train.get().resolve("cat/NAME.jpg")));
    }
  }

  private static void requireNoFlatValidation(List<Path> folders, Path train) {
    named(VALIDATIONS, folders)
        .filter(FolderLayout::holdsPictures)
        .findFirst()
        .ifPresent(
            flat -> {
              throw new UserError(
                  Kind.DATA,
                  "'%s' holds pictures, but no class folders as '%s' does, so they cannot be tested with; sort them into class folders, or move them away"
                      .formatted(flat, train));
            });
  }

  /** Class folders beside a part could as well be meant: as other classes than 'train'. */
  private static void requireNoClassesBeside(
      List<Path> folders, Optional<Path> train, Optional<Path> test) {
    if (train.isPresent() && test.isPresent()) {
      return;
    }
    Path part = train.or(() -> test).orElseThrow();
    folders.stream()
        .filter(folder -> named(TRAININGS, List.of(folder)).findAny().isEmpty())
        .filter(folder -> named(TESTS, List.of(folder)).findAny().isEmpty())
        .filter(FolderLayout::holdsPictures)
        .findFirst()
        .ifPresent(
            beside -> {
              throw new UserError(
                  Kind.DATA,
                  "'%s' holds class folders and '%s' beside it holds pictures, so either can be meant; move one of them away"
                      .formatted(part, beside));
            });
  }

  /** Whether a folder has pictures in it. */
  static boolean holdsPictures(Path folder) {
    return firstPicture(folder) != null;
  }

  /** Whether a folder has folders with pictures in it. */
  static boolean holdsClasses(Path folder) {
    return folders(folder).stream().anyMatch(FolderLayout::holdsPictures);
  }

  /** The folders in a folder, in the order of their names; what begins with a dot is hidden. */
  static List<Path> folders(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !hidden(file))
          .filter(Files::isDirectory)
          .sorted(Comparator.comparing(FolderLayout::name))
          .toList();
    } catch (IOException e) {
      throw new UserError(
          Kind.ACCESS, "the folder '%s' cannot be read: %s".formatted(folder, Reason.of(e)), e);
    }
  }

  static boolean hidden(Path file) {
    return name(file).startsWith(".");
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static @Nullable Path firstPicture(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(FolderLayout::isPicture).findFirst().orElse(null);
    } catch (IOException e) {
      throw new UserError(
          Kind.ACCESS, "the folder '%s' cannot be read: %s".formatted(folder, Reason.of(e)), e);
    }
  }

  private static boolean isPicture(Path file) {
    return !hidden(file) && PictureNames.isPicture(name(file)) && !Files.isDirectory(file);
  }

  /** Pictures beside class folders. */
  private static List<LeftAlone> outside(Path at, Path part) {
    try (Stream<Path> files = Files.list(part)) {
      return LeftAlone.sum(
          files
              .filter(FolderLayout::isPicture)
              .sorted()
              .map(file -> LeftAlone.one("picture", "in no class folder", relative(at, file)))
              .toList());
    } catch (IOException e) {
      throw new UserError(
          Kind.ACCESS, "the folder '%s' cannot be read: %s".formatted(part, Reason.of(e)), e);
    }
  }

  /** Pictures anywhere below a folder; links to folders are not followed. */
  static List<LeftAlone> below(Path at, Path folder, String which) {
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return LeftAlone.sum(
          files
              .filter(FolderLayout::isPicture)
              .sorted()
              .map(file -> LeftAlone.one("picture", which, relative(at, file)))
              .toList());
    } catch (IOException | UncheckedIOException e) {
      throw new UserError(
          Kind.ACCESS, "the folder '%s' cannot be read: %s".formatted(folder, Reason.of(e)), e);
    }
  }

  /** A file's path from the data's folder, with {@code /} between folders. */
  static String relative(Path at, Path file) {
    return StreamSupport.stream(at.relativize(file).spliterator(), false)
        .map(Path::toString)
        .collect(Collectors.joining("/"));
  }
}
