package org.igcnet.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A folder of folders, one for each class and called by its name, which hold picture files. Classes
 * and pictures are in the order of their names.
 *
 * <p>All files are looked at when the folder is opened. One that cannot be read then, or that is
 * not what it was when a training began, keeps its index and is left out whenever it is wanted.
 */
final class PictureFolder implements PictureSource {
  private static final int MOST_CLASSES = 16_384;

  private final Path root;

  /** What holds the class folders. */
  private final Path folder;

  private final List<String> classes;
  private final List<Entry> entries;

  /**
   * A picture file.
   *
   * @param label its class
   * @param folder its class folder's name
   * @param size its bytes, or -1 where it cannot be read
   * @param missing why it is left out; null where it is not
   */
  private record Entry(int label, String folder, String name, long size, @Nullable String missing) {
    /** As the listing has it, from where the classes' folders are. */
    String listed() {
      return folder + "/" + name;
    }
  }

  private PictureFolder(Path root, Path folder, List<String> classes, List<Entry> entries) {
    this.root = root;
    this.folder = folder;
    this.classes = classes;
    this.entries = entries;
  }

  /**
   * Looks through a folder.
   *
   * @param known what there has to be
   * @param listener hears how far it is
   * @throws UserError where it cannot be read, lies in no sound way, or has other classes
   * @see FolderLayout
   */
  static Parts parts(Path at, Known known, WorkListener listener) {
    return known.listing().isPresent()
        ? again(at, known.listing().get(), known.classes().orElseThrow(), listener)
        : found(at, known.classes(), Work.on("finding pictures", 0, "pictures", listener));
  }

  private static Parts found(Path at, Optional<List<String>> known, Work work) {
    FolderLayout layout = FolderLayout.of(at);
    List<LeftAlone> leftAlone = new ArrayList<>(layout.leftAlone());
    Optional<Scan> train = layout.train().map(part -> Scan.of(at, part, work));
    Optional<Scan> test = layout.test().map(part -> Scan.of(at, part, work));
    if (known.isEmpty() && train.isPresent()) {
      test.ifPresent(scan -> scan.requireIn(train.get()));
    }
    List<String> classes =
        known.or(() -> train.map(Scan::classes)).or(() -> test.map(Scan::classes)).orElseThrow();
    Stream.concat(train.stream(), test.stream()).forEach(scan -> leftAlone.addAll(scan.leftAlone));
    return new Parts(
        train.map(scan -> scan.source(classes)),
        test.map(scan -> scan.source(classes)),
        layout.validation(),
        LeftAlone.sum(leftAlone));
  }

  /** What a folder of class folders holds. */
  private record Scan(
      Path root, Path folder, List<ClassFolder> classFolders, List<LeftAlone> leftAlone) {
    static Scan of(Path root, Path folder, Work work) {
      List<Path> folders = FolderLayout.folders(folder);
      List<ClassFolder> all =
          folders.parallelStream()
              .map(classFolder -> ClassFolder.of(root, classFolder, work))
              .toList();
      List<ClassFolder> used = all.stream().filter(c -> !c.files.isEmpty()).toList();
      if (folders.isEmpty() || used.size() > MOST_CLASSES) {
        throw new UserError(
            Kind.DATA,
            "'%s' holds %,d folders of pictures; there is one for each class, at most %,d"
                .formatted(folder, used.size(), MOST_CLASSES));
      }
      if (used.isEmpty()) {
        throw new UserError(
            Kind.DATA,
            "'%s' holds no pictures; %s/NAME.jpg in it would be one of the class '%2$s'"
                .formatted(folder, all.getFirst().name));
      }
      return new Scan(root, folder, used, all.stream().flatMap(c -> c.leftAlone.stream()).toList());
    }

    List<String> classes() {
      return classFolders.stream().map(ClassFolder::name).toList();
    }

    void requireIn(Scan train) {
      classes().stream()
          .filter(name -> !train.classes().contains(name))
          .findFirst()
          .ifPresent(
              name -> {
                throw new UserError(
                    Kind.DATA,
                    "'%s' has the class '%s', of which there are no pictures in '%s'"
                        .formatted(folder, name, train.folder));
              });
    }

    PictureFolder source(List<String> classes) {
      Map<String, Integer> labels = labels(classes);
      List<Entry> entries = new ArrayList<>();
      for (ClassFolder classFolder : classFolders) {
        Integer label = labels.get(classFolder.name);
        if (label == null) {
          throw new UserError(
              Kind.DATA,
              "'%s' has the class '%s', which the training did not know; it knew %s"
                  .formatted(folder, classFolder.name, Known.words(classes)));
        }
        classFolder.files.forEach(file -> entries.add(file.labelled(label, classFolder.name)));
      }
      return new PictureFolder(root, folder, classes, List.copyOf(entries));
    }
  }

  private static Map<String, Integer> labels(List<String> classes) {
    Map<String, Integer> labels = new HashMap<>();
    classes.forEach(name -> labels.put(name, labels.size()));
    return labels;
  }

