package org.igcnet.train;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.data.ClassCounts;
import org.igcnet.data.Part;
import org.igcnet.data.Splits;

/** Why the figures of a training are likely to say little. */
public sealed interface Warning {
  /** Images of a class; with fewer a network seldom learns what the class is. */
  int FEW_IMAGES = 50;

  /** Steps of a training; fewer seldom end anywhere. */
  int FEW_STEPS = 200;

  /** Images to test with; of fewer each counts for more than three percentage points. */
  int FEW_TESTED = 30;

  /** {@return the fact with its numbers, as a clause} */
  String fact();

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

    @Override
    public String fact() {
      return "%,d of %,d classes have fewer than %d images to learn from; the smallest is %s with %,d"
          .formatted(below, counts.classes().size(), FEW_IMAGES, counts.smallest(), counts.least());
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
          .formatted(images, part.validates() ? "validation" : "test", 100.0 / images, FEW_TESTED);
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
   * {@return what there is to say of a training}
   *
   * @param splits what it learns from and is tested with
   * @param steps that it makes in all
   */
  static List<Warning> of(Splits splits, long steps) {
    ClassCounts learned = ClassCounts.of(splits.train());
    return Stream.of(
            FewImages.of(learned),
            FewSteps.of(steps),
            FewTested.of(splits),
            NoneHeldOut.of(splits, learned))
        .flatMap(Optional::stream)
        .toList();
  }
}
