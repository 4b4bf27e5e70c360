package org.igcnet.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Labelled images to score a trained network with.
 *
 * @param spec how a user names the data
 * @param images those of {@code part}, with the network's classes and shape
 * @param part which of the data's images they are
 * @param own whether the network was trained on the rest of these data
 * @param leftAlone what lies where the data are and is not used, by kind
 */
public record Scored(
    String spec, Dataset images, Part part, boolean own, List<LeftAlone> leftAlone) {
  /** Copies the list of what is left alone. */
  public Scored {
    leftAlone = List.copyOf(leftAlone);
  }

  /** Number of the network's classes that no image is of. */
  private long absentClasses() {
    return images.classes().size()
        - IntStream.range(0, images.size()).map(images::label).distinct().count();
  }

  /** For people: {@code the 12 validation images of folder:photos that the training held out}. */
  @Override
  public String toString() {
    long absent = absentClasses();
    return words()
        + (absent == 0
            ? ""
            : ", which show %,d of the %,d classes"
                .formatted(images.classes().size() - absent, images.classes().size()));
  }

  /** {@return what they are to the training, for people: {@code validation images}} */
  public String kind() {
    return switch (part) {
      case APART -> "test images";
      case VALIDATION -> "validation images";
      case HELD_OUT -> own ? "validation images" : "images";
      case TRAINING -> own ? "training images" : "images";
      case ALL -> "images";
    };
  }

  private String words() {
    String all = "all %,d images of %s".formatted(images.size(), spec);
    return switch (part) {
      case APART -> "the %,d test images of %s".formatted(images.size(), spec);
      case VALIDATION -> "the %,d validation images of %s".formatted(images.size(), spec);
      case HELD_OUT ->
          own
              ? "the %,d validation images of %s that the training held out"
                  .formatted(images.size(), spec)
              : "the %,d images of %s that are held out".formatted(images.size(), spec);
      case TRAINING -> own ? "the %,d training images of %s".formatted(images.size(), spec) : all;
      case ALL -> all;
    };
  }
}
