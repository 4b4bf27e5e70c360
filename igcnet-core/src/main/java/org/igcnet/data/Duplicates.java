package org.igcnet.data;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.files.Sha256;

/**
 * Images to test with that are learned from too: the same bytes of a file, or the same pixels of an
 * image that is stored in the network's shape.
 *
 * @param found how many images to test with are such
 * @param looked how many were looked at
 * @param files whether these are picture files, which can be taken away one by one
 * @param pairs the first few of them
 */
public record Duplicates(int found, int looked, boolean files, List<Pair> pairs) {
  /** So many images to test with are looked at, spread evenly: what they tell, more would too. */
  static final int MOST_LOOKED = 10_000;

  private static final int NAMED = 3;
  private static final int HEXADECIMAL = 16;

  /**
   * Two images that are the same.
   *
   * @param tested what to call the one to test with
   * @param learned what to call the first one like it to learn from
   */
  public record Pair(String tested, String learned) {}

  /** Copies the pairs. */
  public Duplicates {
    pairs = List.copyOf(pairs);
  }

  /**
   * {@return which images to test with are learned from too; none where both sets are the same one}
   *
   * <p>A file is read once, and only where one of the other set has as many bytes. A picture that
   * cannot be read is like no other.
   *
   * @param splits what to learn from and to test with
   * @param listener hears how far it is
   * @throws UserError where more than a picture cannot be read
   */
  public static Duplicates of(Splits splits, WorkListener listener) {
    boolean files = splits.train() instanceof PictureSet;
    if (splits.testedOnTraining()) {
      return new Duplicates(0, 0, files, List.of());
    }
    int[] all = IntStream.range(0, splits.train().size()).toArray();
    int[] tested = spread(splits.test().size());
    Alike outlined =
        new Comparison("looking for duplicates", Duplicates::outline, splits, listener)
            .of(all, tested);
    Alike same =
        new Comparison("comparing images", Duplicates::content, splits, listener)
            .of(images(outlined.learned), images(outlined.tested));
    return new Duplicates(same.tested.size(), tested.length, files, pairs(splits, same));
  }

  private static int[] spread(int size) {
    int looked = Math.min(MOST_LOOKED, size);
    return IntStream.range(0, looked).map(i -> (int) ((long) i * size / looked)).toArray();
  }

  private static int[] images(List<Keyed> keyed) {
    return keyed.stream().mapToInt(Keyed::image).toArray();
  }

  /** An image, and a number that all have which are like it. */
  private record Keyed(int image, long key) {}

  /** Images of each set that are like one of the other. */
  private record Alike(List<Keyed> learned, List<Keyed> tested) {}

  /** What images are compared by; nothing for those that are like no other. */
  @FunctionalInterface
  private interface Key {
    OptionalLong of(Dataset dataset, int image);
  }

  /** One look at the images of both sets. */
  private record Comparison(String what, Key key, Splits splits, WorkListener listener) {
    Alike of(int[] learned, int[] tested) {
      Work work = Work.on(what, (long) learned.length + tested.length, "images", listener);
      List<Keyed> test = keyed(splits.test(), tested, work).toList();
      Set<Long> wanted = keys(test);
      List<Keyed> train =
          keyed(splits.train(), learned, work).filter(one -> wanted.contains(one.key)).toList();
      Set<Long> shared = keys(train);
      return new Alike(train, test.stream().filter(one -> shared.contains(one.key)).toList());
    }

    private Stream<Keyed> keyed(Dataset dataset, int[] images, Work work) {
      return IntStream.of(images)
          .parallel()
          .boxed()
          .flatMap(
              image -> {
                work.add(1);
                OptionalLong found = key.of(dataset, image);
                return found.isPresent()
                    ? Stream.of(new Keyed(image, found.getAsLong()))
                    : Stream.empty();
              });
    }

    private static Set<Long> keys(List<Keyed> all) {
      return all.stream().map(Keyed::key).collect(Collectors.toSet());
    }
  }

  /** What tells most images apart at once. */
  private static OptionalLong outline(Dataset dataset, int image) {
    return switch (dataset) {
      case PictureSet pictures -> pictures.length(image);
      case StoredImages stored -> OptionalLong.of(Arrays.hashCode(pixels(stored, image)));
    };
  }

  /** A quarter of the SHA-256, which no two of millions of images have by chance. */
  private static OptionalLong content(Dataset dataset, int image) {
    try {
      byte[] bytes =
          switch (dataset) {
            case PictureSet pictures -> pictures.encoded(image);
            case StoredImages stored -> pixels(stored, image);
          };
      String sum = Sha256.of(bytes).substring(0, Long.BYTES * 2);
      return OptionalLong.of(Long.parseUnsignedLong(sum, HEXADECIMAL));
    } catch (SkippedPicture leftOut) {
      return OptionalLong.empty();
    }
  }

  private static byte[] pixels(StoredImages images, int index) {
    byte[] values = new byte[images.shape().size()];
    images.read(index, values);
    return values;
  }

  private static List<Pair> pairs(Splits splits, Alike same) {
    return same.tested.stream().limit(NAMED).map(one -> pair(splits, one, same.learned)).toList();
  }

  private static Pair pair(Splits splits, Keyed tested, List<Keyed> learned) {
    Keyed first = learned.stream().filter(one -> one.key == tested.key).findFirst().orElseThrow();
    return new Pair(splits.test().name(tested.image), splits.train().name(first.image));
  }
}
