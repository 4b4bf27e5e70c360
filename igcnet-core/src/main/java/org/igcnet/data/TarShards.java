package org.igcnet.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.igcnet.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in tar files, named as WebDataset does: {@code KEY.jpg} (or {@code .jpeg}, {@code
 * .png}), and beside it {@code KEY.cls} with the number of its class.
 *
 * <p>The tar files' headers are read once and pictures are then read where they stand. An epoch
 * goes through the tar files in random order, and takes each next picture at random from the
 * {@value #WINDOW} that come first: what is read lies near together, and any batch can be had
 * without those before it.
 */
final class TarShards implements PictureSource {
  /** Pictures that an epoch shuffles at a time. */
  static final int WINDOW = 8_192;

  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png");
  private static final String LABEL = "cls";
  private static final Pattern TRAIN = Pattern.compile("(?<![a-z])train(?![a-z])");
  private static final Pattern TEST = Pattern.compile("(?<![a-z])(val|test|validation)(?![a-z])");
  private static final int MOST_CLASSES = 16_384;
  private static final int MOST_LABEL_BYTES = 16;
  private static final int MOST_PICTURE_BYTES = 1 << 30;
  private static final int MOST_NAME_BYTES = 1 << 20;

  private final List<Shard> shards;
  private final List<String> classes;

  /** The index of each shard's first picture, and at the end the number of all. */
  private final int[] starts;

  /** One tar file. */
  private static final class Shard {
    final Path file;

    /** Where each picture's bytes begin. */
    final long[] offsets;

    /** How many they are. */
    final int[] lengths;

    /** Their classes. */
    final int[] labels;

    Shard(Path file, List<Long> offsets, List<Integer> lengths, List<Integer> labels) {
      this.file = file;
      this.offsets = offsets.stream().mapToLong(Long::longValue).toArray();
      this.lengths = lengths.stream().mapToInt(Integer::intValue).toArray();
      this.labels = labels.stream().mapToInt(Integer::intValue).toArray();
    }

    int pictures() {
      return offsets.length;
    }
  }

  /** One picture of a tar file. */
  private record Place(Shard shard, int within) {
    long offset() {
      return shard.offsets[within];
    }
  }

  private TarShards(List<Shard> shards, List<String> classes) {
    this.shards = shards;
    this.classes = classes;
    this.starts = new int[shards.size() + 1];
    for (int i = 0; i < shards.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], shards.get(i).pictures());
    }
  }

  /**
   * Looks through a folder and those in it: training pictures are in the tar files that have the
   * word "train" in their names or their folder's, or where there are none in all others than the
   * test pictures', which have "val", "test" or "validation".
   *
   * @throws UserError where there are none, or a tar file is damaged or not named like this
   */
  static Parts parts(Path at) {
    List<Path> all = tars(at);
    List<Path> train = all.stream().filter(file -> says(TRAIN, at, file)).toList();
    List<Path> test =
        all.stream().filter(file -> says(TEST, at, file) && !train.contains(file)).toList();
    List<Path> learned =
        train.isEmpty() ? all.stream().filter(file -> !test.contains(file)).toList() : train;
    if (learned.isEmpty()) {
      throw new UserError(
          "'%s' holds no tar files of training pictures; train-000000.tar would be one"
              .formatted(at));
    }
    List<Shard> trainShards = shards(learned);
    List<Shard> testShards = shards(test);
    List<String> classes =
        classes(at, Stream.concat(trainShards.stream(), testShards.stream()).toList());
    return new Parts(
        new TarShards(trainShards, classes),
        testShards.isEmpty() ? Optional.empty() : Optional.of(new TarShards(testShards, classes)));
  }

  private static boolean says(Pattern word, Path at, Path file) {
    return word.matcher(at.relativize(file).toString()).find();
  }

  /** The tar files of a folder and of those in it, in the order of their names. */
  private static List<Path> tars(Path at) {
    try (Stream<Path> files = Files.walk(at, 2)) {
      return files.filter(file -> file.toString().endsWith(".tar")).sorted().toList();
    } catch (IOException e) {
      throw new UserError("the folder '%s' cannot be read: %s".formatted(at, e), e);
    }
  }

  private static List<Shard> shards(List<Path> files) {
    List<Shard> shards = files.parallelStream().map(TarShards::shard).toList();
    if (!files.isEmpty() && shards.stream().allMatch(shard -> shard.pictures() == 0)) {
      throw new UserError(
          "'%s' holds no pictures; KEY.jpg with KEY.cls beside it would be one"
              .formatted(files.getFirst()));
    }
    return shards;
  }

  private static Shard shard(Path file) {
    try (TarFile tar = new TarFile(file)) {
      return new Index(file, tar).read();
    } catch (IOException | RuntimeException e) {
      if (e instanceof UserError refused) {
        throw refused;
      }
      throw new UserError("'%s' is no sound tar file: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Goes through one tar file. */
  private static final class Index {
    private final Path file;
    private final TarFile tar;
    private final List<Long> offsets = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
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
        if (entry.isFile()) {
          if (entry.getDataOffset() + entry.getSize() > size) {
            throw new UserError("'%s' ends within '%s'".formatted(file, entry.getName()));
          }
          add(entry);
        }
      }
      finish();
      return new Shard(file, offsets, lengths, labels);
    }

    /** A key ends at the first dot of the name without its folders. */
    private void add(TarArchiveEntry entry) throws IOException {
      String name = entry.getName();
      int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
      if (dot < 0) {
        return;
      }
      if (!name.substring(0, dot).equals(key)) {
        finish();
        key = name.substring(0, dot);
      }
      String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
      if (ENDINGS.contains(ending)) {
        picture = entry;
      } else if (ending.equals(LABEL)) {
        label = label(entry);
      }
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
          "'%s' in '%s' does not hold the number of a class, from 0 to %,d"
              .formatted(entry.getName(), file, MOST_CLASSES - 1),
          cause);
    }

    /** Takes the picture of the key that ends. */
    private void finish() {
      if (picture != null) {
        if (label == null) {
          throw new UserError(
              "'%s' in '%s' has no %s.%s beside it, which would hold the number of its class"
                  .formatted(picture.getName(), file, key, LABEL));
        }
        if (picture.getSize() > MOST_PICTURE_BYTES) {
          throw new UserError(
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

  /** The lines of {@code classes.txt}, or "class 0" and so on where it is missing. */
  private static List<String> classes(Path at, List<Shard> shards) {
    int classes =
        1 + shards.stream().flatMapToInt(shard -> IntStream.of(shard.labels)).max().orElse(0);
    Path names = at.resolve("classes.txt");
    if (!Files.exists(names)) {
      return IntStream.range(0, classes).mapToObj("class %d"::formatted).toList();
    }
    try (InputStream in = Files.newInputStream(names)) {
      List<String> lines =
          new String(in.readNBytes(MOST_NAME_BYTES), StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .toList();
      if (lines.size() < classes || lines.stream().distinct().count() != lines.size()) {
        throw new UserError(
            "'%s' holds %,d names; there would be a different one on a line for each of %,d classes"
                .formatted(names, lines.stream().distinct().count(), classes));
      }
      return lines;
    } catch (IOException e) {
      throw new UserError("'%s' cannot be read: %s".formatted(names, e), e);
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
    Place place = place(index);
    Path file = place.shard().file;
    try (TarFile tar = new TarFile(file)) {
      return tar.getEntries().stream()
          .filter(entry -> entry.getDataOffset() == place.offset())
          .map(entry -> "%s in %s".formatted(entry.getName(), file))
          .findFirst()
          .orElse(file.toString());
    } catch (IOException e) {
      return file.toString();
    }
  }

  @Override
  public byte[] bytes(int index) {
    Place place = place(index);
    Path file = place.shard().file;
    ByteBuffer bytes = ByteBuffer.allocate(place.shard().lengths[place.within()]);
    try (FileChannel channel = FileChannel.open(file)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, place.offset() + bytes.position()) < 0) {
          throw new EOFException("it ends after %,d bytes".formatted(channel.size()));
        }
      }
      return bytes.array();
    } catch (IOException e) {
      throw new UserError("'%s' cannot be read: %s".formatted(file, e), e);
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
