package org.igcnet.data;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.igcnet.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Which images of each class to keep from training.
 *
 * @param share of each class, from 0 to below 1, rounded to whole images
 * @param seed of which they are
 */
public record HeldOut(double share, long seed) {
  private static final Pattern SPELLING = Pattern.compile("([0-9.]{1,400})(?::(\\d{1,18}))?");

  /** Keeps these numbers apart from those of an epoch. */
  private static final long CHOICE = -2;

  /**
   * Looks at the share.
   *
   * @throws UserError where it is not from 0 to below 1
   */
  public HeldOut {
    if (!(share >= 0 && share < 1)) {
      throw new UserError(
          "a held-out share of %s cannot be; it is from 0 to below 1, for example 0.1"
              .formatted(share));
    }
  }

  /** From {@code SHARE} or {@code SHARE:SEED}; the seed is 0 where it is not given. */
  static HeldOut parse(String text) {
    Matcher matcher = SPELLING.matcher(text);
    try {
      if (matcher.matches()) {
        String seed = matcher.group(2);
        return new HeldOut(
            Double.parseDouble(matcher.group(1)), seed == null ? 0 : Long.parseLong(seed));
      }
    } catch (NumberFormatException noNumber) {
      throw unreadable(text, noNumber);
    }
    throw unreadable(text, null);
  }

  private static UserError unreadable(String text, @Nullable NumberFormatException cause) {
    return new UserError(
        "'%s' is no share to hold out; 0.1, or 0.1:SEED, would be right".formatted(text), cause);
  }

  /** The images to keep from training. */
  BitSet choose(int[] labels, int classes) {
    return choose(labels, classes, images -> (int) Math.round(share * images), seed);
  }

  /**
   * Puts each class's images into an order that depends on the seed and the class alone, and takes
   * the first of them.
   *
   * @param howMany of how many to take, for a class of so many images
   */
  static BitSet choose(int[] labels, int classes, IntUnaryOperator howMany, long seed) {
    int[][] byClass = byClass(labels, classes);
    BitSet chosen = new BitSet(labels.length);
    for (int c = 0; c < classes; c++) {
      SplitMix.of(seed, CHOICE, c).shuffle(byClass[c]);
      int take = howMany.applyAsInt(byClass[c].length);
      for (int i = 0; i < take; i++) {
        chosen.set(byClass[c][i]);
      }
    }
    return chosen;
  }

  private static int[][] byClass(int[] labels, int classes) {
    int[] sizes = new int[classes];
    for (int label : labels) {
      sizes[label]++;
    }
    int[][] byClass = new int[classes][];
    for (int c = 0; c < classes; c++) {
      byClass[c] = new int[sizes[c]];
      sizes[c] = 0;
    }
    for (int i = 0; i < labels.length; i++) {
      byClass[labels[i]][sizes[labels[i]]++] = i;
    }
    return byClass;
  }

  /** As {@link #parse} reads it: 0.0005, where Java has 5.0E-4. */
  @Override
  public String toString() {
    String java = String.valueOf(share);
    String digits =
        java.indexOf('E') < 0 ? java : new BigDecimal(java).stripTrailingZeros().toPlainString();
    return seed == 0 ? digits : digits + ":" + seed;
  }
}
