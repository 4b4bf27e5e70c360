package org.igcnet.arch;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.igcnet.UserError;

/**
 * How a network's blocks depart from the interleaved group convolution of equation 5: the
 * extensions of section 4, footnote 4, and other permutations. In a name each choice is a word
 * after a hyphen: {@code IGC-L24M2-swapped-relu}.
 *
 * @param kernels the spatial extents
 * @param dense whether one ungrouped convolution stands in place of the secondary group convolution
 * @param narrowing by what the primary convolution divides its output channels; 1 for not at all
 * @param activated whether a ReLU, without batch normalisation, stands between the group
 *     convolutions
 * @param excited whether a {@linkplain Excitation squeeze and excitation} follows each block
 * @param permutation how channels are interleaved
 * @param doubling which of L and M doubles from stage to stage
 */
public record Variation(
    Kernels kernels,
    boolean dense,
    int narrowing,
    boolean activated,
    boolean excited,
    Permutation permutation,
    Doubling doubling) {
  /** Equation 5 itself. */
  public static final Variation NONE =
      new Variation(Kernels.PAPER, false, 1, false, false, Permutation.BACK, Doubling.BY_BODY);

  /** All words, for messages. */
  static final String WORDS =
      "swapped, spatial, split, dense, narrowN, relu, se, oneway, unpermuted, doubleL and doubleM";

  private static final String DENSE = "dense";
  private static final String NARROW = "narrow";
  private static final String RELU = "relu";
  private static final String SE = "se";

  /** The spatial extents of a block's convolutions. */
  public enum Kernels {
    /** The primary convolution 3×3, all others 1×1. */
    PAPER(""),
    /** The last convolution 3×3, all others 1×1. */
    SWAPPED("swapped"),
    /** All convolutions 3×3. */
    SPATIAL("spatial"),
    /** Two primary convolutions, 3×1 and then 1×3, all others 1×1. */
    SPLIT("split");

    private final String word;

    Kernels(String word) {
      this.word = word;
    }
  }

  /** How channels are interleaved between convolutions. */
  public enum Permutation {
    /** Forth and back, as in equation 5. */
    BACK(""),
    /** Forth only: the block's output stays in the order of its last partitions. */
    ONE_WAY("oneway"),
    /** Not at all: all partitions are neighbouring channels. */
    NONE("unpermuted");

    private final String word;

    Permutation(String word) {
      this.word = word;
    }
  }

  /** Which of a block's partition numbers doubles where a stage begins. */
  public enum Doubling {
    /**
     * As the paper's networks do it: M, but with M = 2 on the ImageNet body L, as in IGC-L100M2 of
     * Table 6.
     */
    BY_BODY(""),
    /** L, while M stays. The first stage doubles the stem's channels too. */
    L("doubleL"),
    /** M, while L stays. */
    M("doubleM");

    private final String word;

    Doubling(String word) {
      this.word = word;
    }
  }

  /**
   * Looks whether the choices go together.
   *
   * @throws UserError where N is not from 1 to 3,840, or channels are dense and permuted otherwise
   *     than in equation 5
   */
  public Variation {
    Limits.positive("N of narrowN", narrowing, Limits.WIDTH);
    if (dense && permutation != Permutation.BACK) {
      throw new UserError(
          "-%s changes nothing beside -dense, which mixes all channels; leave one of them away"
              .formatted(permutation.word));
    }
  }

  /**
   * Reads the words of a name.
   *
   * @param words each after a hyphen, or nothing
   * @throws UserError where one is unknown or contradicts another
   */
  static Variation parse(String words) {
    Variation variation = NONE;
    for (String word : words.toLowerCase(Locale.ROOT).split("-", -1)) {
      variation = word.isEmpty() ? variation : variation.with(word);
    }
    return variation;
  }

  private Variation with(String word) {
    return switch (word) {
      case "swapped" -> kernels(Kernels.SWAPPED);
      case "spatial" -> kernels(Kernels.SPATIAL);
      case "split" -> kernels(Kernels.SPLIT);
      case DENSE -> {
        requireUnset(dense, false, word);
        yield new Variation(kernels, true, narrowing, activated, excited, permutation, doubling);
      }
      case RELU -> {
        requireUnset(activated, false, word);
        yield new Variation(kernels, dense, narrowing, true, excited, permutation, doubling);
      }
      case SE -> {
        requireUnset(excited, false, word);
        yield new Variation(kernels, dense, narrowing, activated, true, permutation, doubling);
      }
      case "oneway" -> permutation(Permutation.ONE_WAY);
      case "unpermuted" -> permutation(Permutation.NONE);
      case "doublel" -> doubling(Doubling.L);
      case "doublem" -> doubling(Doubling.M);
      default -> narrowed(word);
    };
  }

  private Variation kernels(Kernels choice) {
    requireUnset(kernels, Kernels.PAPER, choice.word);
    return new Variation(choice, dense, narrowing, activated, excited, permutation, doubling);
  }

  private Variation permutation(Permutation choice) {
    requireUnset(permutation, Permutation.BACK, choice.word);
    return new Variation(kernels, dense, narrowing, activated, excited, choice, doubling);
  }

  /** The same with a choice of what doubles. */
  Variation doubling(Doubling choice) {
    requireUnset(doubling, Doubling.BY_BODY, choice.word);
    return new Variation(kernels, dense, narrowing, activated, excited, permutation, choice);
  }

  private Variation narrowed(String word) {
    if (!word.matches(NARROW + "\\d{1,4}")) {
      throw new UserError("\"-%s\" is no variation of IGC; there are %s".formatted(word, WORDS));
    }
    requireUnset(narrowing, 1, word);
    int by = Integer.parseInt(word.substring(NARROW.length()));
    return new Variation(kernels, dense, by, activated, excited, permutation, doubling);
  }

  private static void requireUnset(Object now, Object unset, String word) {
    if (!now.equals(unset)) {
      throw new UserError(
          "\"-%s\" comes after a word that has already made that choice; leave one of them away"
              .formatted(word));
    }
  }

  /** The words, each after a hyphen; nothing for equation 5. */
  @Override
  public String toString() {
    return Stream.of(
            kernels.word,
            dense ? DENSE : "",
            narrowing > 1 ? NARROW + narrowing : "",
            activated ? RELU : "",
            excited ? SE : "",
            permutation.word,
            doubling.word)
        .filter(word -> !word.isEmpty())
        .map(word -> "-" + word)
        .collect(Collectors.joining());
  }
}
