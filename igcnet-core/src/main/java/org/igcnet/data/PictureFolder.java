package org.igcnet.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.UserError;

/**
 * A folder of folders, one for each class and called by its name, which hold picture files. Classes
 * and pictures are in the order of their names.
 */
final class PictureFolder implements PictureSource {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "bmp", "gif");
  private static final List<String> TESTS = List.of("val", "test", "validation");
  private static final int MOST_CLASSES = 16_384;

  private final Path folder;
  private final List<String> classes;
  private final String[] files;
  private final int[] labels;

  private PictureFolder(Path folder, List<String> classes, List<String> files, int[] labels) {
    this.folder = folder;
    this.classes = classes;
    this.files = files.toArray(String[]::new);
    this.labels = labels;
  }

  /**
   * Looks through a folder: {@code train} and the first that there is of {@code val}, {@code test}
   * and {@code validation} below it, where these hold class folders, or the folder itself.
   *
   * @throws UserError where there are no pictures, or the test pictures are of other classes
   */
  static Parts parts(Path at) {
    Path train = at.resolve("train");
    if (!holdsFolders(train)) {
      return new Parts(of(at, folders(at)), Optional.empty());
    }
    List<String> classes = folders(train);
    Optional<Path> test =
        TESTS.stream().map(at::resolve).filter(PictureFolder::holdsFolders).findFirst();
    test.ifPresent(folder -> requireKnown(folder, folders(folder), train, classes));
    return new Parts(of(train, classes), test.map(folder -> of(folder, classes)));
  }

  /** A class may be called "train" too, but then it holds pictures. */
  private static boolean holdsFolders(Path folder) {
    return Files.isDirectory(folder) && !names(folder, Files::isDirectory).isEmpty();
  }

  private static void requireKnown(
      Path test, List<String> found, Path train, List<String> classes) {
    found.stream()
        .filter(name -> !classes.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new UserError(
                  "'%s' has the class '%s', of which there is no folder in '%s'"
                      .formatted(test, name, train));
            });
  }

  private static PictureFolder of(Path folder, List<String> classes) {
    List<String> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path at = folder.resolve(classes.get(label));
      if (Files.isDirectory(at)) {
        for (String name : names(at, PictureFolder::isPicture)) {
          files.add(name);
          labels.add(label);
        }
      }
    }
    if (files.isEmpty()) {
      throw new UserError(
          "'%s' holds no pictures; %s/NAME.jpg in it would be one of the class '%2$s'"
              .formatted(folder, classes.getFirst()));
    }
    return new PictureFolder(
        folder, classes, files, labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ENDINGS.contains(ending);
  }

  private static List<String> folders(Path folder) {
    List<String> classes = names(folder, Files::isDirectory);
    if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
      throw new UserError(
          "'%s' holds %,d folders of pictures; there is one for each class, at most %,d"
              .formatted(folder, classes.size(), MOST_CLASSES));
    }
    return classes;
  }

  /** Names in order; what begins with a dot is hidden. */
  private static List<String> names(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(wanted)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UserError("the folder '%s' cannot be read: %s".formatted(folder, e), e);
    }
  }

  @Override
  public int size() {
    return files.length;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return path(index).toString();
  }

  private Path path(int index) {
    return folder.resolve(classes.get(labels[index])).resolve(files[index]);
  }

  @Override
  public byte[] bytes(int index) {
    try {
      return PictureDecoder.bytes(path(index));
    } catch (IOException e) {
      throw new UserError("%s cannot be read: %s".formatted(path(index), e), e);
    }
  }

  /** Every order is equally likely. */
  @Override
  public int[] order(int[] members, SplitMix random) {
    int[] order = IntStream.range(0, members.length).toArray();
    random.shuffle(order);
    return order;
  }
}
