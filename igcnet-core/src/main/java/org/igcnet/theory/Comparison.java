package org.igcnet.theory;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A number of ours beside the paper's, in the paper's unit.
 *
 * @param ours exact
 * @param paper as printed, with as many digits
 */
public record Comparison(BigDecimal ours, BigDecimal paper) {
  /**
   * @param count what we count, in units of 1
   * @param paper the printed digits
   * @param exponent the printed digits' unit is 10 to its power
   */
  static Comparison of(long count, String paper, int exponent) {
    return new Comparison(BigDecimal.valueOf(count, exponent), new BigDecimal(paper));
  }

  /** {@return ours, rounded to as many decimals as the paper prints} */
  public BigDecimal rounded() {
    return ours.setScale(paper.scale(), RoundingMode.HALF_UP);
  }

  /** {@return whether they are equal to the printed digits} */
  public boolean agrees() {
    return rounded().compareTo(paper) == 0;
  }
}
