package org.igcnet.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in tar files, named as WebDataset does: {@code KEY.jpg} (or another ending of pictures),
 * and beside it {@code KEY.cls} with the number of its class. A member may be a hard link to one
 * before it.
 *
 * <p>The tar files' headers are read once and pictures are then read where they stand. An epoch
 * goes through the tar files in random order, and takes each next picture at random from the
 * {@value #WINDOW} that come first: what is read lies near together, and any batch can be had
 * without those before it.
 */
final class TarShards implements PictureSource {
  /** Pictures that an epoch shuffles at a time. */
  static final int WINDOW = 8_192;

  private static final String LABEL = "cls";
  private static final String CLASSES = "classes.txt";
  private static final Pattern TRAIN = word("train|training");
  private static final Pattern TEST = word("val|valid|test|validation");
  private static final Pattern VALIDATION = word("val|valid|validation");
  private static final int MOST_CLASSES = 16_384;
  private static final int MOST_LABEL_BYTES = 16;
  private static final int MOST_PICTURE_BYTES = 1 << 30;
  private static final int MOST_NAME_BYTES = 1 << 20;

  private final Path root;
  private final List<Shard> shards;
  private final List<String> classes;

  /** The index of each shard's first picture, and at the end the number of all. */
  private final int[] starts;

  /** One tar file. */
  private static final class Shard {
    final Path file;

    /** Bytes of the file. */
    final long size;

    /** Where each picture's bytes begin. */
    final long[] offsets;

    /** How many they are. */
    final int[] lengths;

    /** Their classes. */
    final int[] labels;

    final List<LeftAlone> leftAlone;

    Shard(
        Path file,
        long size,
        long[] offsets,
        int[] lengths,
        int[] labels,
        List<LeftAlone> leftAlone) {
      this.file = file;
      this.size = size;
      this.offsets = offsets;
      this.lengths = lengths;
      this.labels = labels;
      this.leftAlone = leftAlone;
    }

    int pictures() {
      return offsets.length;
    }

    /** With its classes counted as {@code names} counts them. */
    Shard labelled(ClassNames names) {
      int[] counted = IntStream.of(labels).map(label -> names.label(label, file)).toArray();
      return new Shard(file, size, offsets, lengths, counted, leftAlone);
    }
  }

  /** One picture of a tar file. */
  private record Place(Shard shard, int within) {
    long offset() {
      return shard.offsets[within];
    }
  }

  private TarShards(Path root, List<Shard> shards, List<String> classes) {
    this.root = root;
    this.shards = shards;
    this.classes = classes;
    this.starts = new int[shards.size() + 1];
    for (int i = 0; i < shards.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], shards.get(i).pictures());
    }
  }

  private static Pattern word(String words) {
    return Pattern.compile("(?<![a-z])(%s)(?![a-z])".formatted(words), Pattern.CASE_INSENSITIVE);
  }

  /**
   * Looks through a folder and those in it: training pictures are in the tar files that have the
   * word "train" or "training" in their names or their folder's, or where there are none in all
   * others than the test pictures', which have "val", "valid", "test" or "validation".
   *
   * @param known what there has to be
   * @param listener hears how far it is
   * @throws UserError where there are none, or a tar file is damaged or not named like this
   */
  static Parts parts(Path at, Known known, WorkListener listener) {
    List<LeftAlone> leftAlone = new ArrayList<>();
    List<Path> all = tars(at, leftAlone);
    List<Path> train = all.stream().filter(file -> says(TRAIN, at, file)).toList();
    List<Path> test =
        all.stream().filter(file -> says(TEST, at, file) && !train.contains(file)).toList();
    List<Path> neither =
        all.stream().filter(file -> !train.contains(file) && !test.contains(file)).toList();
    List<Path> learned = train.isEmpty() ? neither : train;
    if (all.isEmpty()) {
      throw new UserError(
          Kind.DATA,
          "'%s' holds no tar files of training pictures; train-000000.tar would be one"
              .formatted(at));
    }
    if (!train.isEmpty()) {
      neither.forEach(
          file ->
              leftAlone.add(
                  LeftAlone.one(
                      "tar file",
                      "that is neither to learn from nor to test with",
                      FolderLayout.relative(at, file))));
    }
    Work work = work(Stream.concat(learned.stream(), test.stream()), listener);
    List<Shard> trainShards = shards(learned, work);
    List<Shard> testShards = shards(test, work);
    List<Shard> both = Stream.concat(trainShards.stream(), testShards.stream()).toList();
    both.forEach(shard -> leftAlone.addAll(shard.leftAlone));
    ClassNames names = ClassNames.of(at, both, known.classes());
    return new Parts(
        source(at, trainShards, names),
        source(at, testShards, names),
        test.stream().allMatch(file -> says(VALIDATION, at, file)),
        LeftAlone.sum(leftAlone));
  }

  private static Optional<PictureSource> source(Path at, List<Shard> shards, ClassNames names) {
    return shards.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TarShards(
                at, shards.stream().map(shard -> shard.labelled(names)).toList(), names.classes));
  }

  private static boolean says(Pattern word, Path at, Path file) {
    return word.matcher(at.relativize(file).toString()).find();
  }

  /** The tar files of a folder and of those in it, in the order of their names. */
  private static List<Path> tars(Path at, List<LeftAlone> leftAlone) {
    List<Path> tars = new ArrayList<>();
    for (Path file : files(at)) {
      for (Path one : Files.isDirectory(file) ? files(file) : List.of(file)) {
        String name = FolderLayout.name(one);
        if (name.endsWith(".tar") && !Files.isDirectory(one)) {
          tars.add(one);
        } else if (!one.equals(at.resolve(CLASSES))) {
          String ending = PictureNames.ending(name);
          leftAlone.add(
              LeftAlone.one(
                  Files.isDirectory(one)
                      ? "folder within a folder"
                      : ending.isEmpty() ? "file" : ".%s file".formatted(ending),
                  "",
                  FolderLayout.relative(at, one)));
        }
      }
    }
    return tars.stream().sorted().toList();
  }

  /** What lies in a folder, or where a link to one leads. */
  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !FolderLayout.hidden(file)).sorted().toList();
    } catch (IOException e) {
      throw new UserError(
          Kind.ACCESS, "the folder '%s' cannot be read: %s".formatted(folder, Reason.of(e)), e);
    }
  }

  /** That of going through some tar files, as {@link WatchedTar} does. */
  private static Work work(Stream<Path> files, WorkListener listener) {
    long bytes = files.mapToLong(file -> file.toFile().length()).sum();
    return Work.onBytes("finding pictures in tar files", WatchedTar.PASSES * bytes, listener);
  }

  private static List<Shard> shards(List<Path> files, Work work) {
    List<Shard> shards = files.parallelStream().map(file -> shard(file, work)).toList();
    if (!files.isEmpty() && shards.stream().allMatch(shard -> shard.pictures() == 0)) {
      throw new UserError(
          Kind.DATA,
          "'%s' holds no pictures; KEY.jpg with KEY.cls beside it would be one"
              .formatted(files.getFirst()));
    }
    return shards;
  }

  private static Shard shard(Path file, Work work) {
    try (WatchedTar watched = WatchedTar.open(file, work);
        TarFile tar = new TarFile(watched)) {
      watched.secondPass();
      Shard shard = new Index(file, tar).read();
      watched.end();
      return shard;
    } catch (IOException | RuntimeException e) {
      if (e instanceof UserError refused) {
        throw refused;
      }
      throw new UserError(
          Kind.DATA, "'%s' is no sound tar file: %s".formatted(file, Reason.of(e)), e);
    }
  }

  /** Goes through one tar file. */
  private static final class Index {
    private final Path file;
    private final TarFile tar;
    private final List<Long> offsets = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    private final List<LeftAlone> leftAlone = new ArrayList<>();

    /** The plain files so far, which hard links may name; filled once there is a link. */
    private final Map<String, TarArchiveEntry> plain = new HashMap<>();

    private String key = "";
    private @Nullable TarArchiveEntry picture;
    private @Nullable Integer label;

    Index(Path file, TarFile tar) {
      this.file = file;
      this.tar = tar;
    }

    Shard read() throws IOException {
      long size = Files.size(file);
      for (TarArchiveEntry entry : tar.getEntries()) {
        if (entry.isDirectory()) {
          continue;
        }
        TarArchiveEntry content = entry.isLink() ? linked(entry) : entry;
        if (content.getDataOffset() + content.getSize() > size) {
          throw new UserError(Kind.DATA, "'%s' ends within '%s'".formatted(file, entry.getName()));
        }
        add(entry.getName(), content);
      }
      finish();
      return new Shard(
          file,
          size,
          offsets.stream().mapToLong(Long::longValue).toArray(),
          lengths.stream().mapToInt(Integer::intValue).toArray(),
          labels.stream().mapToInt(Integer::intValue).toArray(),
          LeftAlone.sum(leftAlone));
    }

    /** What a hard link names: a plain file before it. */
    private TarArchiveEntry linked(TarArchiveEntry link) {
      if (plain.isEmpty()) {
        tar.getEntries().stream()
            .filter(Index::isPlain)
            .forEach(entry -> plain.putIfAbsent(entry.getName(), entry));
      }
      TarArchiveEntry target = plain.get(link.getLinkName());
      if (target == null || target.getDataOffset() > link.getDataOffset()) {
        throw new UserError(
            Kind.DATA,
            "'%s' in '%s' is a link to '%s', which is no file before it"
                .formatted(link.getName(), file, link.getLinkName()));
      }
      return target;
    }

    private static boolean isPlain(TarArchiveEntry entry) {
      return switch (entry.getLinkFlag()) {
        case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG ->
            !entry.isSparse() && !entry.isDirectory();
        default -> false;
      };
    }

    /** A key ends at the first dot of the name without its folders. */
    private void add(String name, TarArchiveEntry content) throws IOException {
      int base = name.lastIndexOf('/') + 1;
      int dot = name.indexOf('.', base);
      if (dot == base) {
        leave("member", "whose name begins with a dot", name);
      } else if (!isPlain(content)) {
        leave("member", "that is no plain file", name);
      } else if (dot < 0) {
        leave("member", "without an ending", name);
      } else {
        add(name.substring(0, dot), name.substring(dot + 1).toLowerCase(Locale.ROOT), content);
      }
    }

    private void add(String itsKey, String ending, TarArchiveEntry content) throws IOException {
      if (!itsKey.equals(key)) {
        finish();
        key = itsKey;
      }
      if (PictureFormat.isEnding(ending)) {
        if (picture != null) {
          leave("picture", "that another of the same key follows", picture.getName());
        }
        picture = content;
      } else if (ending.equals(LABEL)) {
        label = label(content);
      } else {
        leave(".%s member".formatted(ending), "", itsKey + "." + ending);
      }
    }

    private void leave(String thing, String which, String name) {
      leftAlone.add(LeftAlone.one(thing, which, "%s in %s".formatted(name, file.getFileName())));
    }

    private int label(TarArchiveEntry entry) throws IOException {
      try (InputStream in = tar.getInputStream(entry)) {
        byte[] text = in.readNBytes(MOST_LABEL_BYTES);
        int number = Integer.parseInt(new String(text, StandardCharsets.US_ASCII).strip());
        if (number >= 0 && number < MOST_CLASSES) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw noLabel(entry, e);
      }
      throw noLabel(entry, null);
    }

    private UserError noLabel(TarArchiveEntry entry, @Nullable Exception cause) {
      return new UserError(
          Kind.DATA,
          "'%s' in '%s' does not hold the number of a class, from 0 to %,d"
              .formatted(entry.getName(), file, MOST_CLASSES - 1),
          cause);
    }

    /** Takes the picture of the key that ends. */
    private void finish() {
      if (picture != null) {
        if (label == null) {
          throw new UserError(
              Kind.DATA,
              "'%s' in '%s' has no %s.%s beside it, which would hold the number of its class"
                  .formatted(picture.getName(), file, key, LABEL));
        }
        if (picture.getSize() > MOST_PICTURE_BYTES) {
          throw new UserError(
              Kind.DATA,
              "'%s' in '%s' has %,d bytes; pictures may have %,d"
                  .formatted(picture.getName(), file, picture.getSize(), MOST_PICTURE_BYTES));
        }
        offsets.add(picture.getDataOffset());
        lengths.add((int) picture.getSize());
        labels.add(label);
      }
      picture = null;
      label = null;
    }
  }

  /** What the numbers in the tar files stand for. */
  private static final class ClassNames {
    /** The name of each number. */
    final List<String> found;

    /** Those that the data set has. */
    final List<String> classes;

    /** For each number the index of its name in {@link #classes}, or -1. */
    final int[] labels;

    private ClassNames(List<String> found, List<String> classes) {
      this.found = found;
      this.classes = classes;
      this.labels = found.stream().mapToInt(classes::indexOf).toArray();
    }

    /** The lines of {@code classes.txt}, or "class 0" and so on where it is missing. */
    static ClassNames of(Path at, List<Shard> shards, Optional<List<String>> known) {
      int classes =
          1 + shards.stream().flatMapToInt(shard -> IntStream.of(shard.labels)).max().orElse(0);
      Path file = at.resolve(CLASSES);
      List<String> found =
          Files.exists(file)
              ? names(file, classes)
              : IntStream.range(0, classes).mapToObj("class %d"::formatted).toList();
      return new ClassNames(found, known.orElse(found));
    }

    private static List<String> names(Path file, int classes) {
      List<String> lines = lines(file);
      if (lines.size() < classes || lines.stream().distinct().count() != lines.size()) {
        throw new UserError(
            Kind.DATA,
            "'%s' holds %,d names; there would be a different one on a line for each of %,d classes"
                .formatted(file, lines.stream().distinct().count(), classes));
      }
      int blank = lines.indexOf("");
      if (blank >= 0) {
        throw new UserError(
            Kind.DATA,
            "line %,d of '%s' is empty; it would hold the name of the class %d"
                .formatted(blank + 1, file, blank));
      }
      return lines;
    }

    /** Without what some editors put before the first line, and without empty lines at the end. */
    private static List<String> lines(Path file) {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MOST_NAME_BYTES + 1);
        if (bytes.length > MOST_NAME_BYTES) {
          throw new UserError(
              Kind.DATA,
              "'%s' has more than the %,d bytes that names may have"
                  .formatted(file, MOST_NAME_BYTES));
        }
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.replaceFirst("^\uFEFF", "").stripTrailing().lines().map(String::strip).toList();
      } catch (CharacterCodingException e) {
        throw new UserError(Kind.DATA, "'%s' is not in UTF-8".formatted(file), e);
      } catch (IOException e) {
        throw new UserError(
            Kind.ACCESS, "'%s' cannot be read: %s".formatted(file, Reason.of(e)), e);
      }
    }

    int label(int number, Path file) {
      int label = labels[number];
      if (label < 0) {
        throw new UserError(
            Kind.DATA,
            "'%s' holds pictures of the class '%s', which the training did not know; it knew %s"
                .formatted(file, found.get(number), Known.words(classes)));
      }
      return label;
    }
  }

  @Override
  public int size() {
    return starts[shards.size()];
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    Place place = place(index);
    return place.shard().labels[place.within()];
  }

  /** A tar file that is gone is more than a picture. */
  @Override
  public List<String> missing() {
    return List.of();
  }

  @Override
  public Stream<ListedFile> files(boolean test) {
    return shards.stream()
        .map(shard -> new ListedFile(test, shard.size, FolderLayout.relative(root, shard.file)));
  }

  private Place place(int index) {
    int shard = shardOf(index);
    return new Place(shards.get(shard), index - starts[shard]);
  }

  /** The last shard that starts at an index or before it; empty ones start where the next does. */
  private int shardOf(int index) {
    int low = 0;
    int high = shards.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (starts[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The tar file, and the picture's name in it, which is looked up there. */
  @Override
  public String name(int index) {
    return name(place(index), place(index).shard().file.toString());
  }

  @Override
  public String listedName(int index) {
    return name(place(index), FolderLayout.relative(root, place(index).shard().file));
  }

  private static String name(Place place, String file) {
    try (TarFile tar = new TarFile(place.shard().file)) {
      return tar.getEntries().stream()
          .filter(entry -> entry.getDataOffset() == place.offset())
          .map(entry -> "%s in %s".formatted(entry.getName(), file))
          .findFirst()
          .orElse(file);
    } catch (IOException e) {
      return file;
    }
  }

  @Override
  public long length(int index) {
    Place place = place(index);
    return place.shard().lengths[place.within()];
  }

  @Override
  public byte[] bytes(int index) {
    Place place = place(index);
    Path file = place.shard().file;
    ByteBuffer bytes = ByteBuffer.allocate(place.shard().lengths[place.within()]);
    try (FileChannel channel = FileChannel.open(file)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, place.offset() + bytes.position()) < 0) {
          throw new IOException("it ends after %,d bytes".formatted(channel.size()));
        }
      }
      return bytes.array();
    } catch (IOException e) {
      throw new UserError(Kind.ACCESS, "'%s' cannot be read: %s".formatted(file, Reason.of(e)), e);
    }
  }

  @Override
  public int[] order(int[] members, SplitMix random) {
    int[] queue = shardByShard(members, random);
    int[] order = new int[queue.length];
    int window = Math.min(WINDOW, queue.length);
    for (int i = 0; i < order.length; i++) {
      int taken = random.below(Math.min(window, queue.length - i));
      order[i] = queue[taken];
      int next = i + window;
      queue[taken] = next < queue.length ? queue[next] : queue[queue.length - 1 - i];
    }
    return order;
  }

  /** All members, those of one shard together and in order, the shards in random order. */
  private int[] shardByShard(int[] members, SplitMix random) {
    int[] firsts = new int[shards.size() + 1];
    int member = 0;
    for (int shard = 0; shard < shards.size(); shard++) {
      firsts[shard] = member;
      while (member < members.length && members[member] < starts[shard + 1]) {
        member++;
      }
    }
    firsts[shards.size()] = member;
    int[] turns = IntStream.range(0, shards.size()).toArray();
    random.shuffle(turns);
    return IntStream.of(turns)
        .flatMap(shard -> IntStream.range(firsts[shard], firsts[shard + 1]))
        .toArray();
  }
}
