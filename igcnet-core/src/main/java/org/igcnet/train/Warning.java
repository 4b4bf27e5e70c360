package org.igcnet.train;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.ClassCounts;
import org.igcnet.data.Duplicates;
import org.igcnet.data.Part;
import org.igcnet.data.ShortSides;
import org.igcnet.data.Splits;
import org.igcnet.data.WorkListener;

/** Why the figures of a training are likely to say little. */
public sealed interface Warning {
  /** Images of a class; with fewer a network seldom learns what the class is. */
  int FEW_IMAGES = 50;

  /** Images of a class; with fewer a network knows single images, and not the class. */
  int VERY_FEW_IMAGES = 10;

  /** Steps of a training; fewer seldom end anywhere. */
  int FEW_STEPS = 200;

  /** Images to test with; of fewer each counts for more than three percentage points. */
  int FEW_TESTED = 30;

  /** {@return the fact with its numbers, as a clause} */
  String fact();

  private static String measure(Part part) {
    return part.validates() ? "validation" : "test";
  }

  /**
   * Classes with fewer than {@value #FEW_IMAGES} training images.
   *
   * @param below how many of them there are
   * @param counts of all classes
   */
  record FewImages(int below, ClassCounts counts) implements Warning {
    private static Optional<Warning> of(ClassCounts counts) {
      int below = counts.below(FEW_IMAGES);
      return below > 0 ? Optional.of(new FewImages(below, counts)) : Optional.empty();
    }

    /** Of classes with fewer than {@value #VERY_FEW_IMAGES} images the names, as far as few. */
    @Override
    public String fact() {
      int veryFew = counts.below(VERY_FEW_IMAGES);
      return "%,d of %,d classes have fewer than %d images to learn from%s"
          .formatted(
              below,
              counts.classes().size(),
              FEW_IMAGES,
              veryFew == 0
                  ? "; the smallest is %s with %,d".formatted(counts.smallest(), counts.least())
                  : ", %,d of them fewer than %d: %s"
                      .formatted(veryFew, VERY_FEW_IMAGES, counts.named(VERY_FEW_IMAGES)));
    }
  }

  /**
   * Fewer than {@value #FEW_STEPS} steps in all.
   *
   * @param steps of the whole training
   */
  record FewSteps(long steps) implements Warning {
    private static Optional<Warning> of(long steps) {
      return steps < FEW_STEPS ? Optional.of(new FewSteps(steps)) : Optional.empty();
    }

    @Override
    public String fact() {
      return "the training makes %,d steps in all; fewer than %d seldom teach a network much"
          .formatted(steps, FEW_STEPS);
    }
  }

  /**
   * Fewer than {@value #FEW_TESTED} images to test with.
   *
   * @param images how many
   * @param part which of the data's images they are
   */
  record FewTested(int images, Part part) implements Warning {
    private static Optional<Warning> of(Splits splits) {
      int images = splits.test().size();
      return images < FEW_TESTED && !splits.testedOnTraining()
          ? Optional.of(new FewTested(images, splits.tested()))
          : Optional.empty();
    }

    @Override
    public String fact() {
      return "the accuracy is that of %,d %s images, each of which counts for %.1f percentage points; fewer than %d say little"
          .formatted(images, measure(part), 100.0 / images, FEW_TESTED);
    }
  }

  /**
   * Classes of which a share is held out that rounds to no image.
   *
   * @param untested how many of them there are
   * @param counts of all classes, as they are learned from
   * @param smallest the name of the one that has the fewest images
   * @param images how many it has
   */
  record NoneHeldOut(int untested, ClassCounts counts, String smallest, int images)
      implements Warning {
    private static Optional<Warning> of(Splits splits, ClassCounts learned) {
      if (splits.tested() != Part.HELD_OUT) {
        return Optional.empty();
      }
      List<Integer> held = ClassCounts.of(splits.test()).images();
      List<Integer> untested =
          IntStream.range(0, held.size())
              .filter(label -> held.get(label) == 0 && learned.images().get(label) > 0)
              .boxed()
              .sorted(Comparator.comparing(learned.images()::get))
              .toList();
      return untested.stream()
          .findFirst()
          .map(
              label ->
                  new NoneHeldOut(
                      untested.size(),
                      learned,
                      learned.classes().get(label),
                      learned.images().get(label)));
    }

    @Override
    public String fact() {
      return "of %,d of %,d classes no image is held out, as they have so few, and the accuracy says nothing of them; the smallest is %s with %,d"
          .formatted(untested, counts.classes().size(), smallest, images);
    }

    /**
     * {@return the least share, in hundredths, that holds out one of the smallest class and leaves
     * another: half an image counts as a whole one}
     */
    public OptionalDouble share() {
      return images < 2
          ? OptionalDouble.empty()
          : OptionalDouble.of(Math.ceil(50.0 / images) / 100);
    }
  }

