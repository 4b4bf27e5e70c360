package org.igcnet.data;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;

/**
 * The Street View House Numbers (Y. Netzer et al., "Reading digits in natural images with
 * unsupervised feature learning", 2011): 32×32 colour images of digits, in three MATLAB files.
 *
 * <p>The paper's split (section 5.1): 400 images of each class of {@code train_32x32.mat} and 200
 * of each of {@code extra_32x32.mat} are held out, for validation as in the field; the other
 * 598,388 are learned from; {@code test_32x32.mat} tests. Which images are held out the paper does
 * not say: here a class's images are put into an order that depends on the seed 0 and the class,
 * and the first are taken.
 *
 * <p>Images stay in memory as the files have them, 1.9 GB in all.
 */
final class Svhn {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(String::valueOf).toList();
  private static final int HELD_OF_TRAIN = 400;
  private static final int HELD_OF_EXTRA = 200;
  private static final long SEED = 0;

  private final DataSpec spec;
  private final Path at;
  private final WorkListener listener;
  private final MatFile train;
  private final MatFile extra;
  private final BitSet heldOfTrain;
  private final BitSet heldOfExtra;

  private Svhn(DataSpec spec, Path at, WorkListener listener) {
    this.spec = spec;
    this.at = at;
    this.listener = listener;
    train = MatFile.read(file("train_32x32.mat"), listener);
    extra = MatFile.read(file("extra_32x32.mat"), listener);
    heldOfTrain = heldOut(train, "train_32x32.mat", HELD_OF_TRAIN);
    heldOfExtra = heldOut(extra, "extra_32x32.mat", HELD_OF_EXTRA);
  }

  /**
   * Reads the files to learn from.
   *
   * @throws UserError where one is missing, damaged, or has too few images of a class
   */
  static Svhn open(DataSpec spec, Path at, WorkListener listener) {
    return new Svhn(spec, at, listener);
  }

  private Path file(String name) {
    return at.resolve(name);
  }

  private BitSet heldOut(MatFile file, String name, int paper) {
    int[] labels = IntStream.range(0, file.size()).map(i -> digit(file, i)).toArray();
    return spec.heldOut()
        .map(share -> share.choose(labels, DIGITS.size()))
        .orElseGet(
            () ->
                HeldOut.choose(
                    labels, DIGITS.size(), images -> require(paper, images, name), SEED));
  }

  private int require(int paper, int images, String name) {
    if (images < paper) {
      throw new UserError(
          Kind.DATA,
          "'%s' has only %,d images of a digit, of which the paper holds out %d; a held-out share, such as 0.1, divides smaller files"
              .formatted(file(name), images, paper));
    }
    return paper;
  }

  /** What is learned from, tested on the test file. */
  Splits tested() {
    return new Splits(spec.toString(), training(), test(at, listener));
  }

  /** The test file. */
  static Dataset test(Path at, WorkListener listener) {
    MatFile test = MatFile.read(at.resolve("test_32x32.mat"), listener);
    return new Images(List.of(new Some(test, all(test))), listener);
  }

  /** What is learned from, tested on what is held out. */
  Splits validated() {
    if (heldOfTrain.isEmpty() && heldOfExtra.isEmpty()) {
      throw new UserError(
          Kind.DATA,
          "nothing of '%s' is held out, so there is nothing to validate with".formatted(spec));
    }
    return new Splits(
        spec.toString(),
        training(),
        new Images(List.of(Some.of(train, heldOfTrain), Some.of(extra, heldOfExtra)), listener),
        Part.HELD_OUT,
        List.of());
  }

  private Images training() {
    return new Images(
        List.of(Some.of(train, rest(train, heldOfTrain)), Some.of(extra, rest(extra, heldOfExtra))),
        listener);
  }

  private static BitSet rest(MatFile file, BitSet held) {
    BitSet rest = new BitSet();
    rest.set(0, file.size());
    rest.andNot(held);
    return rest;
  }

  private static int[] all(MatFile file) {
    return IntStream.range(0, file.size()).toArray();
  }

  /** Label 10 is the digit 0. */
  private static int digit(MatFile file, int index) {
    return file.label(index) % DIGITS.size();
  }

  /** Some of a file's images. */
  private static final class Some {
    final MatFile file;
    final int[] members;

    Some(MatFile file, int[] members) {
      this.file = file;
      this.members = members;
    }

    static Some of(MatFile file, BitSet members) {
      return new Some(file, members.stream().toArray());
    }
  }

  /** One image of a file. */
  private record Place(MatFile file, int member) {}

  /** Parts of files, one after the other. */
  private record Images(List<Some> parts, WorkListener listener) implements StoredImages {
    @Override
    public int size() {
      return parts.stream().mapToInt(part -> part.members.length).sum();
    }

    @Override
    public ImageShape shape() {
      return ImageShape.CIFAR;
    }

    @Override
    public List<String> classes() {
      return DIGITS;
    }

    @Override
    public int label(int index) {
      Place place = place(index);
      return digit(place.file(), place.member());
    }

    @Override
    public void read(int index, byte[] values) {
      Place place = place(index);
      place.file().read(place.member(), values);
    }

    private Place place(int index) {
      int within = index;
      for (Some part : parts) {
        if (within < part.members.length) {
          return new Place(part.file, part.members[within]);
        }
        within -= part.members.length;
      }
      throw new IndexOutOfBoundsException(index);
    }
  }
}