  /** A picture's file as it is now. */
  private record Looked(String name, long size, @Nullable String missing) {
    static Looked at(Path file) {
      String name = FolderLayout.name(file);
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
          return missing(name, "%s is no plain file".formatted(file));
        }
        return Files.isReadable(file)
            ? new Looked(name, attributes.size(), null)
            : missing(name, "%s may not be read".formatted(file));
      } catch (NoSuchFileException e) {
        return missing(
            name,
            (Files.isSymbolicLink(file) ? "%s is a link to nothing" : "%s does not exist")
                .formatted(file));
      } catch (IOException e) {
        return missing(name, unreadable(file, e));
      }
    }

    private static Looked missing(String name, String why) {
      return new Looked(name, -1, why);
    }

    Entry labelled(int label, String folder) {
      return new Entry(label, folder, name, size, missing);
    }
  }

  /** A class folder as it is now; without files where it holds no pictures. */
  private record ClassFolder(String name, List<Looked> files, List<LeftAlone> leftAlone) {
    static ClassFolder of(Path root, Path folder, Work work) {
      String name = FolderLayout.name(folder);
      if (!named(folder)) {
        throw new UserError(
            Kind.DATA,
            "'%s' has a name that cannot be read as %s; give it another"
                .formatted(folder, System.getProperty("sun.jnu.encoding")));
      }
      List<Looked> files = new ArrayList<>();
      List<LeftAlone> leftAlone = new ArrayList<>();
      List<Path> folders = new ArrayList<>();
      for (Path file : sorted(folder)) {
        String example = FolderLayout.relative(root, file);
        boolean picture = PictureNames.isPicture(FolderLayout.name(file));
        if (Files.isDirectory(file)) {
          folders.add(file);
        } else if (!picture) {
          leftAlone.add(LeftAlone.one(kind(file), "", example));
        } else if (!named(file)) {
          leftAlone.add(LeftAlone.one("picture", "whose name cannot be read", example));
        } else {
          files.add(Looked.at(file));
          work.add(1);
        }
      }
      folders.forEach(
          below ->
              leftAlone.addAll(FolderLayout.below(root, below, "in folders within class folders")));
      if (files.isEmpty()) {
        requireNothingBelow(folder, folders);
        leftAlone.add(
            LeftAlone.one("folder", "without pictures", FolderLayout.relative(root, folder)));
      }
      files.stream()
          .filter(file -> file.missing != null)
          .forEach(
              file ->
                  leftAlone.add(
                      LeftAlone.one(
                          "picture",
                          "that cannot be read",
                          FolderLayout.relative(root, folder.resolve(file.name)))));
      return new ClassFolder(name, List.copyOf(files), LeftAlone.sum(leftAlone));
    }

    private static List<Path> sorted(Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .filter(file -> !FolderLayout.hidden(file))
            .sorted(Comparator.comparing(FolderLayout::name))
            .toList();
      } catch (IOException e) {
        throw new UserError(
            Kind.ACCESS, "the folder '%s' cannot be read: %s".formatted(folder, Reason.of(e)), e);
      }
    }

    /** Whether a file is found by its name: not one of another encoding, or of two lines. */
    private static boolean named(Path file) {
      String name = FolderLayout.name(file);
      return file.resolveSibling(name).equals(file)
          && name.indexOf('\n') < 0
          && name.indexOf('\r') < 0;
    }

    private static String kind(Path file) {
      String ending = PictureNames.ending(FolderLayout.name(file));
      return ending.isEmpty() ? "file" : ".%s file".formatted(ending);
    }

    private static void requireNothingBelow(Path folder, List<Path> folders) {
      folders.stream()
          .filter(FolderLayout::holdsPictures)
          .findFirst()
          .ifPresent(
              below -> {
                throw new UserError(
                    Kind.DATA,
                    "'%s' holds no pictures itself, but '%s' in it does; a class's pictures lie in one folder, and the data are the folder that holds those"
                        .formatted(folder, below));
              });
    }
  }

  /** Opens what a listing tells of: what is no longer as it was keeps its place. */
  private static Parts again(
      Path at, List<ListedFile> listing, List<String> classes, WorkListener listener) {
    Work work = Work.on("finding pictures again", listing.size(), "pictures", listener);
    List<LeftAlone> leftAlone = new ArrayList<>();
    Optional<PictureSource> train = again(at, listing, false, classes, leftAlone, work);
    Optional<PictureSource> test = again(at, listing, true, classes, leftAlone, work);
    return new Parts(train, test, validation(listing), LeftAlone.sum(leftAlone));
  }

  private static boolean validation(List<ListedFile> listing) {
    return listing.stream()
        .filter(ListedFile::test)
        .findFirst()
        .filter(file -> FolderLayout.isValidation(Steps.of(file).above()))
        .isPresent();
  }

  private static Optional<PictureSource> again(
      Path at,
      List<ListedFile> listing,
      boolean test,
      List<String> classes,
      List<LeftAlone> leftAlone,
      Work work) {
    List<ListedFile> part = listing.stream().filter(file -> file.test() == test).toList();
    if (part.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Integer> labels = labels(classes);
    List<Entry> entries = part.parallelStream().map(file -> entry(at, file, labels, work)).toList();
    entries.stream()
        .filter(entry -> entry.missing != null)
        .forEach(
            entry ->
                leftAlone.add(
                    LeftAlone.one(
                        "picture",
                        "gone or changed since the training began",
                        entry.folder + "/" + entry.name)));
    Path folder = at.resolve(Steps.of(part.getFirst()).above());
    leftAlone.addAll(since(at, folder, entries));
    return Optional.of(new PictureFolder(at, folder, classes, entries));
  }

  /**
   * A listed name in steps.
   *
   * @param above what the class folder lies in; empty for the data's folder
   */
  private record Steps(String above, String classFolder, String file) {
    private static final Pattern SPELLING = Pattern.compile("(?:(.+)/)?([^/]+)/([^/]+)");

    static Steps of(ListedFile listed) {
      Matcher matcher = SPELLING.matcher(listed.name());
      if (!matcher.matches()) {
        throw new UserError(Kind.DATA, "'%s' lies in no class folder".formatted(listed.name()));
      }
      return new Steps(
          Objects.requireNonNullElse(matcher.group(1), ""), matcher.group(2), matcher.group(3));
    }
  }

  private static Entry entry(Path at, ListedFile listed, Map<String, Integer> labels, Work work) {
    work.add(1);
    Path file = at.resolve(listed.name());
    Steps steps = Steps.of(listed);
    Integer label = labels.get(steps.classFolder);
    if (label == null) {
      throw new UserError(
          Kind.DATA, "'%s' is of no class of the training".formatted(listed.name()));
    }
    Looked now = Looked.at(file);
    boolean changed = now.missing == null && now.size != listed.size();
    return new Entry(
        label,
        steps.classFolder,
        steps.file,
        listed.size(),
        changed ? "%s is no longer what it was".formatted(file) : now.missing);
  }

  /** Pictures that lie in class folders now and did not then. */
  private static List<LeftAlone> since(Path at, Path folder, List<Entry> entries) {
    Set<Path> then = new HashSet<>();
    Set<Path> folders = new HashSet<>();
    for (Entry entry : entries) {
      folders.add(folder.resolve(entry.folder));
      then.add(folder.resolve(entry.folder).resolve(entry.name));
    }
    return folders.stream()
        .sorted()
        .filter(Files::isDirectory)
        .flatMap(classFolder -> ClassFolder.sorted(classFolder).stream())
        .filter(file -> PictureNames.isPicture(FolderLayout.name(file)) && !then.contains(file))
        .map(
            file ->
                LeftAlone.one(
                    "picture",
                    "that came after the training began",
                    FolderLayout.relative(at, file)))
        .toList();
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return entries.get(index).label;
  }

  @Override
  public String name(int index) {
    return path(index).toString();
  }

  private Path path(int index) {
    return classFolder(index).resolve(entries.get(index).name);
  }

  private Path classFolder(int index) {
    return folder.resolve(entries.get(index).folder);
  }

  @Override
  public long length(int index) {
    return Math.max(0, entries.get(index).size);
  }

  @Override
  public List<String> missing() {
    return entries.stream().map(Entry::missing).filter(Objects::nonNull).toList();
  }

  @Override
  public Stream<ListedFile> files(boolean test) {
    String above = above();
    return entries.stream().map(entry -> new ListedFile(test, entry.size, above + entry.listed()));
  }

  @Override
  public String listedName(int index) {
    return above() + entries.get(index).listed();
  }

  /** What stands before the names of the classes' folders in the listing. */
  private String above() {
    return root.equals(folder) ? "" : FolderLayout.relative(root, folder) + "/";
  }

  /**
   * {@inheritDoc} A picture alone that is gone, or may not be read, is left out; where the folder
   * is gone or the disk fails, there is more to mend than one picture.
   */
  @Override
  public byte[] bytes(int index) {
    Entry entry = entries.get(index);
    if (entry.missing != null) {
      throw new SkippedPicture(entry.missing);
    }
    Path file = path(index);
    try {
      return PictureFile.bytes(file);
    } catch (NoSuchFileException | AccessDeniedException e) {
      if (Files.isDirectory(classFolder(index))) {
        throw new SkippedPicture(unreadable(file, e), e);
      }
      throw new UserError(Kind.DATA, unreadable(file, e), e);
    } catch (IOException e) {
      throw new UserError(Kind.DATA, unreadable(file, e), e);
    }
  }

  private static String unreadable(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "%s does not exist any more".formatted(file);
      case AccessDeniedException _ -> "%s may not be read".formatted(file);
      default -> "%s cannot be read: %s".formatted(file, Reason.of(e));
    };
  }

  /** Every order is equally likely. */
  @Override
  public int[] order(int[] members, SplitMix random) {
    int[] order = IntStream.range(0, members.length).toArray();
    random.shuffle(order);
    return order;
  }
}