  /**
   * Images to test with that are learned from too, so that the accuracy may be too good.
   *
   * @param duplicates which
   * @param part which of the data's images are tested with
   */
  record LearnedToo(Duplicates duplicates, Part part) implements Warning {
    private static Optional<Warning> of(Splits splits, WorkListener listener) {
      Duplicates duplicates = Duplicates.of(splits, listener);
      return duplicates.found() > 0
          ? Optional.of(new LearnedToo(duplicates, splits.tested()))
          : Optional.empty();
    }

    @Override
    public String fact() {
      return "%,d of %,d %s images are also among those to learn from, which may make the accuracy %.2f percentage points too good: %s%s"
          .formatted(
              duplicates.found(),
              duplicates.looked(),
              measure(part),
              100.0 * duplicates.found() / duplicates.looked(),
              duplicates.pairs().stream()
                  .map(pair -> "%s is %s".formatted(pair.tested(), pair.learned()))
                  .collect(Collectors.joining(", ")),
              duplicates.found() > duplicates.pairs().size() ? ", …" : "");
    }
  }

  /**
   * Pictures to learn from that are far smaller than what the network takes: more than a tenth of
   * them have a shorter side below half of its own.
   *
   * @param sides of the pictures that were looked at
   * @param size the shorter side that the network takes, in pixels
   */
  record SmallPictures(ShortSides sides, int size) implements Warning {
    private static final double FAR_BELOW = 0.5;
    private static final double MANY = 0.1;

    private static Optional<Warning> of(Splits splits, WorkListener listener) {
      ImageShape shape = splits.train().shape();
      SmallPictures looked =
          new SmallPictures(
              ShortSides.of(splits.train(), listener), Math.min(shape.height(), shape.width()));
      return looked.small() > MANY * looked.sides.pictures()
          ? Optional.of(looked)
          : Optional.empty();
    }

    /** {@return how many of the pictures that were looked at are so small} */
    public int small() {
      return sides.below(FAR_BELOW * size);
    }

    /** {@return the largest size for which no more than a tenth of them are too small} */
    public int fittingSize() {
      return (int) (sides.at(MANY) / FAR_BELOW);
    }

    @Override
    public String fact() {
      return "of %,d pictures that were looked at %,d have a shorter side of less than half of what the network takes, %d pixels; the smallest has %d"
          .formatted(sides.pictures(), small(), size, sides.ascending().getFirst());
    }
  }

  /**
   * As {@link #of(Splits, long, WorkListener)}, and nobody hears how far it is.
   *
   * @param splits what it learns from and is tested with
   * @param steps that it makes in all
   * @return what there is to say of a training
   */
  static List<Warning> of(Splits splits, long steps) {
    return of(splits, steps, WorkListener.SILENT);
  }

  /**
   * {@return what there is to say of a training} The data are looked through for it: of pictures
   * the headers of some, and the files that might be the same; of stored images all pixels.
   *
   * @param splits what it learns from and is tested with
   * @param steps that it makes in all
   * @param listener hears how far it is
   */
  static List<Warning> of(Splits splits, long steps, WorkListener listener) {
    ClassCounts learned = ClassCounts.of(splits.train());
    return Stream.of(
            FewImages.of(learned),
            FewSteps.of(steps),
            FewTested.of(splits),
            NoneHeldOut.of(splits, learned),
            SmallPictures.of(splits, listener),
            LearnedToo.of(splits, listener))
        .flatMap(Optional::stream)
        .toList();
  }
}
