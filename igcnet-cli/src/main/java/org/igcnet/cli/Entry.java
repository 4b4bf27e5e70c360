package org.igcnet.cli;

import java.math.BigDecimal;
import org.igcnet.theory.Comparison;

/**
 * A printed number in a JSON document.
 *
 * @param ours exact, in the paper's unit
 * @param rounded ours, to the paper's digits
 * @param paper as the paper prints it
 * @param equal whether the latter two are
 */
record Entry(BigDecimal ours, BigDecimal rounded, BigDecimal paper, boolean equal) {
  static Entry of(Comparison entry) {
    return new Entry(entry.ours(), entry.rounded(), entry.paper(), entry.agrees());
  }
}
